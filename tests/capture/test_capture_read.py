"""Bare envelopes, raw HTTP and its response, notes, times, files."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.present import present
from wssdoctor.capture.capture import Capture, CaptureTime, Request, all_headers, header
from wssdoctor.capture.files import paths
from wssdoctor.capture.read import read, read_bytes
from wssdoctor.errors import InputError

ENVELOPE = b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\r\n<soap:Body/>\n</soap:Envelope>'
FAULT = b"<soap:Envelope><soap:Body><soap:Fault/></soap:Body></soap:Envelope>"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def post(
    body: bytes = ENVELOPE, *fields: str, target: str = "/sap/bc/srt/x?sap-client=100", length: bool = True
) -> bytes:
    lines = [f"POST {target} HTTP/1.1", "Host: erp.example:44300", "content-type: text/xml; charset=utf-8", *fields]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def answer(body: bytes = FAULT, *fields: str) -> bytes:
    lines = ["HTTP/1.1 500 Internal Server Error", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode() + body


def request_of(capture: Capture) -> Request:
    assert capture.request is not None
    return capture.request


class TestBareEnvelope:
    @pytest.mark.parametrize(
        "data",
        [
            ENVELOPE,
            b"\xef\xbb\xbf" + ENVELOPE,
            ENVELOPE.decode().encode("utf-16"),
            ENVELOPE.decode().encode("utf-16-be"),
        ],
    )
    def test_bytes_stay_exact(self, data: bytes) -> None:
        capture = read_bytes(data, "a.xml")
        assert capture.envelope is data
        assert (capture.request, capture.response, capture.content_type, capture.first_line) == (None, None, None, 1)

    @pytest.mark.parametrize("before", [b"\n\n \t\r\n", b"\xef\xbb\xbf\n\n\n"])
    def test_blanks_before_it_are_no_part_of_it(self, before: bytes) -> None:
        capture = read_bytes(before + ENVELOPE, "a.xml")
        assert capture.envelope == ENVELOPE
        assert capture.first_line == 1 + before.count(b"\n")

    def test_notes_may_stand_before_it(self) -> None:
        capture = read_bytes(b"# time: 2026-11-20T11:00:00+01:00\n" + ENVELOPE, "a.xml")
        assert capture.envelope == ENVELOPE
        assert capture.time == CaptureTime(AT, "note")
        assert capture.first_line == 2


class TestRequest:
    def test_pieces(self) -> None:
        capture = read_bytes(post(), "a.http")
        request = request_of(capture)
        assert (request.method, request.target, request.version) == ("POST", "/sap/bc/srt/x?sap-client=100", "HTTP/1.1")
        assert (request.path, request.query, request.host) == (
            "/sap/bc/srt/x",
            (("sap-client", "100"),),
            "erp.example:44300",
        )
        assert request.scheme is None
        assert request.body == capture.envelope == ENVELOPE
        assert capture.content_type == "text/xml; charset=utf-8"
        assert capture.first_line == 6

    def test_header_names_count_in_any_case(self) -> None:
        headers = request_of(read_bytes(post(ENVELOPE, "SOAPAction:", "x-a: 1", "X-A:\t2 "), "a.http")).headers
        assert header(headers, "soapaction") == ""
        assert all_headers(headers, "X-a") == ("1", "2")
        assert header(headers, "Authorization") is None

    @pytest.mark.parametrize(
        ("target", "scheme", "path", "host"),
        [
            ("https://proxy.example:44300/a/b?c=d", "https", "/a/b", "proxy.example:44300"),
            ("HTTP://u:secret@[::1]:80?c=d", "http", "/", "[::1]:80"),
            ("*", None, "*", "erp.example:44300"),
            ("/a%20b//c;d?c=d", None, "/a%20b//c;d", "erp.example:44300"),
        ],
    )
    def test_target_forms(self, target: str, scheme: str | None, path: str, host: str) -> None:
        request = request_of(read_bytes(post(target=target), "a.http"))
        assert (request.scheme, request.path, request.host) == (scheme, path, host)

    def test_query_is_decoded(self) -> None:
        request = request_of(read_bytes(post(target="/?a=%C3%A4+b&a=&x"), "a.http"))
        assert request.query == (("a", "ä b"), ("a", ""), ("x", ""))

    def test_header_lines_may_end_with_lf_alone_and_the_body_stays_exact(self) -> None:
        head = b"\n\nPOST /a HTTP/1.0\nContent-Type: text/xml\n\n"
        capture = read_bytes(head + ENVELOPE, "a.http")
        assert capture.envelope == ENVELOPE
        assert capture.first_line == 6

    def test_request_without_body(self) -> None:
        capture = read_bytes(b"GET /a?wsdl HTTP/1.1\r\nHost: h\r\n\r\n", "a.http")
        assert request_of(capture).body == capture.envelope == b""

    def test_absolute_target_wins_over_the_note(self) -> None:
        capture = read_bytes(b"# url: https://h/a\n" + post(target="http://h/a"), "a.http")
        assert request_of(capture).scheme == "http"

    def test_notes(self) -> None:
        notes = b"\xef\xbb\xbf# by hand\r\n#URL:https://erp.example/x\r\n\r\n# time: 2026-11-20T10:00:00Z\r\n### \r\n"
        capture = read_bytes(notes + post(), "a.http")
        assert request_of(capture).scheme == "https"
        assert capture.time == CaptureTime(AT, "note")
        assert capture.first_line == 11

    def test_representation_holds_no_secret(self) -> None:
        capture = read_bytes(
            post(b"<a>topsecret</a>", "Authorization: Basic topsecret", target="https://u:topsecret@h/a?p=topsecret")
            + answer(b"topsecret", "Set-Cookie: topsecret"),
            "a.http",
        )
        assert "topsecret" not in repr(capture)
        assert "/a" in repr(capture)
        assert "topsecret" not in str(capture.__rich_repr__())

    def test_values_can_be_sent_to_another_process(self) -> None:
        capture = read_bytes(post() + answer(), "a.http", at=AT)
        assert pickle.loads(pickle.dumps(capture)) == capture


class TestResponse:
    @pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n"])
    @pytest.mark.parametrize("length", [True, False])
    def test_follows_the_request(self, between: bytes, length: bool) -> None:
        capture = read_bytes(post(length=length) + between + answer(), "a.http")
        assert capture.response is not None
        assert (capture.response.status, capture.response.reason) == (500, "Internal Server Error")
        assert capture.response.body == capture.response.content == FAULT
        assert capture.envelope.rstrip() == ENVELOPE

    def test_interim_responses_are_passed_over(self) -> None:
        head, body = post(ENVELOPE, "Expect: 100-continue").split(b"\r\n\r\n", 1)
        interim = b"HTTP/1.1 100 Continue\r\n\r\n"
        for data in (
            head + b"\r\n\r\n" + interim + body + answer(),
            head + b"\r\n\r\n" + body + interim + interim + answer(),
        ):
            capture = read_bytes(data, "a.http")
            assert capture.envelope == ENVELOPE
            assert capture.response is not None
            assert capture.response.status == 500

    def test_status_line_within_the_envelope_is_none(self) -> None:
        body = b"<a>HTTP/1.1 200 OK\n</a>\nHTTP/1.1 200 OK</a>"
        capture = read_bytes(post(body, length=False) + answer(), "a.http")
        assert capture.envelope == body
        assert capture.response is not None

    def test_trailing_bytes_are_no_part_of_the_body(self) -> None:
        for trailing in (b"\n", b"\r\n\r\n", b"\n-- end of trace --\n"):
            capture = read_bytes(post() + trailing, "a.http")
            assert (capture.envelope, capture.response) == (ENVELOPE, None)

    def test_bodiless_responses(self) -> None:
        head = b"HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n"
        capture = read_bytes(head + b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "a.http")
        assert capture.response is not None
        assert capture.response.body == b""
        capture = read_bytes(post() + b"HTTP/1.1 204 No Content\r\nContent-Length: 99\r\n\r\n", "a.http")
        assert capture.response is not None
        assert capture.response.body == b""

    def test_stands_beside_the_request(self, tmp_path: Path) -> None:
        (tmp_path / "order.http").write_bytes(post())
        (tmp_path / "order.response.http").write_bytes(answer())
        (tmp_path / "bare.xml").write_bytes(ENVELOPE)
        (tmp_path / "bare.response.xml").write_bytes(answer())
        for name in ("order.http", "bare.xml"):
            response = read(tmp_path / name).response
            assert response is not None
            assert response.status == 500

    def test_beside_must_be_a_response(self, tmp_path: Path) -> None:
        (tmp_path / "order.http").write_bytes(post())
        (tmp_path / "order.response.http").write_bytes(FAULT)
        with pytest.raises(InputError) as caught:
            read(tmp_path / "order.http")
        place = caught.value.problems[0].place
        assert place is not None
        assert place.file == str(tmp_path / "order.response.http")

    def test_in_the_file_wins(self, tmp_path: Path) -> None:
        (tmp_path / "order.http").write_bytes(post() + answer())
        (tmp_path / "order.response.http").write_bytes(b"HTTP/1.1 200 OK\r\n\r\n")
        response = read(tmp_path / "order.http").response
        assert response is not None
        assert response.status == 500


class TestTime:
    DATE = "Date: Fri, 20 Nov 2026 10:00:01 GMT"
    LATER = "date: Friday, 20-Nov-26 10:00:02 GMT"

    def test_order_of_sources(self, tmp_path: Path) -> None:
        path = tmp_path / "a.http"
        path.write_bytes(b"# time: 2026-11-20T10:00:03.25Z\n" + post(ENVELOPE, self.DATE) + answer(FAULT, self.LATER))
        given = AT.astimezone(timezone(timedelta(hours=2)))
        assert read(path, at=given).time == CaptureTime(AT, "given")
        assert read(path).time == CaptureTime(AT + timedelta(seconds=3.25), "note")
        path.write_bytes(post(ENVELOPE, self.DATE) + answer(FAULT, self.LATER))
        assert read(path).time == CaptureTime(AT + timedelta(seconds=2), "response-date")
        path.write_bytes(post(ENVELOPE, self.DATE) + answer())
        assert read(path).time == CaptureTime(AT + timedelta(seconds=1), "request-date")
        path.write_bytes(post() + answer(FAULT, "Date: yesterday"))
        os.utime(path, (AT.timestamp(), AT.timestamp()))
        assert read(path).time == CaptureTime(AT, "file")
        assert read_bytes(post(), "a").time is None
        assert read_bytes(post(), "a", modified=AT).time == CaptureTime(AT, "file")

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
            ("sun, 6 nov 1994 08:49:37 gmt", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
            ("Sun, 06 Xyz 1994 08:49:37 GMT", None),
            ("Sun, 32 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
        ],
    )
    def test_http_dates(self, text: str, moment: datetime | None) -> None:
        time = read_bytes(post(ENVELOPE, f"Date: {text}"), "a").time
        assert (time.moment if time else None) == moment


class TestFiles:
    def test_directory_yields_its_captures_in_order(self, tmp_path: Path) -> None:
        for name in ("b.HTTP", "a.xml", "c.raw", "d.mime", "e.txt", ".h.xml", "a.response.xml", "x.yaml", "README"):
            (tmp_path / name).touch()
        (tmp_path / "dir.xml").mkdir()
        named = tmp_path / "x.yaml"
        assert [path.name for path in paths([named, tmp_path])] == [
            "x.yaml",
            "a.xml",
            "b.HTTP",
            "c.raw",
            "d.mime",
            "e.txt",
        ]

    def test_directory_without_captures(self, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            list(paths([tmp_path]))

    def test_a_capture_of_a_directory_that_is_no_file_is_never_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "a.xml").touch()
        (tmp_path / "b.xml").symlink_to(tmp_path / "gone.xml")
        with pytest.raises(InputError) as refused:
            list(paths([tmp_path]))
        assert present(refused.value.problems[0].place).file == str(tmp_path / "b.xml")

    def test_missing_file_is_left_to_reading(self, tmp_path: Path) -> None:
        assert list(paths([tmp_path / "none.xml"])) == [tmp_path / "none.xml"]
