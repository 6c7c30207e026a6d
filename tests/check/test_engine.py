"""The engine answers for missing facts and broken checks; a check only sees facts."""

from __future__ import annotations

from typing import Any

import pytest

from wssdoctor.check.check import (
    Check,
    Inapplicable,
    Known,
    Missing,
    NotModelled,
    Verdict,
    check,
    failed,
    not_applicable,
    passed,
)
from wssdoctor.check.engine import Finding, run
from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.evidence import Place, Sensitivity


def known(path: str, value: Any, **more: Any) -> Known[Any]:
    return Known(path, value, Place(fact=path), **more)


@check("lamp.on", "The lamp is on", "stage", rationale="light", needs=("lamp",), answer="dark", reasons=("off",))
def lamp_on(lamp: Known[bool]) -> Verdict:
    return passed() if lamp.value else failed("it is off", lamp.compared("lamp", "true"), reason="off")


SYSTEM = (Subject(),)


def answers(checks: tuple[Check, ...], facts: dict[str, Finding], subjects: Any = SYSTEM) -> list[Result]:
    return list(run(checks, lambda path, _: facts.get(path, Missing(path)), lambda _: subjects))


def test_a_known_fact_passes_or_fails_with_reason_and_answer() -> None:
    assert answers((lamp_on,), {"lamp": known("lamp", True)})[0].outcome is Outcome.PASSED
    result = answers((lamp_on,), {"lamp": known("lamp", False)})[0]
    assert (result.outcome, result.code, result.answer) == (Outcome.FAILED, "lamp.on:off", "dark")
    assert result.evidence


def test_what_holds_without_evidence_is_held_once_however_many_requests_it_is_asked_of() -> None:
    one, other = (answers((lamp_on,), {"lamp": known("lamp", True)})[0] for _ in range(2))
    assert one is other
    assert answers((lamp_on,), {})[0] is answers((lamp_on,), {})[0]


def test_a_missing_fact_is_unknown_and_named() -> None:
    result = answers((lamp_on,), {})[0]
    assert (result.outcome, result.missing) == (Outcome.UNKNOWN, ("lamp",))


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [(Inapplicable("no lamp here"), Outcome.NOT_APPLICABLE), (NotModelled("gas lamps"), Outcome.UNKNOWN)],
)
def test_what_cannot_exist_does_not_apply_and_what_is_not_modelled_is_unknown(
    finding: Finding, outcome: Outcome
) -> None:
    assert answers((lamp_on,), {"lamp": finding})[0].outcome is outcome


def test_a_defect_is_a_visible_result_without_the_values_of_facts() -> None:
    @check("lamp.breaks", "Never", "stage", rationale="-", needs=("lamp",))
    def breaks(lamp: Known[str]) -> Verdict:
        raise RuntimeError(lamp.value)

    result = answers((breaks,), {"lamp": known("lamp", "hush")})[0]
    assert result.outcome is Outcome.ERROR
    assert "hush" not in repr(result)


def test_a_check_after_a_failed_one_is_already_decided() -> None:
    @check("lamp.bright", "It is bright", "stage", rationale="-", needs=("lumen",), after=("lamp.on",))
    def bright(lumen: Known[int]) -> Verdict:
        return passed()

    results = answers((lamp_on, bright), {"lamp": known("lamp", False), "lumen": known("lumen", 1)})
    assert [one.outcome for one in results] == [Outcome.FAILED, Outcome.NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("mode", "outcome"), [("day", Outcome.NOT_APPLICABLE), ("night", Outcome.PASSED), (None, Outcome.UNKNOWN)]
)
def test_a_guard_decides_whether_the_question_arises(mode: str | None, outcome: Outcome) -> None:
    @check("lamp.at-night", "On at night", "stage", rationale="-", needs=("lamp",), only_if={"mode": ("night",)})
    def at_night(lamp: Known[bool]) -> Verdict:
        return passed()

    facts: dict[str, Finding] = {"lamp": known("lamp", True)}
    if mode:
        facts["mode"] = known("mode", mode)
    assert answers((at_night,), facts)[0].outcome is outcome


def test_a_guard_that_says_no_makes_missing_facts_unimportant() -> None:
    @check("lamp.guarded", "On", "stage", rationale="-", needs=("nobody knows",), only_if={"mode": ("night",)})
    def guarded(fact: Known[bool]) -> Verdict:
        return passed()

    assert answers((guarded,), {"mode": known("mode", "day")})[0].outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("subjects", "outcome"),
    [
        (Missing("lamps"), Outcome.UNKNOWN),
        (Inapplicable("no lamps"), Outcome.NOT_APPLICABLE),
        (NotModelled("lamps of others"), Outcome.UNKNOWN),
    ],
)
def test_without_subjects_the_engine_answers_once(subjects: Any, outcome: Outcome) -> None:
    assert [one.outcome for one in answers((lamp_on,), {}, subjects)] == [outcome]


def test_a_failure_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        Result("a", "s", "t", Subject(), Outcome.FAILED, "says")
    with pytest.raises(ValueError, match="does not say why"):
        Result("a", "s", "t", Subject(), Outcome.UNKNOWN, "")


def test_parameters_and_needs_must_agree() -> None:
    with pytest.raises(TypeError, match="takes 0 facts and declares 1"):
        check("a", "t", "s", rationale="-", needs=("x",))(lambda: not_applicable("never"))


def test_a_secret_is_never_shown_by_a_comparison() -> None:
    secret = known("password", "hush", sensitivity=Sensitivity.SECRET)
    assert "hush" not in repr(secret.compared("password", "hush"))


def test_a_reason_that_a_check_does_not_declare_is_a_defect() -> None:
    @check("lamp.whole", "The lamp is whole", "stage", rationale="light", needs=("lamp",), reasons=("broken",))
    def lamp_whole(lamp: Known[bool]) -> Verdict:
        return failed("it is gone", lamp.compared("lamp", "true"), reason="stolen")

    assert [one.outcome for one in answers((lamp_whole,), {"lamp": known("lamp", False)})] == [Outcome.ERROR]
    assert lamp_whole.codes == ("lamp.whole:broken",)
