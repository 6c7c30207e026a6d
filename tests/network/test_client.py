"""The HTTP client against servers that misbehave: bounded, one host, nothing secret told."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from tests.network.serving import Quiet, authority, issued, serving, talking
from tests.wsse.pki import Issued
from wssdoctor.errors import InputError
from wssdoctor.network.client import Bounds, Client, refuse_plain
from wssdoctor.network.credentials import PASSWORD, USER, Credentials, from_environment
from wssdoctor.network.exchange import Answer, Request
from wssdoctor.network.target import target
from wssdoctor.network.tls import verifying

GET = Request("GET", "/x", "test")
SHORT = Bounds(step_seconds=2, whole_seconds=0.5, body_bytes=100_000)


def _send(url: str, context: ssl.SSLContext | None = None, bounds: Bounds = SHORT) -> Answer:
    with Client(
        target(url), context or ssl.create_default_context(), Credentials("U", "hidden"), bounds=bounds
    ) as client:
        return client.send(GET)


@pytest.fixture
def trusting(tmp_path: Path) -> ssl.SSLContext:
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    return verifying(tmp_path / "ca.pem")


class _Hello(Quiet):
    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.reply(200, (self.headers["Authorization"] or "").encode(), X_Odd="1")


class _Redirect(Quiet):
    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.seen.append(self.path)
        self.reply(302, Location="https://other.example.com/logon")


class _Compressed(Quiet):
    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.reply(200, b"\x1f\x8b", Content_Encoding="gzip")


def test_an_answer_over_tls(trusting: ssl.SSLContext) -> None:
    with serving(_Hello, issued()) as url:
        answer = _send(url, trusting)
    assert (answer.status, answer.header("x-ODD"), answer.body) == (200, "1", b"Basic VTpoaWRkZW4=")


@pytest.mark.parametrize(
    ("certificate", "trusted", "says"),
    [
        (issued(days=-1), True, "expired"),
        (issued(("other.example.com",)), True, "not valid for 'localhost'"),
        (issued(), False, "self-signed certificate in"),
    ],
    ids=["expired", "other-name", "unknown-authority"],
)
def test_a_certificate_that_does_not_verify(
    certificate: Issued, trusted: bool, says: str, trusting: ssl.SSLContext
) -> None:
    with serving(_Hello, certificate) as url, pytest.raises(InputError) as caught:
        _send(url, trusting if trusted else None)
    assert says in caught.value.problems[0].why
    assert caught.value.problems[0].hint


@pytest.mark.parametrize(("handler", "says"), [(_Redirect, "other.example.com"), (_Compressed, "compressed")])
def test_what_is_not_followed_or_unpacked(handler: type[http.server.BaseHTTPRequestHandler], says: str) -> None:
    _Redirect.seen.clear()
    with serving(handler, None) as url, pytest.raises(InputError) as caught:
        _send(url)
    assert says in caught.value.problems[0].why
    assert len(_Redirect.seen) < 2


def _ask(connection: socket.socket) -> None:
    """Take a request in, as far as it comes."""
    asked = b""
    while b"\r\n\r\n" not in asked and (piece := connection.recv(65536)):
        asked += piece


def _silent(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    over.wait()


def _dripping(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.01):
        connection.sendall(b"X")


def _dripping_body(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.01):
        connection.sendall(b"X")


def _endless(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"X" * 65536)


def _endless_header(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.is_set():
        connection.sendall(b"X" * 65536)


def _huge(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"X" * 200_000)
    over.wait()


def _no_http(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


def _gone(connection: socket.socket, over: threading.Event) -> None:
    _ask(connection)


@pytest.mark.parametrize(
    "speak", [_silent, _dripping, _dripping_body, _endless, _endless_header, _huge, _no_http, _gone]
)
def test_hostile_servers_end_in_one_problem(speak: Callable[[socket.socket, threading.Event], None]) -> None:
    with talking(speak) as url, pytest.raises(InputError) as caught:
        _send(url)
    (problem,) = caught.value.problems
    assert problem.why
    assert "hidden" not in repr(caught.value)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(InputError):
        _send(f"http://localhost:{port}")


@pytest.mark.parametrize(
    "url",
    ["", "erp", "ftp://erp", "https://", "https://user:secret-4711@erp", "https://erp:99999", "https://erp:0", "https://e\nrp", "https://[::1", "https://" + "e" * 3000],
)  # fmt: skip
def test_urls_that_cannot_be_used(url: str) -> None:
    with pytest.raises(InputError) as caught:
        target(url)
    assert "4711" not in repr(caught.value.problems)


def test_the_origin() -> None:
    assert target("HTTPS://ERP.example.com:443/a?b=c").origin == "https://erp.example.com"
    assert target("https://[::1]:44300").origin == "https://[::1]:44300"
    assert target("https://erp/a?b=c").resource == "/a?b=c"


def test_a_password_travels_encrypted_or_on_this_machine() -> None:
    for url, allowed in (("https://erp", False), ("http://127.0.0.1:8000", False), ("http://erp", True)):
        refuse_plain(target(url), allowed=allowed)
    with pytest.raises(InputError):
        refuse_plain(target("http://erp"), allowed=False)


def test_credentials_are_never_shown() -> None:
    found = from_environment({USER: "U", PASSWORD: "hidden"})
    assert found == Credentials("U", "hidden")
    assert "hidden" not in f"{found!r} {found}"
    assert from_environment({USER: "U"}) is None


@pytest.mark.parametrize(
    "text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_authorities_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "ca.pem").write_text(text)
    for path in (tmp_path / "ca.pem", tmp_path / "none.pem"):
        with pytest.raises(InputError):
            verifying(path)
