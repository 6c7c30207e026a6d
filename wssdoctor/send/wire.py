"""One HTTP exchange with one host: verified TLS, no redirects, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from pathlib import Path

from msgspec import Struct

from wssdoctor.capture.capture import Headers, Response
from wssdoctor.capture.host import Host
from wssdoctor.errors import InputError

MAXIMUM_ANSWER = 16 * 1024 * 1024
"""Octets of an answer that are read."""
_HOP_BY_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection"})
_PIECE = 64 * 1024


class Target(Struct, frozen=True):
    """Where requests go: one host, over plain HTTP or verified TLS."""

    host: Host
    ca: Path | None = None
    """Certificates that end a chain of trust, instead of those of the operating system."""
    seconds: float = 30.0
    """How long an exchange may take in all."""


class SendError(Exception):
    """No HTTP answer came; the text says why, in words for people."""


def exchange(target: Target, method: str, path: str, headers: Headers, body: bytes) -> Response:
    """Send one request and read its answer. Raises ``SendError``, and ``InputError`` for certificates that are none."""
    connection = _connection(target)
    late = threading.Event()

    def end() -> None:
        late.set()
        if connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                return

    watch = threading.Timer(target.seconds, end)
    watch.daemon = True
    watch.start()
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.host.authority)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                connection.putheader(name, value.encode("latin-1", "replace"))
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body)
        answer = connection.getresponse()
        content = _read(answer)
        if late.is_set():
            raise SendError(f"the answer took longer than {target.seconds:g} s")
        return Response(answer.status, answer.reason, tuple(answer.getheaders()), content)
    except ssl.SSLCertVerificationError as error:
        raise SendError(f"the server's certificate is not trusted: {error.verify_message}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise SendError(f"no whole answer within {target.seconds:g} s") from None
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


def _connection(target: Target) -> http.client.HTTPConnection:
    host = target.host
    if host.scheme == "http":
        return http.client.HTTPConnection(host.name, host.port, timeout=target.seconds)
    try:
        context = ssl.create_default_context(cafile=str(target.ca) if target.ca else None)
    except (OSError, ssl.SSLError) as error:
        raise InputError.because(f"The certificates in {target.ca} cannot be used.", why=str(error)[:200]) from None
    return http.client.HTTPSConnection(host.name, host.port, timeout=target.seconds, context=context)
