"""Several faults at once: all named, also those that others hide; the plan green, and nothing in it needless."""

from __future__ import annotations

import random
from collections import Counter
from itertools import islice

import pytest

from tests import signed
from tests.combination import BASE, SIDES, conflict, draws, judge, sick
from wssdoctor.diagnosis.diagnosis import diagnose

EACH = 6
ALLOWED = 1
"""Combinations of a group that may fall short."""


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("side", SIDES)
def test_faults_that_stand_together_are_all_named_and_mended_by_a_minimal_plan(side: str, size: int) -> None:
    drawn = list(islice(draws(random.Random(7), size, side, Counter()), EACH))
    judged = {taken: judge(*taken) for taken in drawn}
    assert sum(bool(one.unnamed) for one in judged.values()) <= ALLOWED
    assert sum(not one.green for one in judged.values()) <= ALLOWED
    assert [one.needless for one in judged.values() if one.needless] == []


def test_a_fault_hidden_by_another_is_named_behind_it_with_its_trials() -> None:
    case = sick("username-token", [("wrong-endpoint-url", 0), ("icf-ssl-required", 1)])
    found = {one.cause: one for one in diagnose(case, BASE).confirmed}
    assert found["wrong-endpoint-url"].behind is None
    hidden = found["icf-ssl-required"]
    assert hidden.behind == "wrong-endpoint-url"
    assert hidden.stops == ()
    assert "resolved" in {trial.outcome for trial in hidden.trials}


def test_what_a_missing_thing_would_be_is_named_where_it_is_known_and_not_asked_for_where_it_is_not() -> None:
    both = diagnose(sick("username-token", [("technical-user-missing", 0), ("technical-user-invalid", 0)]), BASE)
    assert {one.cause for one in both.confirmed} == {"technical-user-missing", "technical-user-invalid"}
    alone = diagnose(sick("username-token", [("technical-user-missing", 0)]), BASE)
    assert alone.coverage.complete
    assert alone.coverage.missing_facts == ()


def test_two_ways_of_one_cause_on_one_call_are_both_planned_for() -> None:
    """One finding, two certificates that have expired: each has a remedy of its own."""
    case = sick("username-token", [("cert-expired", 4), ("cert-expired", 7)])
    found = diagnose(case, BASE)
    assert [one.cause for one in found.confirmed] == ["cert-expired"]
    assert all(trial.note.startswith("it mends a part") for trial in found.confirmed[0].trials if trial.outcome)
    assert found.plan is not None
    assert found.plan.remaining == ()
    assert len(found.plan.actions) == 2


def test_faults_that_cannot_stand_together_are_told_by_the_facts_that_they_set() -> None:
    locked = [("user-locked", 0), ("user-locked", 1)]
    assert conflict("username-token", locked) == "they set one thing to two values"
    removed = [("auth-method-mismatch", 1), ("username-token-password-type", 0)]
    assert conflict("username-token", removed) == "one takes away what another needs"
    assert all(not conflict(landscape, locked[:1]) for landscape in signed.LANDSCAPES)
