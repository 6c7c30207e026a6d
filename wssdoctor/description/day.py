"""Days as SAP shows and stores them, in any of its forms."""

from __future__ import annotations

import datetime as dt
import re

BEGINNING = dt.date(1900, 1, 1)
"""How a validity that begins at any time is written."""
OPEN_END = dt.date(9999, 12, 31)
"""How an unlimited validity is written (SAP shows an empty field; table USR02 holds 00000000)."""


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
