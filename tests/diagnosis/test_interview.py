"""The interview: each answer is a fact, the ranking follows it, and no state ever changes."""

from __future__ import annotations

import pytest

from tests.landscape import MOMENT
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.answered import SOURCE
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.interview import Interview, begin
from wssdoctor.knowledge.load import load

BASE = load(overlays=())


def seen(*messages: str) -> Interview:
    return begin(Case(empty(), (), MOMENT), BASE, Evidence(messages=messages))


def test_an_answer_is_a_fact_that_moves_the_ranking() -> None:
    first = seen("HTTP-401", "LOGON-RC-2")
    question = first.question
    assert question is not None
    wanted = next(one for one in question.facts if one.path == "technical_user.lock")
    assert [choice.value for choice in wanted.choices if choice.usual] == [0]
    then = first.answered({wanted.path: 64})
    assert then.case.facts.value(wanted.path) == 64
    assert then.case.facts.place(wanted.path).file == SOURCE
    assert then.found == "technical-user-locked"
    assert then.question is None
    assert then.answers == {wanted.path: 64}
    assert then.before is first
    assert first.answers == {}


def test_names_that_only_an_example_has_are_no_answers_to_choose() -> None:
    question = seen().question
    assert question is not None
    assert "consumer.calls[0].peer.client_authorities" in [one.path for one in question.facts]
    assert not [choice for one in question.facts for choice in one.choices if "CN=" in choice.shown]


def test_a_usual_answer_makes_its_causes_less_likely() -> None:
    first = seen("HTTP-401", "LOGON-RC-2")
    question = first.question
    assert question is not None
    then = first.answered({one.path: choice.value for one in question.facts for choice in one.choices if choice.usual})
    before, after = (
        sum(one.share for one in state.ranking if one.cause in question.decides) for state in (first, then)
    )
    assert after < before


def test_what_is_skipped_is_not_asked_again_and_the_interview_ends() -> None:
    interview = seen("HTTP-401")
    asked: list[str] = []
    while (question := interview.question) is not None:
        asked += [one.path for one in question.facts] or [question.about]
        interview = interview.skipped()
    assert len(asked) == len(set(asked)) > 5
    assert interview.found is None


def test_a_value_that_a_fact_cannot_have_is_refused() -> None:
    interview = seen("HTTP-401", "LOGON-RC-2")
    with pytest.raises(ValueError, match="lock"):
        interview.answered({"technical_user.lock": "often"})


def test_what_is_said_of_a_cause_proves_nothing_and_ranks_it() -> None:
    interview = seen("HTTP-405")
    question = interview.question
    while question is not None and question.cause is None:
        interview = interview.skipped()
        question = interview.question
    assert question is not None
    then = interview.said(True)
    assert then.ranking[0].cause == question.cause
    assert then.ranking[0].status == "possible"
