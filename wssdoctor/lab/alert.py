"""TLS that tells clients why a handshake fails: asyncio drops the alert with which OpenSSL ends it (RFC 8446, section 6)."""

from __future__ import annotations

import asyncio
import ssl
from contextvars import ContextVar

TRANSPORT: ContextVar[asyncio.WriteTransport] = ContextVar("TRANSPORT")
"""Where the alert of the handshake goes that is begun in this context."""


class _Object(ssl.SSLObject):
    """Sends what is left to be sent when the handshake fails."""

    outgoing: ssl.MemoryBIO
    transport: asyncio.WriteTransport

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError:
            self.transport.write(self.outgoing.read())
            raise


class AlertingContext(ssl.SSLContext):
    """A context whose handshakes send their alert."""

    sslobject_class = _Object

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        made = super().wrap_bio(incoming, outgoing, server_side, server_hostname, session)
        assert isinstance(made, _Object)
        made.outgoing, made.transport = outgoing, TRANSPORT.get()
        return made
