"""Holding a report against an earlier one: what was there before is marked as known."""

from __future__ import annotations

import re

from msgspec.structs import replace

from wssdoctor.report.comparison import part_of, unanswered
from wssdoctor.report.report import Baseline, Finding, Report

_FOLDER = re.compile(r".*[/\\\\]")


def against(report: Report, before: Report, file: str) -> Report:
    """Return the report with every finding marked that ``before`` confirms too; ``file`` is where that was read.

    A finding about requests is known if every request that shows it showed it before; files are compared by their names.
    """
    old = {(one.cause, part_of(one)): _captures(one) for one in before.findings if one.status == "confirmed"}

    def is_known(one: Finding) -> bool:
        captures = old.get((one.cause, part_of(one)))
        return one.status == "confirmed" and captures is not None and _captures(one) <= captures

    findings = tuple(replace(one, known=is_known(one)) for one in report.findings)
    now = {(one.cause, part_of(one)) for one in report.findings if one.status == "confirmed"}
    return replace(
        report,
        findings=findings,
        baseline=Baseline(
            file=file,
            moment=before.moment,
            known=sum(one.known for one in findings),
            gone=tuple(dict.fromkeys(cause for cause, part in old if (cause, part) not in now)),
            no_longer_answered=tuple(sorted(unanswered(report) - unanswered(before))),
            unsettled=tuple(one for one in report.unsettled if _file(one) not in set(map(_file, before.unsettled))),
        ),
    )


def _captures(one: Finding) -> frozenset[str]:
    return frozenset(map(_file, one.captures))


def _file(name: str) -> str:
    return _FOLDER.sub("", name)
