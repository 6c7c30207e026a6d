"""The way into the lab: what TLS asks of each new connection, as the description says now, and who is not let in."""

from __future__ import annotations

import ssl

from wssdoctor.lab.asking import Asking, asking
from wssdoctor.lab.handshake import explained
from wssdoctor.lab.identity import Identity
from wssdoctor.lab.server import Application


class Door:
    """Lets connections in. Changes of the description count from the next connection on."""

    def __init__(self, application: Application, identity: Identity | None) -> None:
        """Speak TLS with this identity, or plain HTTP. Raises ``OSError`` or ``ValueError`` where it cannot be used."""
        self._application = application
        self._identity = identity
        self._facts = application.described()
        self.asks: Asking | None = asking(self._facts) if identity is not None else None
        """What TLS asks of clients."""
        self._context = self.asks.context(identity) if self.asks is not None and identity is not None else None

    def context(self) -> ssl.SSLContext | None:
        """Return the context for a new connection; None where TLS is not spoken."""
        facts = self._application.described()
        if self._identity is not None and facts is not self._facts:
            self._facts = facts
            asks = asking(facts)
            if asks != self.asks:
                self._context = asks.context(self._identity)
                self.asks = asks
                self._application.say(asks.explained())
        return self._context

    def failed(self, client: str, error: BaseException) -> None:
        """Tell of a handshake that failed, with its reason."""
        unknown = self.asks.unknown if self.asks is not None else ()
        self._application.refuse(client, "handshake", *explained(error, unknown))

    def refused(self, client: str, reason: str, says: str) -> None:
        """Tell of a connection that was refused for another reason."""
        self._application.refuse(client, "connection", reason, says)
