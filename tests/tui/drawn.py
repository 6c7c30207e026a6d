"""What a terminal shows of what was written to it: as much of one as Textual uses."""

from __future__ import annotations

import codecs
import re

from rich.cells import cell_len

_TOKEN = re.compile(
    r"\x1b\[([0-?]*)[ -/]*([@-~])"  # a control sequence
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b[ -/]*[0-OQ-Z\\^-~]"
    r"|([^\x1b\r\n]+)|([\r\n])"
)


class Drawn:
    """The cells of a screen of so many columns and lines."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._columns = size[0]
        self._lines = [[" "] * size[0] for _ in range(size[1])]
        self._line = self._column = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    @property
    def text(self) -> str:
        """What can be read on it now."""
        return "\n".join(map("".join, self._lines))

    def take(self, data: bytes) -> None:
        """Draw what was written; the start of a command waits for the rest of it."""
        text = self._rest + self._decoder.decode(data)
        end = 0
        while found := _TOKEN.match(text, end):
            end = found.end()
            arguments, command, run, move = found.groups()
            if run:
                self._put(run)
            elif move == "\n":
                self._line += 1
            elif move == "\r":
                self._column = 0
            elif command == "H":
                line, _, column = arguments.partition(";")
                self._line, self._column = int(line or 1) - 1, int(column or 1) - 1
        self._rest = text[end:]

    def _put(self, run: str) -> None:
        for one in run:
            width = cell_len(one)
            if self._line < len(self._lines) and self._column + width <= self._columns:
                cells = self._lines[self._line]
                if width:
                    cells[self._column : self._column + width] = [one] + [""] * (width - 1)
                elif self._column:
                    cells[self._column - 1] += one
            self._column += width
