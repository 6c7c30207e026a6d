"""What cells of lists hold: days, numbers, marks, and the client that a row belongs to."""

from __future__ import annotations

import datetime as dt
import re

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table

MAX_RECORDS = 20_000
"""Users or mappings that one description takes; more are not kept, so memory stays flat."""
BEGINNING = dt.date(1900, 1, 1)
"""How a validity that begins at any time is written."""
OPEN_END = dt.date(9999, 12, 31)
"""How an unlimited validity is written."""
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


def day(text: str | None, initial: dt.date) -> dt.date | None:
    """Read a date in any of SAP's forms; an initial one is ``initial``; None where no column gives it."""
    if text is None:
        return None
    text = text.partition("T")[0]
    digits = re.sub(r"[./-]", "", text)
    if not digits.strip("0 "):
        return initial
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    order = (0, 4, 6) if digits == text or text[4:5] in "./-" else (4, 2, 0) if "." in text else (4, 0, 2)
    year, month, date = (int(digits[at : at + (4 if index == 0 else 2)]) for index, at in enumerate(order))
    try:
        return dt.date(year, month, date)
    except ValueError:
        return None
