"""Edits, and the law that a capture written as text reads as the same capture."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from wssdoctor.capture.capture import Attachment, Capture, CaptureTime, Request, Scheme, header
from wssdoctor.capture.edit import (
    remove_header,
    render,
    replace_envelope,
    set_header,
    set_query,
    set_scheme,
    set_target_path,
)
from wssdoctor.capture.read import read_bytes
from wssdoctor.errors import InputError

ENVELOPE = b"<e:Envelope>\n</e:Envelope>"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PLAIN = b"POST /a?x=1&y=2 HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 26\r\n\r\n" + ENVELOPE
ZIPPED = b"POST https://h/a HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(
    ENVELOPE
)
MULTIPART = (
    b'POST /a HTTP/1.1\r\nContent-Type: multipart/related; boundary=b; start="<r>"\r\n\r\n'
    b"--b\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"
    b"--b\r\nContent-ID: <r>\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + ENVELOPE
    + b"\r\n--b--\r\n"
)
MESSAGE = MULTIPART.partition(b"\r\n")[2]
RESPONSE = b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\n<f/>"


def same(one: Capture, other: Capture) -> bool:
    """Equal but for where the envelope begins and which source gave the time."""

    def essence(capture: Capture) -> Capture:
        time = capture.time
        if time is not None and time.source in ("given", "note"):
            time = CaptureTime(time.moment, "note")
        return replace(capture, first_line=1, time=time)

    return essence(one) == essence(other)


def reread(capture: Capture) -> Capture:
    return read_bytes(render(capture), capture.name)


def request_of(capture: Capture) -> Request:
    assert capture.request is not None
    return capture.request


SAMPLES = {
    "envelope": ENVELOPE,
    "plain": PLAIN,
    "answered": PLAIN + RESPONSE,
    "no length, answered": PLAIN.replace(b"Content-Length: 26\r\n", b"") + RESPONSE,
    "gzip": ZIPPED,
    "gzip, answered": ZIPPED + RESPONSE,
    "stored decoded": ZIPPED.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + ENVELOPE + RESPONSE,
    "multipart": MULTIPART,
    "multipart, answered": MULTIPART + RESPONSE,
    "message": MESSAGE,
    "notes": b"# url: https://h/a\n# time: 2026-11-20T10:00:00Z\n" + PLAIN,
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
class TestAllSamples:
    def test_written_and_read_again_it_is_the_same(self, sample: bytes) -> None:
        capture = read_bytes(sample, "a")
        assert same(reread(capture), capture)

    def test_another_envelope(self, sample: bytes) -> None:
        capture = read_bytes(sample, "a")
        for envelope in (b"<new/>", b"<a>\r\n--b\r\n--b--=3D</a>", ENVELOPE * 100):
            changed = replace_envelope(capture, envelope)
            assert changed.envelope == envelope
            assert changed.attachments == capture.attachments
            assert changed.response == capture.response
            assert same(reread(changed), changed)
            if changed.request is not None:
                assert header(changed.request.headers, "content-length") == str(len(changed.request.body))
                assert header(changed.request.headers, "content-encoding") is None

    def test_time(self, sample: bytes) -> None:
        changed = replace(read_bytes(sample, "a"), time=CaptureTime(AT, "given"))
        assert changed.time == CaptureTime(AT, "given")
        assert same(reread(changed), changed)

    def test_edits_of_the_request_agree_with_reading(self, sample: bytes) -> None:
        capture = read_bytes(sample, "a")
        edits: list[Callable[[], Capture]] = [
            lambda: set_header(capture, "Authorization", "Basic eDp5"),
            lambda: set_header(capture, "content-type", "application/soap+xml"),
            lambda: remove_header(capture, "content-type"),
            lambda: remove_header(capture, "Content-Encoding"),
            lambda: set_scheme(capture, "http"),
            lambda: set_scheme(capture, "https"),
            lambda: set_query(capture, "sap client", "ä&=1"),
            lambda: set_target_path(capture, "/b/c"),
        ]
        for edit in edits:
            if capture.request is None:
                with pytest.raises(InputError):
                    edit()
            else:
                changed = edit()
                assert same(reread(changed), changed)


def test_headers() -> None:
    capture = read_bytes(PLAIN.replace(b"Host: h", b"A: 1\r\nHost: h\r\na: 2"), "a")
    assert request_of(set_header(capture, "a", " 3 ")).headers[:3] == (
        ("A", "3"),
        ("Host", "h"),
        ("Content-Type", "text/xml"),
    )
    assert request_of(set_header(capture, "New", "")).headers[-1] == ("New", "")
    assert header(request_of(remove_header(capture, "A")).headers, "a") is None
    for name, value in (("A b", ""), ("", ""), ("A", "b\r\nC: d"), ("A", "\u20ac"), ("A", "\0")):
        with pytest.raises(InputError):
            set_header(capture, name, value)


def test_content_type_decides_what_the_envelope_is() -> None:
    capture = read_bytes(MULTIPART, "a")
    assert capture.attachments == (Attachment("p", "", b"\0\1\2"),)
    plain = set_header(capture, "Content-Type", "text/xml")
    assert plain.envelope == request_of(capture).body
    assert (plain.content_type, plain.attachments, plain.root_type) == ("text/xml", (), None)


def test_target() -> None:
    capture = read_bytes(PLAIN, "a")
    assert request_of(set_query(capture, "x", "9 9")).target == "/a?x=9%209&y=2"
    assert request_of(set_query(capture, "x", None)).target == "/a?y=2"
    assert request_of(set_query(set_query(capture, "x", None), "y", None)).target == "/a"
    assert request_of(set_query(capture, "z", "")).query == (("x", "1"), ("y", "2"), ("z", ""))
    assert request_of(set_target_path(capture, "/%20")).target == "/%20?x=1&y=2"
    for path in ("", "a", "/a b", "/a?b", "/a\r\n"):
        with pytest.raises(InputError):
            set_target_path(capture, path)
    absolute = set_scheme(read_bytes(ZIPPED, "a"), "http")
    assert request_of(absolute).target == "http://h/a"
    assert request_of(set_target_path(absolute, "/b")).target == "http://h/b"


def test_a_response_is_kept_apart_from_any_body() -> None:
    capture = read_bytes(b"POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\ntext" + RESPONSE, "a")
    assert same(reread(capture), capture)


names = st.from_regex(r"\AX-[A-Za-z0-9-]{0,10}\Z")
values = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20).map(
    lambda text: text.strip(" \t")
)
headers = st.lists(st.tuples(names, values), max_size=5).map(tuple)
targets = st.from_regex(r"\A(https?://h(:1)?)?/[!-~]{0,20}\Z")


@settings(deadline=None)
@given(
    target=targets,
    fields=headers,
    body=st.binary(max_size=200),
    scheme=st.sampled_from([None, "http", "https"]),
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
    response=st.none() | st.tuples(st.integers(200, 599), values, headers, st.binary(max_size=50)),
)
def test_rendering_and_reading_round_trip(
    target: str,
    fields: tuple[tuple[str, str], ...],
    body: bytes,
    scheme: Scheme | None,
    moment: datetime | None,
    response: tuple[int, str, tuple[tuple[str, str], ...], bytes] | None,
) -> None:
    head = "".join(f"{name}:{value}\r\n" for name, value in (*fields, ("Content-Length", str(len(body)))))
    data = f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
    if response is not None:
        status, reason, answered, content = response
        content = b"" if status in (204, 304) else content
        lines = "".join(f"{name}: {value}\n" for name, value in (*answered, ("Content-Length", str(len(content)))))
        data += f"HTTP/1.1 {status} {reason}\n{lines}\n".encode("latin-1") + content
    capture = read_bytes(data, "a")
    assert request_of(capture).body == capture.envelope == body
    assert request_of(capture).target == target
    assert (capture.response is None) == (response is None)
    if response is not None and capture.response is not None:
        assert (capture.response.status, capture.response.body) == (status, content)
    if scheme is not None:
        capture = set_scheme(capture, scheme)
    if moment is not None:
        capture = replace(capture, time=CaptureTime(moment.astimezone(UTC), "given"))
    assert same(reread(capture), capture)


@settings(deadline=None)
@given(name=st.text(max_size=5), value=st.text(max_size=5), target=targets)
def test_what_was_set_in_the_query_is_found(name: str, value: str, target: str) -> None:
    capture = read_bytes(f"GET {target} HTTP/1.1\r\n\r\n".encode(), "a")
    if name.encode(errors="replace").decode() != name or value.encode(errors="replace").decode() != value:
        return
    changed = set_query(capture, name, value)
    assert (name, value) in request_of(changed).query
    assert name not in dict(request_of(set_query(changed, name, None)).query)
    assert same(reread(changed), changed)
