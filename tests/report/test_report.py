"""The report says what the diagnosis found: codes and data, no secret, no false green."""

from __future__ import annotations

import datetime as dt
import json

import jsonschema
import msgspec
import pytest
from msgspec.structs import replace

from tests.landscape import case
from tests.report import invented
from wssdoctor.check.result import Outcome
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import Diagnosis, diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.provider.replay import CHECKS
from wssdoctor.report.build import build, wanted
from wssdoctor.report.jsonreport import to_json
from wssdoctor.report.report import Report
from wssdoctor.report.schema import KINDS, schema

BASE = load()


def of(diagnosed: Diagnosis) -> Report:
    return build(diagnosed, BASE)


def test_a_healthy_case_is_healthy() -> None:
    report = of(diagnose(case(), BASE))
    assert report.verdict == "healthy"
    assert (report.coverage.failed, report.coverage.unknown, report.coverage.error) == (0, 0, 0)
    assert report.plan is None
    assert {one.verdict for one in report.replays} == {"accepted"}
    assert not any(one.status == "confirmed" for one in report.findings)


def test_an_empty_description_is_inconclusive_and_says_what_is_wanted() -> None:
    report = of(diagnose(Case(empty(), (), invented.MOMENT), BASE))
    assert report.verdict == "inconclusive"
    assert [fact.path for fact in report.coverage.facts_wanted] == list(report.coverage.missing_facts)
    assert all(fact.meaning and fact.obtain for fact in report.coverage.facts_wanted)
    assert report.coverage.waiting_for_request > 0


@pytest.mark.parametrize(
    ("confirmed", "unknown", "error", "verdict"),
    [
        (True, 0, 0, "findings"),
        (True, 1, 1, "findings"),
        (False, 1, 0, "inconclusive"),
        (False, 0, 1, "inconclusive"),
        (False, 0, 0, "healthy"),
    ],
)
def test_the_verdict(confirmed: bool, unknown: int, error: int, verdict: str) -> None:
    coverage = replace(invented.DIAGNOSIS.coverage, unknown=unknown, error=error)
    findings = invented.FINDINGS if confirmed else ()
    diagnosed = replace(invented.DIAGNOSIS, coverage=coverage, findings=findings, unsettled=())
    assert build(diagnosed, invented.BASE).verdict == verdict


def test_every_fact_that_a_check_needs_can_be_explained() -> None:
    paths = {path for one in CHECKS for path in (*one.needs, *(guard for guard, _ in one.only_if))}
    for path in paths:
        assert wanted(path).meaning


def test_no_secret_value_is_in_it() -> None:
    document = to_json(invented.report()).decode()
    assert "hunter" not in document
    assert "(secret)" in document


def test_findings_keep_order_status_and_what_they_fold() -> None:
    report = invented.report()
    assert [(one.cause, one.status, one.explains, one.folded_under) for one in report.findings] == [
        ("node-asleep", "confirmed", ("nobody-home",), None),
        ("letter-late", "confirmed", (), None),
        ("nobody-home", "confirmed", (), "node-asleep"),
        ("lamp-dark", "possible", (), None),
        ("roof-leaks", "ruled-out", (), None),
    ]
    trials = [(one.id, one.trial) for one in report.findings[0].remedies]
    assert trials == [("wake-node", "resolved"), ("open-door", "new-problem")]
    assert [one.trial for one in report.findings[1].remedies] == [None]


def test_checks_of_the_system_and_of_each_request_are_told_apart() -> None:
    report = invented.report()
    checks = [(one.check, one.capture, one.outcome) for one in report.checks]
    assert ("node-asleep", None, Outcome.FAILED) in checks
    assert ("node-asleep", invented.FIRST, Outcome.FAILED) in checks
    assert ("clock-ticks", invented.SECOND, Outcome.ERROR) in checks


def test_after_remedies_the_captured_responses_prove_nothing_any_more() -> None:
    report = build(invented.DIAGNOSIS, invented.BASE, applied=True)
    assert {one.agrees for one in report.replays} == {None}
    assert report.plan is not None
    assert report.plan.applied


def test_the_json_is_the_golden_one_and_fits_its_schema() -> None:
    document = to_json(invented.report())
    assert document == (invented.GOLDEN / "report.json").read_bytes()
    assert next(iter(json.loads(document))) == "schema"
    jsonschema.validate(json.loads(document), schema("report"), jsonschema.Draft202012Validator)


def test_the_json_of_a_real_case_fits_its_schema_and_reads_back() -> None:
    report = of(diagnose(case(), BASE))
    document = to_json(report)
    jsonschema.validate(json.loads(document), schema("report"), jsonschema.Draft202012Validator)
    assert msgspec.json.decode(document, type=Report) == report


def test_a_file_name_that_is_not_utf8_does_not_break_the_json() -> None:
    report = replace(invented.report(), system="caf\udce9.yaml")
    assert json.loads(to_json(report))["system"] == "caf?.yaml"


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))


def test_the_moment_is_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    diagnosed = replace(
        invented.DIAGNOSIS, case=replace(invented.DIAGNOSIS.case, moment=invented.MOMENT.astimezone(zone))
    )
    assert json.loads(to_json(build(diagnosed, invented.BASE)))["moment"] == "2026-11-20T10:00:00Z"
