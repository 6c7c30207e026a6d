"""The report: the frozen public form of a diagnosis, ``wssdoctor.report/1``.

Every output is a pure function of it. Keys are added within a version, never renamed or removed; internal types change
without touching it. It holds no secret, and foreign text as it came: renderers make that harmless.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor import __version__
from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis import finding as found
from wssdoctor.diagnosis import plan as planned
from wssdoctor.diagnosis import question
from wssdoctor.diagnosis.diagnosis import Coverage as Counted
from wssdoctor.diagnosis.diagnosis import Diagnosis
from wssdoctor.diagnosis.whatif import Action
from wssdoctor.evidence import Compared, Computed, Evidence, Located, Quoted, Sensitivity
from wssdoctor.knowledge.base import Base
from wssdoctor.provider import replay as replayed
from wssdoctor.provider.requestfact import REQUEST_FACTS

SCHEMA: Literal["wssdoctor.report/1"] = "wssdoctor.report/1"

Verdict: TypeAlias = Literal["healthy", "findings", "inconclusive"]
Level: TypeAlias = Literal["high", "medium", "low"]
Basis: TypeAlias = Literal["sap", "community", "inferred"]
RequestVerdict: TypeAlias = Literal["accepted", "rejected", "undecided"]
"""Of a request."""

_HIDDEN = "(secret)"


class FactWanted(Struct, frozen=True):
    """A fact that nobody gave, and how to find it out."""

    path: str
    meaning: str
    home: str
    """Where SAP keeps it."""
    obtain: str


class Coverage(Struct, frozen=True):
    """How much was checked. Each check counts once, by its worst outcome."""

    checks: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    error: int
    missing_facts: tuple[str, ...]
    """Paths, most wanted first."""
    facts_wanted: tuple[FactWanted, ...]
    """The same facts in the same order, explained."""
    waiting_for_request: int
    """Checks that were not run because no captured request was given."""


class Source(Struct, frozen=True):
    """Where something is written."""

    title: str
    address: str
    basis: Literal["sap", "standard", "community"]


class Step(Struct, frozen=True):
    """One step for a person."""

    do: str
    where: str
    see: str


class Remedy(Struct, frozen=True):
    """What makes it well again, and what a simulation of it showed."""

    id: str
    title: str
    trial: Literal["resolved", "unchanged", "new-problem"] | None
    """Null where it was not tried; ``note`` says why, or which problem is new."""
    note: str
    actor: str
    side: str
    steps: tuple[Step, ...]
    risk: str
    interruption: str
    rollback: str
    weakens_security: str
    """How, if it does; else empty."""
    releases: str
    basis: Basis
    sources: tuple[Source, ...]


class Finding(Struct, frozen=True):
    """One cause about one subject."""

    cause: str
    title: str
    explanation: str
    status: Literal["confirmed", "possible", "ruled-out"]
    severity: Level
    confidence: Level
    basis: Basis
    subject: str
    says: tuple[str, ...]
    """What its checks say in this case."""
    checks: tuple[str, ...]
    """The checks that decided it, with the reason where a check has several ways to fail."""
    explains: tuple[str, ...]
    """Confirmed causes that are only its consequences."""
    folded_under: str | None
    """The confirmed cause that it is only a consequence of."""
    captures: tuple[str, ...]
    """The requests that it concerns."""
    stops: tuple[str, ...]
    """The requests that are rejected here first."""
    missing: tuple[str, ...]
    """Facts that would decide it, where it is possible."""
    score: float
    """How well it fits what was captured, where it is possible; only the order counts."""
    because: tuple[str, ...]
    """What the captured answers say for or against it."""
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...]
    sources: tuple[Source, ...]


class Check(Struct, frozen=True):
    """The answer of one check about the system, about one of its parts, or about one request."""

    check: str
    stage: str
    title: str
    outcome: Outcome
    reason: str | None
    says: str
    subject: str
    capture: str | None
    """The request, or null for a check of the system."""
    missing: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class StageStep(Struct, frozen=True):
    """One stage of a replay: the worst outcome among its checks, and the checks that had it."""

    stage: str
    outcome: Outcome
    checks: tuple[str, ...]


class Predicted(Struct, frozen=True):
    """The modelled answer of the provider."""

    status: int
    fault: str | None
    messages: tuple[str, ...]
    basis: Basis
    """What the model rests on."""


class Observed(Struct, frozen=True):
    """What the captured response says."""

    status: int
    fault: str | None


class Replay(Struct, frozen=True):
    """One request replayed."""

    capture: str
    verdict: RequestVerdict
    stage: str | None
    user: str | None
    steps: tuple[StageStep, ...]
    predicted: Predicted | None
    observed: Observed | None
    agrees: bool | None


class PlannedRemedy(Struct, frozen=True):
    """One remedy of the plan, for one part of the system and some requests."""

    id: str
    title: str
    actor: str
    subject: str
    captures: tuple[str, ...]
    weakens_security: str
    risk: str
    interruption: str
    rollback: str
    steps: tuple[Step, ...]


class Proof(Struct, frozen=True):
    """One request before and after."""

    capture: str
    before: RequestVerdict
    after: RequestVerdict


class Plan(Struct, frozen=True):
    """Remedies in the order in which to carry them out, proven by replay."""

    remedies: tuple[PlannedRemedy, ...]
    proof: tuple[Proof, ...]
    smallest: bool
    """Whether it is proven that no cheaper set exists."""
    remaining: tuple[str, ...]
    """Causes that still fail afterwards."""
    applied: bool
    """Whether the rest of the report shows the case after these remedies, as asked for, or before them."""


class Question(Struct, frozen=True):
    """What to find out next: facts that one look shows together."""

    about: str
    facts: tuple[FactWanted, ...]
    decides: tuple[str, ...]
    """The causes that the answers confirm or rule out, most likely first."""


class Report(Struct, frozen=True):
    """Everything that was found."""

    schema: Literal["wssdoctor.report/1"]
    version: str
    """Of the program."""
    verdict: Verdict
    system: str
    """The description's file as the user named it."""
    moment: dt.datetime
    """The moment at which the system was looked at."""
    coverage: Coverage
    findings: tuple[Finding, ...]
    """Confirmed ones first, root causes before their consequences; then possible ones; then those ruled out."""
    checks: tuple[Check, ...]
    replays: tuple[Replay, ...]
    plan: Plan | None
    question: Question | None
    """What to find out next, where causes are possible and facts are missing."""


