"""The exit code tells the truth about a report."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.report import invented
from wssdoctor.report.exitcode import exit_code
from wssdoctor.report.report import Level


@pytest.mark.parametrize(
    ("severity", "unknown", "error", "fail_on", "code"),
    [
        ("high", 0, 0, "high", 1),
        ("medium", 0, 0, "high", 0),
        ("low", 0, 0, "medium", 0),
        ("low", 0, 0, "low", 1),
        ("high", 0, 0, "never", 0),
        ("high", 1, 0, "never", 3),
        ("medium", 0, 1, "high", 3),
        ("high", 1, 1, "low", 1),
        (None, 0, 0, "low", 0),
        (None, 1, 0, "low", 3),
        (None, 0, 1, "low", 3),
    ],
)
def test_exit_code(severity: Level | None, unknown: int, error: int, fail_on: str, code: int) -> None:
    report = replace(invented.report(), unsettled=())
    findings = tuple(
        replace(one, severity=severity) for one in report.findings if severity and one.status == "confirmed"
    )
    coverage = replace(report.coverage, unknown=unknown, error=error)
    assert exit_code(replace(report, findings=findings, coverage=coverage), fail_on) == code


def test_what_is_only_possible_is_no_finding() -> None:
    report = replace(invented.report(), unsettled=())
    possible = tuple(one for one in report.findings if one.status != "confirmed")
    coverage = replace(report.coverage, unknown=0, error=0)
    assert exit_code(replace(report, findings=possible, coverage=coverage), "low") == 0
