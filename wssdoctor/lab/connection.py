"""A connection of the lab's server: TLS first where it is spoken, then requests whose header comes in time.

uvicorn neither tells an application the certificate of its client, nor why a handshake failed, so TLS begins here. The
certificate goes on in the TLS extension of ASGI.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.server import ServerState

from wssdoctor.lab.alert import TRANSPORT
from wssdoctor.lab.handshake import HANDSHAKE_SECONDS

MAXIMUM_CONNECTIONS = 500
HEADER_SECONDS = 15.0
"""How long a client may take for the header of a request, from the connection or the first octet of the header on."""
_TOO_MANY = b"The lab has as many connections as it may hold.\n"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Retry-After: 1\r\nContent-Length: %d\r\n\r\n%s" % (len(_TOO_MANY), _TOO_MANY)
)
_TLS_VERSIONS = {"TLSv1.2": 0x0303, "TLSv1.3": 0x0304}
_CLIENT_HELLO = b"\x16\x03"
"""How the first record of TLS begins (RFC 8446, section 5.1)."""


class Door(Protocol):
    """What connections ask before they let requests in, and tell of those that they let go."""

    def context(self) -> ssl.SSLContext | None:
        """Return the context for a new connection; None where TLS is not spoken."""

    def failed(self, client: str, error: BaseException) -> None:
        """Hear of a handshake that failed."""

    def refused(self, client: str, reason: str, says: str) -> None:
        """Hear of a connection that was refused for another reason."""


class Connection(H11Protocol):
    """Closes where a header does not come to its end; uvicorn itself waits without end for it."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = door
        self._waiting: asyncio.TimerHandle | None = None
        self._securing: asyncio.Task[None] | None = None
        self._open = False
        """Whether requests can come: with TLS, not before the end of the handshake."""
        self._early = b""
        """What came with the end of the handshake."""
        self._begins = b""
        """The first octets of the header that is awaited."""
        self._client = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._client = (get_remote_addr(transport) or ("",))[0]
        context = self._door.context()
        if len(self.connections) >= MAXIMUM_CONNECTIONS:
            if context is None:
                transport.write(_FULL)
            transport.close()
            self._door.refused(self._client, "too-many-connections", f"{MAXIMUM_CONNECTIONS} connections are open")
        elif context is None:
            self._begin(transport)
        else:
            self.connections.add(self)
            self._securing = self.loop.create_task(self._secure(transport, context))

    def _begin(self, transport: asyncio.Transport) -> None:
        self._open = True
        super().connection_made(transport)
        self._wait()

    async def _secure(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        TRANSPORT.set(transport)
        try:
            secured = await self.loop.start_tls(
                transport, self, context, server_side=True, ssl_handshake_timeout=HANDSHAKE_SECONDS
            )
            if secured is None or secured.is_closing():
                raise ConnectionResetError
        except asyncio.CancelledError:  # the lab ends
            self.connections.discard(self)
            transport.abort()
            raise
        except OSError as error:
            self.connections.discard(self)
            transport.abort()
            self._securing = None
            self._door.failed(self._client, error)
            return
        self.app = _telling(self.app, secured.get_extra_info("ssl_object"))
        self._begin(secured)
        if self._early:
            early, self._early = self._early, b""
            self.data_received(early)

    def shutdown(self) -> None:
        if self._open:
            super().shutdown()
        elif self._securing is not None:
            self._securing.cancel()

    def data_received(self, data: bytes) -> None:
        if not self._open:
            self._early += data
            return
        self._begins = self._begins or data[: len(_CLIENT_HELLO)]
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._have_done()  # the request is there; its body has a time of its own
            self._begins = b""
        elif self._waiting is None:
            self._wait()

    def send_400_response(self, msg: str) -> None:
        if self._begins == _CLIENT_HELLO:
            self._door.refused(self._client, "tls-on-plain-port", "TLS came to a port that speaks plain HTTP")
        else:
            self._door.refused(self._client, "no-http", "what came is no HTTP request, or its header is too large")
        super().send_400_response(msg)

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_done()
        if self._open:
            super().connection_lost(exc)
        else:
            self.connections.discard(self)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self._let_go)

    def _let_go(self) -> None:
        if self._begins:
            late = f"the header of a request did not come to its end within {HEADER_SECONDS:g} s"
            self._door.refused(self._client, "header-timeout", late)
        self.transport.abort()

    def _have_done(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _telling(application: Callable[..., Any], tls: ssl.SSLObject) -> Callable[..., Any]:
    """Let an application know what TLS told (ASGI, TLS extension 0.2)."""
    octets = tls.getpeercert(binary_form=True)
    extension = {
        "server_cert": None,
        "client_cert_chain": [ssl.DER_cert_to_PEM_cert(octets)] if octets else [],
        "client_cert_name": None,
        "client_cert_error": None,
        "tls_version": _TLS_VERSIONS.get(tls.version() or ""),
        "cipher_suite": None,
    }

    async def told(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await application({**scope, "extensions": {**scope.get("extensions", {}), "tls": extension}}, receive, send)

    return told
