"""A finding: one cause in this case, with what speaks for it and what its remedies do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.consumer.stage import Stage as ConsumerStage
from wssdoctor.diagnosis.run import Run
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.stage import Stage as ProviderStage

Status = Literal["confirmed", "possible", "ruled-out"]
TrialOutcome = Literal["resolved", "unchanged", "new-problem"]

_SEVERITIES = ("high", "medium", "low")
_FREQUENCIES = ("common", "occasional", "rare")
_STAGES: tuple[str, ...] = (*ConsumerStage, *ProviderStage)


Failure = tuple[str, str, str]
"""One way in which something fails: the cause that claims it, the path of the subject, the code of the failed check."""


class Trial(Struct, frozen=True):
    """What a remedy does in a simulation; no outcome where it could not be tried, and why."""

    remedy: str
    outcome: TrialOutcome | None
    note: str = ""
    on_system: Literal["confirmed", "contradicted", "undecided"] | None = None
    """What the system said after it was carried out there; nothing where no request was sent again since."""


class Finding(Struct, frozen=True):
    """One cause about one subject."""

    cause: str
    status: Status
    severity: Literal["high", "medium", "low"]
    confidence: Literal["high", "medium", "low"]
    subject: Subject
    results: tuple[Result, ...]
    """The results that confirm it, leave it open, or rule it out."""
    captures: tuple[str, ...] = ()
    """The requests that it concerns."""
    stops: tuple[str, ...] = ()
    """The requests that are rejected here first."""
    folds: tuple[str, ...] = ()
    """Confirmed causes that are only its consequences."""
    folded_under: str | None = None
    """The confirmed cause that it is only a consequence of."""
    missing: tuple[str, ...] = ()
    """Facts that would decide it, where it is possible."""
    behind: str | None = None
    """The confirmed cause that hides it: it shows once that one is mended."""
    trials: tuple[Trial, ...] = ()
    suppressed: str = ""
    """Why and how long the owner accepts it, where the description says so."""
    score: float = 0.0
    """How well it fits what was captured and seen, where it is possible; only the order counts."""
    because: tuple[str, ...] = ()
    """What the captured answers say for or against it."""
    on_system: Literal["confirmed", "mended", "gone"] | None = None
    """Where its requests were sent again: the system refuses as predicted; it accepts after a remedy, as predicted; it
    accepts what should be refused here."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same finding in another run: its cause and its subject."""
        return self.cause, self.subject.path


def find(run: Run, base: Base) -> tuple[Finding, ...]:
    """Join results with causes: confirmed, possible, ruled out; root causes first."""
    claims: dict[str, list[str]] = {}
    for claim, cause in base.causes_by_check.items():
        claims.setdefault(claim.partition(":")[0], []).append(cause)
    failed: dict[tuple[str, str], list[tuple[Result, str | None]]] = {}
    others: dict[str, _Undecided] = {}
    for result, capture in results(run):
        if result.outcome is Outcome.FAILED:
            failed.setdefault((owner(result, base), result.subject.path), []).append((result, capture))
        elif result.outcome in (Outcome.UNKNOWN, Outcome.ERROR, Outcome.PASSED):
            for cause in dict.fromkeys(claims.get(result.check, ())):
                others.setdefault(cause, _Undecided()).add(result, capture)
    stops = _stops(run, base)
    confirmed = [_confirmed(key, found, stops.get(key, ()), base) for key, found in failed.items()]
    sure = {finding.cause for finding in confirmed}
    undecided = [found.finding(cause, base) for cause, found in others.items() if cause not in sure]
    observed = {f"HTTP-{one.observed.status}" for one in run.replays if one.observed and not one.observed.passed}
    return (
        *sorted(_folded(confirmed, base), key=_confirmed_rank),
        *sorted(undecided, key=lambda finding: _undecided_rank(finding, observed, base)),
    )


def failing(run: Run, base: Base) -> frozenset[tuple[str, str]]:
    """Return the keys of the findings that a run confirms."""
    return frozenset((owner(result, base), result.subject.path) for result in run.failed)


