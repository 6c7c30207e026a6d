"""What if: remedies carried out on a copy of the case, everything checked and replayed again."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.finding import Failure, Finding, Trial, failing, failures, find
from wssdoctor.diagnosis.patch import apply
from wssdoctor.diagnosis.progress import Listener, Progress, nobody
from wssdoctor.diagnosis.run import Run
from wssdoctor.errors import InputError
from wssdoctor.knowledge.base import Base


class Action(Struct, frozen=True):
    """A remedy for one subject and some requests."""

    remedy: str
    subject: Subject
    captures: tuple[str, ...]


class Tried(Struct, frozen=True, dict=True):
    """A case after some remedies, and what a run over it says."""

    case: Case
    run: Run
    base: Base

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is found in the case now."""
        return find(self.run, self.base)

    @cached_property
    def failing(self) -> frozenset[tuple[str, str]]:
        """The keys of the findings that are confirmed now."""
        return failing(self.run, self.base)

    @cached_property
    def failures(self) -> frozenset[Failure]:
        """Every way in which something fails now."""
        return failures(self.run, self.base)


Attempts: TypeAlias = Mapping[Action, frozenset[Failure] | str]
"""What fails after each remedy on its own, or why it could not be tried."""


def tried(case: Case, actions: Sequence[Action], base: Base, listener: Listener = nobody) -> Tried:
    """Carry out remedies one after the other and look at the case again; the listener hears of each request.

    Raises ``ValueError`` for a remedy that cannot be tried.
    """
    for action in actions:
        remedy = base.remedies[action.remedy]
        if remedy.effect is None:
            raise ValueError(f"{remedy.id} cannot be tried: {remedy.unproven}")
        case = apply(remedy.effect, case, action.subject, action.captures)
    return Tried(case, run(case, listener), base)


def actions_for(finding: Finding, base: Base) -> tuple[Action, ...]:
    """Return the remedies of a finding as actions, best first."""
    return tuple(Action(remedy, finding.subject, finding.captures) for remedy in base.causes[finding.cause].remedies)


def attempts(case: Case, findings: Iterable[Finding], base: Base, listener: Listener = nobody) -> Attempts:
    """Try each remedy of each confirmed finding on its own."""
    confirmed = [finding for finding in findings if finding.status == "confirmed"]
    actions = list(dict.fromkeys(action for finding in confirmed for action in actions_for(finding, base)))
    found: dict[Action, frozenset[Failure] | str] = {}
    for done, action in enumerate(actions):
        hear = partial(_relay, listener, Progress("remedies", done, len(actions)))
        try:
            found[action] = tried(case, (action,), base, hear).failures
        except ValueError as error:
            found[action] = str(error)
    return found


def _relay(listener: Listener, now: Progress, _: Progress) -> None:
    listener(now)


def with_trials(
    findings: Iterable[Finding], before: frozenset[Failure], made: Attempts, base: Base
) -> tuple[Finding, ...]:
    """Say in each confirmed finding what its remedies did, given what failed before them."""
    return tuple(
        replace(
            finding,
            trials=tuple(_trial(finding, action, made[action], before) for action in actions_for(finding, base)),
        )
        if finding.status == "confirmed"
        else finding
        for finding in findings
    )


def _trial(finding: Finding, action: Action, after: frozenset[Failure] | str, before: frozenset[Failure]) -> Trial:
    if isinstance(after, str):
        return Trial(action.remedy, None, after)
    left = [failure for failure in after if failure[:2] == finding.key]
    if left:
        mended = any(failure[:2] == finding.key for failure in before - after)
        codes = ", ".join(sorted(code for *_, code in left))
        return Trial(action.remedy, "unchanged", f"it mends a part; left: {codes}" if mended else "")
    known = {failure[:2] for failure in before}
    new = sorted({cause for cause, subject, _ in after if (cause, subject) not in known})
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
