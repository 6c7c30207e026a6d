"""Running the lab's server: uvicorn with bounds, plain or with TLS."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct

from wssdoctor.errors import InputError
from wssdoctor.lab.door import Door
from wssdoctor.lab.identity import Identity, identity
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Application, Clock, Heard, now

MAXIMUM_HEADER = 64 * 1024
KEEP_ALIVE_SECONDS = 15
END_SECONDS = 2
"""How long requests that are under way may take when the lab ends."""


class Where(Struct, frozen=True):
    """Where a lab listens, and how it speaks."""

    listen: str = "127.0.0.1"
    port: int = 8000
    """0 takes a free one."""
    tls: bool = False
    chain: Path | None = None
    key: Path | None = None
    """Of the certificate; both are made where neither is there, and for this run where neither is named."""
    behind_tls: bool = False
    """Whether plain HTTP counts as if TLS had ended before it."""


class Begun(Struct, frozen=True):
    """A lab that listens."""

    address: str
    """``https://host:port``."""
    identity: Identity | None
    """Its certificate, with TLS."""
    asks: str
    """What TLS asks of clients; empty without TLS."""
    end: Callable[[], None]
    """Ends it; may be called from another thread."""


def serve(
    provider: Provider,
    where: Where,
    heard: Heard,
    said: Callable[[str], None],
    begun: Callable[[Begun], None],
    clock: Clock = now,
) -> None:
    """Serve until interrupted or ended. Raises ``InputError`` where the address or the certificate cannot be used.

    ``heard`` is called with each event, ``said`` with a line about the description, ``begun`` once it listens. ``clock``
    is the consumer's.
    """
    try:
        import uvicorn
    except ImportError:
        raise InputError.because(
            "The lab needs the package uvicorn.", hint="Install it: pip install 'wssdoctor[live]'"
        ) from None
    from wssdoctor.lab.connection import Connection
    from wssdoctor.lab.listener import Listener

    application = Application(provider, heard, said, "https" if where.behind_tls else None, clock)
    with (
        _bound(where.listen, where.port) as listening,
        identity(where.tls, where.chain, where.key, where.listen) as own,
    ):
        try:
            door = Door(application, own)
        except (OSError, ValueError) as error:
            raise InputError.because("The certificate cannot be used.", why=str(error)) from None
        config = uvicorn.Config(
            application,
            log_config=None,
            log_level="error",
            access_log=False,
            lifespan="off",
            http=partial(Connection, door=door),  # type: ignore[arg-type]
            ws="none",
            date_header=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            h11_max_incomplete_event_size=MAXIMUM_HEADER,
        )
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        server = Listener(config, END_SECONDS)

        def end() -> None:
            server.should_exit = True

        address = f"{'https' if where.tls else 'http'}://{shown}:{port}"
        begun(Begun(address, own, door.asks.explained() if door.asks is not None else "", end))
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:  # uvicorn raises it again once everything is closed
            return


@contextmanager
def _bound(listen: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((listen, port))
            listening.listen()
        except OSError as error:
            hint = "End the program that holds the port, or take another: 'wssdoctor lab --port 0' takes a free one."
            raise InputError.because(
                f"{listen}:{port} cannot be listened on.", why=error.strerror or str(error), hint=hint
            ) from None
        yield listening
