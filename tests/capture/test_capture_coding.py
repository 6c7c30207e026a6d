"""Chunked, gzip and deflate bodies, also those that a tool stored decoded."""

from __future__ import annotations

import gzip
import zlib

import pytest

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.read import read_bytes
from wssdoctor.errors import InputError

ENVELOPE = b"<e:Envelope>" + b"<row>1234</row>\r\n" * 50 + b"</e:Envelope>"


def zipped(content: bytes) -> bytes:
    """Compress without a time, so that the same content gives the same bytes (and the same test names)."""
    return gzip.compress(content, mtime=0)


def chunked(data: bytes, size: int = 100, line_end: bytes = b"\r\n", trailer: bytes = b"") -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    body = b"".join(b"%x;name=value%b%b%b" % (len(piece), line_end, piece, line_end) for piece in pieces)
    return body + b"0" + line_end + trailer + line_end


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def post(body: bytes, *fields: str) -> bytes:
    return "\r\n".join(["POST /a HTTP/1.1", *fields, "", ""]).encode() + body


def status_of(capture: Capture) -> int | None:
    return capture.response.status if capture.response else None


RESPONSE = b"\nHTTP/1.1 401 Unauthorized\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("follows", [b"", b"\r\n", RESPONSE])
@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (["Transfer-Encoding: Chunked"], chunked(ENVELOPE)),
        (["Transfer-Encoding: chunked"], chunked(ENVELOPE, trailer=b"Checksum: 1\r\n")),
        (["Transfer-Encoding: chunked"], chunked(ENVELOPE, line_end=b"\n")),
        (["Transfer-Encoding: chunked", "Content-Length: 3"], chunked(ENVELOPE)),
        (["Content-Encoding: gzip"], zipped(ENVELOPE)),
        (["Content-Encoding: gzip"], zipped(ENVELOPE[:100]) + zipped(ENVELOPE[100:])),
        (["Content-Encoding: x-gzip", "Content-Length: {}"], zipped(ENVELOPE)),
        (["Content-Encoding: deflate", "Content-Length: {}"], zlib.compress(ENVELOPE)),
        (["Content-Encoding: deflate", "Content-Length: {}"], raw_deflate(ENVELOPE)),
        (["Content-Encoding: identity", "Content-Length: {}"], ENVELOPE),
        (["Content-Encoding: gzip", "Transfer-Encoding: chunked"], chunked(zipped(ENVELOPE), 50)),
        (["Content-Encoding: deflate, gzip"], zipped(zlib.compress(ENVELOPE))),
        (["Transfer-Encoding: gzip, chunked"], chunked(zipped(ENVELOPE))),
    ],
)
def test_codings_are_undone(fields: list[str], body: bytes, follows: bytes) -> None:
    data = post(body, *[field.format(len(body)) for field in fields]) + follows
    capture = read_bytes(data, "a.http")
    assert capture.envelope == ENVELOPE
    assert status_of(capture) == (401 if follows == RESPONSE else None)
    assert capture.first_line == 3 + len(fields)
    assert capture.request is not None
    assert capture.request.body.startswith(body)
    assert capture.request.content == ENVELOPE


@pytest.mark.parametrize("follows", [b"", RESPONSE])
@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (["Content-Encoding: gzip", "Content-Length: 17"], ENVELOPE),
        (["Content-Encoding: gzip", "Content-Length: 99999"], ENVELOPE),
        (["Content-Encoding: deflate"], ENVELOPE),
        (["Content-Encoding: br"], ENVELOPE),
        (["Transfer-Encoding: chunked"], ENVELOPE),
        (["Transfer-Encoding: chunked"], b"\xef\xbb\xbf" + ENVELOPE),
        (["Content-Encoding: gzip", "Transfer-Encoding: chunked"], ENVELOPE),
        (["Content-Encoding: gzip"], ENVELOPE.decode().encode("utf-16")),
    ],
)
def test_a_body_that_was_stored_decoded_is_understood(fields: list[str], body: bytes, follows: bytes) -> None:
    capture = read_bytes(post(body, *fields) + follows, "a.http")
    assert capture.envelope.rstrip() == body
    assert status_of(capture) == (401 if follows else None)


def test_stored_without_chunks_but_still_compressed() -> None:
    data = post(zipped(ENVELOPE), "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    assert read_bytes(data, "a").envelope == ENVELOPE


def test_content_of_a_response() -> None:
    body = chunked(zipped(ENVELOPE), 50)
    data = post(b"<a/>", "Content-Length: 4") + (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    )
    response = read_bytes(data, "a").response
    assert response is not None
    assert response.body == body
    assert response.content == ENVELOPE


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (post(b"zz\r\n<a/>\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 4),
        (post(b"-1\r\n<a/>\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 4),
        (post(b"4\r\n<a/>\r\nffffffffffffffff\r\n", "Transfer-Encoding: chunked"), 6),
        (post(b"7fffffff\r\n<a/>", "Transfer-Encoding: chunked"), 4),
        (post(b"4\r\n<a/>\r\n", "Transfer-Encoding: chunked"), 6),
        (post(b"3\r\n<a/>\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 4),
        (post(zipped(ENVELOPE)[:-20], "Content-Encoding: gzip"), 4),
        (post(b"\x1f\x8b<a/>", "Content-Encoding: gzip"), 4),
        (post(b"\x1f\xef\xbf\xbd\x08\0\0<a/>", "Content-Encoding: gzip"), 4),
        (post(b"\x28\xb5\x2f\xfd\x04\0\0<a/>", "Content-Encoding: zstd"), 4),
        (post(b"x\x9c\1<a/>", "Content-Encoding: deflate"), 4),
        (post(b"<a/>", "Content-Encoding: gzip, gzip, gzip, gzip, gzip"), 4),
        (post(b"<a/>", "Content-Length: 4") + b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b<a/>", 7),
    ],
)
def test_refusals_name_the_line(data: bytes, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(data, "a.http")
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.file, place.line) == ("a.http", line)


def test_bombs_are_refused() -> None:
    bomb = zipped(bytes(64 * 1024 * 1024))
    with pytest.raises(InputError):
        read_bytes(post(bomb, "Content-Encoding: gzip"), "a")
    with pytest.raises(InputError):
        read_bytes(post(zipped(bomb), "Content-Encoding: gzip, gzip"), "a")
    with pytest.raises(InputError):
        read_bytes(post(zipped(bytes(9 << 20)) + zipped(bytes(9 << 20)), "Content-Encoding: gzip"), "a")
