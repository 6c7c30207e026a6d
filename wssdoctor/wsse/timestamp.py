"""xsd:dateTime, and the judgement of Created and Expires (SOAP Message Security 1.1.1, section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from wssdoctor.evidence import Compared, Computed, Evidence, Located, Place
from wssdoctor.wsse.fault import Fault

_DATE_TIME = re.compile(r"(-?)(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
"""What nearly all messages have, and Python reads fast."""
_XML_SPACE = " \t\r\n"
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NO_OFFSET = timedelta()


def parse_datetime(text: str) -> datetime | None:
    """Read an xsd:dateTime (XML Schema part 2, section 3.2.7); None if it is none.

    Without a zone, UTC is taken, as WSS demands. Fractions are kept to the microsecond. Years beyond what
    Python's dates hold become the first or last instant. White space around is collapsed, as the type
    demands.
    """
    if _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # midnight as 24:00, or a field out of range: told apart below
    match = _DATE_TIME.fullmatch(text.strip(_XML_SPACE))
    if match is None:
        return None
    sign, year_text, month, day, hour, minute, second, fraction, zone_text = match.groups()
    if len(year_text) > 4 and year_text[0] == "0":
        return None
    year = int(year_text) if len(year_text) < 10 else 10**9
    microsecond = int(f"{fraction or '0':0<6.6}")
    midnight = int(hour) == 24
    if midnight and (int(minute) or int(second) or (fraction or "").strip("0")):
        return None
    offset = _NO_OFFSET
    if zone_text and zone_text != "Z":
        hours, minutes = int(zone_text[1:3]), int(zone_text[4:6])
        if minutes > 59 or hours * 60 + minutes > 14 * 60:
            return None
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone_text[0] == "-" else 1)
    beyond = bool(sign) or not 1 <= year <= 9999
    try:
        value = datetime(
            # A leap year stands for a year out of range, so that the 29th of February is not refused.
            2000 if beyond else year,
            int(month),
            int(day),
            0 if midnight else int(hour),
            int(minute),
            int(second),
            microsecond,
            tzinfo=timezone(offset) if offset else UTC,
        )
    except ValueError:
        return None
    if beyond:
        return _FIRST if sign or year < 1 else _LAST
    if not midnight and not offset:
        return value
    try:
        return (value + timedelta(days=midnight)).astimezone(UTC)
    except OverflowError:
        return _FIRST if year == 1 else _LAST


def show(moment: datetime) -> str:
    """Write an instant as evidence shows it: UTC, with fractions only when there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def judge_window(
    created_text: str | None,
    expires_text: str | None,
    created: datetime | None,
    expires: datetime | None,
    now: datetime,
    *,
    max_age: timedelta | None,
    max_future: timedelta | None,
    where: str = "Timestamp",
    place: Callable[[], Place | None] = lambda: None,
) -> tuple[Fault, ...]:
    """Judge one wsu:Timestamp at ``now``; a limit of None is not applied. All faults, the root first.

    ``created`` and ``expires`` are the texts as ``parse_datetime`` reads them; ``place`` is asked only for a fault.
    """
    faults: list[Fault] = []
    for name, text, value in (("Created", created_text, created), ("Expires", expires_text, expires)):
        if text is not None and value is None:
            evidence: tuple[Evidence, ...] = (
                Compared(name, "an xsd:dateTime such as 2026-01-31T12:00:00Z", text, place()),
            )
            faults.append(
                Fault(
                    "timestamp-malformed",
                    where,
                    f"{name} is not an xsd:dateTime",
                    date_mistake(text),
                    evidence,
                )
            )
    if created_text is None:
        evidence = (Located("no wsu:Created", at),) if (at := place()) else ()
        faults.append(Fault("timestamp-created-missing", where, "the time stamp has no Created", evidence=evidence))
    if created and expires and expires < created:
        evidence = (Compared("Expires", f"not before Created {show(created)}", show(expires), place()),)
        swapped = expires <= now <= created or created - expires <= timedelta(days=1)
        reason = "created-and-expires-swapped" if swapped else None
        faults.append(
            Fault("timestamp-expires-before-created", where, "Expires is earlier than Created", reason, evidence)
        )
    if created and max_future is not None and created > now + max_future:
        evidence = (_clock("ahead of the receiver's clock", created, now, max_future, place()),)
        faults.append(
            Fault(
                "timestamp-created-in-future",
                where,
                f"Created lies {seconds(created - now)} in the future; {seconds(max_future)} are allowed",
                "sender-clock-ahead",
                evidence,
            )
        )
    if expires and now > expires:
        evidence = (Compared("Expires", f"not before {show(now)}", show(expires), place()),)
        faults.append(
            Fault(
                "timestamp-expired",
                where,
                f"the time stamp expired {seconds(now - expires)} ago",
                "message-arrives-late",
                evidence,
            )
        )
    if created and max_age is not None and now - created > max_age:
        evidence = (_clock("behind the receiver's clock", created, now, max_age, place()),)
        faults.append(
            Fault(
                "timestamp-too-old",
                where,
                f"Created is {seconds(now - created)} old; {seconds(max_age)} are allowed",
                "message-arrives-late",
                evidence,
            )
        )
    return tuple(faults)


def _clock(what: str, created: datetime, now: datetime, limit: timedelta, place: Place | None) -> Computed:
    return Computed(
        f"Created {what}",
        (("Created", show(created)), ("time of judgement", show(now)), ("allowed", seconds(limit))),
        ("difference = time of judgement - Created",),
        seconds(abs(now - created)),
        place,
    )


_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def seconds(span: timedelta) -> str:
    """Write a length of time in seconds, from two minutes on also as people say it: ``12008 s (3 h 20 min)``."""
    exact = exactly(span)
    said = in_words(span)
    return exact if said == exact else f"{exact} ({said})"


def in_words(span: timedelta) -> str:
    """Write a length of time as people say it: ``3 h 20 min``; below two minutes in seconds."""
    whole = int(abs(span.total_seconds()))
    if whole < 2 * 60:
        return exactly(span)
    larger, smaller = next(pair for pair in pairwise(_UNITS) if whole >= pair[0][1])
    rest = whole % larger[1] // smaller[1]
    return f"{whole // larger[1]} {larger[0]}" + (f" {rest} {smaller[0]}" if rest else "")


def exactly(span: timedelta) -> str:
    """Write a length of time in seconds alone, to the millisecond."""
    return f"{span.total_seconds():.3f}".rstrip("0").rstrip(".") + " s"


def date_mistake(text: str) -> str | None:
    """Tell what kind of wrong form it is, where that can be seen."""
    text = text.strip(_XML_SPACE)
    if not text:
        return "date-empty"
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return "date-as-number"
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*", text, re.ASCII):
        return "date-with-blank-instead-of-t"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return "date-without-time"
    if _DATE_TIME.fullmatch(text):
        return "date-field-out-of-range"
    return "date-format-wrong"
