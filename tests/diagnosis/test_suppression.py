"""What the owner accepts for a while is still found and counted, and stops counting when it expires."""

from __future__ import annotations

import pytest

from tests.landscape import MOMENT, facts, requests
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.errors import InputError
from wssdoctor.knowledge.load import load
from wssdoctor.report.build import build
from wssdoctor.report.exitcode import exit_code
from wssdoctor.report.report import Report
from wssdoctor.report.text import render

BASE = load()


def report(**suppression: str) -> Report:
    values = {"users[0].lock": 64, "suppressions": [{"cause": "user-locked", "reason": "leaver", **suppression}]}
    return build(diagnose(Case(change(facts(), values), requests(), MOMENT), BASE, remedies=False), BASE)


def test_a_suppressed_finding_is_shown_and_counted_but_fails_nothing() -> None:
    accepted = report(until="2026-12-31")
    assert accepted.verdict == "findings"
    assert [bool(one.suppressed) for one in accepted.findings if one.status == "confirmed"] == [True]
    assert exit_code(accepted, "low") == 0
    assert "leaver" in render(accepted)


@pytest.mark.parametrize("more", [{"until": "2026-01-01"}, {"until": "2026-12-31", "subject": "somebody else"}])
def test_one_that_expired_or_concerns_another_part_does_not_count(more: dict[str, str]) -> None:
    counted = report(**more)
    assert exit_code(counted, "low") == 1
    assert bool(counted.suppressions_expired) is (more["until"] < "2026-11-20")


def test_an_unknown_cause_is_an_input_error_with_the_nearest_one() -> None:
    with pytest.raises(InputError) as caught:
        report(until="2026-12-31", cause="user-lockd")
    assert "user-locked" in caught.value.problems[0].hint
