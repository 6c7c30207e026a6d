"""Knowledge: search the articles and read them. Works without a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from wssdoctor.tui import library
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Span, prose, span, spread
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field, SearchField

if TYPE_CHECKING:
    from wssdoctor.report.explanation import Explanation


class KnowledgeScreen(Place):
    """Causes, messages and remedies."""

    BINDINGS = bindings("knowledge")
    context = "knowledge"
    mode = "knowledge"
    explains = True

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[library.Entry, ...] = ()
        self._found: list[library.Entry] = []
        self._id = ""
        self._here_only = False
        self._explained: Explanation | None = None
        """The pasted text that was shown last: a new one is read from its own row."""

    def body(self) -> ComposeResult:
        yield SearchField("search for WSS031, a log line, any words", id="words")
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
            doctor.pasted = None
            self.query_one("#list", Choice).focus()
        if doctor.pasted is not self._explained:
            self._explained = doctor.pasted
            self._id = self._id if doctor.pasted is None else ""
        self._found = self._searched_for(self.query_one(Field).value)
        self.set_class(not self._found, "-empty")
        self.query_one("#count", Banner).show(self._count)
        choice = self.query_one(Choice)
        cursor = next((index for index, entry in enumerate(self._found) if entry.id == self._id), 0)
        choice.show(len(self._found), self._row, cursor=cursor)
        if self.focused is None:
            choice.focus()
        self._read(keep_place=True)

    @property
    def within(self) -> bool:
        return super().within or (self.has_class("-reading") and not self.wide)

    @property
    def left_out(self) -> tuple[str, ...]:
        nothing_here = not self._here_only and not self._here()
        there = {"article-read": not self._reading, "article-here": not nothing_here}
        return tuple(name for name, so in there.items() if not so)

    @property
    def leading(self) -> tuple[str, ...]:
        return super().leading or (("back",) if self._reading else ())

    @property
    def labels(self) -> Mapping[str, str]:
        return {**super().labels, "back": "List", "article-here": "Show all" if self._here_only else "Applies here"}

    @property
    def _reading(self) -> bool:
        return self.query_one(Article).has_focus

    @on(events.DescendantFocus)
    def _reading_or_not(self) -> None:
        self.query_one(CommandBar).refresh()

    def _searched_for(self, text: str) -> list[library.Entry]:
        doctor, here = self.doctor, self._here()
        if doctor.pasted is not None:
            from wssdoctor.tui import pasted

            return pasted.entries_of(doctor.pasted, {entry.id: entry for entry in self._all})
        found = library.search(self._all, text, library.recognised(text, doctor.base), here)
        return [entry for entry in found if entry.id in here] if self._here_only else found

    def _here(self) -> set[str]:
        return library.applying(self.doctor.session.confirmed, self.doctor.base)

    def _count(self, cells: int) -> list[Line]:
        applying = self._here()
        here = sum(entry.id in applying for entry in self._found)
        left = f" {len(self._found)} of {len(self._all)} articles"
        if self._here_only:
            left += f", only what applies here ({key('article-here')} shows all)"
        right = f"{key('article-here')}: {here} apply here " if here and not self._here_only else ""
        return [spread((span(left, "muted"),), (Span(right, "warn", "here"),), cells)]

    def _row(self, index: int, cells: int) -> Line:
        entry = self._found[index]
        return library.entry_line(entry, cells, here=entry.id in self._here())

    def _read(self, *, keep_place: bool = False) -> None:
        article = self.query_one(Article)
        cursor = self.query_one(Choice).cursor
        if not 0 <= cursor < len(self._found):
            text = "Nothing found. Fewer words find more; a message id such as WSS031 finds itself."
            article.show([prose(text, indent=1), prose(f"{key('back')} shows all articles again.", "muted", indent=1)])
            return
        entry = self._found[cursor]
        keep_place = keep_place and entry.id == self._id
        self._id = entry.id
        if entry.kind == "pasted" and self.doctor.pasted is not None:
            from wssdoctor.tui import pasted

            article.show(pasted.paragraphs(self.doctor.pasted), keep_place=keep_place)
        else:
            article.show(library.article(entry, self.doctor.base), keep_place=keep_place)

    @on(Choice.Highlighted)
    def _moved(self) -> None:
        self._read()

    @on(Choice.Chosen)
    def _opened(self) -> None:
        self.action_read()

    @on(Field.Changed)
    def _typed(self, message: Field.Changed) -> None:
        self._id = ""
        if message.value:
            self.doctor.pasted = None
        self.again()

    @on(Field.Submitted)
    def _searched(self) -> None:
        self.query_one(Choice).focus()

    def action_read(self) -> None:
        """Go to the article, larger where there is little room."""
        self.add_class("-reading")
        self.query_one(Article).focus()

    def action_paste(self) -> None:
        """Paste a text of any length."""
        from wssdoctor.tui.screens.paste import PasteDialog

        self.app.push_screen(PasteDialog())

    @on(Field.ManyLines)
    def _pasted(self, message: Field.ManyLines) -> None:
        message.stop()
        self.doctor.explain_text(message.text)

    def action_here(self) -> None:
        """Show only what applies to the open case, or everything."""
        if not self._here_only and not self._here():
            self.doctor.say("Nothing applies here: no case is open, or nothing in it is confirmed.")
            return
        self._here_only = not self._here_only
        self.again()

    def action_basket(self) -> None:
        """Put the remedy that is read into the what-if basket where it serves a finding."""
        cursor = self.query_one("#list", Choice).cursor
        if 0 <= cursor < len(self._found):
            self.doctor.try_article(self._found[cursor].id)

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
        if self.doctor.pasted is not None or self._here_only:
            self.doctor.pasted, self._here_only = None, False
            self.again()
            return True
        return False
