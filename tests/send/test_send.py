"""Captured requests sent again over real sockets to the lab, and to servers that misbehave."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from tests import landscape, signed
from tests.cli.command import wssdoctor
from tests.lab.serving import now, served
from tests.present import of_type
from tests.wsse.encrypting import message
from tests.wsse.pki import issuing, root
from wssdoctor.capture.capture import Capture, Response
from wssdoctor.capture.edit import render
from wssdoctor.capture.read import read, read_bytes
from wssdoctor.capture.sent import Outcome
from wssdoctor.description.change import change
from wssdoctor.errors import InputError
from wssdoctor.lab.provider import Answered
from wssdoctor.network.target import target
from wssdoctor.send import wire
from wssdoctor.send.key import load_key
from wssdoctor.send.outcome import outcome, reached
from wssdoctor.send.report import render as render_text
from wssdoctor.send.send import ready, send
from wssdoctor.send.wire import SendError, Way, exchange
from wssdoctor.wsse.material import Identity, Material

CAPTURES = landscape.FOLDER / "captures"


def way(port: int, seconds: float = 10) -> Way:
    return Way(target(f"http://127.0.0.1:{port}"), None, seconds)


def captures() -> list[Capture]:
    return [request.capture for request in landscape.requests()]


def test_a_fresh_probe_passes_security_and_reaches_no_operation() -> None:
    with served(landscape.facts()) as (port, heard):
        for capture in captures():
            sent = send(ready(capture, way(port), Material(now=now())), way(port), now())
            assert sent.outcome in (Outcome.NOW_ACCEPTED, Outcome.STILL_ACCEPTED)
    assert {one.answer.status for one in heard} == {500}
    assert all(b"the operation is unknown" in one.answer.body for one in heard)


def test_an_old_capture_is_refused_as_expired_when_sent_as_it_is() -> None:
    with served(landscape.facts()) as (port, heard):
        sent = send(ready(captures()[0], way(port), None), way(port), now())
    assert sent.outcome is Outcome.ANOTHER_FAILURE  # it had been accepted
    assert of_type(Answered, heard[0].answered).replay.stage == "timestamp"
    assert sent.capture.envelope == captures()[0].envelope


def test_a_signed_capture_is_signed_anew() -> None:
    own = issuing().issue("C=DE", "O=Test", "OU=Clients", "CN=client", start=now() - dt.timedelta(days=1), end=later())
    facts, (request,) = signed.LANDSCAPES["x509"]()
    facts = change(facts, {"wss_setup.detect_message_replays": True})
    with served(facts, now) as (port, heard):
        moment = now()
        for second in range(2):  # what is fresh is no replay
            lent = Material(
                now=moment - dt.timedelta(seconds=second), identities=(Identity(own.key, own.certificate),), probe=False
            )
            fresh = ready(request.capture, way(port), lent)
            sent = send(fresh, way(port), now())
            assert sent.outcome is Outcome.NOW_ACCEPTED, heard[-1]
        again = send(ready(sent.capture, way(port), None), way(port), now())
        assert again.outcome is Outcome.ANOTHER_FAILURE
    assert of_type(Answered, heard[2].answered).replay.stage == "message-replay"


def test_the_probe_brings_nothing_of_the_payload_along() -> None:
    """Neither MIME parts nor the names of the operation in the header of HTTP."""
    part = b"\r\nContent-Type: image/png\r\nContent-ID: <secret@x>\r\n\r\nconfidential\r\n--b--\r\n"
    include = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:secret@x"/>'
    envelope = message("", f"<Order><Scan>{include}</Scan></Order>").encode()
    kind = b'multipart/related; boundary=b; type="application/xop+xml"; start-info="text/xml"; action="urn:Order"'
    body = b"--b\r\nContent-Type: application/xop+xml\r\n\r\n" + envelope + b"\r\n--b" + part
    head = b'POST /x HTTP/1.1\r\nHost: h\r\nSOAPAction: "urn:Order"\r\nContent-Type: ' + kind
    capture = read_bytes(head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body, "mtom.http")
    whole = ready(capture, way(1), Material(now=now(), probe=False)).capture
    assert whole.attachments[0].content == b"confidential"
    probing = ready(capture, way(1), Material(now=now()))
    assert not probing.capture.attachments
    assert "MIME parts of the payload left out" in probing.changed
    assert probing.capture.request is not None
    sent = render(probing.capture)
    assert b"confidential" not in sent
    assert b"urn:Order" not in sent
    assert b"cid:secret@x" in whole.envelope
    assert b"cid:secret@x" not in sent


def later() -> dt.datetime:
    return now() + dt.timedelta(days=30)


def test_logon_data_do_not_go_to_another_host() -> None:
    (capture,) = captures()[:1]
    assert capture.request is not None
    lines = render(capture).replace(
        b"User-Agent:", b"Authorization: Basic c2VjcmV0\r\nCookie: MYSAPSSO2=x\r\nUser-Agent:"
    )
    found = ready(read_bytes(lines, "a.http"), Way(target("http://other.example")), None)
    assert found.capture.request is not None
    assert not {"authorization", "cookie"} & {name.lower() for name, _ in found.capture.request.headers}
    same = ready(read_bytes(lines, "a.http"), Way(target("https://erp.example.com:44300")), None)
    assert same.capture.request is not None
    assert "Authorization" in dict(same.capture.request.headers)


def fault(code: str, text: str = "") -> Response:
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        f"<faultcode>{code}</faultcode><faultstring>{text}</faultstring></e:Fault></e:Body></e:Envelope>"
    )
    return Response(500, "", (("Content-Type", "text/xml"),), body.encode())


def plain(status: int) -> Response:
    return Response(status, "", (), b"<html/>")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (plain(401), plain(401), Outcome.STILL_REJECTED),
        (plain(404), plain(401), Outcome.REJECTED_LATER),
        (plain(401), fault("wsse:FailedCheck"), Outcome.REJECTED_LATER),
        (fault("wsse:FailedCheck"), plain(401), Outcome.ANOTHER_FAILURE),
        (fault("wsse:FailedCheck"), plain(200), Outcome.NOW_ACCEPTED),
        (plain(401), fault("soap:Client", "unknown operation {urn:wssdoctor:probe}Probe"), Outcome.NOW_ACCEPTED),
        (plain(401), fault("soap:Server", "Web service processing error"), Outcome.UNCLEAR),
        (plain(401), fault("soap:Server", "The operation could not be carried out"), Outcome.UNCLEAR),
        (plain(401), fault("soap:Client", "Unknown operation Probe"), Outcome.NOW_ACCEPTED),
        (plain(401), fault("soap:Server", "WSS010 signature error"), Outcome.ANOTHER_FAILURE),
        (plain(200), plain(200), Outcome.STILL_ACCEPTED),
        (None, plain(302), Outcome.ANOTHER_FAILURE),
        (None, plain(503), Outcome.ANOTHER_FAILURE),
    ],
)
def test_outcomes(before: Response | None, after: Response, expected: Outcome) -> None:
    assert outcome(before, after) is expected


def test_no_green_for_a_fault_that_tells_nothing() -> None:
    assert reached(fault("soap:Server", "An error occurred")).passed is None


def test_a_fault_inside_of_an_answer_is_payload() -> None:
    inner = fault("soap:Server").body.decode()
    outer = (
        f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><a>{inner}</a></e:Body></e:Envelope>'
    )
    assert reached(Response(200, "", (("Content-Type", "text/xml"),), outer.encode())).passed


@contextmanager
def misbehaving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    answer(connection)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(200):
        connection.sendall(b"X: y\r\n")
        time.sleep(0.05)


def repeating(beginning: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """What goes on and on until nobody listens any more."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(piece)

    return answer


