"""A look at a server from outside: the TLS handshake and one anonymous GET, over plain sockets with a deadline.

The handshake is repeated without verification where verification fails, so that the chain can be shown; nothing but the
anonymous GET is sent over such a connection.
"""

from __future__ import annotations

import datetime as dt
import email.parser
import email.utils
import re
import socket
import ssl
import time
from typing import Any

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.network.observation import ServerClock
from wssdoctor.network.target import Target
from wssdoctor.network.tls import reason

SECONDS = 20.0
MAX_HEAD = 64 * 1024
MAX_BODY = 16 * 1024 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")


class Handshake(msgspec.Struct, frozen=True):
    """What a handshake showed; ``why`` says what does not verify."""

    version: str
    cipher: str
    why: str
    chain: tuple[bytes, ...]


class Seen(msgspec.Struct, frozen=True):
    """An answer to an anonymous GET, with the clock of this computer around it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    before: dt.datetime
    after: dt.datetime

    def header(self, name: str) -> str:
        """Return the first header field of a name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def look(to: Target, verifying: ssl.SSLContext, seconds: float = SECONDS) -> tuple[Handshake | None, Seen]:
    """Shake hands and ask once. Raises ``InputError`` where the server cannot be reached or does not speak HTTP."""
    end = time.monotonic() + seconds
    try:
        if not to.is_secure:
            with _connected(to, end) as plain:
                return None, _asked(plain, to, end)
        why = ""
        try:
            secure = _wrapped(to, verifying, end)
        except ssl.SSLError as error:
            why = reason(error)
            secure = _wrapped(to, _unverifying(), end)
        with secure:
            cipher = secure.cipher()
            shaken = Handshake(secure.version() or "", cipher[0] if cipher else "", why, _chain(secure))
            return shaken, _asked(secure, to, end)
    except ssl.SSLError as error:
        raise _failed(to, f"TLS: {reason(error)}") from None
    except TimeoutError:
        raise _failed(to, f"it took longer than {seconds:g} s") from None
    except (OSError, UnicodeError) as error:
        raise _failed(to, getattr(error, "strerror", None) or str(error)) from None


def clock(seen: Seen) -> ServerClock | None:
    """Compare the header field Date (RFC 9110, section 6.6.1) with the clock of this computer; None without one."""
    try:
        date = email.utils.parsedate_to_datetime(seen.header("date"))
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=dt.UTC)
    least, most = (date - seen.after).total_seconds(), (date - seen.before).total_seconds() + 1
    trip = (seen.after - seen.before).total_seconds()
    return ServerClock(date, round(least, 3), round(most, 3), round(trip, 3))


def _connected(to: Target, end: float) -> socket.socket:
    return socket.create_connection((to.host, to.port), _left(end))


def _wrapped(to: Target, context: ssl.SSLContext, end: float) -> ssl.SSLSocket:
    connected = _connected(to, end)
    try:
        return context.wrap_socket(connected, server_hostname=to.host)
    except BaseException:
        connected.close()
        raise


def _unverifying() -> ssl.SSLContext:
    """Return a context that takes any certificate and any version, only to look at them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _chain(secure: ssl.SSLSocket) -> tuple[bytes, ...]:
    """Return the certificates as sent. Before Python 3.13 only an inner object gives them."""
    giver: Any = secure if hasattr(secure, "get_unverified_chain") else getattr(secure, "_sslobj", None)
    try:
        found = giver.get_unverified_chain()
    except AttributeError:
        found = [secure.getpeercert(binary_form=True)]
    return tuple(
        each if isinstance(each, bytes) else ssl.PEM_cert_to_DER_cert(each.public_bytes())
        for each in found or ()
        if each
    )


def _asked(connection: socket.socket, to: Target, end: float) -> Seen:
    host = to.origin.partition("://")[2]
    # HTTP/1.0: the answer ends where the connection does, in one piece.
    request = f"GET {to.resource} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: wssdoctor\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    before = dt.datetime.now(dt.UTC)
    connection.sendall(request.encode("ascii"))
    data, after = b"", None
    while b"\r\n\r\n" not in data and b"\n\n" not in data:
        piece = _received(connection, end)
        after = after or dt.datetime.now(dt.UTC)
        data += piece
        if not piece or len(data) > MAX_HEAD:
            raise _failed(to, "its answer is no HTTP, or its header is too long")
    match = _STATUS.match(data)
    if match is None or after is None:
        raise _failed(to, "its answer is no HTTP")
    head, _, body = data[match.end() :].replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
    headers = email.parser.HeaderParser().parsestr(head.decode("latin-1") + "\n\n")
    length = headers.get("Content-Length", "")
    wanted = min(int(length), MAX_BODY) if length.isascii() and length.isdigit() and len(length) < 12 else MAX_BODY
    while len(body) < wanted and (piece := _received(connection, end)):
        body += piece
    fields = tuple((name, str(value)) for name, value in headers.items())
    return Seen(int(match[1]), fields, body[:wanted], before, after)


def _received(connection: socket.socket, end: float) -> bytes:
    connection.settimeout(_left(end))
    try:
        return connection.recv(65536)
    except ssl.SSLEOFError:
        return b""


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _failed(to: Target, why: str) -> InputError:
    place = Place(file=to.origin)
    return InputError.because(
        "the server cannot be looked at", place=place, why=why, hint="check host, port and network"
    )
