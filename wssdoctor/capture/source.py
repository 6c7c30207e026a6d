"""Bytes with their home: so that every refusal names file and line."""

from __future__ import annotations

from typing import ClassVar

from wssdoctor.capture.discreet import Discreet
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place


class Source(Discreet, frozen=True):
    """Bytes and where they stand."""

    name: str | None
    """The file as the user named it; None for bytes that were handed over."""
    data: bytes
    first_line: int = 1
    """Line of the file on which the data begin, when there is no origin."""
    origin: Source | None = None
    """What the data were taken from ..."""
    start: int = 0
    """... at this offset. The line is counted only when somebody asks."""
    exact: bool = True
    """Whether the data stand in the file as they are. If not (they were compressed), only their first line is known."""

    _shown: ClassVar[tuple[str, ...]] = ("name",)

    def line(self, offset: int = 0) -> int:
        """Return the line of the file on which the byte at this offset stands."""
        first = self.origin.line(self.start) if self.origin else self.first_line
        return first + (self.data.count(b"\n", 0, offset) if self.exact else 0)

    def within(self, start: int, end: int) -> Source:
        """Return the bytes from start up to end as a source of their own."""
        return Source(self.name, self.data[start:end], origin=self, start=start)

    def instead(self, data: bytes) -> Source:
        """Return what these bytes mean once a coding is undone."""
        return self if data is self.data else Source(self.name, data, origin=self, exact=False)

    def refusal(self, what: str, offset: int = 0, *, why: str = "", hint: str = "") -> InputError:
        """Make the error that refuses these bytes because of what stands at the offset."""
        place = Place(file=self.name, line=self.line(offset))
        return InputError.because(what, place=place, why=why, hint=hint)
