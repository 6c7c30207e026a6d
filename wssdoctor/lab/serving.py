"""Running the lab's server: uvicorn with bounds, plain or with TLS."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from wssdoctor.errors import InputError
from wssdoctor.lab.identity import Identity, identity
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Application, Arrival

MAXIMUM_CONNECTIONS = 500
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
    end: Callable[[], None]
    """Ends it; may be called from another thread."""


def serve(
    provider: Provider,
    where: Where,
    heard: Callable[[Arrival], None],
    said: Callable[[str], None],
    begun: Callable[[Begun], None],
) -> None:
    """Serve until interrupted or ended. Raises ``InputError`` where the address or the certificate cannot be used.

    ``heard`` is called with each arrival, ``said`` with a line about the description, ``begun`` once it listens.
    """
    try:
        import uvicorn
    except ImportError:
        raise InputError.because(
            "The lab needs the package uvicorn.", hint="Install it: pip install 'wssdoctor[live]'"
        ) from None
    from wssdoctor.lab.connection import Connection

    application = Application(provider, heard, said, "https" if where.behind_tls else None)
    with (
        _bound(where.listen, where.port) as listening,
        identity(where.tls, where.chain, where.key, where.listen) as own,
    ):
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            http=Connection,
            ws="none",
            date_header=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MAXIMUM_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=END_SECONDS,
            h11_max_incomplete_event_size=MAXIMUM_HEADER,
            ssl_certfile=str(own.chain) if own else None,
            ssl_keyfile=str(own.key) if own else None,
        )
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        server = uvicorn.Server(config)

        def end() -> None:
            server.should_exit = True

        try:
            config.load()
        except (OSError, ValueError) as error:
            raise InputError.because("The certificate cannot be used.", why=str(error)) from None
        begun(Begun(f"{'https' if where.tls else 'http'}://{shown}:{port}", own, end))
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
            hint = "Take another port: --port 0 takes a free one."
            raise InputError.because(
                f"{listen}:{port} cannot be listened on.", why=error.strerror or str(error), hint=hint
            ) from None
        yield listening
