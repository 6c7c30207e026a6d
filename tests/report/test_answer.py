"""Real cases, from what people saw and said: the right cause comes first, or among the first three."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.landscape import MOMENT
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.knowledge.load import load
from wssdoctor.report.answer import answer, asking, concluded, interview, named
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
    ranks = [rank for rank, _ in module.ranks(module.read(module.CASES), sober=sober).values()]
    assert sum(rank == 1 for rank in ranks) >= first * len(ranks)
    assert sum(1 <= rank <= 3 for rank in ranks) >= three * len(ranks)


def test_questions_as_people_type_them_are_answered() -> None:
    module = benchmark()
    ranks = [rank for rank, _ in module.ranks(module.read(module.QUESTIONS)).values()]
    assert sum(rank == 1 for rank in ranks) >= 0.75 * len(ranks)
    assert sum(1 <= rank <= 3 for rank in ranks) >= 0.9 * len(ranks)


def test_each_cause_is_among_the_first_three_for_a_description_of_it() -> None:
    described: dict[str, str] = yaml.safe_load(
        (ROOT / "tests" / "data" / "descriptions.yaml").read_text(encoding="utf-8")
    )
    found = {cause: [one.cause for one in answer(text, BASE).causes[:3]] for cause, text in described.items()}
    assert described.keys() == BASE.causes.keys()
    assert {cause: first for cause, first in found.items() if cause not in first} == {}


def test_an_interview_about_a_sentence_starts_where_the_answer_does_and_follows_replies() -> None:
    text = "401 after system copy, UsernameToken, LOGON-RC-2"
    first = interview(text, Case(empty(), (), MOMENT), BASE)
    assert first.ranking[0].cause == answer(text, BASE).causes[0].cause
    then = first.answered({"technical_user.lock": 0})
    found = concluded(named(text, BASE), then)
    assert [one.id for one in found.recognised] == ["LOGON-RC-2"]
    assert found.causes[0].cause != "technical-user-locked"
    assert found.question is not None
    assert found.question["facts"]


def test_the_first_look_is_at_what_the_words_are_about() -> None:
    first = interview("401 after system copy, worked yesterday, UsernameToken", Case(empty(), (), MOMENT), BASE)
    assert first.ranking[0].cause == "technical-user-missing"
    assert first.question is not None
    assert first.question.about == "technical_user"


def test_the_answer_to_a_sentence_asks_for_the_look_that_tells_most() -> None:
    text = "401 unauthorized, the user may be locked"
    found = answer(text, BASE)
    asked = asking(found, interview(text, Case(empty(), (), MOMENT), BASE))
    assert asked.causes == found.causes
    assert asked.question is not None
    assert asked.question["cause"] == found.causes[0].cause
    assert asked.question["facts"][0]["obtain"]
    assert set(asked.question["decides"]) <= set(BASE.causes)


def test_every_message_and_every_other_name_is_explained() -> None:
    for message in BASE.messages.values():
        for name in (message.id, *message.aliases):
            assert message.id in [one.id for one in explain(name, BASE).recognised], name


def test_every_cause_is_explained_by_its_id() -> None:
    for cause in BASE.causes:
        assert explain(cause, BASE).causes[0].cause == cause


def test_what_somebody_says_is_explained_as_it_is_answered() -> None:
    said = "SSL handshake failed since the partner changed its certificate"
    assert explain(said, BASE) == answer(said, BASE)
    told = explain(said, BASE)
    assert {one.clue for one in told.understood} == {"partner-certificate-renewed", "tls-handshake"}
    assert told.causes[0].why
    assert not explain("[Thr 1] 10:00:01 " + said, BASE).causes
    assert len(explain("No mapping for SAML authentication found (Issuer CN=a)", BASE).causes) == 2
