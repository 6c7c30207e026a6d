"""Reasoning with unknown facts: the fault of each possible cause is injected and its answer held against reality.

A cause whose fault gives the captured answer stays possible; one whose fault gives another answer is ruled out. What
is left is ranked by what it reproduces, what it contradicts, what was seen besides, and how often it is met.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Subject
from wssdoctor.consumer.stage import Stage
from wssdoctor.diagnosis.assumption import assumed
from wssdoctor.diagnosis.case import Case, Run, run
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.diagnosis.patch import apply
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.request import Observed

_FREQUENCY = {"common": 1.0, "occasional": 0.6, "rare": 0.3}
_OUTBOUND = frozenset(map(str, Stage))
_ALIKE = ({403, 404},)
"""An inactive node answers one or the other, depending on release (SAP wiki on HTTP 403)."""


class Weight(Struct, frozen=True):
    """What speaks for and against one cause."""

    score: float
    reproduces: tuple[str, ...]
    """Requests whose captured answer its fault gives."""
    contradicts: tuple[str, ...]
    """Requests whose captured answer is another than its fault gives."""
    because: tuple[str, ...]


def weighed(
    case: Case, before: Run, findings: Sequence[Finding], base: Base, symptoms: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings with the possible ones weighed: ranked by score, and ruled out where reality says so.

    ``symptoms`` are ids of messages that people saw besides the captured answers.
    """
    unexplained = _unexplained(before)
    if not unexplained and not symptoms:
        return tuple(findings)
    healthy = assumed(case)
    weights = {
        finding.cause: _weight(finding, healthy, unexplained, before.replays, base, symptoms)
        for finding in findings
        if finding.status == "possible"
    }
    judged = [
        _judged(finding, weights[finding.cause], bool(unexplained)) if finding.cause in weights else finding
        for finding in findings
    ]
    return tuple(sorted(judged, key=_rank))


def _unexplained(before: Run) -> frozenset[str]:
    """Return the requests that were answered with an error that nothing confirmed explains."""
    return frozenset(
        one.capture
        for one in before.replays
        if one.observed is not None and one.observed.status >= 400 and one.verdict != "rejected"
    )


def _weight(
    finding: Finding,
    healthy: Case,
    unexplained: Collection[str],
    replays: Iterable[Replay],
    base: Base,
    symptoms: Collection[str],
) -> Weight:
    observed = {one.capture: one.observed for one in replays if one.observed is not None}
    names = tuple(request.name for request in healthy.requests)
    record = base.causes[finding.cause]
    faults = () if _outbound(finding) else record.faults
    seen = set(symptoms) & set(record.messages)
    best = Weight(-math.inf, (), tuple(unexplained), ("it cannot be tried",) if not faults else ())
    for fault in faults:
        try:
            sick = run(apply(fault, healthy, Subject(), names))
        except ValueError:
            continue
        weight = _compared(sick.replays, observed, unexplained)
        best = max(best, weight, key=lambda one: one.score)
    if not faults or best.score == -math.inf:
        best = Weight(0.0, (), (), ("it cannot be tried",))
    because = (*best.because, *(f"{message} was seen" for message in sorted(seen)))
    return Weight(best.score + 2 * len(seen) + _FREQUENCY[record.frequency], best.reproduces, best.contradicts, because)


def _outbound(finding: Finding) -> bool:
    """Whether a finding is about outbound calls alone, of which no captured request tells anything."""
    return all(result.stage in _OUTBOUND for result in finding.results)


def _compared(replays: Iterable[Replay], observed: dict[str, Observed], unexplained: Collection[str]) -> Weight:
    reproduces, contradicts, because = [], [], []
    score = 0.0
    for one in replays:
        seen = observed.get(one.capture)
        if seen is None:
            continue
        status = one.predicted.status if one.predicted and one.verdict == "rejected" else 200
        if _alike(status, seen.status):
            if one.capture in unexplained:
                reproduces.append(one.capture)
                same_fault = one.predicted is not None and _local(one.predicted.fault) == _local(seen.fault)
                score += 3.5 if same_fault else 3.0
                because.append(f"its fault answers {status} to {one.capture}, as captured")
        elif one.capture in unexplained or seen.status < 400:
            contradicts.append(one.capture)
            score -= 2.0
            because.append(f"its fault answers {status} to {one.capture}, captured was {seen.status}")
    return Weight(score, tuple(reproduces), tuple(contradicts), tuple(because))


def _alike(first: int, second: int) -> bool:
    return first == second or (first < 300 and second < 300) or any({first, second} <= pair for pair in _ALIKE)


def _local(code: str | None) -> str:
    return (code or "").rpartition(":")[2]


def _judged(finding: Finding, weight: Weight, answers: bool) -> Finding:
    tried = weight.reproduces or weight.contradicts
    if answers and tried and not weight.reproduces:
        return replace(finding, status="ruled-out", confidence="medium", score=weight.score, because=weight.because)
    return replace(finding, score=weight.score, because=weight.because)


def _rank(finding: Finding) -> tuple[int, float]:
    status = ("confirmed", "possible", "ruled-out").index(finding.status)
    return status, 0.0 if finding.status == "confirmed" else -finding.score
