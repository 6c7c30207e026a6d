"""The lab's server: loopback, TLS with a certificate of its own, bounds on clients, saved captures, changes at once."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import landscape, signed
from tests.cli.command import wssdoctor
from tests.lab.serving import served
from tests.present import of_type
from tests.provider.test_decryption import FACTS
from tests.signed import sign_then_encrypt
from tests.wsse.encrypting import private_key
from tests.wsse.pki import server
from wssdoctor.cli.main import run
from wssdoctor.errors import InputError
from wssdoctor.lab import connection as connections
from wssdoctor.lab import server as application
from wssdoctor.lab.handshake import Handshake
from wssdoctor.lab.identity import identity
from wssdoctor.lab.password import UNCOMPARED
from wssdoctor.lab.provider import Answered, Provider
from wssdoctor.lab.serving import Begun, Where, serve
from wssdoctor.provider.decryption import Keys

PATH = "/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"


@contextmanager
def serving(where: Where) -> Iterator[Begun]:
    """Serve the healthy landscape as the command does."""
    begun: list[Begun] = []
    ready = threading.Event()

    def begin(one: Begun) -> None:
        begun.append(one)
        ready.set()

    arguments = (Provider(landscape.facts()), where, lambda _: None, lambda _: None, begin)
    thread = threading.Thread(target=serve, args=arguments, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield begun[0]
    begun[0].end()
    thread.join(10)
    assert not thread.is_alive()


def port_of(begun: Begun) -> int:
    return int(begun.address.rpartition(":")[2])


def posted(port: int, body: bytes = b"<a/>", context: ssl.SSLContext | None = None) -> int:
    client = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
        if context
        else http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    )
    client.request("POST", PATH, body, {"Content-Type": "text/xml"})
    status = client.getresponse().status
    client.close()
    return status


def ended(client: socket.socket) -> bool:
    """Whether the other side closed the connection; waits for it."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def is_reached(host: str, port: int) -> bool:
    """Whether anything listens there."""
    try:
        with socket.create_connection((host, port), 5):
            return True
    except OSError:
        return False


def test_only_this_machine_reaches_it_unless_told_otherwise() -> None:
    with serving(Where(port=0)) as begun:
        assert begun.address.startswith("http://127.0.0.1:")
        assert not is_reached("127.0.0.2", port_of(begun))
    with serving(Where(listen="0.0.0.0", port=0)) as begun:
        assert is_reached("127.0.0.2", port_of(begun))
    with pytest.raises(InputError):
        serve(Provider(landscape.facts()), Where("203.0.113.9", 0), print, print, print)


def test_clients_that_trust_the_certificate_of_the_lab_talk_to_it(tmp_path: Path) -> None:
    chain, key = tmp_path / "lab.pem", tmp_path / "lab.key"
    for made in (True, False):  # made once, and used again
        with serving(Where(port=0, tls=True, chain=chain, key=key)) as begun:
            assert begun.identity is not None
            assert begun.identity.made is made
            assert posted(port_of(begun), context=ssl.create_default_context(cafile=str(chain))) >= 400
            with pytest.raises(ssl.SSLError):
                posted(port_of(begun), context=ssl.create_default_context())
    assert key.stat().st_mode & 0o077 == 0
    with serving(Where(port=0, tls=True)) as begun:
        assert begun.identity is not None
        assert str(begun.identity.chain) in begun.identity.explained()
        for_this_run = begun.identity.chain
        assert posted(port_of(begun), context=ssl.create_default_context(cafile=str(for_this_run))) >= 400
    assert not for_this_run.exists()


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lab.pem").write_bytes(b"")
    with (
        pytest.raises(InputError, match="belong together"),
        identity(True, tmp_path / "lab.pem", tmp_path / "lab.key", "127.0.0.1"),
    ):
        pass


def test_a_client_that_sends_no_header_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.2)
    with serving(Where(port=0)) as begun:
        for sent in (b"", b"POST / HTTP/1.1\r\nHost:"):
            with socket.create_connection(("127.0.0.1", port_of(begun)), 10) as client:
                client.sendall(sent)
                client.settimeout(10)
                assert ended(client)
        assert posted(port_of(begun)) >= 400


def test_bodies_are_bounded_in_size_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Where(port=0)) as begun:
        monkeypatch.setattr(application, "MAXIMUM_BODY", 1000)
        assert posted(port_of(begun), b"x" * 1001) == 413
        monkeypatch.setattr(application, "MAXIMUM_HELD", 500)
        assert posted(port_of(begun), b"x" * 600) == 503
        monkeypatch.setattr(application, "BODY_SECONDS", 0.2)
        with socket.create_connection(("127.0.0.1", port_of(begun)), 10) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nx")
            assert client.recv(100).startswith(b"HTTP/1.1 408")
        assert posted(port_of(begun), b"x" * 100) not in (408, 413, 503)  # nothing of them is held any more


