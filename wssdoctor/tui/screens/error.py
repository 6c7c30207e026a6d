"""What is wrong with the files of a case: every problem with file, line and column, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.errors import Problem
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Paragraph, Span, blank, labelled, line, prose, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar


class ErrorDialog(Dialog):
    """Problems, one after the other."""

    BINDINGS = bindings("error")
    context = "error"

    def __init__(self, title: str, problems: Sequence[Problem], *, closing: str = "") -> None:
        """Take what is wrong, and what to do about all of it where that is not to mend files."""
        super().__init__()
        again = f"Mend the files: they are then read again by themselves, or with {key('error-again')}."
        self._title, self._problems, self._last = title, problems, closing or again

    def box(self) -> Widget:
        return Vertical(Article(id="problems"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        number = len(self._problems)
        heading = f"{self._title}: {number} problem{'' if number == 1 else 's'}"
        article.show(
            [
                Paragraph((Span("✗ ", "fail"), span(heading, "strong")), 0, 2),
                blank(),
                *problem_paragraphs(self._problems),
                blank(),
                prose(self._last, "muted", indent=1),
            ]
        )
        article.focus()

    def copied(self) -> str:
        return self.query_one(Article).text


def problem_paragraphs(problems: Sequence[Problem]) -> list[Paragraph]:
    """Say each problem: what, where, why, what to do."""
    paragraphs: list[Paragraph] = []
    for problem in problems:
        paragraphs += [blank()] if paragraphs else []
        paragraphs.append(Paragraph((span(problem.what, "strong"),), 1, 3))
        if problem.place is not None and str(problem.place):
            paragraphs.append(labelled("where", line(span(str(problem.place), "accent")), indent=3, column=8))
        if problem.why:
            paragraphs.append(labelled("why", problem.why, indent=3, column=8))
        if problem.hint:
            paragraphs.append(labelled("hint", problem.hint, "pass", indent=3, column=8))
    return paragraphs
