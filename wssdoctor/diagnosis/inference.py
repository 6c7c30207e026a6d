"""Reasoning with unknown facts: the fault of each possible cause is injected and its answer held against reality.

A cause whose fault gives the captured answer stays possible; one whose fault gives another answer is ruled out. What
is left is ranked by what it reproduces, what it contradicts, what was seen besides, and how often it is met.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import UNSET, Struct
from msgspec.structs import replace

from wssdoctor.check.result import Outcome
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.assumption import Worlds, worlds
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import NOTHING, Evidence
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.diagnosis.hypothesis import Hypothesis, hypotheses
from wssdoctor.diagnosis.run import Run
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.answer import ANSWERS
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.replay import Replay

# Weights are logarithms of how much likelier something makes a cause; only their order of size matters.
_FREQUENCY = {"common": 0.0, "occasional": -0.5, "rare": -1.2}
_REPRODUCED = 3.0
_SAME_FAULT = 0.5
_OTHER_FAULT = -0.5
_CONTRADICTED = -2.0
_PREDICTED = 2.0
_NAMED = 1.5
_FIRST_NAMED = 0.5
"""For the cause that a message names first; half of it for the second, and so on."""
_UNNAMED = 1.5
_SPECIFIC = 5.0
"""Against a cause that a message does not name; less where it names many others."""
_AGREES = 3.0
_AGAINST = -4.0
_OF_ITSELF = 1.0
"""For a cause that shows without any fault: the request does it, or what is known."""
_UNSHOWN = 4.0
"""Against a cause of which no fault shows with the captured requests, although nothing is lacking to see it."""
_OTHERWISE = 1.5
"""Against a cause being there in another way than its faults show."""
_WORDS = 9.0
"""For a cause that the words of a description fit wholly; where they are all that is known, they must outweigh frequency."""
_SAID = {True: 5.0, False: -4.0}
_ALIKE = ({403, 404},)
"""An inactive node answers one or the other, depending on release (SAP wiki on HTTP 403)."""


class Weight(Struct, frozen=True):
    """What speaks for and against a hypothesis, or a cause by its best hypothesis."""

    score: float
    reproduces: tuple[str, ...] = ()
    """Requests whose captured answer its fault gives."""
    contradicts: tuple[str, ...] = ()
    """Requests whose captured answer is another than its fault gives."""
    because: tuple[str, ...] = ()
    agrees: bool = False
    """Whether what is known, or said, is what its fault makes of it."""


class Weighed(Struct, frozen=True):
    """A hypothesis with its weight."""

    hypothesis: Hypothesis
    weight: Weight


class Reasoning(Struct, frozen=True):
    """The causes that were weighed, by their best hypotheses."""

    case: Case
    """What is known; its facts are the ones that may still be asked for."""
    worlds: Worlds
    weights: Mapping[str, Weight]
    hypotheses: tuple[Weighed, ...]
    """Those in which the cause shows."""
    otherwise: Mapping[str, float]
    """How likely a cause is in another way than its faults show, as a score; only where that can be."""

    @property
    def shares(self) -> dict[str, float]:
        """How likely each cause is, one of them taken for the true one; the sum is 1."""
        if not self.weights:
            return {}
        best = max(weight.score for weight in self.weights.values())
        raw = {cause: math.exp(weight.score - best) for cause, weight in self.weights.items()}
        total = sum(raw.values())
        return {cause: value / total for cause, value in raw.items()}


def reasoned(
    case: Case,
    before: Run,
    findings: Iterable[Finding],
    base: Base,
    evidence: Evidence = NOTHING,
    *,
    calls: bool = False,
) -> Reasoning:
    """Weigh possible causes by injecting their faults.

    With ``calls``, an outbound call is thought of where none is described.
    """
    wrong = disagrees(before)
    lacking = {
        finding.cause: bool(finding.missing)
        for finding in findings
        if finding.status == "possible" or (wrong and finding.status == "ruled-out")
    }
    causes = tuple(lacking)
    unexplained = _unexplained(before)
    observed = {one.capture: one.observed for one in before.replays if one.observed is not None}
    left = worlds(case, unexplained, calls=calls)
    weighed_: list[Weighed] = []
    by_cause: dict[str, list[Weight]] = {cause: [] for cause in causes}
    for one in hypotheses(left, causes, base):
        if not one.shows:
            continue
        weight = _weight(one, case.facts, observed, unexplained, evidence, base)
        by_cause[one.cause].append(weight)
        weighed_.append(Weighed(one, weight))
    weights, otherwise = {}, {}
    for cause, found in by_cause.items():
        by_record = _by_record(cause, left, evidence, base, tried=bool(found), lacking=lacking[cause])
        if by_record is not None:
            otherwise[cause] = by_record
        weights[cause] = max((*found, *([by_record] if by_record else ())), key=lambda one: one.score)
    return Reasoning(case, left, weights, tuple(weighed_), {one: weight.score for one, weight in otherwise.items()})


def weighed(findings: Sequence[Finding], reasoning: Reasoning, before: Run) -> tuple[Finding, ...]:
    """Return the findings with the possible ones weighed: ranked by score, and ruled out where reality says so."""
    answers = bool(_unexplained(before))
    judged = [
        _judged(finding, reasoning.weights[finding.cause], answers=answers)
        if finding.cause in reasoning.weights
        else finding
        for finding in findings
    ]
    return tuple(sorted(judged, key=_rank))


def _unexplained(before: Run) -> frozenset[str]:
    """Return the requests that were answered with an error that nothing confirmed explains.

    An accepted one that nothing disagrees with is history: the system accepted it later.
    """
    return frozenset(
        one.capture
        for one in before.replays
        if one.observed is not None
        and one.observed.refused
        and (one.verdict == "undecided" or (one.verdict == "accepted" and one.agrees is False))
    )


def disagrees(before: Run) -> bool:
    """Whether a request was refused that the description would accept: something known is wrong, or implied wrongly."""
    return any(
        one.agrees is False and one.verdict == "accepted" and one.observed is not None and one.observed.refused
        for one in before.replays
    )


def _weight(
    one: Hypothesis,
    known: Facts,
    observed: Mapping[str, Observed],
    unexplained: Collection[str],
    evidence: Evidence,
    base: Base,
) -> Weight:
    reproduces: list[str] = []
    contradicts: list[str] = []
    because: list[str] = []
    score = 0.0
    for replay, without in () if _outbound(one, base) else zip(one.run.replays, one.without.replays, strict=True):
        seen = observed.get(replay.capture)
        if seen is None:
            continue
        status, fault = _answer(replay)
        if _alike(status, 200 if seen.accepted else seen.status):
            if replay.capture in unexplained and (one.of_itself or _answer(without) != (status, fault)):
                reproduces.append(replay.capture)
                score += _REPRODUCED + (_SAME_FAULT if _local(fault) == _local(seen.fault) else _OTHER_FAULT)
                because.append(f"its fault answers {status} to {replay.capture}, as captured")
        elif replay.capture in unexplained or not seen.refused:
            contradicts.append(replay.capture)
            score += _CONTRADICTED
            because.append(f"its fault answers {status} to {replay.capture}, captured was {seen.status}")
    predicted = _predicted(one.run) - (frozenset() if one.of_itself else _predicted(one.without))
    said, why = _said(one.cause, predicted, evidence, base)
    agrees, facts = _known(one, known)
    return Weight(
        score + said + facts,
        tuple(reproduces),
        tuple(contradicts),
        (*because, *why),
        agrees or evidence.said.get(one.cause, False),
    )


def _said(cause: str, predicted: Collection[str], evidence: Evidence, base: Base) -> tuple[float, list[str]]:
    """Weigh what people saw and said."""
    record = base.causes[cause]
    score = _FREQUENCY[record.frequency] + _WORDS * evidence.words.get(cause, 0.0)
    because = []
    for message in evidence.messages:
        causes = base.messages[message].causes
        if cause in causes:
            score += _FIRST_NAMED / (causes.index(cause) + 1)
        if message in predicted or message in record.messages or cause in causes:
            score += _PREDICTED if message in predicted else _NAMED
            because.append(f"{message} was seen")
        else:
            score -= max(_UNNAMED, _SPECIFIC - len(causes))
    if cause in evidence.said:
        score += _SAID[evidence.said[cause]]
        because.append("you say that it is so" if evidence.said[cause] else "you say that it is not so")
    return score, because


def _by_record(
    cause: str, left: Worlds, evidence: Evidence, base: Base, *, tried: bool, lacking: bool
) -> Weight | None:
    """Weigh a cause by its record alone: no fault of it shows here, or it may be there in another way.

    Nothing where its faults were tried and its checks lack no fact.
    """
    if tried and not lacking:
        return None
    score, because = _said(cause, (), evidence, base)
    if tried:
        score -= _OTHERWISE
    elif left.captured and base.causes[cause].faults:
        score -= _OTHERWISE if lacking else _UNSHOWN
    because = because if tried else ["it cannot be tried", *because]
    return Weight(score, because=tuple(because), agrees=evidence.said.get(cause, False))


def _known(one: Hypothesis, known: Facts) -> tuple[bool, float]:
    """Hold what a fault changes against what is known: whether all of it is known to be so, and the weight of that."""
    if not one.sets:
        return False, _OF_ITSELF
    found = [(known.value(path), one.facts.value(path)) for path in one.sets]
    if any(is_ is not UNSET and is_ != would_be for is_, would_be in found):
        return False, _AGAINST
    agrees = all(is_ is not UNSET for is_, _ in found)
    return agrees, _AGREES if agrees else 0.0


def _predicted(found: Run) -> frozenset[str]:
    """Return the messages that people would see."""
    messages = {message for one in found.replays if one.predicted is not None for message in one.predicted.messages}
    messages |= {message for one in found.calls if one.predicted is not None for message in one.predicted.messages}
    if not found.replays:
        failed = (one for one in found.survey if one.outcome is Outcome.FAILED and one.answer in ANSWERS)
        messages.update(message for one in failed for message in ANSWERS[one.answer or ""].messages)
    return frozenset(messages)


def _outbound(one: Hypothesis, base: Base) -> bool:
    """Whether a cause shows in outbound calls alone, of which no captured request tells anything."""
    shown = [
        result for result in one.run.failed if base.cause_of(result.check, result.reason) is base.causes[one.cause]
    ]
    return all(result.subject.path.startswith(f"{CALLS}[") for result in shown)


def _answer(replay: Replay) -> tuple[int, str | None]:
    """Return status and fault code of the modelled answer; what is undecided would be accepted."""
    if replay.verdict != "rejected" or replay.predicted is None:
        return 200, None
    return replay.predicted.status, replay.predicted.fault


def _alike(first: int, second: int) -> bool:
    return first == second or (first < 300 and second < 300) or any({first, second} <= pair for pair in _ALIKE)


def _local(code: str | None) -> str:
    return (code or "").rpartition(":")[2]


def _judged(finding: Finding, weight: Weight, *, answers: bool) -> Finding:
    if finding.status == "ruled-out":
        if not weight.reproduces:
            return finding
        because = ("the description says otherwise, but then the captured answer cannot be", *weight.because)
        return replace(finding, status="possible", confidence="low", score=weight.score, because=because)
    if answers and weight.contradicts and not weight.reproduces:
        return replace(finding, status="ruled-out", confidence="medium", score=weight.score, because=weight.because)
    return replace(finding, score=weight.score, because=weight.because)


def _rank(finding: Finding) -> tuple[int, float]:
    status = ("confirmed", "possible", "ruled-out").index(finding.status)
    return status, 0.0 if finding.status == "confirmed" else -finding.score
