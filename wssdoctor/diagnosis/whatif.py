"""What if: remedies carried out on a copy of the case, everything checked and replayed again."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.case import Case, Run, run
from wssdoctor.diagnosis.finding import Finding, Trial, find
from wssdoctor.diagnosis.patch import apply
from wssdoctor.diagnosis.progress import Listener, Progress, nobody
from wssdoctor.errors import InputError
from wssdoctor.knowledge.base import Base


class Action(Struct, frozen=True):
    """A remedy for one subject and some requests."""

    remedy: str
    subject: Subject
    captures: tuple[str, ...]


class Tried(Struct, frozen=True):
    """A case after some remedies, and what a run over it says."""

    case: Case
    run: Run
    findings: tuple[Finding, ...]

    @property
    def failing(self) -> frozenset[tuple[str, str]]:
        """The keys of the findings that are confirmed."""
        return frozenset(finding.key for finding in self.findings if finding.status == "confirmed")


def tried(case: Case, actions: Sequence[Action], base: Base, listener: Listener = nobody) -> Tried:
    """Carry out remedies one after the other and look at the case again; the listener hears of each request.

    Raises ``ValueError`` for a remedy that cannot be tried.
    """
    for action in actions:
        remedy = base.remedies[action.remedy]
        if remedy.effect is None:
            raise ValueError(f"{remedy.id} cannot be tried: {remedy.unproven}")
        case = apply(remedy.effect, case, action.subject, action.captures)
    after = run(case, listener)
    return Tried(case, after, find(after, base))


def actions_for(finding: Finding, base: Base) -> tuple[Action, ...]:
    """Return the remedies of a finding as actions, best first."""
    return tuple(Action(remedy, finding.subject, finding.captures) for remedy in base.causes[finding.cause].remedies)


def with_trials(
    case: Case, findings: Iterable[Finding], base: Base, listener: Listener = nobody
) -> tuple[Finding, ...]:
    """Try each remedy of each confirmed finding on its own."""
    findings = tuple(findings)
    before = frozenset(finding.key for finding in findings if finding.status == "confirmed")
    total = sum(len(actions_for(finding, base)) for finding in findings if finding.status == "confirmed")
    done = 0

    def trial(finding: Finding, action: Action) -> Trial:
        nonlocal done
        now = Progress("remedies", done, total)
        done += 1
        return _trial(case, finding, action, before, base, lambda _: listener(now))

    return tuple(
        replace(finding, trials=tuple(trial(finding, action) for action in actions_for(finding, base)))
        if finding.status == "confirmed"
        else finding
        for finding in findings
    )


def _trial(
    case: Case, finding: Finding, action: Action, before: frozenset[tuple[str, str]], base: Base, listener: Listener
) -> Trial:
    try:
        after = tried(case, (action,), base, listener).failing
    except ValueError as error:
        return Trial(action.remedy, None, str(error))
    if finding.key in after:
        return Trial(action.remedy, "unchanged")
    new = sorted({cause for cause, subject in after if (cause, subject) not in before})
    return Trial(action.remedy, "new-problem", ", ".join(new)) if new else Trial(action.remedy, "resolved")


def chosen(names: Sequence[str], findings: Iterable[Finding], base: Base) -> tuple[Action, ...]:
    """Return the actions that remedy ids stand for in a case: one for each confirmed finding that they serve.

    Raises ``InputError`` for an id that is unknown or serves no finding here.
    """
    findings = [finding for finding in findings if finding.status == "confirmed"]
    actions: list[Action] = []
    for name in names:
        if name not in base.remedies:
            near = difflib.get_close_matches(name, base.remedies, n=1)
            hint = f"did you mean {near[0]}?" if near else "wssdoctor check lists the remedies that serve a case"
            raise InputError.because(f"no remedy has the id {name[:60]}", hint=hint)
        fitting = [action for finding in findings for action in actions_for(finding, base) if action.remedy == name]
        if not fitting:
            raise InputError.because(
                f"{name} serves no finding of this case", hint="wssdoctor check lists the remedies"
            )
        actions.extend(fitting)
    return tuple(actions)
