"""A list of any length with a chosen row; rows are drawn only while they are visible."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.message import Message

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, act_at
from wssdoctor.tui.widgets.view import LinesView


def _always(_: int) -> bool:
    return True


class Choice(LinesView):
    """Shows rows; ``cursor`` is the chosen one, or -1 where there is none. Headings cannot be chosen."""

    BINDINGS = bindings("list")

    class Highlighted(Message):
        """The cursor came to another row, or to another thing in the same row."""

        def __init__(self, choice: Choice, row: int) -> None:
            super().__init__()
            self.choice = choice
            self.row = row

        @property
        def control(self) -> Choice:
            """The list."""
            return self.choice

    class Chosen(Highlighted):
        """A row was opened: by Enter, or by a click when it was already the chosen one."""

    class Acted(Message):
        """A part of the chosen row was clicked that does something by itself, such as a box or what is folded."""

        def __init__(self, act: str) -> None:
            super().__init__()
            self.act = act

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.cursor = -1
        self._count = 0
        self._row: Callable[[int, int], Line] = lambda _index, _cells: ()
        self._whole: Callable[[int, int], Sequence[Line]] | None = None
        self._open: Callable[[int, int], Sequence[Line]] | None = None
        self._lines: Sequence[tuple[int, Line]] = ()
        """Each line and the row that it is part of, while all rows are seen whole; else a row is a line."""
        self._opened: Sequence[Line] = ()
        """The lines of the chosen row, where it alone is seen whole."""
        self._selectable: Callable[[int], bool] = _always

    def show(
        self,
        count: int,
        row: Callable[[int, int], Line],
        *,
        whole: Callable[[int, int], Sequence[Line]] | None = None,
        opened: Callable[[int, int], Sequence[Line]] | None = None,
        selectable: Callable[[int], bool] = _always,
        cursor: int = 0,
    ) -> None:
        """Show other rows; ``row`` draws one by its number and the width at hand.

        ``whole`` draws one in as many lines as it needs: it is asked where there is room for all rows at once. Where there
        is not, ``opened`` draws so the chosen one among rows of one line.
        """
        self._count, self._row, self._whole, self._open, self._selectable = count, row, whole, opened, selectable
        self.cursor = self._nearest(cursor, 1)
        self.refit()
        self._reveal()

    def move_to(self, row: int, *, direction: int = 1) -> None:
        """Put the cursor on a row, or on the next one that can be chosen."""
        row = self._nearest(max(0, min(row, self._count - 1)), direction)
        if row != self.cursor and row >= 0:
            before = self.line_count()
            self.cursor = row
            self._opened = self._opened_row()
            if self.line_count() != before:
                super().refit()
            self._reveal()
            self.redraw()
            self.post_message(self.Highlighted(self, row))

    def refit(self) -> None:
        """Take over that rows came, went or changed."""
        self._lines = self._whole_rows()
        self._opened = self._opened_row()
        super().refit()

    def _whole_rows(self) -> Sequence[tuple[int, Line]]:
        """Return the lines of all rows where they fit; none where they do not."""
        cells, height = self.scrollable_content_region.size
        if self._whole is None or self._count > height:
            return ()
        lines = [(row, line) for row in range(self._count) for line in self._whole(row, cells)]
        return lines if len(lines) <= height else ()

    def _opened_row(self) -> Sequence[Line]:
        """Return the lines of the chosen row where not all are seen whole: none where one does, and never all that are seen.

        A narrower list, as a scrollbar makes it, has as many or more: else the scrollbar would come and go for ever.
        """
        if self._open is None or self._lines or self.cursor < 0:
            return ()
        cells, height = self.scrollable_content_region.size
        lines = self._open(self.cursor, cells)
        most = height - 2
        return lines[:most] if len(lines) > 1 and most > 1 else ()

    def line_count(self) -> int:
        return len(self._lines) or self._count + max(len(self._opened) - 1, 0)

    def _row_of(self, index: int) -> int:
        """Return the row that a line is part of."""
        if self._lines:
            return self._lines[index][0]
        return index - max(min(index - self.cursor, len(self._opened) - 1), 0)

    def line_at(self, index: int, _cells: int) -> tuple[Line, str | None]:
        row = self._row_of(index)
        if self._lines:
            line = self._lines[index][1]
        elif row == self.cursor and self._opened:
            line = self._opened[index - row]
        else:
            line = self._row(row, _cells)
        surface = None
        if row == self.cursor:
            surface = "cursor" if self.has_focus else "cursor-dim"
        return line, surface

    def action_line(self, lines: int) -> None:
        """Move the cursor by rows."""
        self.move_to(self.cursor + lines, direction=1 if lines > 0 else -1)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        height = max(self.scrollable_content_region.height - 1, 1)
        self.move_to(self.cursor + pages * height, direction=1 if pages > 0 else -1)

    def action_end(self, where: int) -> None:
        """Move the cursor to the first or the last row."""
        self.move_to(0 if where < 0 else self._count - 1, direction=1 if where < 0 else -1)

    def action_choose(self) -> None:
        """Open the chosen row."""
        if self.cursor >= 0:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.y
        if not 0 <= index < self.line_count():
            return
        row = self._row_of(index)
        if not self._selectable(row):
            return
        act = act_at(self._line_in(event.y)[0], event.x)
        chosen = row == self.cursor
        if not chosen:
            self.move_to(row)
        if act:
            self.post_message(self.Acted(act))
        elif chosen:
            self.action_choose()

    def on_resize(self) -> None:
        self.refit()
        self._reveal()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def _reveal(self) -> None:
        if self._lines:
            self.show_lines(0, 0)
        elif self.cursor >= 0:
            above = 1 if self.cursor and not self._selectable(self.cursor - 1) else 0
            self.show_lines(self.cursor - above, self.cursor + max(len(self._opened) - 1, 0))

    def _nearest(self, row: int, direction: int) -> int:
        """Return the row, or the next one that can be chosen in the direction, then in the other; -1 if none can."""
        row = max(0, min(row, self._count - 1))
        for step in (direction, -direction):
            here = row
            while 0 <= here < self._count:
                if self._selectable(here):
                    return here
                here += step
        return -1
