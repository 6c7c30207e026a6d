"""Presenting a report: in the form asked for, with the exit code that tells the truth about it."""

from __future__ import annotations

from collections.abc import Collection

from wssdoctor.cli.options import LEVELS, Form
from wssdoctor.cli.output import write
from wssdoctor.report.report import Report
from wssdoctor.report.text import PARTS, Part, render

CHECKED, FINDINGS, INCONCLUSIVE = 0, 1, 3


def present(report: Report, form: Form, fail_on: str, parts: Collection[Part] = PARTS) -> int:
    """Write a report and return the exit code; ``parts`` is what a text shows."""
    if form.format == "json":
        from wssdoctor.report.jsonreport import to_json

        write(to_json(report), form.output)
    else:
        write(render(report, color=form.colored, verbose=form.verbose, parts=parts), form.output)
    return exit_code(report, fail_on)


def exit_code(report: Report, fail_on: str) -> int:
    """Return 1 for findings at or above the threshold that nobody suppressed, else 3 where anything is unknown, else 0."""
    counted = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on in LEVELS else ()
    if any(one.status == "confirmed" and not one.suppressed and one.severity in counted for one in report.findings):
        return FINDINGS
    return INCONCLUSIVE if report.coverage.unknown or report.coverage.error else CHECKED
