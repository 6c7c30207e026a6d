"""Help: the keys of the screen below, made from the table of commands; how to read the signs."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui.commands import Command, Context, bindings, of, offered, shown_keys
from wssdoctor.tui.lines import Paragraph, Span, blank, fit, line, prose, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article

TITLES: dict[Context, str] = {
    "start": "Start",
    "findings": "Findings",
    "detail": "One finding",
    "requests": "Requests",
    "whatif": "What-if",
    "knowledge": "Knowledge",
    "open": "Open a case",
    "error": "What is wrong with the files",
    "help": "Help",
    "list": "Lists",
    "article": "Texts",
    "dialog": "Dialogs",
    "app": "Everywhere",
}


class HelpDialog(Dialog):
    """The keys and the signs."""

    CSS_PATH = "help.tcss"
    BINDINGS = bindings("help")
    context = "help"

    def __init__(self, about: Context) -> None:
        super().__init__()
        self._about = about

    def box(self) -> Widget:
        return Vertical(Article(id="help"), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        article.show(help_paragraphs(self._about))
        article.focus()

    def copied(self) -> str:
        return self.query_one(Article).text


def help_paragraphs(about: Context) -> list[Paragraph]:
    """Return the help of a screen."""
    own = of(about)
    everywhere = [command for command in offered(about) if command not in own]
    return [
        prose(f"Keys: {TITLES[about]}", "heading"),
        *_keys(own),
        blank(),
        prose("Everywhere", "heading"),
        *_keys(everywhere),
        blank(),
        prose("Lists and texts", "heading"),
        *_keys(of("list")),
        blank(),
        prose("Signs", "heading"),
        _sign("✓", "pass", "passed, accepted"),
        _sign("✗", "fail", "failed, rejected: a cause is confirmed"),
        _sign("?", "unknown", "not known: a fact is missing, or the model does not cover it. Never counted as good."),
        _sign("!", "fail", "a check of this program broke, or a warning"),
        _sign("–", "muted", "does not apply"),
        _sign("~", "accent", "in the what-if basket, or changed by it"),
        blank(),
        prose("Mouse", "heading"),
        prose("Click a row to choose it, click it again to open it; the bars above and below can be clicked."),
        prose("Hold Shift (macOS terminals: Option) to select text with the mouse."),
        blank(),
        prose("Nothing is sent anywhere. Passwords are never shown.", "muted"),
    ]


def _keys(commands: Iterable[Command]) -> list[Paragraph]:
    return [
        Paragraph(
            line(
                span(f" {fit(shown_keys(one.keys), 14)} ", "accent"),
                span(fit(one.label, 14)),
                span(one.sentence, "muted"),
            ),
            0,
            30,
        )
        for one in commands
        if one.keys
    ]


def _sign(glyph: str, tone: str, text: str) -> Paragraph:
    return Paragraph((Span(f" {glyph}  ", tone), span(text)), 0, 4)  # type: ignore[arg-type]