def build(diagnosed: Diagnosis, base: Base, *, applied: bool = False) -> Report:
    """Make the report of a diagnosis; ``applied`` says that its plan was already carried out on the case."""
    return Report(
        schema=SCHEMA,
        version=__version__,
        verdict=_verdict(diagnosed),
        system=diagnosed.case.facts.name,
        moment=diagnosed.case.moment.astimezone(dt.UTC),
        coverage=_coverage(diagnosed.coverage),
        findings=tuple(_finding(one, base) for one in diagnosed.findings),
        checks=(
            *(_check(result, None) for result in diagnosed.run.survey),
            *(_check(result, one.capture) for one in diagnosed.run.replays for result in one.results),
        ),
        replays=tuple(_replay(one, applied=applied) for one in diagnosed.run.replays),
        plan=_plan(diagnosed.plan, base, applied=applied) if diagnosed.plan else None,
        question=_question(diagnosed.question) if diagnosed.question else None,
    )


def _verdict(diagnosed: Diagnosis) -> Verdict:
    if diagnosed.confirmed:
        return "findings"
    return "healthy" if diagnosed.coverage.complete else "inconclusive"


def _coverage(counted: Counted) -> Coverage:
    return Coverage(
        counted.checks,
        counted.passed,
        counted.failed,
        counted.unknown,
        counted.not_applicable,
        counted.error,
        counted.missing_facts,
        tuple(wanted(path) for path in counted.missing_facts),
        counted.waiting_for_request,
    )


def wanted(path: str) -> FactWanted:
    """Explain a fact by its general path. Raises ``KeyError`` for one that is not declared."""
    return _explained(REQUEST_FACTS[path] if path in REQUEST_FACTS else DECLARATIONS[path])


def _explained(declaration: Declaration) -> FactWanted:
    return FactWanted(declaration.path, declaration.meaning, declaration.home, declaration.obtain)


def _question(asked: question.Question) -> Question:
    return Question(asked.about, tuple(map(_explained, asked.facts)), asked.decides)


