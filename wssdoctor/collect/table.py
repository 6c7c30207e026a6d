"""Lists found among rows: headers recognised, pages joined, totals left out, secret columns dropped unread."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from wssdoctor.collect.columns import EXPORTS, SECRET_TABLES, SECRETS, column, is_heading, kind, looks_like_header
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.grid import Row, rows
from wssdoctor.collect.source import Origin, Source

MAX_PREAMBLE = 200
"""Rows before the first header; a file without one by then is no list."""
_DATE = re.compile(r"\b(?:(\d{2})\.(\d{2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2}))(?:[ T]+(\d{2}):(\d{2})(?::(\d{2}))?)?")
_OF_A_VALUE = re.compile(r"[=<>]|valid|gültig|\b(?:from|to|until|von|bis|between|zwischen)\b", re.IGNORECASE)
"""What a line above a list says where its date is a selection and not the moment of the export."""
_SECRET_TABLE = re.compile(rf"\b({'|'.join(sorted(SECRET_TABLES))})\b")
_CUTS = frozenset({30, 32, 40, 45, 50, 60, 70, 72, 80, 100, 120, 128, 130, 132, 200, 250, 255, 256})
"""Widths at which lists usually cut text; a value that fills one to its last character may go on."""
_WIDE = 30
HIT_LIMITS = frozenset({100, 200, 500, 1000, 5000, 10_000})
"""Numbers of rows at which SE16 and SE16N usually stop."""
_NONE: frozenset[str] = frozenset()


class Record(msgspec.Struct):
    """One row: its line, and its cells by technical column name."""

    line: int
    cells: dict[str, str]
    full: frozenset[str] = frozenset()
    """Columns whose text fills them to the last character, which is how cut text looks."""


class Table:
    """A recognised list, with the place of its rows. Its records may be taken once."""

    def __init__(self, source: Origin, name: str, columns: list[str], dated: dt.datetime | None) -> None:
        self.source = source
        self.name = name
        self.columns = columns
        self.dated = dated
        """When the list was made, where the lines above it say so."""
        self.bars: list[int] = []
        self.widths: dict[str, int] = {}
        """Widths of the wide columns, where the list has bars."""
        self.secrets = 0
        self.misfits = 0
        self.rows = 0
        """Rows that were read so far."""
        self.complete: bool | None = None
        """Whether these are all rows of the selection; None where nobody says."""

    @property
    def may_have_gaps(self) -> bool:
        """Whether rows may be missing, once all were read."""
        return self.rows in HIT_LIMITS if self.complete is None else not self.complete

    @property
    def has(self) -> frozenset[str]:
        """The columns that may be read."""
        return frozenset(self.columns) - SECRETS

    def cut(self, record: Record, name: str) -> bool:
        """Whether a value looks cut off: by its dots, or because it ends where lists usually cut."""
        if record.cells.get(name, "").endswith(("...", "…")):
            return True
        return name in record.full and self.widths[name] in _CUTS


class Lists:
    """The lists of one file, one after the other. ``secret`` tells a table that must not be exported, once read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.secret: str | None = None
        self._stream = rows(source)
        self._next: Row | None = None

    def __iter__(self) -> Iterator[tuple[Table, Iterator[Record]]]:
        """Return each list with its records. Raises ``InputError`` for a hostile file."""
        mentioned: str | None = None
        dated: dt.datetime | None = None
        above, found = 0, False
        while (row := self._row()) is not None:
            _, cells, line = row
            secret, table = _secret(cells), None
            if secret is None and len(cells) > 1 and looks_like_header(cells):
                table = _table(self.source, cells, line, dated)
            if table is not None:
                found, dated = True, None
                yield table, (records := self._records(table, [cell.strip() for cell in cells]))
                for _ in records:  # a reader may stop early; secrets are counted to the end
                    pass
                continue
            if secret:
                self.secret = secret
            text = " ".join(cells)
            mentioned = mentioned or _mentioned(text)
            dated = dated or _date(text)
            above += 1
            if above > MAX_PREAMBLE and not found:
                break
        if not found:
            self.secret = self.secret or mentioned

    def _row(self) -> Row | None:
        row, self._next = self._next, None
        return row if row is not None else next(self._stream, None)

    def _records(self, table: Table, header: list[str]) -> Iterator[Record]:
        width = len(header)
        first = header[0]
        kept = [(position, name) for position, name in enumerate(table.columns) if name and name not in SECRETS]
        secret = [position for position, name in enumerate(table.columns) if name in SECRETS]
        wide = [(position, name) for position, name in kept if name in table.widths]
        all_kept = len(kept) == width
        after_gap = False
        for row in self._stream:
            line, found, text = row
            cells = found
            if len(cells) != width:
                if not cells:
                    after_gap = True
                    continue
                if len(found) > 1 and (looks_like_header(found) or _secret(found)):
                    self._next = row
                    return
                fitted = _fitted(found, text, table, header)
                if fitted is None:
                    after_gap = True
                    table.misfits += len(found) > 1
                    continue
                cells = fitted
            start = cells[0].strip()
            if start == first and [cell.strip() for cell in cells] == header:
                continue
            if (after_gap or is_heading(start)) and (looks_like_header(cells) or _secret(cells)):
                self._next = row
                return
            after_gap = False
            if start and not start.strip("*"):
                continue  # a total
            table.rows += 1
            for position in secret:
                table.secrets += bool(cells[position].strip())
            full = _NONE
            for position, name in wide:
                if cells[position][-1:] not in (" ", ""):
                    full |= {name}
            if all_kept:
                yield Record(line, dict(zip(table.columns, map(str.strip, cells), strict=True)), full)
            else:
                yield Record(line, {name: cells[position].strip() for position, name in kept}, full)


