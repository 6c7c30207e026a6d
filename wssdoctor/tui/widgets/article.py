"""A text to read: paragraphs wrapped to the width at hand, scrolled by keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Size

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Paragraph, plain, wrap
from wssdoctor.tui.widgets.view import LinesView


class Article(LinesView):
    """Shows paragraphs."""

    BINDINGS = bindings("article")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._paragraphs: Sequence[Paragraph] = ()
        self._starts: list[int] = []
        self._lines: list[Line] = []
        self._room = Size(0, 0)

    @property
    def text(self) -> str:
        """The paragraphs as text, for copying."""
        text = "\n".join(" " * one.indent + plain(one.spans).rstrip() for one in self._paragraphs)
        return text.replace("\u00a0", " ")

    def show(self, paragraphs: Sequence[Paragraph], *, keep_place: bool = False) -> None:
        """Show other paragraphs, from the top unless the same text merely changed."""
        self._paragraphs = paragraphs
        self._lay_out()
        if not keep_place:
            self.scroll_to(y=0, animate=False)

    def show_paragraph(self, index: int) -> None:
        """Scroll to a paragraph."""
        if 0 <= index < len(self._starts):
            self.scroll_to(y=max(self._starts[index] - 2, 0), animate=False)

    def line_count(self) -> int:
        return len(self._lines)

    def line_at(self, index: int, _cells: int) -> tuple[Line, str | None]:
        return self._lines[index], None

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        height = max(self.scrollable_content_region.height - 1, 1)
        self.scroll_to(y=self.scroll_offset.y + pages * height, animate=False)

    def action_line(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_end(self, where: int) -> None:
        """Scroll to the first or the last line."""
        self.scroll_to(y=0 if where < 0 else self.line_count(), animate=False)

    def on_resize(self, _: events.Resize) -> None:
        if self.scrollable_content_region.size != self._room:
            self._lay_out()

    def _lay_out(self) -> None:
        self._room = self.scrollable_content_region.size
        self._wrap(self._room.width - 1)
        if len(self._lines) <= self._room.height:
            self._wrap(self._room.width)  # the room of the scrollbar is margin enough while nothing stands there
        self.refit()

    def _wrap(self, cells: int) -> None:
        self._lines, self._starts = [], []
        for paragraph in self._paragraphs:
            self._starts.append(len(self._lines))
            self._lines.extend(wrap(paragraph, max(cells, 8)))
