"""Two reports side by side: worse is anything that fails or is rejected that was not so before."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from tests.landscape import MOMENT, case, facts, requests
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.report.build import build
from wssdoctor.report.comparison import compare, render
from wssdoctor.report.report import Report

BASE = load()


def report(values: dict[str, object]) -> Report:
    return build(diagnose(Case(change(facts(), values), requests(), MOMENT), BASE, remedies=False), BASE)


HEALTHY = report({})
LOCKED = report({"technical_user.lock": 64})


def test_a_new_failure_is_worse_and_its_disappearance_better() -> None:
    worse = compare(HEALTHY, LOCKED)
    assert worse.outcome == "worse"
    assert [one.cause for one in worse.new] == ["technical-user-locked"]
    assert {(one.before, one.after) for one in worse.requests} == {("accepted", "rejected")}
    better = compare(LOCKED, HEALTHY)
    assert better.outcome == "better"
    assert [one.cause for one in better.gone] == ["technical-user-locked"]


def test_the_same_report_twice_is_the_same() -> None:
    same = compare(LOCKED, LOCKED)
    assert same.outcome == "same"
    assert [one.cause for one in same.unchanged] == ["technical-user-locked"]


def test_an_answer_lost_is_not_the_same() -> None:
    less = report({"technical_user.lock": UNSET})
    lost = compare(HEALTHY, less)
    assert lost.outcome == "worse"  # its requests are undecided now
    assert lost.no_longer_answered == ("technical-user.unlocked",)


def test_the_number_of_requests_that_show_a_cause_makes_no_new_finding() -> None:
    values = {"bindings[0].authentication": "none"}
    one, many = (
        build(diagnose(Case(change(facts(), values), some, MOMENT), BASE, remedies=False), BASE)
        for some in (requests()[:1], requests())
    )
    assert compare(one, many).new == compare(many, one).new == ()


@pytest.mark.parametrize(("first", "second"), [(HEALTHY, LOCKED), (LOCKED, HEALTHY), (LOCKED, LOCKED)])
def test_the_text_fits_80_columns_and_names_the_outcome(first: Report, second: Report) -> None:
    text = render(compare(first, second))
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith(compare(first, second).outcome.upper())
    assert case().facts.name
