"""A lab served on a free port of this machine for the time of a ``with``."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from wssdoctor.description.facts import Facts
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Application, Arrival


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def served(
    facts: Facts,
    clock: Callable[[], dt.datetime] = now,
    provider: Provider | None = None,
    identity: tuple[Path, Path] | None = None,
) -> Iterator[tuple[int, list[Arrival]]]:
    """Yield the port and the arrivals; with certificate and key in ``identity``, the lab speaks TLS."""
    heard: list[Arrival] = []
    application = Application(provider or Provider(facts), heard.append, lambda _: None, "https", clock)
    chain, key = (str(identity[0]), str(identity[1])) if identity else (None, None)
    config = uvicorn.Config(
        application,
        log_config=None,
        lifespan="off",
        http="h11",
        ws="none",
        date_header=False,
        ssl_certfile=chain,
        ssl_keyfile=key,
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield listening.getsockname()[1], heard
        server.should_exit = True
        thread.join(5)
