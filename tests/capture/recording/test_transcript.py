"""Requests and envelopes from texts whose layout nobody published."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import wssdoctor
from wssdoctor.capture.read import read_bytes
from wssdoctor.capture.recorded import read_all, recording
from wssdoctor.capture.source import Source
from wssdoctor.errors import InputError

ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:a">\u00fc</a></s:Body></s:Envelope>'
).encode()
HEAD = (
    b"POST /sap/bc/srt/x HTTP/1.1\r\nHost: erp\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    % len(ENVELOPE)
)
REQUEST = HEAD + ENVELOPE
FIELDS = (
    b"Request header\n~request_line\tPOST /sap/bc/srt/x HTTP/1.1\n~request_method\tPOST\nhost\terp\n"
    b"content-type\ttext/xml; charset=utf-8\ncontent-length\t999\n\nRequest body\n" + ENVELOPE + b"\nend\n"
)
ESCAPED = ENVELOPE.decode().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()

WITH_HEAD = {
    "words before": b"Trace of 2026-11-20\n\n" + REQUEST,
    "indented, line ends changed": b"Trace\n  " + REQUEST.replace(b"\r\n", b"\n"),
    "wrong length": b"Trace\n" + REQUEST.replace(b"Content-Length: ", b"Content-Length: 9") + b"\n-- end --\n",
    "table of fields": FIELDS,
    "base64": b"<asx:abap><DATA>" + base64.encodebytes(REQUEST) + b"</DATA></asx:abap>",
    "hexadecimal": b"<asx:abap><DATA>" + REQUEST.hex().upper().encode() + b"</DATA></asx:abap>",
    "wide": ("Trace\n" + REQUEST.decode()).encode("utf-16"),
}
WITHOUT_HEAD = {
    "words": b"Payload of the request:\n" + ENVELOPE + b"\n",
    "escaped": b"<asx:abap><XML>" + ESCAPED + b"</XML></asx:abap>",
    "wrapped": b"<trace><request>" + ENVELOPE + b"</request></trace>",
}


@pytest.mark.parametrize("kind", WITH_HEAD)
def test_a_request_is_found_wherever_it_begins(kind: str, tmp_path: Path) -> None:
    (tmp_path / "saved.txt").write_bytes(WITH_HEAD[kind])
    (capture,) = read_all(tmp_path / "saved.txt")
    assert capture.envelope == ENVELOPE
    assert capture.request is not None
    assert (capture.request.path, capture.request.host) == ("/sap/bc/srt/x", "erp")
    assert not any(name.startswith("~") for name, _ in capture.request.headers)


@pytest.mark.parametrize("kind", WITHOUT_HEAD)
def test_an_envelope_is_found_wherever_it_begins(kind: str, tmp_path: Path) -> None:
    (tmp_path / "saved.txt").write_bytes(WITHOUT_HEAD[kind])
    (capture,) = read_all(tmp_path / "saved.txt")
    assert (capture.envelope, capture.request) == (ENVELOPE, None)


def test_several_requests_and_the_answer_of_one(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>"
    (tmp_path / "saved.txt").write_bytes(b"first\n" + REQUEST + answer + b"\nsecond\n" + REQUEST)
    first, second = read_all(tmp_path / "saved.txt")
    assert first.response is not None
    assert second.response is None


def test_the_capture_says_that_the_layout_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "saved.txt").write_bytes(FIELDS)
    done = wssdoctor("import", tmp_path / "saved.txt", "-o", tmp_path / "captures")
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "captures").iterdir()
    assert b"# The layout of this file is not published" in written.read_bytes()
    assert read_bytes(written.read_bytes(), "a").envelope == ENVELOPE


@pytest.mark.parametrize("data", [REQUEST, ENVELOPE, b'<?xml version="1.0"?>\n' + ENVELOPE, b"<root>nothing</root>"])
def test_a_capture_stays_one(data: bytes) -> None:
    assert recording(Source("a", data)) is None


def test_a_text_without_either_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"nothing of use\n")
    with pytest.raises(InputError):
        read_all(tmp_path / "a.txt")


@given(st.sampled_from(list({**WITH_HEAD, **WITHOUT_HEAD}.values())), st.integers(0, 400), st.binary(max_size=4))
def test_damage_is_refused_or_read_never_worse(data: bytes, at: int, noise: bytes) -> None:
    damaged = data[:at] + noise + data[at + len(noise) :]
    try:
        found = recording(Source("a", damaged))
        for one in found or ():
            read_bytes(one.octets(), "a")
    except InputError:
        pass
