"""An interview at the prompt, with somebody who types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.landscape import MOMENT
from wssdoctor.cli.ask import _save
from wssdoctor.cli.interviewing import interviewed
from wssdoctor.description.load import empty, load
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.interview import Interview, begin
from wssdoctor.knowledge.load import load as knowledge
from wssdoctor.report.shown import shown

BASE = knowledge(overlays=())


def locked() -> Interview:
    return begin(Case(empty(), (), MOMENT), BASE, Evidence(messages=("HTTP-401", "LOGON-RC-2")))


def typing(lines: Iterable[str]) -> Callable[[str], str]:
    rest = iter(lines)
    return lambda _: next(rest)


def lock_is(interview: Interview, text: str) -> list[str]:
    question = interview.question
    assert question is not None
    return [text if one.path == "technical_user.lock" else "" for one in question.facts]


def test_a_value_that_is_typed_finds_the_cause() -> None:
    said: list[str] = []
    last = interviewed(locked(), typing(lock_is(locked(), "64")), said.append)
    assert last.found == "technical-user-locked"
    assert last.case.facts.value("technical_user.lock") == 64
    assert "technical-user-locked" in said[-1]


def test_a_letter_chooses_and_what_cannot_be_is_asked_again() -> None:
    question = locked().question
    assert question is not None
    typed = []
    for one in question.facts:
        if one.path == "technical_user.lock":
            letters = "abcdefgh"[: len(one.choices)]
            number = next(index for index, choice in enumerate(one.choices) if choice.value == 64)
            typed += ["often", "?", letters[number]]
        else:
            typed.append("")
    last = interviewed(locked(), typing(typed), lambda _: None)
    assert last.case.facts.value("technical_user.lock") == 64


@pytest.mark.parametrize("wrong", ["often", "[64", "{a: 1}", "[64, 32]", "true", "6\x1b4"])
def test_a_value_that_cannot_be_is_said_and_not_kept(wrong: str) -> None:
    typed = [line for one in lock_is(locked(), "64") for line in ((wrong, one) if one else ("",))]
    said: list[str] = []
    last = interviewed(locked(), typing(typed), said.append)
    assert last.case.facts.value("technical_user.lock") == 64
    assert len([one for one in said if shown(wrong, 60) in one]) == 1


def test_back_takes_the_last_reply_back_and_end_ends() -> None:
    start = locked()
    question = start.question
    assert question is not None
    nothing = ["" for _ in question.facts]
    last = interviewed(start, typing([*nothing, "back", "end"]), lambda _: None)
    assert last is start


def test_answers_are_kept_as_a_description(tmp_path: Path) -> None:
    last = interviewed(locked(), typing(lock_is(locked(), "64")), lambda _: None)
    _save(last, None, tmp_path / "system.yaml")
    assert load(tmp_path / "system.yaml").value("technical_user.lock") == 64
