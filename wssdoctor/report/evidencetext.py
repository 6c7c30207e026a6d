"""Evidence as text: observed, expected and where; calculations with their inputs; other people's words as quotations."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from wssdoctor.evidence import Compared, Computed, Evidence, Located, Place, Quoted
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown

_TOP = 2
"""Pieces of evidence that a finding shows unless all are asked for."""


class Names:
    """Short names of captures: without the folder that all of them lie in."""

    def __init__(self, captures: Iterable[str]) -> None:
        captures = list(captures)
        try:
            self.folder = os.path.commonpath([os.path.dirname(name) for name in captures])  # noqa: PTH120 - see below
        except ValueError:  # none, or names that are no paths of this system
            self.folder = ""
        self._short = {name: name[len(self.folder) :].lstrip("/\\") for name in captures if self.folder}

    def of(self, capture: str) -> str:
        """Return the harmless short name of one capture."""
        return shown(self._short.get(capture, capture))

    def all(self, captures: Iterable[str]) -> list[str]:
        """Return the short names of several captures."""
        return [self.of(capture) for capture in captures]

    def place(self, place: Place) -> list[tuple[str, str]]:
        """Return a place as labelled rows: ``file:line:column``, and below it the path of an element or a fact."""
        position = [self.of(place.file)] if place.file is not None else []
        position += [str(part) for part in (place.line, place.column) if part is not None]
        parts = (":".join(position), shown(place.xpath or place.fact or ""))
        return list(zip(("where", ""), filter(None, parts), strict=False))


def show_evidence(
    page: Page, evidence: Sequence[Evidence], names: Names, *, indent: int, label: int, verbose: bool
) -> None:
    """Add pieces of evidence to a page; what is left out is counted."""
    kept = evidence if verbose or len(evidence) <= _TOP + 1 else evidence[:_TOP]
    for number, piece in enumerate(kept):
        page.say(_what(piece), indent=indent, mark="" if number else "Evidence", hang=label)
        page.pairs(_rows(piece, names), indent=indent + label + 2)
    more = len(evidence) - len(kept)
    if more:
        page.say(f"and {more} more of this kind (--verbose shows all)", indent=indent + label, style="quiet")


def _what(piece: Evidence) -> str:
    return f"{shown(piece.source)} says" if isinstance(piece, Quoted) else shown(piece.what)


def _rows(piece: Evidence, names: Names) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]]
    match piece:
        case Compared():
            rows = [("observed", shown(piece.observed)), ("expected", shown(piece.expected))]
        case Computed():
            rows = [(shown(name), shown(value)) for name, value in piece.inputs]
            rows += [("" if number else "steps", shown(step)) for number, step in enumerate(piece.steps)]
            rows.append(("result", shown(piece.result)))
        case Quoted():
            rows = [("", f'"{shown(piece.text)}"')]
        case Located():
            rows = []
    return [*rows, *names.place(piece.place)] if piece.place else rows
