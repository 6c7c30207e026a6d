"""Check lists of transactions and reports: SECSTORE, SRT_ADMIN, RSICFCHK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table
from wssdoctor.collect.users import DELAY
from wssdoctor.collect.values import marked, own

_GREEN = ("@08@", "@5B@", "@01@")
_RED = ("@0A@", "@5C@", "@02@")
_GOOD_WORDS = frozenset({"ok", "green", "grün", "readable", "lesbar", "yes", "ja", "successful", "erfolgreich", "s"})
_BAD_WORDS = frozenset({"error", "fehler", "red", "rot", "unreadable", "not readable", "nicht lesbar", "failed", "e"})


def _light(record: Record) -> bool | None:
    """Whether a check list shows green, red, or nothing that is understood."""
    texts = [record.cells.get(name, "") for name in ("STATUS", "RESULT")]
    if any(mark in text for text in texts for mark in _RED):
        return False
    words = {text.strip(" .!").lower() for text in texts}
    if words & _BAD_WORDS:
        return False
    if any(mark in text for text in texts for mark in _GREEN) or words & _GOOD_WORDS:
        return True
    return None


def read_secure_storage(table: Table, records: Iterator[Record], findings: Findings) -> None:
    seen = False
    for record in records:
        if not own(record, table, findings) or not DELAY.search(record.cells["IDENTIFIER"].upper()):
            continue
        seen, light, place = True, _light(record), table.source.place(record.line)
        findings.state("secure_storage", (), place, table.dated, entry_present=True, entry_readable=light)
        if light is None:
            findings.note("the light of this entry of SECSTORE is not understood", place)
    if not seen:
        findings.note("SECSTORE shows no entry that names the technical user", table.source.place())


def read_administration(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read SRT_ADMIN's check list: green says that the user is there; red has several causes and states nothing."""
    for record in records:
        check = record.cells["CHECK"].lower()
        if not own(record, table, findings) or not ("delay" in check and ("logon" in check or "user" in check)):
            continue
        place = table.source.place(record.line)
        if _light(record):
            findings.state("technical_user", (), place, table.dated, exists=True)
        else:
            findings.note("SRT_ADMIN finds the technical user wrong; it does not say in what", place)


def read_logon_data(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read RSICFCHK: public services and those with logon data."""
    for record in records:
        cells = record.cells
        path = cells["PATH"].rstrip("/").lower().removeprefix("/default_host")
        if not path.startswith("/sap/bc/srt/"):
            continue
        if table.cut(record, "PATH"):
            findings.note("this path is cut off and left out: widen the column", table.source.place(record.line))
            continue
        user = cells.get("ICF_USER", cells.get("BNAME"))
        state = marked(cells["ICFACTIVE"]) if "ICFACTIVE" in cells else None
        client = cells.get("ICF_MANDT", cells.get("MANDT"))
        facts = {"path": path, "exists": True, "active": state, "stored_user": user or None}
        facts["stored_client"] = client if client and re.fullmatch("[0-9]{3}", client) else None
        findings.state("icf.nodes", (path,), table.source.place(record.line), table.dated, **facts)
