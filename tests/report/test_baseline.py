"""Held against an earlier report, only what is new is told and counts."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from tests.report import invented
from wssdoctor.check.result import Outcome
from wssdoctor.report import junit, sarif
from wssdoctor.report.baseline import against
from wssdoctor.report.exitcode import exit_code, monitoring_status
from wssdoctor.report.formats import Format, rendered
from wssdoctor.report.report import Report
from wssdoctor.report.text import render


def test_the_same_again_is_fine() -> None:
    held = against(invented.report(), invented.report(), "old.json")
    assert exit_code(held, "low") == 0
    assert monitoring_status(held, "low") == "OK"
    assert held.baseline is not None
    assert (held.baseline.known, held.baseline.gone, held.baseline.no_longer_answered) == (3, (), ())
    assert "The node is asleep" not in render(held)
    assert "3 known ones not shown" in " ".join(render(held).split())
    assert held.verdict == "findings"


def test_a_new_cause_counts() -> None:
    report = invented.report()
    before = replace(report, findings=report.findings[1:])
    held = against(report, before, "old.json")
    assert exit_code(held, "low") == 1
    text = render(held)
    assert "The node is asleep" in text
    assert "The letter came late" not in text
    assert [one.cause for one in held.findings if one.status == "confirmed" and not one.known] == ["node-asleep"]


def test_a_cause_that_meets_one_more_request_is_new() -> None:
    report = invented.report()
    late = report.findings[1]
    before = replace(
        report, findings=(report.findings[0], replace(late, captures=late.captures[:1]), *report.findings[2:])
    )
    held = against(report, before, "old.json")
    assert [one.cause for one in held.findings if one.status == "confirmed" and not one.known] == ["letter-late"]


def test_a_consequence_of_a_known_cause_is_told() -> None:
    report = invented.report()
    before = replace(report, findings=tuple(one for one in report.findings if one.cause != "nobody-home"))
    assert "Nobody is at home" in render(against(report, before, "old.json"))


def test_what_is_gone_is_counted() -> None:
    report = invented.report()
    held = against(replace(report, findings=report.findings[1:]), report, "old.json")
    assert held.baseline is not None
    assert held.baseline.gone == ("node-asleep",)
    assert "1 cause is gone" in " ".join(render(held).split())


def test_what_has_no_answer_any_more_is_inconclusive() -> None:
    report = invented.report()
    answered = tuple(
        replace(one, outcome=Outcome.PASSED) if one.check == "seal-whole" else one for one in report.checks
    )
    held = against(report, replace(report, checks=answered), "old.json")
    assert held.baseline is not None
    assert held.baseline.no_longer_answered == ("seal-whole",)
    assert exit_code(held, "low") == 3


@pytest.mark.parametrize("form", ["html", "markdown", "junit", "sarif", "monitoring", "json"])
def test_every_form_says_what_is_known(form: Format) -> None:
    text = rendered(against(invented.report(), invented.report(), "old.json"), form).decode()
    assert "nown" in text or "unchanged" in text


def test_known_findings_neither_fail_nor_alarm() -> None:
    held: Report = against(invented.report(), invented.report(), "old.json")
    assert ET.fromstring(junit.render(held)).get("failures") == "0"
    results = json.loads(sarif.render(held))["runs"][0]["results"]
    assert {one["baselineState"] for one in results} == {"unchanged"}
