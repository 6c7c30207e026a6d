"""Tables of a system to the same readers that read exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from wssdoctor.collect import lists
from wssdoctor.collect.columns import column, kind
from wssdoctor.collect.findings import Findings, Note
from wssdoctor.collect.live.selection import Selection, present
from wssdoctor.collect.source import Origin
from wssdoctor.collect.table import Record, Table, finish


class Refused(Exception):  # noqa: N818 - not an error of ours: the system's answer
    """The system does not give this table; the text says why."""


class Rows(msgspec.Struct, frozen=True):
    """What the system gave."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    complete: bool
    """Whether there are no further rows."""


class Access(Protocol):
    """A way to read tables of one system."""

    origin: str
    """The system's URL."""

    def columns(self, selection: Selection) -> tuple[str, ...]:
        """Return the columns that the table has in this release. Raises ``Refused``."""

    def rows(self, selection: Selection) -> Rows:
        """Return rows. Raises ``Refused``."""


def read(access: Access, selections: Sequence[Selection], findings: Findings, now: dt.datetime) -> None:
    """Read all tables. What the system does not give is told and stays unknown."""
    for wanted in selections:
        origin = Origin(f"{access.origin} {wanted.table}")
        try:
            selection = _understood(wanted, access.columns(wanted))
            rows = access.rows(selection)
        except Refused as refusal:
            findings.unrecognised.append(Note(str(refusal), origin.place()))
            continue
        _read(origin, selection, rows, findings, now)


def _understood(wanted: Selection, there: Sequence[str]) -> Selection:
    """Return the selection with the columns that are there. Raises ``Refused`` where they are too few."""
    selection = present(wanted, there)
    if selection is None or kind([column(name) for name in selection.columns]) is None:
        raise Refused("the table has not the columns that are understood; export it with SE16")
    return selection


def _read(origin: Origin, selection: Selection, rows: Rows, findings: Findings, now: dt.datetime) -> None:
    names = [column(name) for name in rows.columns]
    found = kind(names)
    if found is None or found.name != selection.table:
        findings.unrecognised.append(Note("the answer holds other columns than were asked for", origin.place()))
        return
    table = Table(origin, found.name, names, now)
    table.complete = rows.complete
    lists.read(table, _records(table, rows), findings)
    finish(table, findings)
    findings.recognised.append((origin.name, f"{table.rows} rows"))


def _records(table: Table, rows: Rows) -> Iterator[Record]:
    """Return the rows as records, secrets left out even where a system sends what nobody asked for."""
    kept = [(position, name) for position, name in enumerate(table.columns) if name in table.has]
    for number, row in enumerate(rows.rows, 1):
        table.rows += 1
        yield Record(number, {name: row[position].strip() for position, name in kept})
