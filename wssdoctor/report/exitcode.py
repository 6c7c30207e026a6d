"""What a report means for whoever called: the exit code, and the findings that count for it."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from wssdoctor.report.report import Finding, Level, Report

CHECKED, FINDINGS, INCONCLUSIVE = 0, 1, 3

LEVELS: tuple[Level, ...] = get_args(Level)
"""Severities, worst first."""

MonitoringStatus: TypeAlias = Literal["OK", "WARNING", "CRITICAL", "UNKNOWN"]

MONITORING_CODES: dict[MonitoringStatus, int] = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
"""Exit codes of plugins, as Nagios defines them and CheckMK takes them over (Monitoring Plugins Development Guidelines)."""


def counts(finding: Finding) -> bool:
    """Whether a finding counts: confirmed, accepted by nobody, and new where there is a baseline."""
    return finding.status == "confirmed" and not finding.suppressed and not finding.known


def counting(report: Report, fail_on: str) -> tuple[Finding, ...]:
    """Return the findings that count at or above a severity; none for ``never``."""
    levels = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on in LEVELS else ()
    return tuple(one for one in report.findings if counts(one) and one.severity in levels)


def is_inconclusive(report: Report) -> bool:
    """Whether something that was asked has no answer; with a baseline, whether it had one there."""
    if report.baseline is not None:
        return bool(report.baseline.no_longer_answered or report.baseline.unsettled)
    return bool(report.coverage.unknown or report.coverage.error or report.unsettled)


def exit_code(report: Report, fail_on: str) -> int:
    """Return 1 for findings that count at or above the threshold, else 3 where anything is unknown, else 0."""
    if counting(report, fail_on):
        return FINDINGS
    return INCONCLUSIVE if is_inconclusive(report) else CHECKED


def monitoring_status(report: Report, fail_on: str, unread: str = "") -> MonitoringStatus:
    """Return the state for a monitoring system: critical from a finding of high severity on.

    ``unread`` says what the report knows nothing of, because it could not be read.
    """
    found = counting(report, fail_on)
    if found:
        return "CRITICAL" if any(one.severity == "high" for one in found) else "WARNING"
    return "UNKNOWN" if unread or is_inconclusive(report) else "OK"
