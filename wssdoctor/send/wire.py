"""One HTTP exchange with one host: verified TLS, no redirects, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from wssdoctor.capture.capture import Headers, Response
from wssdoctor.network.target import Target
from wssdoctor.network.tls import reason, verifying

MAXIMUM_ANSWER = 16 * 1024 * 1024
"""Octets of an answer that are read."""
_HOP_BY_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection"})
_PIECE = 64 * 1024


class ClientIdentity(Struct, frozen=True):
    """A certificate for TLS with its key: a file in PEM, which is read at each connection."""

    file: Path
    certificate: bytes
    """In DER."""
    password: Callable[[], str]

    def __repr__(self) -> str:
        return f"ClientIdentity({str(self.file)!r})"


class Way(Struct, frozen=True):
    """Where requests go, over plain HTTP or verified TLS, and how long that may take."""

    to: Target
    authorities: Path | None = None
    """Certificates that end a chain of trust, instead of those of the operating system."""
    seconds: float = 30.0
    """How long an exchange may take in all."""
    client: ClientIdentity | None = None
    """With what the client authenticates in TLS, where it is asked for."""


class SendError(Exception):
    """No HTTP answer came; the text says why, in words for people."""


def exchange(way: Way, method: str, path: str, headers: Headers, body: bytes) -> Response:
    """Send one request and read its answer. Raises ``SendError``, and ``InputError`` for certificates that are none."""
    connection = _connection(way)
    late = threading.Event()

    def end() -> None:
        late.set()
        if connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                return

    watch = threading.Timer(way.seconds, end)
    watch.daemon = True
    watch.start()
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", way.to.authority)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                connection.putheader(name, value.encode("latin-1", "replace"))
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body)
        answer = connection.getresponse()
        content = _read(answer)
        if late.is_set():
            raise SendError(f"the answer took longer than {way.seconds:g} s")
        return Response(answer.status, answer.reason, tuple(answer.getheaders()), content)
    except ssl.SSLError as error:
        raise SendError(f"TLS: {reason(error)}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise SendError(f"no whole answer within {way.seconds:g} s") from None
        raise SendError(str(error)[:200] or type(error).__name__) from None
    finally:
        watch.cancel()
        connection.close()


def _read(answer: http.client.HTTPResponse) -> bytes:
    content = bytearray()
    while piece := answer.read(_PIECE):
        content += piece
        if len(content) > MAXIMUM_ANSWER:
            raise SendError(f"the answer has more than {MAXIMUM_ANSWER} octets")
    if answer.length:
        raise SendError(f"the answer ended {answer.length} octets too early")
    return bytes(content)


def _connection(way: Way) -> http.client.HTTPConnection:
    to = way.to
    if not to.is_secure:
        return http.client.HTTPConnection(to.host, to.port, timeout=way.seconds)
    context = verifying(way.authorities)
    if way.client is not None:
        context.load_cert_chain(way.client.file, password=way.client.password)
    return http.client.HTTPSConnection(to.host, to.port, timeout=way.seconds, context=context)
