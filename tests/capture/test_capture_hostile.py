"""Bad input: one clear error with its place, never anything else."""

from __future__ import annotations

import gzip
import os
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from wssdoctor.capture.edit import render, replace_envelope
from wssdoctor.capture.read import MAXIMUM_FILE, read, read_bytes
from wssdoctor.errors import InputError, Problem

HEAD = b"POST /a HTTP/1.1\r\nHost: h\r\n"


def refused(data: bytes) -> Problem:
    with pytest.raises(InputError) as caught:
        read_bytes(data, "a.http")
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == "a.http"
    return problem


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b" \r\n\t", 1),
        (b"# only\n# notes", 1),
        (b"# url: ftp://h/\n<a/>", 1),
        (b"#\n# url: https:///\n<a/>", 2),
        (b"# time: yesterday\n<a/>", 1),
        (b"# time: 2026-11-20T10:00:00\n<a/>", 1),
        (b"# time: 2026-13-20T10:00:00Z\n<a/>", 1),
        (b"# time: 0001-01-01T00:00:00+14:00\n<a/>", 1),
        (b"#\n" * 1001 + b"<a/>", 1001),
        (b"\x89PNG\r\n\x1a\n\0\0", 1),
        (b"\n\nplain words", 3),
        (b'{"log": {}}', 1),
        (b"--b\r\nContent-Type: text/xml\r\n\r\n", 1),
        (b"HTTP/1.1 200 OK\r\n\r\n", 1),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 1),
        (b"POST /a HTTP/2\r\nhost: h\r\n\r\n", 1),
        (b":method: POST\r\n:path: /\r\n\r\n", 1),
        (b"POST  /a HTTP/1.1\r\n\r\n", 1),
        (b"POST /a HTTP/1.1", 1),
        (HEAD, 3),
        (HEAD + b"no colon\r\n\r\n", 3),
        (HEAD + b"A : b\r\n\r\n", 3),
        (HEAD + b" folded\r\n\r\n", 3),
        (HEAD + b"A: b\0\r\n\r\n", 3),
        (HEAD + b"A: b\rC: d\r\n\r\n", 3),
        (HEAD + b"A: b\r\n" * 1100 + b"\r\n", 1002),
        (HEAD + b"A: " + b"b" * 300_000 + b"\r\n\r\n", 2),
        (HEAD + b"Content-Length: -1\r\n\r\n<a/>", 4),
        (HEAD + b"Content-Length: \xb2\r\n\r\n<a/>", 4),
        (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n<a/>", 4),
        (HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n<a/>", 5),
        (HEAD + b"Content-Length: 2147483647\r\n\r\n<a/>", 5),
        (HEAD + b"Content-Length: 15\r\n\r\n<e:Envelope>\n</e:Envelope>", 5),
        (HEAD + b"Content-Length: 4\r\n\r\n<a/>\nPOST /b HTTP/1.1\r\n\r\n", 6),
        (HEAD + b"Content-Length: 4\r\n\r\n<a/>HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<b/>", 8),
        (HEAD + b"Content-Length: 4\r\n\r\n<a/>HTTP/1.1 nonsense\r\n\r\n", 5),
        (
            HEAD + b"Content-Length: 4\r\n\r\n<a/>HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\nGET / HTTP/1.1\r\n\r\n",
            9,
        ),
        (b"MIME-Version: 1.0\r\n\r\n<a/>", 1),
    ],
)
def test_refusals_name_the_line(data: bytes, line: int) -> None:
    problem = refused(data)
    assert problem.place is not None
    assert problem.place.line == line


def test_truncation_says_both_numbers() -> None:
    problem = refused(HEAD + b"Content-Length: 2147483648\r\n\r\n<a/>")
    assert "2147483648" in problem.why
    assert "4 " in problem.why
    problem = refused(HEAD + b"Content-Length: 5\r\n\r\n<Envelope></Envelope>")
    assert "5" in problem.why
    assert "21" in problem.why


def test_no_refusal_quotes_a_secret() -> None:
    for line in (b"Authorization Basic secret", b"Authorization: secret\0", b" secret", b"Cookie secret: x"):
        assert "secret" not in repr(refused(HEAD + line + b"\r\n\r\n"))


