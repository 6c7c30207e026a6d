"""What TLS asks of clients as described, and why a connection is let go: each with its reason, over real sockets."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests import landscape
from tests.cli.command import wssdoctor
from tests.lab.serving import now, served
from tests.signed import certificate
from tests.wsse.pki import Issued, issue
from wssdoctor.capture.edit import render
from wssdoctor.capture.read import read_bytes
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.lab import connection as connections
from wssdoctor.lab.asking import asking
from wssdoctor.lab.handshake import Handshake
from wssdoctor.lab.line import line
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Arrival, recorded

T = TypeVar("T")
DAY = dt.timedelta(days=1)
PATH = "/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"


def made(issuer: Issued | None, *parts: str, start: int = -1, end: int = 30, **options: Any) -> Issued:
    return issue(issuer, *parts, key=None, start=now() + start * DAY, end=now() + end * DAY, **options)


AUTHORITY = made(None, "O=Test", "CN=Clients CA", ca=True)
CALLER = made(AUTHORITY, "O=Test", "CN=caller")
EXPIRED = made(AUTHORITY, "O=Test", "CN=old caller", start=-30, end=-1)
STRANGER = made(made(None, "O=Elsewhere", "CN=Other CA", ca=True), "O=Elsewhere", "CN=stranger")


def facts(level: str, profile: dict[str, str] | None = None, *, trusted: bool = True) -> Facts:
    base = landscape.facts()
    pses = base.items("pses") or ()
    index = next(number for number, one in enumerate(pses) if one.application == "ssl-server")
    values: dict[str, Any] = {"profile": {"icm/HTTPS/verify_client": level, **(profile or {})}}
    if trusted:
        values[f"pses[{index}].trusted"] = [certificate(AUTHORITY)]
    return change(base, values)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients")
    for name, one in (("caller", CALLER), ("expired", EXPIRED), ("stranger", STRANGER)):
        (folder / f"{name}.pem").write_bytes(one.key_pem() + one.pem)
    return folder


class Lab:
    """A lab that speaks TLS."""

    def __init__(self, port: int, arrivals: list[Arrival], refused: list[Handshake], chain: Path) -> None:
        self.port, self.arrivals, self.refused, self.chain = port, arrivals, refused, chain

    def context(self, client: Path | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.chain))
        if client is not None:
            context.load_cert_chain(client)
        return context

    def call(self, context: ssl.SSLContext) -> int:
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=10, context=context)
        try:
            connection.request("POST", PATH, b"<a/>", {"Content-Type": "text/xml"})
            return connection.getresponse().status
        finally:
            connection.close()

    def arrived(self) -> Arrival:
        """What came last; the lab tells of it after it has answered."""
        return taken(self.arrivals)

    def reason(self) -> str:
        """Why the last connection was let go; its line is fit for a log."""
        one = taken(self.refused)
        assert one.reason in line(one)
        return one.reason


def wait_for_end(client: socket.socket) -> None:
    """Wait until the other side closes the connection, whatever it says before. Raises ``TimeoutError``."""
    with contextlib.suppress(ConnectionResetError):
        while client.recv(1000):
            pass


def taken(told: list[T]) -> T:
    deadline = time.monotonic() + 10
    while not told and time.monotonic() < deadline:
        time.sleep(0.001)
    return told.pop()


def lab(facts: Facts, folder: Path) -> Iterator[Lab]:
    refused: list[Handshake] = []
    chain, key = folder / "lab.pem", folder / "lab.key"
    with served(facts, provider=Provider(facts), identity=(chain, key), refused=refused) as (port, arrivals):
        yield Lab(port, arrivals, refused, chain)


@pytest.fixture(scope="module")
def optional(files: Path) -> Iterator[Lab]:
    yield from lab(facts("1"), files)


@pytest.fixture(scope="module")
def required(files: Path) -> Iterator[Lab]:
    yield from lab(facts("2"), files)


def test_a_certificate_comes_with_the_request_and_stays_in_its_capture(optional: Lab, files: Path) -> None:
    for client, octets in ((files / "caller.pem", CALLER.der), (None, b"")):
        optional.call(optional.context(client))
        arrival = optional.arrived()
        request = arrival.capture.request
        assert request is not None
        assert request.client_certificate == octets
        again = read_bytes(render(recorded(arrival)), "again.http")
        assert again.request == request


@pytest.mark.parametrize(
    ("client", "reason", "alert"),
    [
        ("expired", "certificate-expired", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        ("stranger", "unknown-authority", "TLSV1_ALERT_UNKNOWN_CA"),
    ],
)
def test_a_certificate_that_tls_refuses_is_explained_on_both_sides(
    optional: Lab, files: Path, client: str, reason: str, alert: str
) -> None:
    context = optional.context(files / f"{client}.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # from 1.3 on a client sends its request before it hears of this
    with pytest.raises(ssl.SSLError, match=alert):
        optional.call(context)
    assert optional.reason() == reason


def test_a_certificate_is_demanded_where_the_parameter_says_so(required: Lab, files: Path) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        required.call(required.context())
    assert required.reason() == "certificate-required"
    assert required.call(required.context(files / "caller.pem")) >= 400  # no envelope, but let in


def test_send_authenticates_in_tls_too(required: Lab, files: Path) -> None:
    capture = str(next((landscape.FOLDER / "captures").glob("*.http")))
    command = (
        "send",
        capture,
        "--exact",
        "--yes",
        "--ca",
        str(required.chain),
        "--to",
        f"https://localhost:{required.port}",
    )
    assert b"NO ANSWER" in wssdoctor(*command).stdout
    assert required.reason() == "certificate-required"
    assert wssdoctor(*command, "--client-cert", str(files / "caller.pem")).returncode in (0, 1)
    request = required.arrived().capture.request
    assert request is not None
    assert request.client_certificate == CALLER.der
    assert wssdoctor(*command, "--client-cert", str(landscape.FOLDER / "system.yaml")).returncode == 2


def test_what_else_ends_a_handshake_is_told_apart(optional: Lab) -> None:
    with socket.create_connection(("127.0.0.1", optional.port), 10) as plain:
        plain.sendall(b"POST / HTTP/1.1\r\nHost: h\r\n\r\n")
        wait_for_end(plain)
    assert optional.reason() == "plain-http"
    with pytest.raises(ssl.SSLError):
        optional.call(ssl.create_default_context())
    assert optional.reason() == "lab-not-trusted"
    cipher = optional.context()
    cipher.maximum_version = ssl.TLSVersion.TLSv1_2
    cipher.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")  # the lab's key is an elliptic one
    with pytest.raises(ssl.SSLError):
        optional.call(cipher)
    assert optional.reason() == "no-shared-cipher"
    with socket.create_connection(("127.0.0.1", optional.port), 10) as client:
        client.sendall(bytes.fromhex("160301002f0100002b0301") + bytes(32) + bytes.fromhex("000004c013002f0100"))
        wait_for_end(client)
    assert optional.reason() == "protocol-version"
    with socket.create_connection(("127.0.0.1", optional.port), 10):
        pass
    assert optional.reason() == "client-left"


def test_tls_and_other_noise_on_the_plain_port_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.2)
    refused: list[Handshake] = []
    with served(landscape.facts(), refused=refused) as (port, arrivals):
        for sent in (bytes.fromhex("16030100050100000100"), b"\0\0\0\0", b"POST / HTTP/1.1\r\nHost:"):
            with socket.create_connection(("127.0.0.1", port), 10) as client:
                client.sendall(sent)
                wait_for_end(client)
    assert [one.reason for one in refused] == ["tls-on-plain-port", "no-http", "header-timeout"]
    assert arrivals == []


def test_one_connection_too_many_is_refused_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAXIMUM_CONNECTIONS", 2)
    refused: list[Handshake] = []
    with served(landscape.facts(), refused=refused) as (port, arrivals):
        first, second, third = (http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(3))
        for one in (first, second):
            one.connect()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before the body is sent, perhaps
            third.request("POST", PATH, b"<a/>")
        assert third.getresponse().status == 503
        for one in (first, second):
            one.request("POST", PATH, b"<a/>")
            assert one.getresponse().status != 503
        for one in (first, second, third):
            one.close()
    assert [one.reason for one in refused] == ["too-many-connections"]
    assert len(arrivals) == 2


def test_what_is_asked_follows_the_description() -> None:
    assert asking(landscape.facts()).level == 1
    assert asking(facts("0")).level == 0
    assert asking(facts("0", {"icm/server_port_1": "PROT=HTTPS,PORT=44300,VCLIENT=2"})).level == 2
    ports = {"icm/server_port_1": "PROT=HTTPS,PORT=1,VCLIENT=2", "icm/server_port_2": "PROT=HTTPS,PORT=2"}
    assert asking(facts("0", ports)).level == 0
    assert asking(facts("1")).trusted == (AUTHORITY.pem.decode(),)
    bare = change(landscape.facts(), {"pses": [{"application": "wsse", "exists": True}]})
    assert asking(bare).unknown
