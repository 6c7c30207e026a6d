"""The account of a collection: what was read and not read, dropped, contradictory, and what is still unknown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from wssdoctor.collect.collect import Collected
from wssdoctor.collect.merge import Value
from wssdoctor.collect.missing import missing
from wssdoctor.description.change import flat
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place

_MOST = 50
_VALUE = 60

Kind: TypeAlias = Literal["read", "not-read", "to-note", "superseded", "dropped", "contradictions"]


class Entry(msgspec.Struct, frozen=True):
    """One line of the account: a file, a fact or a secret, and what is said of it."""

    about: str
    says: str


class Part(msgspec.Struct, frozen=True):
    """Entries of one kind."""

    kind: Kind
    title: str
    entries: tuple[Entry, ...]


class Account(msgspec.Struct, frozen=True):
    """What became of every file."""

    parts: tuple[Part, ...]
    """Those that have entries."""
    refused: tuple[Problem, ...]
    """Exports that could not be read."""
    known: int
    """Facts that the exports gave."""
    unknown: int
    """Facts that they lack."""

    def count(self, kind: Kind) -> int:
        """Return how many entries of a kind there are."""
        return sum(len(part.entries) for part in self.parts if part.kind == kind)


def account(collected: Collected) -> Account:
    """Tell what became of every file, and how much is known now."""
    merged = collected.merged
    parts = (
        _part("read", "Read", (Entry(name, what) for name, what in collected.recognised)),
        _part("not-read", "Not read", (Entry(str(each.place), each.what) for each in collected.unrecognised)),
        _part("to-note", "To note", (Entry(str(each.place), each.what) for each in collected.notes)),
        _part(
            "superseded",
            "Older statements that gave way to newer ones",
            (Entry(each.fact, f"{_said(each.newer)} is newer than {_said(each.older)}") for each in merged.superseded),
        ),
        _part(
            "dropped",
            "Secrets, dropped unread: leave them out of exports, and delete these copies",
            (Entry(f"{count} x {what}", ", ".join(files)) for what, count, files in collected.dropped),
        ),
        _part(
            "contradictions",
            "Contradictions, left out: find out which is true",
            (Entry(each.fact, f"{_said(each.first)} against {_said(each.second)}") for each in merged.contradictions),
        ),
    )
    unknown = sum(len(lack.records) or 1 for group in missing(collected.facts) for lack in group.facts)
    return Account(
        tuple(part for part in parts if part.entries), collected.refused, len(flat(collected.facts)) - 1, unknown
    )


def refuse_nothing(collected: Collected, folder: Path | None) -> None:
    """Raise ``InputError`` where no file was an export: an empty description would look like a system."""
    if collected.recognised or collected.refused or collected.dropped:
        return
    unread = [Problem(each.what, each.place) for each in collected.unrecognised[:_MOST]]
    hint = "'wssdoctor collect --missing' lists what to export and how"
    raise InputError(
        *unread, Problem("there is no export in this folder", Place(file=str(folder or "the system")), hint=hint)
    )


def _part(kind: Kind, title: str, entries: Iterable[Entry]) -> Part:
    return Part(kind, title, tuple(dict.fromkeys(entries)))


def _said(value: Value) -> str:
    """Return what was said and where; certificates by their subject."""
    return f"{_short(value.data)} ({value.place})"


def _short(data: Any) -> str:
    if isinstance(data, dict):
        return _subject(data)
    if isinstance(data, list):
        return f"{len(data)} entries"
    text = ("yes" if data else "no") if isinstance(data, bool) else str(data)
    return text if len(text) <= _VALUE else f"{text[:_VALUE]}..."


def _subject(certificate: dict[str, Any]) -> str:
    if "pem" in certificate:
        from wssdoctor.wsse.outline import outline

        found = outline(certificate["pem"].encode())
        return f"{found.subject}, valid to {found.not_after:%Y-%m-%d}"
    return str(certificate.get("subject", "a certificate"))
