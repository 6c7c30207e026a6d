"""What cells of lists hold: numbers, marks, and the client that a row belongs to."""

from __future__ import annotations

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table

MAX_RECORDS = 20_000
"""Users or mappings that one description takes; more are not kept, so memory stays flat."""
_MARKED = frozenset({"x", "1", "true", "ja", "yes"})


def own(record: Record, table: Table, findings: Findings) -> bool:
    """Whether a row belongs to the client that is described."""
    client = record.cells.get("MANDT", "")
    if not client.isdigit() or not client.isascii() or len(client) > 3:
        return True
    client = client.zfill(3)  # spreadsheets make numbers of texts
    if findings.client is None:
        findings.clients.setdefault(client, table.source.place(record.line))
        return True
    return client == findings.client


def marked(text: str) -> bool:
    """Whether a check box or flag is set."""
    return text.lower() in _MARKED


def number(text: str) -> int | None:
    """Read a number of one byte; None for anything else."""
    digits = text.replace(".", "").replace(",", "") if len(text) < 8 else ""
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) < 256 else None
