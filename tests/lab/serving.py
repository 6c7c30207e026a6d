"""A lab served on a free port of this machine for the time of a ``with``."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wssdoctor.description.facts import Facts
from wssdoctor.lab.handshake import Handshake
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Arrival, Occurrence
from wssdoctor.lab.serving import Begun, Where, serve


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def served(
    facts: Facts,
    clock: Callable[[], dt.datetime] = now,
    provider: Provider | None = None,
    identity: tuple[Path, Path] | None = None,
    refused: list[Handshake] | None = None,
) -> Iterator[tuple[int, list[Arrival]]]:
    """Yield the port and the arrivals; with certificate and key in ``identity``, the lab speaks TLS.

    Connections on which no request could come are added to ``refused``.
    """
    arrivals: list[Arrival] = []
    lost: list[Handshake] = refused if refused is not None else []

    def heard(event: Occurrence) -> None:
        if isinstance(event, Arrival):
            arrivals.append(event)
        else:
            lost.append(event)

    chain, key = identity or (None, None)
    where = Where(port=0, tls=identity is not None, chain=chain, key=key, behind_tls=identity is None)
    begun: list[Begun] = []
    ready = threading.Event()

    def begin(one: Begun) -> None:
        begun.append(one)
        ready.set()

    arguments = (provider or Provider(facts), where, heard, lambda _: None, begin, clock)
    thread = threading.Thread(target=serve, args=arguments, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield int(begun[0].address.rpartition(":")[2]), arrivals
    finally:
        begun[0].end()
        thread.join(5)
