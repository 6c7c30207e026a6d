"""MTOM and SOAP with Attachments, with and without a request line."""

from __future__ import annotations

import base64

import pytest

from wssdoctor.capture.capture import Attachment
from wssdoctor.capture.content_type import media_type, parameter, with_parameter
from wssdoctor.capture.mime import compose, open_body
from wssdoctor.capture.read import read_bytes
from wssdoctor.capture.source import Source
from wssdoctor.errors import InputError

TYPE = 'multipart/related; boundary="b 1"; type="application/xop+xml"; start="<root@x>"; start-info="text/xml"'
ROOT = 'application/xop+xml; charset=UTF-8; type="text/xml"'
ENVELOPE = "<e:Envelope>ä\r\n</e:Envelope>".encode()
BINARY = bytes(range(256)) + b"\r\n--b\r\n--b 12\r\n\r\n"


def part(content: bytes, *fields: str) -> bytes:
    return "\r\n".join([*fields, "", ""]).encode() + content


def body(*parts: bytes, boundary: bytes = b"b 1") -> bytes:
    return b"".join(b"--%b\r\n%b\r\n" % (boundary, each) for each in parts) + b"--%b--\r\n" % boundary


def opened(
    content_type: str, data: bytes, name: str | None = None, first_line: int = 1
) -> tuple[bytes, str | None, tuple[Attachment, ...]]:
    root, root_type, attachments = open_body(content_type, Source(name, data, first_line))
    return root.data, root_type, attachments


ROOT_PART = part(ENVELOPE, f"Content-Type: {ROOT}", "Content-ID: <root@x>")
OTHER_PART = part(BINARY, "content-type: application/pdf", "Content-Transfer-Encoding: Binary", "content-id: <p-1@x>")
OTHER = Attachment("p-1@x", "application/pdf", BINARY)


def test_root_part_and_attachments() -> None:
    assert opened(TYPE, body(ROOT_PART, OTHER_PART)) == (ENVELOPE, ROOT, (OTHER,))


def test_start_names_the_root_else_it_is_the_first() -> None:
    assert opened(TYPE, body(OTHER_PART, ROOT_PART)) == (ENVELOPE, ROOT, (OTHER,))
    assert opened('multipart/related; boundary="b 1"', body(OTHER_PART, ROOT_PART))[0] == BINARY


def test_a_body_that_is_not_multipart_is_its_own_root() -> None:
    assert opened("text/xml", b"<a/>") == (b"<a/>", None, ())


def test_an_empty_body_has_no_parts() -> None:
    assert opened(TYPE, b"") == (b"", None, ())


def test_preamble_epilogue_padding_and_bare_line_feeds() -> None:
    data = b"preamble\n--b 1 \t\nContent-Type: text/xml;\n charset=utf-8\n\n<a/>\n--b 1--epilogue --b 1\n"
    root, root_type, attachments = opened('Multipart/Related;boundary="b 1"', data)
    assert (root, root_type, attachments) == (b"<a/>", "text/xml; charset=utf-8", ())


def test_parts_without_header_or_content() -> None:
    for end in (b"\r\n--b--", b"--b--"):
        data = b"--b\r\n\r\n<a/>\r\n--b\r\n\r\n" + end
        assert opened("multipart/related; boundary=b", data) == (b"<a/>", None, (Attachment("", "", b""),))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("7bit", ENVELOPE),
        ("8BIT", ENVELOPE),
        ("base64", base64.encodebytes(ENVELOPE)),
        ("quoted-printable", b"<e:Envelope>=C3=\r\n=A4\r\n</e:Envelope>"),
    ],
)
def test_transfer_encodings(encoding: str, content: bytes) -> None:
    data = body(part(content, f"Content-Transfer-Encoding: {encoding}", "Content-ID: <root@x>"))
    assert opened(TYPE, data)[0] == ENVELOPE


