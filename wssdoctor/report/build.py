"""Making the public report of a diagnosis. Secret values end here."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from wssdoctor import __version__
from wssdoctor.capture.sent import Seen
from wssdoctor.check.result import Result
from wssdoctor.consumer import call
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis import diagnosis as diagnosed
from wssdoctor.diagnosis import finding as found
from wssdoctor.diagnosis import on_system
from wssdoctor.diagnosis import plan as planned
from wssdoctor.diagnosis.suppression import expired
from wssdoctor.diagnosis.whatif import Action
from wssdoctor.evidence import Compared, Computed, Evidence, Located, Quoted, Sensitivity
from wssdoctor.knowledge.base import Base
from wssdoctor.provider import replay as replayed
from wssdoctor.provider.answer import Answer
from wssdoctor.provider.observed import Observed as Answered
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.report.asked import question
from wssdoctor.report.report import (
    SCHEMA,
    CallProof,
    Check,
    Coverage,
    FactDiffers,
    FactWanted,
    Finding,
    LogEntry,
    Observed,
    OutboundCall,
    Plan,
    PlannedRemedy,
    Predicted,
    Proof,
    Remedy,
    Replay,
    Report,
    Source,
    StageStep,
    Step,
    Verdict,
)
from wssdoctor.report.sending import AnswerSeen, Sending

_HIDDEN = "(secret)"


def build(diagnosis: diagnosed.Diagnosis, base: Base, *, applied: bool = False) -> Report:
    """Make the report of a diagnosis; ``applied`` says that its plan was already carried out on the case."""
    return Report(
        schema=SCHEMA,
        version=__version__,
        verdict=_verdict(diagnosis),
        system=diagnosis.case.facts.name,
        moment=diagnosis.case.moment.astimezone(dt.UTC),
        coverage=_coverage(diagnosis.coverage),
        findings=tuple(_finding(one, base) for one in diagnosis.findings),
        checks=(
            *(_check(result, None) for result in diagnosis.run.survey),
            *(_check(result, one.capture) for one in diagnosis.run.replays for result in one.results),
        ),
        replays=tuple(_replay(one, applied=applied) for one in diagnosis.run.replays),
        suppressions_expired=expired(diagnosis.case.facts, diagnosis.case.moment),
        plan=_plan(diagnosis.plan, base, applied=applied) if diagnosis.plan else None,
        question=question(diagnosis.question) if diagnosis.question else None,
        calls=tuple(map(_call, diagnosis.run.calls)),
        sent=tuple(map(_sent, diagnosis.sent)),
        unsettled=diagnosis.unsettled,
    )


def _verdict(diagnosis: diagnosed.Diagnosis) -> Verdict:
    if diagnosis.confirmed:
        return "findings"
    return "healthy" if diagnosis.coverage.complete and not diagnosis.unsettled else "inconclusive"


def _coverage(counted: diagnosed.Coverage) -> Coverage:
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
        counted.provider_not_described,
        counted.outbound_not_described,
    )


def wanted(path: str) -> FactWanted:
    """Explain a fact by its general path. Raises ``KeyError`` for one that is not declared."""
    return _explained(REQUEST_FACTS[path] if path in REQUEST_FACTS else DECLARATIONS[path])


def _explained(declaration: Declaration) -> FactWanted:
    return FactWanted(declaration.path, declaration.meaning, declaration.home, declaration.obtain)


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
        behind=one.behind,
        suppressed=one.suppressed,
        captures=one.captures,
        stops=one.stops,
        missing=one.missing,
        score=round(one.score, 3),
        because=one.because,
        evidence=tuple(dict.fromkeys(_harmless(piece) for result in one.results for piece in result.evidence)),
        remedies=tuple(_remedy(remedy, trials.get(remedy), base) for remedy in cause.remedies),
        sources=_sources(cause.sources, base),
        on_system=one.on_system,
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
        on_system=trial.on_system if trial else None,
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
        predicted=Predicted(
            predicted.status,
            predicted.fault,
            predicted.messages,
            predicted.basis,
            tuple(LogEntry(entry.log, entry.entry) for entry in predicted.logs),
        )
        if predicted
        else None,
        observed=Observed(one.observed.status, one.observed.fault) if one.observed else None,
        agrees=None if applied else one.agrees,  # the response was captured before the remedies
        doubts=() if applied else one.doubts,
    )


def _call(one: call.Call) -> OutboundCall:
    predicted = one.predicted
    return OutboundCall(
        call=one.subject.name,
        verdict=one.verdict,
        stage=one.stage,
        predicted=predicted.messages if predicted else (),
        basis=predicted.basis if predicted else None,
    )


def _sent(one: on_system.Sending) -> Sending:
    record = one.record
    return Sending(
        capture=one.capture,
        of=one.of,
        time=one.moment,
        to=record.to,
        outcome=record.outcome.value,
        before=_seen(record.before),
        answered=_seen(one.answered),
        predicted=_seen(one.predicted),
        carried_out=record.carried_out,
        predicted_then=_seen(record.predicted),
        as_predicted_then=record.as_predicted,
        on_system=one.word,
        superseded=one.superseded,
        error=record.error,
    )


def _seen(answer: Seen | Answer | Answered | None) -> AnswerSeen | None:
    return AnswerSeen(answer.status, answer.fault) if answer is not None else None


def _plan(made: planned.Plan, base: Base, *, applied: bool) -> Plan:
    return Plan(
        remedies=tuple(_planned(action, base) for action in made.actions),
        proof=tuple(Proof(one.capture, one.before, one.after) for one in made.proof),
        smallest=made.smallest,
        remaining=made.remaining,
        applied=applied,
        calls=tuple(CallProof(one.call, one.before, one.after) for one in made.calls),
        changes=tuple(FactDiffers(one.path, one.before, one.after) for one in made.changes),
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
