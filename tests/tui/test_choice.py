"""A list in which the chosen row alone takes as many lines as it needs."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult

from wssdoctor.tui.lines import Line, Span, plain
from wssdoctor.tui.widgets.choice import Choice

_ROWS = 30
_LONG = (0, 3, 4, 29)
"""Rows that need two lines."""


class _Lists(App[None]):
    def compose(self) -> ComposeResult:
        yield Choice()


def _lines(row: int, _cells: int) -> list[Line]:
    return [(Span(f"row {row}"),), *(((Span(f"more {row}"),),) if row in _LONG else ())]


def test_the_chosen_row_is_seen_whole_and_each_line_belongs_to_its_row() -> None:
    async def run() -> None:
        async with _Lists().run_test(size=(40, 10)) as pilot:
            choice = pilot.app.query_one(Choice)
            choice.focus()
            choice.show(_ROWS, lambda row, cells: _lines(row, cells)[0], opened=_lines)
            for row in (0, 1, 2, 3, 4, 5, 29, 28, 3):
                choice.move_to(row)
                await pilot.pause()
                whole = [plain(line) for line in _lines(row, 40)]
                lines = [choice.line_at(index, 40) for index in range(choice.line_count())]
                assert len(lines) == _ROWS + len(whole) - 1
                assert [plain(line) for line, surface in lines if surface == "cursor"] == whole
                assert [plain(line) for line, _ in lines if plain(line)[0] == "r"] == [f"row {n}" for n in range(_ROWS)]
                seen = [plain(choice._line_in(y)[0]) for y in range(10)]
                assert whole == [text for text in seen if text in whole]
            await pilot.click(Choice, offset=(2, seen.index("more 3") + 1))
            assert choice.cursor == 4

    asyncio.run(run())