def test_http_request() -> None:
    content = body(ROOT_PART, OTHER_PART)
    head = f"POST /a HTTP/1.1\r\nContent-Type: {TYPE}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    capture = read_bytes(head + content + b"HTTP/1.1 200 OK\r\n\r\n", "a.http")
    assert (capture.envelope, capture.attachments) == (ENVELOPE, (OTHER,))
    assert (capture.content_type, capture.root_type) == (TYPE, ROOT)
    assert capture.first_line == 9
    assert capture.response is not None


@pytest.mark.parametrize("first", ["MIME-Version: 1.0\r\nContent-Type: {}", "content-type: {}"])
def test_mime_message_without_request_line(first: str) -> None:
    folded = TYPE.replace("; ", ";\r\n\t")
    data = first.format(folded).encode() + b"\r\n\r\n" + body(ROOT_PART, OTHER_PART)
    capture = read_bytes(data, "a.mime")
    assert capture.request is None
    assert (capture.envelope, capture.attachments) == (ENVELOPE, (OTHER,))
    assert capture.content_type == TYPE
    assert data.splitlines()[capture.first_line - 1] == b"<e:Envelope>\xc3\xa4"


def test_mime_message_that_is_not_multipart() -> None:
    data = b"Content-Type: text/xml\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(ENVELOPE)
    capture = read_bytes(data, "a.mime")
    assert (capture.envelope, capture.content_type) == (ENVELOPE, "text/xml")


@pytest.mark.parametrize(
    ("content_type", "data", "line"),
    [
        ("multipart/related", body(ROOT_PART), 5),
        ('multipart/related; boundary=""', body(ROOT_PART), 5),
        (f"multipart/related; boundary={'b' * 201}", body(ROOT_PART), 5),
        ("multipart/related; boundary=b\u20ac", body(ROOT_PART), 11),
        (TYPE, body(OTHER_PART), 10),
        (TYPE, body(), 5),
        (TYPE, body(ROOT_PART)[:-20], 10),
        (TYPE, body(ROOT_PART).replace(b"--\r\n", b"\r\n"), 11),
        (TYPE, b"--b 1\r\nContent-ID <root@x>\r\n\r\n\r\n--b 1--", 6),
        (TYPE, b"--b 1\r\nContent-ID: <root@x>\r\n--b 1--", 7),
        ("multipart/related; boundary=b:b", b"--b:b\r\nA: b\r\n--b:b\r\n\r\n--b:b--", 6),
        (TYPE, body(part(b"!", "Content-ID: <root@x>", "Content-Transfer-Encoding: base64")), 9),
        (TYPE, body(part(b"!", "Content-ID: <root@x>", "Content-Transfer-Encoding: uuencode")), 9),
        (TYPE, body(ROOT_PART, *[b"\r\n"] * 10_001), 30011),
    ],
)
def test_refusals_name_the_line(content_type: str, data: bytes, line: int) -> None:
    with pytest.raises(InputError) as caught:
        opened(content_type, data, name="a.http", first_line=5)
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.file, place.line) == ("a.http", line)


def test_composing_is_the_reverse_of_splitting() -> None:
    parts = [((("Content-ID", "<root@x>"),), ENVELOPE), ((("Content-ID", "<p>"),), b"--b 1--\r\n--part-1")]
    content_type, content = compose(TYPE, parts)
    assert parameter(content_type, "boundary") == "part-2"
    assert parameter(content_type, "start-info") == "text/xml"
    assert opened(content_type, content) == (ENVELOPE, None, (Attachment("p", "", b"--b 1--\r\n--part-1"),))


def test_content_type() -> None:
    assert media_type(" Text/XML ; charset=utf-8") == "text/xml"
    field = r'application/soap+xml; action="a;b=\"c\""; CHARSET = utf-8;x='
    assert parameter(field, "Action") == 'a;b="c"'
    assert parameter(field, "charset") == "utf-8"
    assert parameter(field, "x") == ""
    assert parameter(field, "b") is None
    assert parameter(with_parameter(field, "action", '\\"'), "action") == '\\"'
    assert parameter(with_parameter(field, "new", "1"), "new") == "1"
