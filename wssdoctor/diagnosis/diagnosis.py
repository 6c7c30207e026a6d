"""The diagnosis of a case: what was checked, what is wrong, what would help."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wssdoctor.check.result import Outcome
from wssdoctor.consumer.call import CHECKS as OUTBOUND_CHECKS
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.case import run as run_case
from wssdoctor.diagnosis.expiry import expiring
from wssdoctor.diagnosis.finding import Finding, failures, find
from wssdoctor.diagnosis.inference import disagrees, reasoned, weighed
from wssdoctor.diagnosis.on_system import Sending, sendings, settled, unsettled, with_system
from wssdoctor.diagnosis.plan import Plan, plan, proven
from wssdoctor.diagnosis.progress import Listener, nobody
from wssdoctor.diagnosis.question import Question, next_question
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.suppression import suppressed
from wssdoctor.diagnosis.uncovered import with_uncovered
from wssdoctor.diagnosis.whatif import attempts, chosen, tried, with_trials
from wssdoctor.errors import InputError
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.replay import CHECKS, needs_request

_WORST_FIRST = (Outcome.ERROR, Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)


class Coverage(Struct, frozen=True):
    """How much was checked. Each check counts once, by its worst outcome (defects of ours before failures)."""

    checks: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    error: int
    missing_facts: tuple[str, ...]
    """General paths of the facts that nobody gave, most wanted first."""
    waiting_for_request: int
    """Checks that only a captured request can answer and that were not run for want of one."""
    provider_not_described: int = 0
    """Checks of the provider that were not run: the description speaks of outbound calls alone."""
    outbound_not_described: int = 0
    """Checks of outbound calls that were not run: the description says nothing of any."""

    @property
    def complete(self) -> bool:
        """Whether every check that was run got an answer."""
        return not self.unknown and not self.error


class Diagnosis(Struct, frozen=True):
    """The whole answer. Frozen; every output is a function of it."""

    case: Case
    run: Run
    findings: tuple[Finding, ...]
    coverage: Coverage
    plan: Plan | None
    question: Question | None
    """What to find out next, where causes are possible."""
    sent: tuple[Sending, ...] = ()
    """Requests that were sent to the system again."""
    unsettled: tuple[str, ...] = ()
    """Requests that the description accepts and the system refused, or did not clearly accept, when asked last."""

    @property
    def confirmed(self) -> tuple[Finding, ...]:
        """The confirmed findings, root causes first."""
        return tuple(finding for finding in self.findings if finding.status == "confirmed")


def diagnose(
    case: Case,
    base: Base,
    *,
    remedies: bool = True,
    expiring_within: int | None = None,
    listener: Listener = nobody,
) -> Diagnosis:
    """Check, replay, join with knowledge; with ``remedies``, try each remedy and make a plan.

    ``expiring_within`` asks for certificates that expire within so many days.
    """
    ran = run_case(case, listener)
    sent = sendings(case, ran)
    before = settled(ran, sent)
    findings, question = _reasoned(case, before, find(before, base), base)
    made: Plan | None = None
    if remedies and before.failed:
        alone = attempts(case, findings, base, listener)
        findings = with_trials(findings, failures(before, base), alone, base)
        made, rounds = plan(case, before, base, alone, listener)
        findings = with_uncovered(findings, rounds, base)
    if expiring_within is not None:
        soon = expiring(case.facts, case.moment, expiring_within, base)
        first = sum(finding.status == "confirmed" for finding in findings)
        findings = (*findings[:first], *soon, *findings[first:])
    findings = suppressed(findings, case.facts, case.moment, base)
    findings = with_system(findings, sent)
    return Diagnosis(case, before, findings, coverage(before), made, question, sent, unsettled(ran, sent))


def carried_out(names: Sequence[str], before: Diagnosis, base: Base) -> Diagnosis:
    """Return the diagnosis of the case after these remedies, for every finding that they serve; they are its plan.

    Raises ``InputError`` for an id that is unknown, serves no finding, or stands for a remedy that cannot be tried.
    """
    actions = chosen(names, before.findings, base)
    try:
        after = tried(before.case, actions, base)
    except ValueError as error:
        raise InputError.because("these remedies cannot be tried", why=str(error)) from None
    made = proven(actions, before.case, before.run, after, smallest=False)
    findings, question = _reasoned(after.case, after.run, after.findings, base)
    findings = suppressed(findings, after.case.facts, after.case.moment, base)
    return Diagnosis(after.case, after.run, findings, coverage(after.run), made, question)


def _reasoned(
    case: Case, before: Run, findings: tuple[Finding, ...], base: Base
) -> tuple[tuple[Finding, ...], Question | None]:
    """Weigh the possible causes, and say what would tell most about them; what is known alone needs no reasoning."""
    if all(finding.status != "possible" for finding in findings) and not disagrees(before):
        return findings, None
    reasoning = reasoned(case, before, findings, base)
    findings = weighed(findings, reasoning, before)
    return findings, next_question(reasoning, findings, base)


def coverage(run: Run) -> Coverage:
    """Count each check once, by its worst outcome."""
    outcomes: dict[str, set[Outcome]] = {}
    wanted: dict[str, int] = {}
    for result in run.results():
        outcomes.setdefault(result.check, set()).add(result.outcome)
        for path in result.missing:
            wanted[path] = wanted.get(path, 0) + 1
    worst = [next(one for one in _WORST_FIRST if one in found) for found in outcomes.values()]
    provider = "provider" not in run.undescribed
    waiting = 0 if run.replays or not provider else sum(needs_request(one) for one in CHECKS)
    return Coverage(
        len(worst),
        worst.count(Outcome.PASSED),
        worst.count(Outcome.FAILED),
        worst.count(Outcome.UNKNOWN),
        worst.count(Outcome.NOT_APPLICABLE),
        worst.count(Outcome.ERROR),
        tuple(sorted(wanted, key=lambda path: (-wanted[path], path))),
        waiting,
        0 if provider else len(CHECKS),
        len(OUTBOUND_CHECKS) if "consumer" in run.undescribed else 0,
    )