def test_whoever_still_sends_at_the_end_is_answered_and_nothing_breaks(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as client:
        client.settimeout(10)
        with served(landscape.facts()) as (port, arrivals):
            client.connect(("127.0.0.1", port))
            client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nx")
            posted(port)  # the lab has seen the first by now
        assert client.recv(100).startswith(b"HTTP/1.1 503")
    assert len(arrivals) == 1
    assert not [one.exc_info for one in caplog.records if one.exc_info]


def test_each_body_that_is_not_taken_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "MAXIMUM_BODY", 100_000)
    monkeypatch.setattr(application, "BODY_SECONDS", 0.3)
    head = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n" % PATH.encode()
    bomb = gzip.compress(b"<a>" + bytes(20_000_000) + b"</a>")
    broken = b"\x1f\x8b" + b"x" * 50
    compressed = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    refused: list[Handshake] = []
    with served(landscape.facts(), refused=refused) as (port, heard):
        for sent in (
            b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n%s\r\n" % (b"x" * 4096) * 40,  # would go on for ever
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            compressed % 5000 + broken,  # as node-soap counts with forceGzip
            compressed % len(broken) + broken,
            compressed % len(bomb) + bomb,
        ):
            with socket.create_connection(("127.0.0.1", port), 10) as client:
                client.sendall(head + sent)
                assert client.recv(9) == b"HTTP/1.1 "
        assert posted(port) >= 400
    assert [one.reason for one in refused] == [
        "body-too-large",
        "body-timeout",
        "body-timeout",
        "body-unreadable",
        "body-unreadable",
    ]
    assert "52 octets came, and Content-Length promises 5000" in refused[2].says
    assert "forceGzip" in refused[2].says
    assert [one.number for one in heard] == [len(refused) + 1]


def test_clients_that_vanish_leave_nothing_behind() -> None:
    with served(landscape.facts()) as (port, heard):
        for _ in range(50):
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000)
        assert posted(port) >= 400
    assert len(heard) == 1  # half a request is none


def test_encrypted_requests_are_judged_with_a_lent_key_and_not_echoed() -> None:
    request = signed.capture("encrypted.http", "zprice_in", sign_then_encrypt(server())).capture
    dark = of_type(Answered, Provider(FACTS).answer(request, signed.ARRIVAL))
    lit = of_type(Answered, Provider(FACTS, keys=Keys((private_key(server()),))).answer(request, signed.ARRIVAL))
    assert "message.plain_text" in dark.assumed
    assert (lit.replay.verdict, lit.replay.user, lit.assumed) == ("accepted", "WS_ORDER", (UNCOMPARED,))
    assert b"<lab:Echo></lab:Echo>" in lit.answer.body


def test_the_command_saves_what_came_so_that_check_reads_it(tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_bytes((landscape.FOLDER / "system.yaml").read_bytes())
    for one in landscape.FOLDER.glob("*.pem"):
        (tmp_path / one.name).write_bytes(one.read_bytes())
    command = [sys.executable, "-m", "wssdoctor", "lab", str(system), "--port", "0", "--behind-tls"]
    with subprocess.Popen(
        [*command, "--save", str(tmp_path / "saved")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as lab:
        try:
            assert lab.stderr is not None
            assert lab.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", lab.stderr.readline())
            assert found is not None
            captures, saved = str(landscape.FOLDER / "captures"), tmp_path / "sent"
            sending = ("send", captures, "--to", found[0], "--yes", "--rate", "50", "--save", str(saved))
            assert wssdoctor(*sending).returncode == 0
            logged = [lab.stdout.readline() for _ in landscape.requests()]
            assert all("accepted as" in one for one in logged)
            assert "sample-Passw0rd" not in "".join(logged)
            # A change counts from the next request on.
            system.write_text(system.read_text() + "\nsuppressions: []\n")
            text = re.sub(r"(technical_user:\n(?:  .*\n)*?  exists:) true", r"\1 false", system.read_text())
            assert text != system.read_text()
            system.write_text(text)
            assert wssdoctor(*sending).returncode == 1
            assert "rejected at icf-logon" in lab.stdout.readline()
        finally:
            lab.terminate()
    files = sorted((tmp_path / "saved").iterdir())
    assert len(files) == 2 * len(landscape.requests())
    assert {one.stat().st_mode & 0o077 for one in (*files, *saved.iterdir())} == {0}
    checked = wssdoctor("check", str(system), *map(str, files[len(files) // 2 :]), "--format", "json")
    assert b'"agrees": true' in checked.stdout
    assert b'"agrees": false' not in checked.stdout


def test_options_that_do_not_go_together_are_wrong_use() -> None:
    system = str(landscape.FOLDER / "system.yaml")
    for options in (("--tls", "--behind-tls"), ("--cert", "a.pem"), ("--cert", "a", "--cert-key", "b")):
        assert run(["lab", system, *options]) == 2


@pytest.mark.parametrize("tls", [False, True])
def test_the_end_answers_slow_clients_and_says_nothing_of_them(
    tls: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("wssdoctor.lab.serving.END_SECONDS", 0.2)
    with serving(Where(port=0, tls=tls)) as begun:
        slow = socket.create_connection(("127.0.0.1", port_of(begun)), timeout=10)
        if not tls:  # with TLS it does not even begin the handshake
            slow.sendall(f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n<a".encode())
            assert posted(port_of(begun)) in (200, 403, 404, 500)  # by now it is heard
    if not tls:
        assert b"503" in slow.recv(100)
    while not ended(slow):
        pass
    slow.close()
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