class TestFiles:
    def test_directory(self, tmp_path: Path) -> None:
        self.refused(tmp_path)

    def test_missing(self, tmp_path: Path) -> None:
        self.refused(tmp_path / "none.xml")
        self.refused(tmp_path / ("n" * 5000))
        self.refused(tmp_path / "a\0b")

    def test_file_as_directory(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        self.refused(tmp_path / "a" / "b")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
    def test_unreadable(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        path.write_bytes(b"<a/>")
        path.chmod(0)
        self.refused(path)

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        with path.open("wb") as file:
            file.truncate(MAXIMUM_FILE + 1)
        self.refused(path)

    def test_name_that_leaves_no_room_for_a_response(self, tmp_path: Path) -> None:
        path = tmp_path / ("n" * 250 + ".xml")
        path.write_bytes(b"<a/>")
        assert read(path).envelope == b"<a/>"

    @staticmethod
    def refused(path: Path) -> None:
        with pytest.raises(InputError) as caught:
            read(path)
        place = caught.value.problems[0].place
        assert place is not None
        assert place.file == str(path)


starts = st.sampled_from(
    [
        b"POST /a HTTP/1.1",
        b"HEAD https://h HTTP/1.0",
        b"MIME-Version: 1.0",
        b"# url: https://h/\nPOST /a?b HTTP/1.1",
        b"# time: 2026-11-20T10:00:00Z\nGET * HTTP/1.1",
        b"\xef\xbb\xbf\n#\nContent-ID: x",
    ]
)
fields = st.sampled_from(
    [
        b"Content-Length: 4",
        b"Content-Length: 25",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Content-Type: text/xml",
        b"Content-Type: multipart/related; boundary=b",
        b"Content-Type: multipart/related; boundary=b; start=x",
        b"Content-Transfer-Encoding: base64",
        b"Date: Fri, 20 Nov 2026 10:00:01 GMT",
        b" folded",
    ]
)
pieces = st.sampled_from(
    [
        b"<a/>",
        b"\r\n",
        b"\n",
        b" ",
        b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
        b"HTTP/2 204 \r\nContent-Length: 4\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"4\r\n<a/>\r\n",
        b"0\r\n\r\n",
        b"\r\n--b\r\n",
        b"--b\r\nContent-ID: <x>\r\n\r\n",
        b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: a\r\n b\r\n\r\n",
        b"\r\n--b--\r\n",
        b"</e:Envelope>",
        b"PGEvPg==",
        gzip.compress(b"<a/>", mtime=0),
        zlib.compress(b"<a/>"),
    ]
)
messages = st.builds(
    lambda start, head, body: b"\r\n".join([start, *head, b"", b"".join(body)]),
    starts,
    st.lists(fields, max_size=3),
    st.lists(pieces | st.binary(max_size=4), max_size=8),
)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.lists(fields | pieces | starts, max_size=9).map(b"".join) | messages)
def test_arbitrary_bytes_are_read_or_refused_and_written_as_read(data: bytes) -> None:
    try:
        capture = read_bytes(data, "a")
    except InputError:
        return
    again = read_bytes(render(capture), "a")
    if capture.request is None and again.content_type:  # the boundary may have had to change
        again = replace(again, content_type=capture.content_type)
    assert replace(again, first_line=capture.first_line, time=capture.time) == capture
    assert (again.time and again.time.moment) == (capture.time and capture.time.moment)
    assert replace_envelope(capture, b"<b/>").envelope == b"<b/>"


@pytest.mark.parametrize(
    "data",
    [
        b"--b" * 1_000_000,
        b"\n--b" * 1_000_000,
        b"Content-Type: multipart/related; boundary=b\n\n" + b"\n--b" * 1_000_000,
        b"Content-Type: multipart/related; boundary=b\n\n" + b"--b" * 1_000_000,
        b"Content-Type: multipart/related" + b';a="' * 50_000 + b"\n\n",
        b"Content-Type: x\n" + b" a\n" * 80_000 + b"\n",
        b"Content-Type:" + b" " * 200_000 + b"x" + b" " * 50_000 + b"\n\n",
        HEAD + b"\r\n" + b">HTTP/1.1 200 OK\r\n<" * 200_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 1_000_001 + b"0\r\n\r\n",
        HEAD + b"Content-Length: 1\r\n\r\n<</" + b"</a" * 1_000_000,
        b"POST /a HTTP/1.1" + b" " * 1_000_000,
    ],
    ids=range(11),
)
def test_floods_end(data: bytes) -> None:
    with suppress(InputError):
        read_bytes(data, "a")
