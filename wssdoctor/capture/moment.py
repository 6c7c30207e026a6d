"""Times as captures carry them: RFC 3339 in notes, HTTP dates in headers (RFC 9110, 5.6.7)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,30})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_HTTP_DATES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"[a-z]{3}, (?P<day>[0-9]{1,2}) (?P<month>[a-z]{3}) (?P<year>[0-9]{4}) " + _CLOCK + r" (?:GMT|UTC|\+0000)",
        r"[a-z]{6,9}, (?P<day>[0-9]{2})-(?P<month>[a-z]{3})-(?P<year>[0-9]{2}) " + _CLOCK + r" GMT",
        r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>[ 0-9][0-9]) " + _CLOCK + r" (?P<year>[0-9]{4})",
    )
)
_CENTURY_BREAK = 70


def rfc3339(text: str) -> datetime | None:
    """Return the moment in UTC, or None when the text is none."""
    if not _RFC3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def http_date(text: str) -> datetime | None:
    """Return the moment in UTC of any of the three forms of an HTTP date, or None when the text is none."""
    for form in _HTTP_DATES:
        match = form.fullmatch(text.strip())
        if match is None or match["month"].lower() not in _MONTHS:
            continue
        year = int(match["year"])
        if len(match["year"]) == 2:
            year += 1900 if year >= _CENTURY_BREAK else 2000
        month = _MONTHS.index(match["month"].lower()) + 1
        day, hour, minute, second = (int(match[name]) for name in ("day", "hour", "minute", "second"))
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return None
    return None
