"""USR02: the technical user, and the users whom callers name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table
from wssdoctor.collect.values import MAX_RECORDS, number, own
from wssdoctor.description.day import BEGINNING, OPEN_END, day

DELAY = re.compile(r"DELAY_LOGON|DELAY_L_[A-Z][A-Z0-9]{2}")
"""The technical user's name: DELAY_LOGON, on 7.0x DELAY_L_<SID>."""
_MANY = 50
"""From more users on, a list without the technical user is worth a word."""
_TEXTS = {
    "dialog": "A",
    "system": "B",
    "communication": "C",
    "communications data": "C",
    "kommunikation": "C",
    "reference": "L",
    "referenz": "L",
    "service": "S",
}


def read(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read USR02."""
    kept, technical_seen, seen = 0, False, set()
    for record in records:
        cells = record.cells
        name = cells["BNAME"].upper()
        technical = DELAY.fullmatch(name) is not None
        if (
            not name
            or not own(record, table, findings)
            or (findings.users and not technical | (name in findings.users))
        ):
            continue
        technical_seen |= technical
        seen.add(name if name in findings.users else "")
        if not technical:
            kept += 1
            if kept > MAX_RECORDS:
                continue
        place = table.source.place(record.line)
        kind = cells.get("USTYP", "")
        lock, failed = number(cells.get("UFLAG", "")), number(cells.get("LOCNT", ""))
        facts = {
            "exists": True,
            "type": kind if kind in ("A", "B", "C", "L", "S") else _type(kind),
            "lock": lock,
            "valid_from": day(cells.get("GLTGV"), BEGINNING),
            "valid_to": day(cells.get("GLTGB"), OPEN_END),
        }
        _unreadable(table, record, facts, findings)
        if technical:
            findings.state("technical_user", (), place, table.dated, name=name, failed_logons=failed, **facts)
        else:
            state = "deactivated" if cells.get("CODVN") == "X" else None
            findings.state("users", (name,), place, table.dated, name=name, password_state=state, **facts)
    if kept > MAX_RECORDS:
        what = f"{kept} users, of which the first {MAX_RECORDS} were kept; name those that callers use with --user"
        findings.note(what, table.source.place())
    if table.complete:
        _absent(table, technical_seen, findings.users - seen, findings)
    elif table.rows > _MANY and not table.may_have_gaps and not technical_seen:
        what = f"{table.rows} users and no DELAY_LOGON or DELAY_L_<SID> among them"
        hint = "look in SU01; if it is not there, WSS_SETUP was never run in this client"
        findings.note(f"{what}: {hint}", table.source.place())


def _absent(table: Table, technical_seen: bool, others: Iterable[str], findings: Findings) -> None:
    """State that users do not exist for whom a system was asked and had no row."""
    place = table.source.place()
    if not technical_seen:
        findings.state("technical_user", (), place, table.dated, exists=False)
    for name in others:
        findings.state("users", (name,), place, table.dated, name=name, exists=False)


def _unreadable(table: Table, record: Record, facts: Mapping[str, object], findings: Findings) -> None:
    """Say which cells hold something else than the field can hold: never guessed, never silently left out."""
    pairs = (("USTYP", "type"), ("UFLAG", "lock"), ("GLTGV", "valid_from"), ("GLTGB", "valid_to"))
    bad = [name for name, fact in pairs if record.cells.get(name, "") and facts[fact] is None]
    if bad:
        findings.note(f"not understood in {', '.join(bad)}; the fact is left out", table.source.place(record.line))


def _type(text: str) -> str | None:
    if text[1:2] == " " and text[:1] in "ABCLS":
        return text[:1]
    return _TEXTS.get(text.lower())
