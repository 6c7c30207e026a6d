"""Real clients see what the model predicts; ``python -m benchmarks.clients`` has every kind with every fault.

What they show is in the list of what users see, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.clients import seen
from tests.lab.clients.catalogue import PROGRAMS, Program
from tests.lab.clients.matrix import Bench, Cell
from wssdoctor.knowledge.load import load

SICK = {
    "zeep": "username-text",
    "zeep-xmlsec": "binary-signature",
    "node-soap": "WSSecurityCert",
    "WSS4J": "saml2-holder-of-key",
    "gSOAP": "signature-binary",
    "curl": "username-text",
}
"""The kind with which each client meets the first fault of each cause."""


def cells(bench: Bench, program: Program) -> Iterator[Cell]:
    base = load()
    for kind in program.kinds:
        healthy, arrival = bench.healthy(kind)
        yield healthy
        if kind.name == SICK[program.name]:
            yield from bench.sick(kind, arrival, base, first_only=True)


@pytest.mark.parametrize("program", PROGRAMS, ids=[one.name for one in PROGRAMS])
def test_a_client_sees_what_is_predicted(program: Program, tmp_path: Path) -> None:
    try:
        program.version()
    except LookupError as error:
        pytest.skip(str(error))
    with Bench(program, tmp_path) as bench:
        found = list(cells(bench, program))
    assert [one for one in found if not one.same] == []
    base = load()
    listed = {text.shown: {*text.causes, ""} for text in seen.load()[program.name].texts}
    told = [text for one in found for text in one.told(base)]
    assert [one for one in told if one[1] not in listed.get(one[0], ())] == []
    assert {one.cause for one in found} >= {"", "user-locked", "technical-user-missing"}