HOSTILE: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "slow": (dripping, "longer than 1 s|within 1 s"),
    "silent": (lambda one: time.sleep(1.5), "no whole answer within 1 s"),
    "endless": (repeating(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "more than 1048576 octets"),
    "endless chunks": (
        repeating(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        "more than 1048576 octets",
    ),
    "endless line": (repeating(b"HTTP/1.1 200 ", b"x" * 65536), "too long|within|status line"),
    "endless header": (repeating(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000), "more than 100 headers"),
    "endless continuing": (repeating(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "within 1 s"),
    "no HTTP": (lambda one: one.sendall(b"nonsense\r\n\r\n"), "nonsense"),
    "broken chunk": (
        lambda one: one.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "chunk|zz|read",
    ),
    "cut off": (
        lambda one: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"),
        "9 octets too early|9 more",
    ),
    "nothing": (lambda one: None, "closed"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_server_that_misbehaves_is_bounded_and_explained(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAXIMUM_ANSWER", 1 << 20)
    answer, words = HOSTILE[kind]
    with misbehaving(answer) as port, pytest.raises(SendError, match=words):
        exchange(way(port, 1), "POST", "/", (), b"")


def answering(octets: bytes) -> Callable[[socket.socket], None]:
    return lambda one: one.sendall(octets)


def test_a_redirect_is_told_and_not_followed() -> None:
    with served(landscape.facts()) as (other, heard):
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{other}/\r\nContent-Length: 0\r\n\r\n"
        with misbehaving(answering(moved.encode())) as port:
            sent = send(ready(captures()[0], way(port), Material(now=now())), way(port), now())
    assert sent.outcome is Outcome.ANOTHER_FAILURE
    assert not heard


def test_answers_that_say_nothing_are_no_green() -> None:
    bomb = gzip.compress(bytes(64 << 20))
    for head, body in (
        (b"500 Internal\r\nContent-Type: text/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        (b"500 Internal\r\nContent-Type: text/xml", b"<e:Envelope"),
        (b"500 Internal\r\nContent-Type: text/xml\r\nContent-Encoding: gzip", bomb),
        (b"200 OK\r\nContent-Type: multipart/related", b"--"),
    ):
        octets = b"HTTP/1.1 " + head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        with misbehaving(answering(octets)) as port:
            sent = send(ready(captures()[0], way(port), Material(now=now())), way(port), now())
        assert sent.capture.response is not None
        assert head.startswith(b"200") or sent.outcome is Outcome.ANOTHER_FAILURE
    assert "\x1b" not in render_text([sent])


def test_a_certificate_that_is_not_trusted_ends_it(tmp_path: Path) -> None:
    from wssdoctor.lab.identity import _make

    chain, key = tmp_path / "lab.pem", tmp_path / "lab.key"
    _make(chain, key, "127.0.0.1")
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                try:
                    with context.wrap_socket(connection, server_side=True) as secured:
                        secured.recv(65536)
                        answer(secured)
                except OSError:
                    continue

        threading.Thread(target=serve, daemon=True).start()
        port = listening.getsockname()[1]
        with pytest.raises(SendError, match="TLS"):
            exchange(Way(target(f"https://127.0.0.1:{port}")), "GET", "/", (), b"")
        assert exchange(Way(target(f"https://127.0.0.1:{port}"), chain), "GET", "/", (), b"").status == 200


def test_keys_in_both_forms(tmp_path: Path) -> None:
    own = issuing().issue("CN=own")
    (tmp_path / "own.pem").write_bytes(own.key_pem(b"s3cret") + root().pem + own.pem)
    bundle = pkcs12.serialize_key_and_certificates(
        b"own", own.key, own.x509, [root().x509], serialization.BestAvailableEncryption(b"s3cret")
    )
    (tmp_path / "own.p12").write_bytes(bundle)
    for name in ("own.pem", "own.p12"):
        assert load_key(tmp_path / name, lambda: "s3cret").certificate == own.certificate
        with pytest.raises(InputError) as caught:
            load_key(tmp_path / name, lambda: "wrong")
        assert "wrong" not in str(caught.value.problems[0].what)


def test_the_command_shows_first_and_sends_once_each(tmp_path: Path) -> None:
    with served(landscape.facts()) as (port, heard):
        url = f"http://127.0.0.1:{port}"
        shown = wssdoctor("send", str(CAPTURES), "--to", url, "--dry-run")
        assert (shown.returncode, len(heard)) == (0, 0)
        described = ("--system", str(landscape.FOLDER / "system.yaml"))
        done = wssdoctor(
            "send",
            str(CAPTURES),
            *described,
            "--to",
            url,
            "--yes",
            "--rate",
            "50",
            "--format",
            "json",
            "--save",
            str(tmp_path),
        )
        assert done.returncode == 0
        assert len(heard) == len(captures())
    document = json.loads(done.stdout)
    assert document["schema"] == "wssdoctor.send/1"
    assert {one["outcome"] for one in document["sent"]} <= {"now-accepted", "still-accepted"}
    # the description demands HTTPS, which ends before the lab
    assert {one["as_predicted"] for one in document["sent"]} == {False}
    assert len(list(tmp_path.iterdir())) == len(captures())
    assert b"sample-Passw0rd" not in done.stdout + done.stderr + shown.stderr
    kept = [read(path) for path in sorted(tmp_path.iterdir())]
    assert [str(path) for path in sorted(tmp_path.iterdir())] == [one["saved"] for one in document["sent"]]
    for one, told, before in zip(kept, document["sent"], captures(), strict=True):
        assert one.sent is not None
        assert (one.sent.of, one.sent.outcome, one.sent.to) == (told["capture"], told["outcome"], url)
        assert one.sent.fingerprint == before.fingerprint
        assert one.time is not None
        assert one.time.source == "note"


def test_a_prediction_after_a_remedy_is_held_against_the_answer() -> None:
    sick = change(landscape.facts(), {"icf.nodes[0].stored_password_current": False})
    (capture,) = captures()[:1]
    with served(landscape.facts()) as (port, _):
        told = send(ready(capture, way(port), Material(now=now())), way(port), now(), landscape.facts(), ("a-remedy",))
        wrong = send(ready(capture, way(port), Material(now=now())), way(port), now(), sick)
    for one, carried_out in ((told, ("a-remedy",)), (wrong, ())):
        record = one.saved.sent
        assert record is not None
        assert (record.carried_out, record.outcome) == (carried_out, "still-accepted")
        assert record.predicted is not None
        assert (record.predicted.status, record.as_predicted) == (
            403,
            False,
        )  # HTTPS is demanded; it ends before the lab
    gone = send(ready(capture, way(9), Material(now=now())), way(9, 1), now())
    assert gone.saved.sent is not None
    assert (gone.saved.sent.outcome, gone.saved.response) == ("no-answer", None)
    assert gone.saved.sent.error


def test_apply_needs_a_description_and_a_remedy_that_serves() -> None:
    url = ("--to", "http://127.0.0.1:9", "--dry-run")
    assert wssdoctor("send", str(CAPTURES), *url, "--apply", "refresh-icf-nodes").returncode == 2
    described = ("--system", str(landscape.FOLDER / "system.yaml"))
    assert wssdoctor("send", str(CAPTURES), *url, *described, "--apply", "refresh-icf-nodes").returncode == 2


@pytest.mark.parametrize("url", ["ftp://h", "https://h/path", "https://u:p@h", "h:80", "http://h:99999"])
def test_an_url_that_is_no_host_is_wrong_use(url: str) -> None:
    assert wssdoctor("send", str(CAPTURES), "--to", url, "--dry-run").returncode == 2
