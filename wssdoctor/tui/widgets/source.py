"""A text with a cursor: one row a line, long lines cut or wrapped."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.tui.lines import Line, Paragraph, clip, width, wrap
from wssdoctor.tui.widgets.choice import Choice


class SourceView(Choice):
    """Shows paragraphs, each with a remark behind it; ``at`` is the number of the one under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._paragraphs: Sequence[tuple[Paragraph, Line]] = ()
        self._wrapped = False
        self._laid: list[tuple[int, Line]] = []
        self._cells = 0
        self._around = False
        """Whether what stands around the cursor is to be seen with it: it was brought there, not moved."""

    @property
    def at(self) -> int:
        """The number of the paragraph under the cursor; -1 where there is none."""
        if not self._wrapped:
            return self.cursor
        return self._laid[self.cursor][0] if 0 <= self.cursor < len(self._laid) else -1

    def show_text(self, paragraphs: Sequence[tuple[Paragraph, Line]], *, wrapped: bool, at: int) -> None:
        """Show other paragraphs, with the cursor on one of them."""
        self._paragraphs, self._wrapped = paragraphs, wrapped
        self._lay_out(at)

    def go_to(self, at: int) -> None:
        """Put the cursor on a paragraph, with a little of what stands around it, however the screen is laid out."""
        self.move_to(self._first(at))
        self._around = True
        self._reveal()

    def move_to(self, row: int, *, direction: int = 1) -> None:
        self._around = False
        super().move_to(row, direction=direction)

    def _reveal(self) -> None:
        if self._around:
            self.show_lines(self.cursor - 2, min(self.cursor + 4, self.line_count() - 1))
        super()._reveal()

    def on_resize(self) -> None:
        if self._wrapped and self.scrollable_content_region.width != self._cells:
            self._lay_out(self.at)
        super().on_resize()

    def _lay_out(self, at: int) -> None:
        self._cells = self.scrollable_content_region.width
        if self._wrapped:
            cells = max(self._cells - 1, 20)
            self._laid = [
                (index, line)
                for index, (one, remark) in enumerate(self._paragraphs)
                for line in wrap(Paragraph((*one.spans, *remark), one.indent, one.hang), cells)
            ]
            self.show(len(self._laid), lambda row, _: self._laid[row][1], cursor=self._first(at))
        else:
            self._laid = []
            self.show(len(self._paragraphs), self._cut, cursor=max(at, 0))

    def _cut(self, row: int, cells: int) -> Line:
        """Return a line cut to the width; its remark, which tells more, leaves a third of it to the text."""
        paragraph, remark = self._paragraphs[row]
        if not remark:
            return paragraph.spans
        room = max(cells - width(remark), cells // 3)
        text = clip(paragraph.spans, room)
        return (*text, *clip(remark, cells - width(text)))

    def _first(self, at: int) -> int:
        """Return the first row of a paragraph."""
        if not self._wrapped:
            return at
        return next((row for row, (index, _) in enumerate(self._laid) if index == at), 0)
