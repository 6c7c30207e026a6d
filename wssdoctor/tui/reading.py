"""The text of one request as it is read: its lines, marks, what is folded, what a search found. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.diagnosis.finding import Finding
from wssdoctor.provider.request import Request
from wssdoctor.tui import folds
from wssdoctor.tui.lines import Line, Paragraph, plain
from wssdoctor.tui.source import Mark, SourceLine, marks, source_lines, starts_of, with_gutter


class Reading(Struct, frozen=True):
    """A text and how it is shown. Rows are lines that are not hidden in a fold."""

    lines: Sequence[SourceLine] = ()
    starts: Mapping[str, int] = {}
    """Where each element begins in the envelope's text, by its path."""
    marks: tuple[Mark, ...] = ()
    ends: Mapping[int, int] = {}
    """The line that closes what a line opens."""
    folded: frozenset[int] = frozenset()
    rows: Sequence[int] = ()
    """The number of the line in each row."""
    words: str = ""
    """What is searched for."""
    hits: tuple[int, ...] = ()
    """The lines that hold it."""
    numbered: bool = False
    """Whether lines have numbers, which take room before them."""

    @property
    def first_mark(self) -> int:
        """The row of the first mark; the first row where nothing is marked."""
        return max(self.row_of(self.marks[0].row), 0) if self.marks else 0

    def line_in(self, row: int) -> int:
        """Return the line in a row; -1 where there is none."""
        return self.rows[row] if 0 <= row < len(self.rows) else -1

    def row_of(self, number: int) -> int:
        """Return the row of a line that is not hidden; -1 for others."""
        return self.rows.index(number) if number in self.rows else -1

    def mark_at(self, number: int) -> Mark | None:
        """Return the first mark of a line."""
        return next((one for one in self.marks if one.row == number), None)


def opened(request: Request, findings: Sequence[Finding], words: str, *, indented: bool) -> Reading:
    """Begin to read a request: as a tree, or exactly as it was sent. Long values are folded."""
    tree = source_lines(request, indented=True)
    starts = starts_of(tree)
    lines = tree if indented else source_lines(request, indented=False)
    numbers = any(one.number is not None for one in lines)
    reading = Reading(lines, starts, ends=folds.ends(lines), numbered=numbers)
    return searched(marked(_folding(reading, folds.long_values(lines)), request, findings), words)


def marked(reading: Reading, request: Request, findings: Sequence[Finding]) -> Reading:
    """Mark where findings point."""
    return replace(reading, marks=marks(reading.lines, request.name, findings, reading.starts))


def searched(reading: Reading, words: str) -> Reading:
    """Search the text; nothing is found by an empty search."""
    words = words.lower()
    hits = [row for row, one in enumerate(reading.lines) if words in plain(one.spans).lower()] if words else []
    return replace(reading, words=words, hits=tuple(hits))


def toggled(reading: Reading, number: int) -> Reading:
    """Fold or unfold what a line opens; the same where it opens nothing."""
    if number < 0 or not folds.foldable(reading.lines, reading.ends, number):
        return reading
    return _folding(reading, reading.folded ^ {number})


def unfolded(reading: Reading) -> Reading:
    """Unfold everything; where nothing is folded, fold long values again."""
    return _folding(reading, frozenset() if reading.folded else folds.long_values(reading.lines))


def revealed(reading: Reading, number: int) -> Reading:
    """Unfold whatever hides a line."""
    hiding = folds.unfolded(reading.ends, reading.folded, number)
    return reading if hiding == reading.folded else _folding(reading, hiding)


def next_line(reading: Reading, here: int, step: int) -> int:
    """Return the next hit of the search, else the next mark, and from the last one the first; -1 where there is none."""
    numbers = reading.hits if reading.words else sorted({mark.row for mark in reading.marks})
    if not numbers:
        return -1
    if step > 0:
        return next((one for one in numbers if one > here), numbers[0])
    return next((one for one in reversed(numbers) if one < here), numbers[-1])


def drawn(reading: Reading) -> list[tuple[Paragraph, Line]]:
    """Draw the rows: each a paragraph, and what its marks say."""
    by_line: dict[int, list[Mark]] = {}
    for mark in reading.marks:
        by_line.setdefault(mark.row, []).append(mark)
    found = []
    for number in reading.rows:
        here = list(by_line.get(number, ()))
        if number in reading.folded and number in reading.ends:
            inside = range(number + 1, reading.ends[number] + 1)
            here += [one for inner in inside for one in by_line.get(inner, ())]
        spans = folds.drawn(reading.lines, reading.ends, reading.folded, number)
        found.append(with_gutter(reading.lines[number], spans, here, numbered=reading.numbered))
    return found


def _folding(reading: Reading, folded: frozenset[int]) -> Reading:
    return replace(reading, folded=folded, rows=folds.visible(reading.lines, reading.ends, folded))