def _finding(one: found.Finding, base: Base) -> Finding:
    cause = base.causes[one.cause]
    trials = {trial.remedy: trial for trial in one.trials}
    return Finding(
        cause=cause.id,
        title=cause.title,
        explanation=cause.explanation,
        status=one.status,
        severity=one.severity,
        confidence=one.confidence,
        basis=cause.basis,
        subject=one.subject.name,
        says=tuple(dict.fromkeys(result.says for result in one.results if result.says)),
        checks=tuple(dict.fromkeys(result.code for result in one.results)),
        explains=one.folds,
        folded_under=one.folded_under,
        captures=one.captures,
        stops=one.stops,
        missing=one.missing,
        score=round(one.score, 3),
        because=one.because,
        evidence=tuple(dict.fromkeys(_harmless(piece) for result in one.results for piece in result.evidence)),
        remedies=tuple(_remedy(remedy, trials.get(remedy), base) for remedy in cause.remedies),
        sources=_sources(cause.sources, base),
    )


def _remedy(identifier: str, trial: found.Trial | None, base: Base) -> Remedy:
    remedy = base.remedies[identifier]
    return Remedy(
        id=remedy.id,
        title=remedy.title,
        trial=trial.outcome if trial else None,
        note=trial.note if trial else "",
        actor=remedy.actor,
        side=remedy.side,
        steps=_steps(identifier, base),
        risk=remedy.risk,
        interruption=remedy.interruption,
        rollback=remedy.rollback,
        weakens_security=remedy.weakens_security,
        releases=remedy.releases,
        basis=remedy.basis,
        sources=_sources(remedy.sources, base),
    )


def _steps(remedy: str, base: Base) -> tuple[Step, ...]:
    return tuple(Step(step.do, step.where, step.see) for step in base.remedies[remedy].steps)


def _sources(identifiers: tuple[str, ...], base: Base) -> tuple[Source, ...]:
    sources = (base.sources[identifier] for identifier in identifiers)
    return tuple(Source(source.title, source.address, source.basis) for source in sources)


def _check(result: Result, capture: str | None) -> Check:
    return Check(
        check=result.check,
        stage=result.stage,
        title=result.title,
        outcome=result.outcome,
        reason=result.reason,
        says=result.says,
        subject=result.subject.name if result.subject.path or capture is None else "request",
        capture=capture,
        missing=result.missing,
        evidence=tuple(_harmless(piece) for piece in result.evidence),
    )


def _replay(one: replayed.Replay, *, applied: bool) -> Replay:
    predicted = one.predicted
    return Replay(
        capture=one.capture,
        verdict=one.verdict,
        stage=one.stage,
        user=one.user,
        steps=tuple(
            StageStep(
                step.stage,
                step.outcome,
                tuple(result.code for result in step.results if result.outcome is step.outcome),
            )
            for step in one.steps
        ),
        predicted=Predicted(predicted.status, predicted.fault, predicted.messages, predicted.basis)
        if predicted
        else None,
        observed=Observed(one.observed.status, one.observed.fault) if one.observed else None,
        agrees=None if applied else one.agrees,  # the response was captured before the remedies
    )


def _plan(made: planned.Plan, base: Base, *, applied: bool) -> Plan:
    return Plan(
        remedies=tuple(_planned(action, base) for action in made.actions),
        proof=tuple(Proof(one.capture, one.before, one.after) for one in made.proof),
        smallest=made.smallest,
        remaining=made.remaining,
        applied=applied,
    )


def _planned(action: Action, base: Base) -> PlannedRemedy:
    remedy = base.remedies[action.remedy]
    return PlannedRemedy(
        id=remedy.id,
        title=remedy.title,
        actor=remedy.actor,
        subject=action.subject.name,
        captures=action.captures,
        weakens_security=remedy.weakens_security,
        risk=remedy.risk,
        interruption=remedy.interruption,
        rollback=remedy.rollback,
        steps=_steps(action.remedy, base),
    )


def _harmless(piece: Evidence) -> Evidence:
    """Take secret values out of a piece of evidence."""
    if piece.sensitivity is not Sensitivity.SECRET:
        return piece
    match piece:
        case Compared():
            return replace(piece, expected=_HIDDEN, observed=_HIDDEN)
        case Computed():
            inputs = tuple((name, _HIDDEN) for name, _ in piece.inputs)
            return replace(piece, inputs=inputs, steps=(), result=_HIDDEN)
        case Quoted():
            return replace(piece, text=_HIDDEN)
        case Located():
            return piece
