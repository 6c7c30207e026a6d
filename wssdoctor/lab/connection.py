"""A connection of the lab's server whose client has to send the header of a request in time."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEADER_SECONDS = 15.0
"""How long a client may take for the header of a request, from the connection or the first octet of the header on."""


class Connection(H11Protocol):
    """Closes where a header does not come to its end; uvicorn itself waits without end for it."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._have_done()  # the request is there; its body has a time of its own
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_done()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _have_done(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
