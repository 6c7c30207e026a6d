"""Real cases, from what people saw and said: the right cause comes first, or among the first three."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from wssdoctor.knowledge.base import load
from wssdoctor.report.answer import Interview, answer
from wssdoctor.report.explanation import explain

BASE = load(overlays=())
ROOT = Path(__file__).parents[2]


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cases_benchmark", ROOT / "benchmarks" / "cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("sober", "first", "three"), [(False, 0.9, 0.95), (True, 0.65, 0.85)])
def test_the_right_cause_comes_first(sober: bool, first: float, three: float) -> None:
    module = benchmark()
    ranks = [rank for rank, _ in module.ranks(module.CASES, sober=sober).values()]
    assert sum(rank == 1 for rank in ranks) >= first * len(ranks)
    assert sum(1 <= rank <= 3 for rank in ranks) >= three * len(ranks)


def test_a_cause_that_is_said_not_to_be_so_goes_last_and_one_that_is_said_to_be_so_first() -> None:
    interview = Interview(answer("401 unauthorized, the user may be locked", BASE), BASE)
    first = interview.question
    assert first is not None
    interview = interview.answered("n")
    assert interview.explanation.causes[-1].cause == first.cause
    second = interview.question
    assert second is not None
    assert second.cause != first.cause
    interview = interview.answered("y")
    assert interview.explanation.causes[0].cause == second.cause
    assert interview.explanation.causes[0].status == "possible"
    assert interview.question is None


def test_skipping_asks_each_likely_cause_once() -> None:
    interview = Interview(answer("401 after system copy, UsernameToken", BASE), BASE)
    asked = []
    while (question := interview.question) is not None:
        asked.append(question.cause)
        interview = interview.answered("skip")
    assert len(asked) == len(set(asked)) > 1


def test_every_message_and_every_other_name_is_explained() -> None:
    for message in BASE.messages.values():
        for name in (message.id, *message.aliases):
            assert message.id in [one.id for one in explain(name, BASE).recognised], name


def test_every_cause_is_explained_by_its_id() -> None:
    for cause in BASE.causes:
        assert explain(cause, BASE).causes[0].cause == cause
