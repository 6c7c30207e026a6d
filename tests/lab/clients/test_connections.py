"""What real clients show where TLS or the network fails names its cause; of a good server, and of an HTTP status, none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.clients.connections import CLIENTS, FAULTS, Client, serving
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import recognise
from wssdoctor.knowledge.telling import telling

BASE = load(overlays=())


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("servers")
    with serving(folder) as urls:
        yield folder / "ca.pem", urls


@pytest.mark.parametrize("client", CLIENTS, ids=[one.name for one in CLIENTS])
def test_what_a_client_shows_of_a_failed_connection_names_its_cause(
    client: Client, servers: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    if missing := client.missing():
        pytest.skip(missing)
    authority, urls = servers
    shown = dict(zip(urls, client.show(authority, list(urls.values()), tmp_path), strict=True))
    named = {
        fault: {cause for one in telling(recognise(text, BASE), BASE) for cause in BASE.messages[one.id].causes}
        for fault, text in shown.items()
    }
    assert {fault: text for fault, text in shown.items() if not {*FAULTS.get(fault, ())} <= named[fault]} == {}
    assert "404" in shown["good"]
