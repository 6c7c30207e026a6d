"""Time stamps changed, and judged at other times."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import Any

from edits import (
    ACCEPT,
    Edit,
    drop,
    each,
    element,
    inside,
    later,
    refused,
    replace,
    text,
)
from kit import JUDGED_AT, Message


def timestamps(bases: list[Message]) -> list[Message]:
    """Change unsigned time stamps, and judge them at other times."""
    where = "Timestamp"
    ts = partial(inside, "Timestamp")
    shift = dt.timedelta(minutes=5)

    def offset(hours: int) -> str:
        local = JUDGED_AT - dt.timedelta(seconds=60) + dt.timedelta(hours=hours)
        return f"{local:%Y-%m-%dT%H:%M:%S}{hours:+03d}:00"

    good: list[tuple[str, Edit]] = [
        ("ok-offset", ts(text("Created", offset(2)))),
        ("ok-negative-offset", ts(text("Created", offset(-7)))),
        ("ok-seven-digits", ts(text("Created", (JUDGED_AT - shift / 5).strftime("%Y-%m-%dT%H:%M:%S.1234567Z")))),
        ("ok-nine-digits", ts(text("Created", (JUDGED_AT - shift / 5).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")))),
        ("ok-white-space", ts(text("Created", lambda c: f"\n   {c}  "))),
        ("ok-comment", ts(text("Created", lambda c: c[:10] + "<!-- T -->" + c[10:]))),
        (
            "ok-expires-first",
            ts(
                lambda t: replace(
                    replace(t, element(t, "Expires"), ""),
                    element(t, "Created"),
                    element(t, "Expires") + element(t, "Created"),
                )
            ),
        ),
    ]
    bad: list[tuple[str, Edit, dict[str, Any]]] = [
        (
            "swapped",
            ts(
                lambda t: re.sub(
                    r"Created|Expires", lambda m: {"Created": "Expires", "Expires": "Created"}[m.group(0)], t
                )
            ),
            refused(
                "timestamp-expires-before-created",
                "created-and-expires-swapped",
                where,
                "timestamp-created-in-future",
                "timestamp-expired",
            ),
        ),
        ("bad-month", ts(text("Created", "2026-13-01T00:00:00Z")), refused("timestamp-malformed", "month-13", where)),
        ("bad-day", ts(text("Created", "2026-02-30T00:00:00Z")), refused("timestamp-malformed", "february-30", where)),
        ("date-only", ts(text("Created", "2026-11-21")), refused("timestamp-malformed", "date-without-time", where)),
        (
            "sap-format",
            ts(text("Created", "20261121100000")),
            refused("timestamp-malformed", "sap-timestamp-format", where),
        ),
        (
            "space-for-t",
            ts(text("Created", lambda c: c.replace("T", " "))),
            refused("timestamp-malformed", "space-instead-of-t", where),
        ),
        ("epoch", ts(text("Created", "1795253700")), refused("timestamp-malformed", "seconds-since-1970", where)),
        (
            "created-empty",
            ts(text("Created", "")),
            refused("timestamp-malformed", "created-emptied", where, "timestamp-created-missing"),
        ),
        (
            "expires-malformed",
            ts(text("Expires", "never")),
            refused("timestamp-malformed", "expires-is-no-time", where),
        ),
        (
            "created-removed",
            ts(drop("Created")),
            refused("timestamp-created-missing", "created-removed", where, "timestamp-malformed"),
        ),
        (
            "created-twice",
            ts(lambda t: replace(t, element(t, "Created"), element(t, "Created") * 2)),
            refused("timestamp-malformed", "two-created", where),
        ),
        (
            "twice",
            lambda t: replace(
                t,
                element(t, "Timestamp"),
                element(t, "Timestamp") + re.sub(r' \S*Id="[^"]*"', "", element(t, "Timestamp")),
            ),
            refused("timestamp-duplicate", "time-stamp-repeated", where),
        ),
        (
            "namespace",
            lambda t: replace(t, "utility-1.0.xsd", "utilty-1.0.xsd", 9),
            refused("timestamp-missing", "namespace-mistyped", where, "timestamp-malformed"),
        ),
        ("removed", drop("Timestamp"), refused("timestamp-missing", "time-stamp-removed", where)),
        (
            "local-time-as-utc",
            ts(lambda t: re.sub(r"T(\d\d)(?=:)", lambda m: f"T{(int(m.group(1)) + 2) % 24:02d}", t)),
            refused("timestamp-created-in-future", "local-time-written-as-utc", where, "timestamp-expired"),
        ),
    ]
    made = []
    for name, edit in good:
        made += each(bases, name, edit, ACCEPT)
    for name, edit, expected in bad:
        made += each(bases, name, edit, expected)
    expiring = [b for b in bases if b"Expires" in b.octets]
    made += each(
        expiring,
        "expired",
        None,
        refused("timestamp-expired", "message-arrives-late", where, "timestamp-too-old"),
        context={"time": later(3000), "max_age_seconds": 86400},
        mark="@",
    )
    made += each(
        bases,
        "old",
        None,
        refused("timestamp-too-old", "message-arrives-late", where),
        context={"time": later(200), "max_age_seconds": 30},
        mark="@",
    )
    made += each(
        bases,
        "future",
        None,
        refused("timestamp-created-in-future", "sender-clock-ahead", where),
        context={"time": later(-3600)},
        mark="@",
    )
    made += each(bases, "ok-little-ahead", None, ACCEPT, context={"time": later(-80)}, mark="@")
    return made
