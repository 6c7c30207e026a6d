"""Knowledge: search the articles and read them. Works without a case."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from wssdoctor.tui import library
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Span, prose, span, spread
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field


class KnowledgeScreen(Place):
    """Causes, messages and remedies."""

    CSS_PATH = "knowledge.tcss"
    BINDINGS = bindings("knowledge")
    context = "knowledge"
    mode = "knowledge"

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[library.Entry, ...] = ()
        self._found: list[library.Entry] = []
        self._id = ""

    def body(self) -> ComposeResult:
        yield Field(
            placeholder="/ searches: WSS031, a log line, any words", id="words", select_on_focus=False, compact=True
        )
        yield Banner(id="count")
        with Container(id="panes"):
            yield Choice(id="list")
            yield Article(id="article")

    def show(self) -> None:
        doctor = self.doctor
        if not self._all:
            self._all = library.entries(doctor.base)
        if doctor.wanted_article:
            self._id, doctor.wanted_article = doctor.wanted_article, ""
            self.query_one(Field).value = ""
            self.query_one("#list", Choice).focus()
        here = self._here()
        text = self.query_one(Field).value
        self._found = library.search(self._all, text, library.recognised(text, doctor.base), here)
        self.query_one("#count", Banner).show(self._count)
        choice = self.query_one(Choice)
        cursor = next((index for index, entry in enumerate(self._found) if entry.id == self._id), 0)
        choice.show(len(self._found), self._row, cursor=cursor)
        if self.focused is None:
            choice.focus()
        self._read(keep_place=True)

    def _here(self) -> set[str]:
        return {finding.cause for finding in self.doctor.session.confirmed}

    def _count(self, cells: int) -> list[Line]:
        here = sum(entry.id in self._here() for entry in self._found)
        left = f" {len(self._found)} of {len(self._all)} articles"
        right = f"{here} apply here " if here else ""
        return [spread((span(left, "muted"),), (Span(right, "warn"),), cells)]

    def _row(self, index: int, cells: int) -> Line:
        entry = self._found[index]
        return library.entry_line(entry, cells, here=entry.id in self._here())

    def _read(self, *, keep_place: bool = False) -> None:
        article = self.query_one(Article)
        cursor = self.query_one(Choice).cursor
        if not 0 <= cursor < len(self._found):
            text = "Nothing found. Fewer words find more; a message id such as WSS031 finds itself."
            article.show([prose(text, "muted", indent=1)])
            return
        entry = self._found[cursor]
        keep_place = keep_place and entry.id == self._id
        self._id = entry.id
        article.show(library.article(entry, self.doctor.base), keep_place=keep_place)

    @on(Choice.Highlighted)
    def _moved(self) -> None:
        self._read()

    @on(Choice.Chosen)
    def _opened(self) -> None:
        self.action_read()

    @on(Field.Changed)
    def _typed(self) -> None:
        self._id = ""
        self.again()

    @on(Field.Submitted)
    def _searched(self) -> None:
        self.query_one(Choice).focus()

    def action_read(self) -> None:
        """Go to the article, larger where there is little room."""
        self.add_class("-reading")
        self.query_one(Article).focus()

    def action_search(self) -> None:
        """Go to the line to search in."""
        self.remove_class("-reading")
        self.query_one(Field).focus()

    def close_inner(self) -> bool:
        """From the article to the list, from the search to the list without it; say whether there was any."""
        choice, words = self.query_one(Choice), self.query_one(Field)
        if self.has_class("-reading") or self.query_one(Article).has_focus:
            self.remove_class("-reading")
            choice.focus()
            return True
        if words.has_focus or words.value:
            words.value = ""
            choice.focus()
            return True
        return False
