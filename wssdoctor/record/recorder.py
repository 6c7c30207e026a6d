"""Forwarding requests to one host, octet by octet. h11 says where messages end; what is kept is what came."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import h11

from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.errors import InputError
from wssdoctor.network.target import Target
from wssdoctor.network.tls import verifying

MAXIMUM_MESSAGE = 64 * 1024 * 1024
"""Octets of one request or one answer."""
MAXIMUM_CONNECTIONS = 100
SECONDS = 60.0
"""How long a message may take."""
_PIECE = 64 * 1024
_MAXIMUM_HEADER = 64 * 1024
_HOST = re.compile(rb"(?im)^host:[^\r\n]*")
_SECRETS = (
    ("HTTP logon data", re.compile(rb"(?im)^(?:authorization|cookie|set-cookie|mysapsso2):|sap-password=")),
    ("passwords", re.compile(rb"<(?:[\w.-]+:)?Password[\s>]")),
    ("assertions", re.compile(rb"<(?:[\w.-]+:)?Assertion[\s>]")),
)


class _TooMuchError(Exception):
    """A message has more octets than are kept."""


class Recorder:
    """Forwards what clients send. ``heard`` is called with each exchange that came to its end."""

    def __init__(self, upstream: Target, heard: Callable[[Exchange], None], ca: Path | None = None) -> None:
        """``ca`` holds certificates that end a chain of trust. Raises ``InputError`` where it does not."""
        self._upstream = upstream
        self._heard = heard
        self._number = 0
        self._running: set[asyncio.Task[None]] = set()
        self._open = asyncio.Semaphore(MAXIMUM_CONNECTIONS)
        self._tls = verifying(ca) if upstream.is_secure else None

    async def serve(self, listen: str, port: int, started: Callable[[str, int], None]) -> None:
        """Listen until cancelled. Raises ``InputError`` where the address cannot be listened on."""
        try:
            server = await asyncio.start_server(self._connected, listen, port)
        except OSError as error:
            raise InputError.because(
                f"{listen}:{port} cannot be listened on.", why=error.strerror or str(error), hint="Take another port."
            ) from None
        try:
            async with server:
                started(*server.sockets[0].getsockname()[:2])
                await server.serve_forever()
        finally:
            for one in (running := tuple(self._running)):
                one.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            async with self._open:
                rest = b""
                while True:
                    rest, again = await self._forward(reader, writer, rest)
                    if not again:
                        break
        except (OSError, EOFError, TimeoutError, h11.ProtocolError, _TooMuchError):
            pass  # the client hears of it by the end of the connection
        finally:
            self._running.discard(task)
            writer.close()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes
    ) -> tuple[bytes, bool]:
        """Forward one request and its answer; return what the client sent after it, and whether it goes on."""
        side = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAXIMUM_HEADER)
        request, head, rest = await asyncio.wait_for(_message(side, reader, rest, writer), SECONDS)
        if not isinstance(head, h11.Request):
            return b"", False
        moment = dt.datetime.now(dt.UTC)
        try:
            answer, closes = await asyncio.wait_for(self._answer(request, head, writer), SECONDS)
        except (OSError, EOFError, TimeoutError, h11.ProtocolError, _TooMuchError) as error:
            said = f"The recorder got no answer from {self._upstream.authority}: {type(error).__name__}\n".encode()
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nConnection: close\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(said), said))
            await writer.drain()
            answer, closes = b"", True
        self._number += 1
        held = [name for name, pattern in _SECRETS if pattern.search(request) or pattern.search(answer)]
        target = head.target.decode("latin-1")
        self._heard(
            Exchange(
                f"{self._number:05d}",
                request,
                answer,
                url=f"{self._upstream.origin}{target if target.startswith('/') else ''}",
                moment=moment,
                remark=f"secret: holds {', '.join(held)}" if held else "",
            )
        )
        keeps = any(name == b"connection" and value.lower() == b"close" for name, value in head.headers)
        return rest, not closes and not keeps and head.http_version == b"1.1"

    async def _answer(self, request: bytes, head: h11.Request, writer: asyncio.StreamWriter) -> tuple[bytes, bool]:
        """Send a request on, and pass its answer back; return the answer, and whether the connection ends with it."""
        reader, upstream = await asyncio.open_connection(
            self._upstream.host, self._upstream.port, ssl=self._tls, limit=_PIECE
        )
        try:
            end = request.find(b"\r\n\r\n")
            named = _HOST.sub(b"Host: " + self._upstream.authority.encode("latin-1"), request[:end], count=1)
            upstream.write(named + request[end:])
            await upstream.drain()
            side = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAXIMUM_HEADER)
            side.send(h11.Request(method=head.method, target=head.target, headers=[(b"Host", b"h")]))
            side.send(h11.EndOfMessage())
            answer, begins, _ = await _message(side, reader, b"", None, writer)
            closes = isinstance(begins, h11.Response) and side.their_state is not h11.DONE
            return answer, closes
        finally:
            upstream.close()


async def _message(
    side: h11.Connection,
    reader: asyncio.StreamReader,
    rest: bytes,
    waiting: asyncio.StreamWriter | None = None,
    onward: asyncio.StreamWriter | None = None,
) -> tuple[bytes, h11.Event | None, bytes]:
    """Read one message; return its octets, its head, and the octets behind it.

    ``waiting`` is told to go on where it waits for 100 Continue; ``onward`` gets the octets as they come.
    """
    kept = bytearray()
    head: h11.Event | None = None
    piece = rest
    while True:
        if piece:
            kept += piece
            if onward is not None:
                onward.write(piece)
                await onward.drain()
            side.receive_data(piece)
        while True:
            event = side.next_event()
            if isinstance(event, h11.Request | h11.Response):
                head = event
            if isinstance(event, h11.EndOfMessage):
                behind = bytes(side.trailing_data[0])
                return bytes(kept[: len(kept) - len(behind)]), head, behind
            if isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                return bytes(kept), head, b""
            if event is h11.NEED_DATA:
                break
        if len(kept) > MAXIMUM_MESSAGE:
            raise _TooMuchError
        if waiting is not None and side.they_are_waiting_for_100_continue:
            waiting.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await waiting.drain()
            side.send(h11.InformationalResponse(status_code=100, headers=[]))
        piece = await reader.read(_PIECE)
        if not piece:
            side.receive_data(b"")
