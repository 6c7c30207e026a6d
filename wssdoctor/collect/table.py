"""Tables found among rows: the header recognised, pages joined, totals left out, secret columns dropped unread."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from wssdoctor.collect.columns import SECRET_TABLES, SECRETS, column, kind, looks_like_header
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.grid import Row, rows
from wssdoctor.collect.source import Source

MAX_PREAMBLE = 200
"""Rows before the first header; a file without one by then is no list."""
_DATE = re.compile(r"\b(?:(\d{2})\.(\d{2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2}))(?:[ T]+(\d{2}):(\d{2})(?::(\d{2}))?)?")
_SECRET_TABLE = re.compile(rf"\b({'|'.join(SECRET_TABLES)})\b")


class Record(msgspec.Struct):
    """One row: its line, and its cells by technical column name."""

    line: int
    cells: dict[str, str]
    full: frozenset[str] = frozenset()
    """Columns whose text fills them to the last character, which is how cut text looks."""


class Table:
    """A recognised list. ``records`` may be taken once."""

    def __init__(self, source: Source, name: str, columns: list[str], dated: dt.datetime | None) -> None:
        self.source = source
        self.name = name
        self.columns = columns
        self.dated = dated
        """When the list was made, where the lines above it say so."""
        self.bars: list[int] = []
        self.secrets = 0
        self.misfits = 0
        self.rows = 0
        """Rows that were read so far."""

    @property
    def has(self) -> frozenset[str]:
        """The columns that may be read."""
        return frozenset(self.columns) - SECRETS


def secret_table(source: Source) -> str | None:
    """Return the name of a table that must not be exported, if this is an export of it."""
    for count, (_, cells, _) in enumerate(rows(source)):
        text = " ".join(cells)
        names = {cell.strip().upper() for cell in cells}
        if match := _SECRET_TABLE.search(text):
            return match[1]
        if {"DATA", "IDENT"} <= names or {"PSEDATA"} <= names or {"DATA", "PSE_CONTEXT"} <= names:
            return "RSECTAB" if "IDENT" in names else "SSF_PSE_D"
        if looks_like_header(cells) or count > MAX_PREAMBLE:
            return None
    return None


def opened(source: Source) -> tuple[Table, Iterator[Record]] | None:
    """Return the list that a file holds with its records, or None. Raises ``InputError`` for a hostile file."""
    dated: dt.datetime | None = None
    stream = rows(source)
    for count, (_, cells, line) in enumerate(stream):
        if len(cells) > 1 and looks_like_header(cells):
            names = [column(cell) for cell in cells]
            found = kind(names)
            if found is None:
                return None
            table = Table(source, found.name, names, dated)
            table.bars = [position for position, character in enumerate(line) if character == "|"]
            return table, _records(table, [cell.strip() for cell in cells], stream)
        dated = dated or _date(" ".join(cells))
        if count > MAX_PREAMBLE:
            return None
    return None


def _records(table: Table, header: list[str], stream: Iterator[Row]) -> Iterator[Record]:
    width = len(header)
    first = header[0]
    kept = [(position, name) for position, name in enumerate(table.columns) if name and name not in SECRETS]
    secret = [position for position, name in enumerate(table.columns) if name in SECRETS]
    widths = [right - left - 1 for left, right in pairwise(table.bars)]
    if len(widths) != width:
        widths = [0] * width
    wide = [(position, table.columns[position], size) for position, size in enumerate(widths) if size >= 30]
    for line, found, text in stream:
        cells = found
        if len(cells) != width:
            cells = _split(text, table.bars) if table.bars else cells
            if len(cells) < width and not text and len(cells) > 1:
                cells = [*cells, *[""] * (width - len(cells))]
            if len(cells) != width:
                table.misfits += len(found) > 1
                continue
        if cells[0].strip() == first and [cell.strip() for cell in cells] == header:
            continue
        if cells[0].lstrip()[:1] == "*":
            continue
        table.rows += 1
        for position in secret:
            table.secrets += bool(cells[position].strip())
        full: frozenset[str] = frozenset()
        if wide:
            full = frozenset(name for position, name, _ in wide if cells[position][-1:] not in (" ", ""))
        values = {name: cells[position].strip() for position, name in kept}
        yield Record(line, values, full)


def _split(line: str, bars: list[int]) -> list[str]:
    """Split by the header's columns a line whose values hold bars of their own."""
    if any(line[position : position + 1] != "|" for position in bars):
        return []
    if bars[0] == 0:
        return [line[left + 1 : right] for left, right in pairwise(bars)]
    edges = [-1, *bars, len(line)]
    return [line[left + 1 : right] for left, right in pairwise(edges)]


def finish(table: Table, findings: Findings) -> None:
    """Tell what was left out of a list that has been read."""
    place = table.source.place()
    findings.drop(f"hashes or encrypted passwords in columns of {table.name}", table.secrets, place)
    if table.misfits:
        findings.note(f"{table.misfits} lines of {table.name} do not fit the header and were not read", place)


def _date(text: str) -> dt.datetime | None:
    match = _DATE.search(text)
    if match is None:
        return None
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    hour, minute, second = (int(part or 0) for part in match.group(7, 8, 9))
    try:
        return dt.datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
