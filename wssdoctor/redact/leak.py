"""The last look before something is written: no known value is in it, in no form.

What is scanned are finished octets: the file itself, and what is packed in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from wssdoctor.errors import Problem, WssdoctorError
from wssdoctor.evidence import Place
from wssdoctor.redact import forms
from wssdoctor.redact.register import Known
from wssdoctor.redact.words import is_ordinary

_PREFIX = 6
_SHORTEST = 3
_ANYWHERE = 8
"""Octets from which on a value counts inside a word too."""
_BLANK = re.compile(rb"\s+")
_EDGE = re.compile(rb"[a-z0-9]")


class Leak(msgspec.Struct, frozen=True):
    """Where a value was found that must not be there. The value itself is not in it."""

    member: str
    placeholder: str
    form: str
    offset: int


class LeakError(WssdoctorError):
    """A defect of this program that the scan caught before anything was written."""

    exit_code = 4

    @classmethod
    def of(cls, leaks: Iterable[Leak]) -> LeakError:
        """Say what was found and where, by placeholder."""
        return cls(
            *(
                Problem(
                    f"the value of {one.placeholder} would leak",
                    Place(file=one.member),
                    why=f"it stands there in the form {one.form}, at octet {one.offset}",
                    hint="nothing was written; please report this defect. --strict takes out more",
                )
                for one in leaks
            )
        )


def unsearchable(known: Iterable[Known]) -> tuple[Known, ...]:
    """Return the values that no scan can tell from the words and numbers of any report."""
    return tuple(one for one in known if is_ordinary(one.value) or len(one.value) < _SHORTEST)


class Scanner:
    """Looks for known values in octets."""

    def __init__(self, known: Iterable[Known]) -> None:
        known = tuple(known)
        skipped = {one.placeholder for one in unsearchable(known)}
        self._folded: dict[bytes, list[tuple[bytes, str, str]]] = {}
        self._exact: dict[bytes, list[tuple[bytes, str, str]]] = {}
        self._short: dict[bytes, str] = {}
        for one in known:
            if one.placeholder in skipped:
                continue
            for form, needle in dict.fromkeys(forms.folded(one.value)):
                if len(needle) >= _PREFIX:
                    self._folded.setdefault(needle[:_PREFIX], []).append((needle, form, one.placeholder))
                elif form == "plain":
                    self._short[needle] = one.placeholder
            for form, needle in dict.fromkeys(forms.exact(one.value)):
                if len(needle) >= _PREFIX:
                    self._exact.setdefault(needle[:_PREFIX], []).append((needle, form, one.placeholder))

    def scan(self, members: Mapping[str, bytes]) -> tuple[Leak, ...]:
        """Return everything that is found in these members and in their names."""
        return tuple(leak for name, data in members.items() for leak in self._member(name, data))

    def _member(self, name: str, data: bytes) -> Iterator[Leak]:
        for octets in (name.encode("utf-8", "surrogateescape"), data):
            lower = octets.lower()
            yield from self._found(name, lower, self._folded, bounded=True)
            yield from self._found(name, octets, self._exact)
            for needle, placeholder in self._short.items():
                start = lower.find(needle)
                while start >= 0:
                    if _apart(lower, start, start + len(needle)):
                        yield Leak(name, placeholder, "plain", start)
                        break
                    start = lower.find(needle, start + 1)
            dense = _BLANK.sub(b"", octets)  # values that were broken over lines
            if len(dense) != len(octets):
                yield from self._found(name, dense, self._exact)

    def _found(
        self, name: str, data: bytes, needles: dict[bytes, list[tuple[bytes, str, str]]], *, bounded: bool = False
    ) -> Iterator[Leak]:
        if not needles:
            return
        seen: set[str] = set()
        for offset in range(len(data) - _PREFIX + 1):
            for needle, form, placeholder in needles.get(data[offset : offset + _PREFIX], ()):
                if placeholder in seen or not data.startswith(needle, offset):
                    continue
                short = len(needle) < _ANYWHERE
                if bounded and short and form == "plain" and not _apart(data, offset, offset + len(needle)):
                    continue
                seen.add(placeholder)
                yield Leak(name, placeholder, form, offset)


def _apart(data: bytes, start: int, end: int) -> bool:
    """Whether no letter or digit touches the span on either side."""
    return not (_EDGE.match(data[start - 1 : start]) or _EDGE.match(data[end : end + 1]))
