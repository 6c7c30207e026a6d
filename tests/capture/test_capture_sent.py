"""The record of a sending stands in a note, reads back as it was, and is refused where it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.edit import render
from wssdoctor.capture.read import read_bytes
from wssdoctor.capture.sent import MAXIMUM_NOTE, Outcome, Seen, SentAgain
from wssdoctor.errors import InputError

REQUEST = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>"
TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
SEEN = some.none() | some.builds(Seen, some.integers(0, 999), some.none() | TEXT)
RECORDS = some.builds(
    SentAgain,
    TEXT,
    TEXT,
    TEXT,
    some.sampled_from(Outcome),
    SEEN,
    SEEN,
    some.none() | some.booleans(),
    some.lists(TEXT, max_size=3).map(tuple),
    TEXT,
)


def plain() -> Capture:
    return read_bytes(REQUEST, "a.http")


@given(RECORDS)
def test_a_record_reads_back_as_it_was(record: SentAgain) -> None:
    assert read_bytes(render(replace(plain(), sent=record)), "a.http").sent == record


@pytest.mark.parametrize(
    "text", [b"", b"yesterday", b"{}", b'{"of": 1}', b"[" * 5000, b'"' + b"x" * MAXIMUM_NOTE + b'"']
)
def test_what_is_no_record_is_refused_with_its_line(text: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(b"# time: 2026-11-20T10:00:00Z\n# sent-again: " + text + b"\n" + REQUEST, "a.http")
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.file, place.line) == ("a.http", 2)


def test_the_fingerprint_is_of_target_and_body_alone() -> None:
    first = plain().fingerprint
    assert read_bytes(REQUEST.replace(b"Host: h", b"Host: other"), "b.http").fingerprint == first
    assert read_bytes(REQUEST.replace(b"<a/>", b"<b/>"), "a.http").fingerprint != first
    assert read_bytes(REQUEST.replace(b"/x", b"/y"), "a.http").fingerprint != first
