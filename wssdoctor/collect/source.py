"""The bytes of one export, and their text: code page found by content, lines and sizes bounded."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

MAX_LINE = 64 * 1024
"""Characters of one line of text; lists of SAP have at most a few thousand."""
MAX_WHOLE = 64 * 1024 * 1024
"""Bytes of a file that is read as a whole: XML, certificates."""
_HEAD = 64 * 1024
_CHUNK = 1024 * 1024


class Origin:
    """Where rows come from: a file of the folder, or a table that a system was asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def place(self, line: int | None = None) -> Place:
        """Return a place in it."""
        return Place(file=self.name, line=line)


class Source(Origin):
    """One file of the folder."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(name)
        self.path = path

    def refused(self, why: str, hint: str = "", line: int | None = None) -> InputError:
        """Make the error that says why this file is not read."""
        return InputError.because("the file is refused", place=self.place(line), why=why, hint=hint)

    @cached_property
    def head(self) -> bytes:
        """The first bytes. Raises ``InputError`` where the file cannot be read."""
        try:
            with self.path.open("rb") as stream:
                return stream.read(_HEAD)
        except OSError as error:
            raise self.refused(error.strerror or type(error).__name__) from None

    def whole(self, most: int = MAX_WHOLE) -> bytes:
        """Return all bytes. Raises ``InputError`` for a file above the bound."""
        if self.path.stat().st_size > most:
            raise self.refused(f"it is larger than {most} bytes")
        return self.path.read_bytes()

    @cached_property
    def is_text(self) -> bool:
        """Whether this is text in a code page that is read here."""
        return self._wide is not None or b"\0" not in self.head

    @property
    def _wide(self) -> str | None:
        """UTF-16, with a mark or seen by the zeros beside Latin letters."""
        if self.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        start = self.head[:200]
        if len(start) >= 8 and start[1::2].count(0) > len(start) // 3 and not start[::2].count(0):
            return "utf-16-le"
        if len(start) >= 8 and start[::2].count(0) > len(start) // 3 and not start[1::2].count(0):
            return "utf-16-be"
        return None

    @cached_property
    def encoding(self) -> str:
        """The code page: UTF-16, UTF-8 where all bytes fit, otherwise Windows-1252."""
        if self._wide:
            return self._wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            with self.path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    def lines(self) -> Iterator[str]:
        """Return the lines without their ends, one at a time. Raises ``InputError`` for an endless one."""
        with self.path.open(encoding=self.encoding, errors="replace", newline=None) as stream:
            number = 0
            while line := stream.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise self.refused(f"a line has more than {MAX_LINE} characters", line=number)
                yield line.rstrip("\n")

    def pieces(self, size: int) -> Iterator[str]:
        """Return the text in pieces of at most so many characters."""
        with self.path.open(encoding=self.encoding, errors="replace") as stream:
            while piece := stream.read(size):
                yield piece

    def start(self, count: int = 400) -> list[str]:
        """Return the first lines, to recognise the file by."""
        found = []
        for line in self.lines():
            found.append(line)
            if len(found) == count:
                break
        return found
