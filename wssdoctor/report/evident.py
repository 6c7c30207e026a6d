"""An explanation held against a system: what its checks confirm comes first with evidence, what they rule out last."""

from __future__ import annotations

from msgspec.structs import replace

from wssdoctor.check.result import Outcome, Result
from wssdoctor.diagnosis.diagnosis import Diagnosis
from wssdoctor.knowledge.base import Base
from wssdoctor.report.evidenceline import evidence_lines
from wssdoctor.report.explanation import Cause, Explanation, question
from wssdoctor.report.shown import shown

_ORDER = ("confirmed", "possible", "ruled-out")
_MOST = 3
"""Results of checks that are told of each cause."""


def with_system(explanation: Explanation, diagnosed: Diagnosis, base: Base) -> Explanation:
    """Return the explanation with each cause confirmed or ruled out where the checks of the system decide it.

    A cause is ruled out only if all its checks were run and passed; what was not checked stays possible. What the
    system confirms besides is named too: it may be what the text does not tell.
    """
    confirmed = {finding.cause: finding for finding in diagnosed.confirmed}
    by_check: dict[str, list[Result]] = {}
    for result in diagnosed.run.survey:
        by_check.setdefault(result.check, []).append(result)

    def judged(cause: Cause) -> Cause:
        if cause.cause in confirmed:
            return replace(cause, status="confirmed", evidence=_told(confirmed[cause.cause].results))
        checks = dict.fromkeys(claim.partition(":")[0] for claim in base.causes[cause.cause].checks)
        results = [result for check in checks for result in by_check.get(check, ())]
        decided = all(by_check.get(check) for check in checks) and {one.outcome for one in results}
        return replace(cause, status="ruled-out", evidence=_told(results)) if decided == {Outcome.PASSED} else cause

    causes = tuple(sorted((judged(cause) for cause in explanation.causes), key=lambda one: _ORDER.index(one.status)))
    named = {one.cause for one in causes}
    besides = {cause: base.causes[cause].title for cause in confirmed if cause not in named}
    left = [one.cause for one in causes if one.status == "possible"]
    sure = bool(causes) and causes[0].status == "confirmed"
    return replace(explanation, causes=causes, question=None if sure else question(left, base), besides=besides)


def _told(results: tuple[Result, ...] | list[Result]) -> tuple[str, ...]:
    """Return in lines what checks say: of whom, what was observed and where."""
    lines: list[str] = []
    for result in results[:_MOST]:
        about = f"{shown(result.subject.name)}: " if result.subject.name else ""
        told = list(evidence_lines(result.evidence)) or [shown(result.says or result.title)]
        lines += (f"{about}{line}" for line in told[:2])
    more = len(results) - _MOST
    return (*lines, f"and {more} more") if more > 0 else tuple(lines)
