"""xsd:dateTime and the judgement of time stamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.wsse.timestamp import in_words, judge_window, parse_datetime, seconds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEAR_2, YEAR_9998 = datetime(2, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001 - the strategy adds the zone
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=YEAR_2, max_value=YEAR_9998, timezones=OFFSETS))
def test_isoformat_is_read(moment: datetime) -> None:
    assert parse_datetime(moment.isoformat()) == moment


@given(st.text(alphabet="0123456789-:TZ.+ ", max_size=40))
def test_anything_is_read_or_none(text: str) -> None:
    parse_datetime(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T12:00:00Z", NOW),
        (" \n2026-03-01T12:00:00 ", NOW),
        ("2026-03-01T13:30:00+01:30", NOW),
        ("2026-02-28T24:00:00Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:00:00.123456789Z", NOW + timedelta(microseconds=123456)),
        ("12026-03-01T12:00:00Z", datetime.max.replace(tzinfo=UTC)),
        ("-0044-03-15T12:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_forms(text: str, expected: datetime) -> None:
    assert parse_datetime(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13-01T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-03-01T24:00:01Z",
        "2026-03-01T12:00:60Z",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00+15:00",
        "02026-03-01T12:00:00Z",
        "1772366400",
        "\u0662026-03-01T12:00:00Z",
    ],
)
def test_what_is_none(text: str) -> None:
    assert parse_datetime(text) is None


def judged(created: str | None, expires: str | None, age: int | None = 300, future: int | None = 60) -> list[str]:
    return [
        fault.fault
        for fault in judge_window(
            created,
            expires,
            parse_datetime(created) if created else None,
            parse_datetime(expires) if expires else None,
            NOW,
            max_age=None if age is None else timedelta(seconds=age),
            max_future=None if future is None else timedelta(seconds=future),
        )
    ]


@pytest.mark.parametrize(
    ("created", "expires", "faults"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:05:00Z", []),
        ("2026-03-01T12:01:00Z", None, []),
        ("2026-03-01T12:01:01Z", None, ["timestamp-created-in-future"]),
        ("2026-03-01T11:55:00Z", None, []),
        ("2026-03-01T11:54:59Z", None, ["timestamp-too-old"]),
        ("2026-03-01T11:58:00Z", "2026-03-01T11:59:59Z", ["timestamp-expired"]),
        ("2026-03-01T11:58:00Z", "2026-03-01T12:00:00Z", []),
        (None, "2026-03-01T12:05:00Z", ["timestamp-created-missing"]),
        ("x", "2026-03-01T12:05:00Z", ["timestamp-malformed"]),
        ("2026-03-01T12:00:30Z", "2026-03-01T12:00:00Z", ["timestamp-expires-before-created"]),
    ],
)
def test_window(created: str | None, expires: str | None, faults: list[str]) -> None:
    assert judged(created, expires) == faults


def test_limits_of_none_are_not_applied() -> None:
    assert judged("2020-01-01T00:00:00Z", None, age=None) == []
    assert judged("2030-01-01T00:00:00Z", None, future=None) == []


def test_swapped_is_named() -> None:
    found = judge_window(
        "a", "b", NOW + timedelta(minutes=5), NOW, NOW, max_age=None, max_future=timedelta(seconds=600)
    )
    assert [(fault.fault, fault.reason) for fault in found] == [
        ("timestamp-expires-before-created", "created-and-expires-swapped")
    ]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (1.5, "1.5 s"),
        (119.9, "119.9 s"),
        (598, "598 s (9 min 58 s)"),
        (12008, "12008 s (3 h 20 min)"),
        (7200, "7200 s (2 h)"),
        (1810440.25, "1810440.25 s (20 d 22 h)"),
        (-86400, "-86400 s (1 d)"),
    ],
)
def test_lengths_of_time_are_exact_and_as_people_say_them(length: float, words: str) -> None:
    assert seconds(timedelta(seconds=length)) == words
    assert in_words(timedelta(seconds=length)) in words
