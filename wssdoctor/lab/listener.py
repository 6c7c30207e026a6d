"""The server of uvicorn, which ends in time: clients that are slow get their last answer, and are then let go.

uvicorn itself says on the error output how many of them it cancels, which is nobody's business, and an end like others.
"""

from __future__ import annotations

import asyncio
import socket

from uvicorn.config import Config
from uvicorn.server import Server

_LAST_ANSWER = 0.3
"""Seconds in which a client that was cancelled takes the answer that says so."""


class Listener(Server):
    """Waits some seconds for its clients once it is told to end."""

    def __init__(self, config: Config, patience: float) -> None:
        super().__init__(config)
        self._patience = patience

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End when the last client went, or was let go."""
        letting_go = asyncio.create_task(self._let_go())
        try:
            await super().shutdown(sockets)
        finally:
            letting_go.cancel()

    async def _let_go(self) -> None:
        await asyncio.sleep(self._patience)
        for task in tuple(self.server_state.tasks):
            task.cancel()
        await asyncio.sleep(_LAST_ANSWER)
        for connection in tuple(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
