"""What is remembered is what would be worked out again."""

from __future__ import annotations

import pytest

from tests.landscape import MOMENT, case, facts
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.memory import Memory


@pytest.mark.parametrize(
    "values",
    [
        {"technical_user.lock": 64},
        {"users[0].lock": 64},
        {"users[0].name": "SOMEBODY"},
        {"icf.nodes[0].path": "/elsewhere"},
        {"clock.offset_seconds": 4000},
        {"bindings[0].authentication": "saml"},
        {"pses[0].exists": False},
    ],
)
def test_a_run_over_changed_facts_is_the_same_with_and_without_memory(values: dict[str, object]) -> None:
    warm = case()
    run(warm)
    changed = change(facts(), values)
    remembered = run(Case(changed, warm.requests, MOMENT, warm.memory))
    fresh = run(Case(changed, warm.requests, MOMENT))
    assert remembered == fresh


def test_an_answer_is_kept_for_as_long_as_what_it_read_stays_the_same() -> None:
    asked: list[object] = []

    def lock(known: Facts) -> object:
        asked.append(known)
        return known.value("technical_user.lock")

    memory = Memory()
    for offset in (0, 1, 2):
        assert memory.recall("lock", change(facts(), {"clock.offset_seconds": offset}), lock) == 0
    assert memory.recall("lock", change(facts(), {"technical_user.lock": 64}), lock) == 64
    assert len(asked) == 2
