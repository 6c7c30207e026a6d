"""A page of plain text: paragraphs wrapped to a width, marks and labels hanging to their left, colour as an extra.

Colour never carries a meaning that the words do not. What comes in must be harmless already; see ``shown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from wssdoctor.report.shown import cells

Style: TypeAlias = Literal["plain", "strong", "good", "bad", "doubt", "quiet"]

_CODES: dict[Style, str] = {"strong": "1", "good": "32", "bad": "1;31", "doubt": "33", "quiet": "2"}
_NARROWEST = 20
"""Columns that a paragraph keeps, however deep it is indented."""


class Page:
    """Lines of text in the making."""

    def __init__(self, width: int, *, color: bool = False) -> None:
        self.width = width
        self._color = color
        self._lines: list[str] = []

    def blank(self) -> None:
        """Leave one empty line, never two, never at the top."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str) -> None:
        """Begin a part of the page."""
        self.blank()
        self._lines.append(self.styled(text.upper(), "strong"))

    def say(self, text: str, *, indent: int = 0, mark: str = "", style: Style = "plain", hang: int = 0) -> None:
        """Add a paragraph. ``mark`` stands to its left; ``hang`` columns are kept free for marks shorter than that."""
        first = " " * indent + mark.ljust(hang)
        room = max(self.width - cells(first), _NARROWEST)
        lines = list(wrapped(text, room))
        rest = " " * cells(first)
        for number, line in enumerate(lines):
            self._lines.append(f"{rest if number else first}{self.styled(line, style)}".rstrip())

    def pairs(self, rows: Sequence[tuple[str, str]], *, indent: int, most: int = 34) -> None:
        """Add labels and values, the values below each other; a longer label gets a line of its own."""
        label = max((cells(name) for name, _ in rows if cells(name) <= most), default=0)
        for name, value in rows:
            if cells(name) > most:
                self.say(name, indent=indent)
                self.say(value, indent=indent + label + 2)
            else:
                self.say(value, indent=indent, mark=f"{name}{' ' * (label - cells(name))}  ")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, indent: int) -> None:
        """Add a table whose first column may be long: such a cell gets a line of its own."""
        rest = [max(cells(row[column]) for row in (heads, *rows)) for column in range(1, len(heads))]
        room = max(self.width - indent - sum(rest) - 2 * len(rest), cells(heads[0]))
        first = min(max(cells(row[0]) for row in (heads, *rows)), room)
        for row in (heads, *rows):
            style: Style = "quiet" if row is heads else "plain"
            name = row[0]
            if cells(name) > first:
                self.say(name, indent=indent)
                name = ""
            columns = [name + " " * (first - cells(name))]
            columns += [text + " " * (size - cells(text)) for text, size in zip(row[1:], rest, strict=True)]
            self._lines.append(self.styled((" " * indent + "  ".join(columns)).rstrip(), style))

    def styled(self, text: str, style: Style) -> str:
        """Return a text in colour where the page has colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._color and style in _CODES and text else text

    def text(self) -> str:
        """Return the page with a line end after each line."""
        return "\n".join((*self._lines, "")) if self._lines else ""


def wrapped(text: str, room: int) -> Iterator[str]:
    """Break a text at spaces into lines of at most ``room`` columns; a longer word is broken, where it can be after /."""
    line = ""
    for word in text.split():
        if line and cells(line) + 1 + cells(word) <= room:
            line = f"{line} {word}"
            continue
        if line:
            yield line
        line = word
        while cells(line) > room:
            end = next(size for size in range(min(len(line), room), 0, -1) if size == 1 or cells(line[:size]) <= room)
            slash = line.rfind("/", room // 3, end)
            end = slash + 1 if slash > 0 else end
            yield line[:end]
            line = line[end:]
    yield line
