"""An explanation uses what the checks of a system found: they confirm, rule out, and show what the text does not tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.landscape import MOMENT, facts
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.report.evident import with_system
from wssdoctor.report.explaintext import render
from wssdoctor.report.explanation import Explanation, explain

BASE = load()
LOCKED = {"technical_user.lock": 64}


def explained(text: str, changes: dict[str, Any]) -> Explanation:
    diagnosed = diagnose(Case(change(facts(), changes), (), MOMENT), BASE, remedies=False)
    return with_system(explain(text, BASE), diagnosed, BASE)


@pytest.mark.parametrize("text", ["HTTP 401", "logon code 2", "AU2"])
def test_a_confirmed_cause_comes_first_with_what_was_observed_and_where(text: str) -> None:
    found = explained(text, LOCKED)
    first = found.causes[0]
    assert (first.cause, first.status) == ("technical-user-locked", "confirmed")
    assert any("observed 64" in line for line in first.evidence)
    assert found.question is None
    assert first.evidence[0] in " ".join(render(found, width=400).split())


def test_what_the_checks_rule_out_comes_last_and_says_why() -> None:
    found = explained("HTTP 401", LOCKED)
    statuses = [one.status for one in found.causes]
    assert statuses == sorted(statuses, key=("confirmed", "possible", "ruled-out").index)
    missing = next(one for one in found.causes if one.cause == "technical-user-missing")
    assert missing.status == "ruled-out"
    assert missing.evidence


def test_where_everything_known_is_ruled_out_the_system_says_what_it_shows_besides() -> None:
    found = explained("WSS031", LOCKED)
    assert {one.status for one in found.causes} == {"ruled-out"}
    assert list(found.besides) == ["technical-user-locked"]
    assert "technical-user-locked" in render(found)


def test_what_was_not_checked_stays_possible() -> None:
    found = explained("HTTP 401", {"technical_user": {"name": "DELAY_LOGON"}})
    missing = next(one for one in found.causes if one.cause == "technical-user-missing")
    assert (missing.status, missing.evidence) == ("possible", ())