def failures(run: Run, base: Base) -> frozenset[Failure]:
    """Return every way in which something fails: one finding may have several, each with a remedy of its own."""
    return frozenset((owner(result, base), result.subject.path, result.code) for result in run.failed)


def owner(result: Result, base: Base) -> str:
    """Return the cause that claims a failure; the lint of the knowledge base sees to it that there is one."""
    cause = base.cause_of(result.check, result.reason)
    if cause is None:
        raise LookupError(f"no cause claims {result.code}")
    return cause.id


def results(run: Run) -> Iterator[tuple[Result, str | None]]:
    """Yield every result, with the request that it is about."""
    for result in run.survey:
        yield result, None
    for replay in run.replays:
        for result in replay.results:
            yield result, replay.capture


def _stops(run: Run, base: Base) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return by finding the requests whose first failed check belongs to it."""
    stops: dict[tuple[str, str], list[str]] = {}
    for replay in run.replays:
        first = next(iter(replay.failed), None)
        if first is not None:
            stops.setdefault((owner(first, base), first.subject.path), []).append(replay.capture)
    return {key: tuple(captures) for key, captures in stops.items()}


def _confirmed(
    key: tuple[str, str], found: list[tuple[Result, str | None]], stops: tuple[str, ...], base: Base
) -> Finding:
    cause = base.causes[key[0]]
    captures = tuple(dict.fromkeys(capture for _, capture in found if capture is not None))
    told = tuple({(result.check, result.evidence): result for result, _ in found}.values())
    subject = told[0].subject
    if not subject.path and all(capture is not None for _, capture in found):
        subject = Subject(f"{len(captures)} request{'s' if len(captures) > 1 else ''}")
    confidence: Literal["high", "medium"] = "high" if cause.basis == "sap" else "medium"
    return Finding(cause.id, "confirmed", cause.severity, confidence, subject, told, captures, stops)


class _Undecided:
    """What speaks of a cause that is not confirmed. Most results of a case do, so each is kept once for all requests."""

    def __init__(self) -> None:
        self._told: dict[bool, dict[tuple[str, Subject], Result]] = {True: {}, False: {}}
        """By whether it passed."""
        self._captures: dict[bool, dict[str, None]] = {True: {}, False: {}}

    def add(self, result: Result, capture: str | None) -> None:
        passed = result.outcome is Outcome.PASSED
        self._told[passed][result.check, result.subject] = result
        if capture is not None:
            self._captures[passed][capture] = None

    def finding(self, identifier: str, base: Base) -> Finding:
        cause = base.causes[identifier]
        ruled_out = not self._told[False]
        told, captures = tuple(self._told[ruled_out].values()), tuple(self._captures[ruled_out])
        if ruled_out:
            return Finding(cause.id, "ruled-out", cause.severity, "high", told[0].subject, told, captures)
        missing = tuple(dict.fromkeys(path for result in told for path in result.missing))
        return Finding(cause.id, "possible", cause.severity, "low", told[0].subject, told, captures, missing=missing)


def _folded(confirmed: list[Finding], base: Base) -> Iterator[Finding]:
    """Fold each cause under the confirmed one that leads to it."""
    sure = {finding.cause for finding in confirmed}
    for finding in confirmed:
        parent = next((cause for cause in sure if finding.cause in base.causes[cause].leads_to), None)
        folds = tuple(cause for cause in base.causes[finding.cause].leads_to if cause in sure)
        yield replace(finding, folded_under=parent, folds=folds)


def _confirmed_rank(finding: Finding) -> tuple[bool, int, int, int]:
    stage = min(_STAGES.index(result.stage) for result in finding.results)
    return finding.folded_under is not None, _SEVERITIES.index(finding.severity), -len(finding.stops), stage


def _undecided_rank(finding: Finding, observed: set[str], base: Base) -> tuple[bool, bool, int, int]:
    cause = base.causes[finding.cause]
    fits = not observed or bool(observed & set(cause.messages))
    stage = min(_STAGES.index(result.stage) for result in finding.results)
    return finding.status == "ruled-out", not fits, _FREQUENCIES.index(cause.frequency), stage
