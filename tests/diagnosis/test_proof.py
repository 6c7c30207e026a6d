"""The knowledge proves itself: each fault is found as its cause, each remedy makes the landscape well again."""

from __future__ import annotations

import itertools
from functools import cache

import pytest

from tests import signed
from tests.landscape import case, facts
from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.finding import find
from wssdoctor.diagnosis.patch import apply
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import actions_for, tried
from wssdoctor.knowledge.load import load

BASE = load()
PROVEN = sorted(cause.id for cause in BASE.causes.values() if cause.faults)
FAULTS = [(cause, number) for cause in PROVEN for number in range(len(BASE.causes[cause].faults))]


def sick(*faults: tuple[str, int], landscape: str = "") -> Case:
    """Inject faults of causes, by number, into a healthy landscape: by default the one where the first one shows."""
    found = signed.case(landscape or home(*faults[0]))
    names = [request.name for request in found.requests]
    for cause, number in faults:
        found = apply(BASE.causes[cause].faults[number], found, Subject(), names)
    return found


@cache
def home(cause: str, number: int) -> str:
    """Return the first healthy landscape that the fault makes sick in its way."""
    for landscape in signed.LANDSCAPES:
        try:
            broken = sick((cause, number), landscape=landscape)
        except ValueError:
            continue
        if find(run(broken), BASE)[0].cause == cause:
            return landscape
    raise AssertionError(f"no landscape shows fault {number} of {cause}")


def messages(found: Run) -> set[str]:
    """What the caller of a request, or of an outbound call, is predicted to see."""
    predicted = [*(one.predicted for one in found.replays), *(one.predicted for one in found.calls)]
    return {message for one in predicted if one for message in one.messages}


def fails(found: Run) -> bool:
    return bool(found.rejected) or "fails" in {one.verdict for one in found.calls}


def well(found: Run) -> bool:
    return {one.verdict for one in found.replays} == {"accepted"} and {one.verdict for one in found.calls} == {"works"}


@pytest.mark.parametrize("landscape", signed.LANDSCAPES)
def test_a_healthy_landscape_has_no_finding(landscape: str) -> None:
    diagnosis = diagnose(signed.case(landscape), BASE)
    assert diagnosis.confirmed == ()
    assert diagnosis.coverage.complete
    assert well(diagnosis.run)
    assert diagnosis.plan is None


@pytest.mark.parametrize(("cause", "number"), FAULTS)
def test_a_fault_is_found_as_its_cause_and_first(cause: str, number: int) -> None:
    found = run(sick((cause, number)))
    first = find(found, BASE)[0]
    assert (first.cause, first.status) == (cause, "confirmed")
    if fails(found):
        assert messages(found) & set(BASE.causes[cause].messages)


def mended(cause: str, number: int, remedy: str) -> bool:
    """Whether a remedy makes one fault of a cause well again, and everything else stays well."""
    broken = sick((cause, number))
    finding = next(one for one in find(run(broken), BASE) if one.cause == cause)
    action = next(one for one in actions_for(finding, BASE) if one.remedy == remedy)
    try:
        after = tried(broken, (action,), BASE)
    except ValueError:
        return False
    return not after.failing and well(after.run)


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        (cause, remedy)
        for cause in PROVEN
        for remedy in BASE.causes[cause].remedies
        if BASE.remedies[remedy].effect is not None
    ],
)
def test_each_remedy_makes_a_fault_of_its_cause_well_again(cause: str, remedy: str) -> None:
    assert any(mended(cause, number, remedy) for number in range(len(BASE.causes[cause].faults)))


@pytest.mark.parametrize(("cause", "number"), FAULTS)
def test_the_plan_for_one_fault_is_one_remedy_with_a_green_proof_or_says_what_remains(cause: str, number: int) -> None:
    made = diagnose(sick((cause, number)), BASE).plan
    assert made is not None
    if not any(mended(cause, number, remedy) for remedy in BASE.causes[cause].remedies):
        assert made.remaining == (cause,)
        return
    assert len(made.actions) == 1
    assert made.remaining == ()
    assert {one.after for one in made.proof} == {"accepted"}
    assert {one.after for one in made.calls} == {"works"}


MENDED = {cause for cause in PROVEN if any(BASE.remedies[one].effect for one in BASE.causes[cause].remedies)}
"""Causes for which a replay can try a remedy."""

# Two causes may say contradictory things of one fact (there is no user to be locked); such pairs prove nothing.
PAIRS = [pair for number, pair in enumerate(itertools.combinations(PROVEN, 2)) if number % 7 == 0]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_faults_are_both_named_or_the_second_hidden_until_the_first_is_mended(first: str, second: str) -> None:
    try:
        both = sick((first, 0), (second, 0))
    except ValueError:
        pytest.skip("the landscape of the first has no place for the second")
    diagnosis = diagnose(both, BASE)
    made = diagnosis.plan
    assert made is not None
    assert set(made.remaining) <= BASE.causes.keys() - MENDED
    named = {finding.cause for finding in diagnosis.findings if finding.status != "ruled-out"}
    planned = {
        cause for action in made.actions for cause in (first, second) if action.remedy in BASE.causes[cause].remedies
    }
    assert named & {first, second}
    assert planned or made.remaining


def test_every_check_and_reason_belongs_to_one_cause() -> None:
    owners: dict[str, list[str]] = {}
    for cause in BASE.causes.values():
        for code in cause.checks:
            owners.setdefault(code, []).append(cause.id)
    assert {code: causes for code, causes in owners.items() if len(causes) > 1} == {}


def test_an_empty_description_is_inconclusive_and_asks() -> None:
    from wssdoctor.description.load import empty

    diagnosis = diagnose(Case(empty(), (), case().moment), BASE)
    assert diagnosis.confirmed == ()
    assert diagnosis.coverage.unknown == diagnosis.coverage.checks > 0
    assert "technical_user.exists" in diagnosis.coverage.missing_facts
    assert {finding.status for finding in diagnosis.findings} == {"possible"}
    assert facts().name
