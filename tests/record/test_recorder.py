"""The recorder keeps what went through it, octet by octet."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests import landscape
from tests.lab.serving import served
from wssdoctor.capture.read import read_bytes
from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.network.target import target
from wssdoctor.record.recorder import Recorder


@contextmanager
def recording(port: int) -> Iterator[tuple[int, list[Exchange]]]:
    heard: list[Exchange] = []
    ready = threading.Event()
    bound: list[int] = []
    loop = asyncio.new_event_loop()

    def started(_: str, number: int) -> None:
        bound.append(number)
        ready.set()

    async def serve() -> None:
        await Recorder(target(f"http://127.0.0.1:{port}"), heard.append).serve("127.0.0.1", 0, started)

    task = loop.create_task(serve())

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(5)
    yield bound[0], heard
    loop.call_soon_threadsafe(task.cancel)
    thread.join(5)
    loop.close()


def raw(port: int, *pieces: bytes) -> bytes:
    """Send pieces over one connection and return everything that comes back until it ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_what_is_recorded_is_what_was_sent_and_answered() -> None:
    (request, *_) = landscape.requests()
    sent = request.capture.request
    assert sent is not None
    body = sent.body
    head = (
        f"POST {sent.target} HTTP/1.1\r\nhOST: recorder:8001\r\nX-Odd:  two  blanks \r\nContent-Type: text/xml\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with served(landscape.facts()) as (port, arrived), recording(port) as (own, heard):
        answer = raw(own, head[:20], head[20:], body[:100], body[100:])
    assert heard[0].request == head + body
    assert heard[0].response == answer
    assert arrived[0].capture.request is not None
    assert ("Host", f"127.0.0.1:{port}") in arrived[0].capture.request.headers
    assert "passwords" in heard[0].remark
    capture = read_bytes(heard[0].octets(), "a.http")
    assert capture.envelope == request.capture.envelope
    assert capture.response is not None


def test_a_connection_that_stays_open_gives_one_exchange_a_request() -> None:
    (request, *_) = landscape.requests()
    sent = request.capture.request
    assert sent is not None
    with served(landscape.facts()) as (port, _), recording(port) as (own, heard):
        connection = http.client.HTTPConnection("127.0.0.1", own, timeout=10)
        for _ in range(3):
            connection.request("POST", sent.target, sent.body, {"Content-Type": "text/xml"})
            connection.getresponse().read()
        connection.request("POST", sent.target, iter([sent.body]), {"Content-Type": "text/xml"}, encode_chunked=True)
        connection.getresponse().read()
        connection.close()
    assert len(heard) == 4
    assert {read_bytes(one.octets(), "a").envelope for one in heard} == {request.capture.envelope}


def test_nothing_behind_it_is_said_to_the_client() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with recording(unused.getsockname()[1]) as (own, heard):
            answer = raw(own, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert heard[0].response == b""


def test_nonsense_ends_the_connection() -> None:
    with served(landscape.facts()) as (port, _), recording(port) as (own, heard):
        assert raw(own, b"\x16\x03\x01nonsense\r\n\r\n") == b""
    assert heard == []
