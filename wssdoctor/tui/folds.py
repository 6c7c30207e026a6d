"""Which lines of a text are seen while parts of it are folded. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from wssdoctor.tui.lines import Line, Span, plain
from wssdoctor.tui.source import SourceLine


def ends(lines: Sequence[SourceLine]) -> dict[int, int]:
    """Return for each line that opens an element the line that closes it."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for row, one in enumerate(lines):
        if one.closes and open_:
            found[open_.pop()] = row
        if one.opens:
            open_.append(row)
    return found


def foldable(lines: Sequence[SourceLine], closing: Mapping[int, int], row: int) -> bool:
    """Return whether a line has anything to fold."""
    return row in closing or lines[row].short is not None


def long_values(lines: Sequence[SourceLine]) -> frozenset[int]:
    """Return the lines with long values, which are folded at first."""
    return frozenset(row for row, one in enumerate(lines) if one.short is not None)


def visible(lines: Sequence[SourceLine], closing: Mapping[int, int], folded: Collection[int]) -> list[int]:
    """Return the lines that are seen."""
    rows = []
    row = 0
    while row < len(lines):
        rows.append(row)
        row = closing[row] + 1 if row in folded and row in closing else row + 1
    return rows


def drawn(lines: Sequence[SourceLine], closing: Mapping[int, int], folded: Collection[int], row: int) -> Line:
    """Draw a line, folded or not."""
    one = lines[row]
    if row not in folded:
        return one.spans
    if row in closing:
        hidden = closing[row] - row - 1
        end = plain(lines[closing[row]].spans).strip()
        return (*one.spans, Span(f" … {hidden} lines … ", "muted", "fold"), Span(end, "accent"))
    return one.short or one.spans


def unfolded(closing: Mapping[int, int], folded: Collection[int], row: int) -> frozenset[int]:
    """Unfold whatever hides a line."""
    return frozenset(one for one in folded if not (one < row <= closing.get(one, one)))