def _table(source: Source, cells: list[str], line: str, dated: dt.datetime | None) -> Table | None:
    names = [column(cell) for cell in cells]
    found = kind(names)
    if found is None:
        return None
    table = Table(source, found.name, names, dated)
    table.bars = [position for position, character in enumerate(line) if character == "|"]
    widths = [right - left - 1 for left, right in pairwise(table.bars)]
    if len(widths) == len(names):
        table.widths = {name: size for name, size in zip(names, widths, strict=True) if size >= _WIDE}
    return table


def _fitted(cells: list[str], text: str, table: Table, header: list[str]) -> list[str] | None:
    """Return a row in which values hold bars of their own, or whose last cells are empty; None if it does not fit."""
    width = len(header)
    if text:
        split = _split(text, table.bars) if table.bars else []
        return split if len(split) == width else None
    if bool(header[0]) != bool(cells[0].strip()):
        return None  # a title between lists that begin with an empty column
    if 1 < len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    trailing = cells[width:]
    return cells[:width] if trailing and not any(cell.strip() for cell in trailing) else None


def _split(line: str, bars: list[int]) -> list[str]:
    """Split by the header's columns a line whose values hold bars of their own."""
    if any(line[position : position + 1] != "|" for position in bars):
        return []
    if bars[0] == 0:
        return [line[left + 1 : right] for left, right in pairwise(bars)]
    edges = [-1, *bars, len(line)]
    return [line[left + 1 : right] for left, right in pairwise(edges)]


def _secret(cells: list[str]) -> str | None:
    """Return the table that must not be exported whose header this is."""
    names = {cell.strip().upper() for cell in cells}
    if {"DATA", "IDENT"} <= names:
        return "RSECTAB"
    return "SSF_PSE_D" if "PSEDATA" in names or {"DATA", "PSE_CONTEXT"} <= names else None


def _mentioned(text: str) -> str | None:
    match = _SECRET_TABLE.search(text)
    return match[1] if match else None


def finish(table: Table, findings: Findings) -> None:
    """Tell what was left out of a list that has been read."""
    place = table.source.place()
    findings.drop(f"hashes or encrypted passwords in columns of {table.name}", table.secrets, place)
    if table.misfits:
        findings.note(f"{table.misfits} lines of {table.name} do not fit the header and were not read", place)
    lacking = [name for name in EXPORTS.get(table.name, ()) if column(name) not in (*table.columns, "MANDT")]
    if lacking and table.complete is None:
        what = f"this list of {table.name} lacks the columns {', '.join(lacking)}, or their headings are cut off"
        findings.note(f"{what}; show technical names (SE16: Settings, User Parameters, Field name)", place)


def _date(text: str) -> dt.datetime | None:
    match = _DATE.search(text)
    if match is None or _OF_A_VALUE.search(text):
        return None
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    hour, minute, second = (int(part or 0) for part in match.group(7, 8, 9))
    try:
        return dt.datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
