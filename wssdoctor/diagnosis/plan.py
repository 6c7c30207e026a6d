"""The smallest set of remedies after which nothing fails, proven by replay, in the order to carry them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from wssdoctor.description.change import Difference, differences
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.finding import Failure
from wssdoctor.diagnosis.progress import Listener, Progress, nobody
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import Action, Attempts, Tried, attempts, tried
from wssdoctor.knowledge.base import Base

_ROUNDS = 4
"""How often newly uncovered causes are planned for; each round shows what the mended ones had hidden."""
_SEARCH = 20_000
"""Bound on the search for the cheapest set; beyond it the best one found so far is taken and said to be so."""
_WEAKENS = 10
"""A remedy that weakens security counts as many times as an ordinary one."""


class Proof(Struct, frozen=True):
    """One request before and after."""

    capture: str
    before: Literal["accepted", "rejected", "undecided"]
    after: Literal["accepted", "rejected", "undecided"]


class CallProof(Struct, frozen=True):
    """One outbound call before and after."""

    call: str
    before: Literal["works", "fails", "undecided"]
    after: Literal["works", "fails", "undecided"]


class Plan(Struct, frozen=True):
    """What to do, in order."""

    actions: tuple[Action, ...]
    proof: tuple[Proof, ...]
    smallest: bool
    """Whether no cheaper set exists; otherwise it is only known that none of its remedies can be left out.

    A cheaper set may exist where remedies uncover what they were not chosen for.
    """
    remaining: tuple[str, ...]
    """Causes that still fail afterwards; empty for a plan after which nothing fails."""
    calls: tuple[CallProof, ...] = ()
    changes: tuple[Difference, ...] = ()
    """What it changes in the description; changes of requests are not among them."""


class Round(Struct, frozen=True):
    """One step of planning: the case with the remedies chosen before, and what each further one does to it."""

    now: Tried
    made: Attempts


def plan(
    case: Case, before: Run, base: Base, made: Attempts, listener: Listener = nobody
) -> tuple[Plan, tuple[Round, ...]]:
    """Find the plan, given what each remedy does on its own; return it with the rounds in which it was found.

    A remedy that weakens security is taken only where nothing else helps.
    """
    replayed = 0

    def hear(_: Progress) -> None:
        nonlocal replayed
        replayed += 1
        listener(Progress("plan", replayed, None))

    actions: tuple[Action, ...] = ()
    now = Tried(case, before, base)
    rounds = [Round(now, made)]
    smallest = True
    while len(rounds) <= _ROUNDS:
        chosen, exact = _cheapest(_helpful(now, rounds[-1].made), base)
        if not chosen:
            break
        smallest = exact and not actions
        actions = (*actions, *chosen)
        now = tried(case, _in_order(actions, base), base, hear)
        if not now.failures:
            break
        rounds.append(Round(now, attempts(now.case, now.findings, base, hear)))
    actions, now = _without_needless(case, actions, now, base, hear)
    return proven(_in_order(actions, base), case, before, now, smallest=smallest and len(actions) > 0), tuple(rounds)


def proven(actions: tuple[Action, ...], case: Case, before: Run, after: Tried, *, smallest: bool) -> Plan:
    """Make the plan of these actions from what a run says before and after them."""
    proof = tuple(
        Proof(first.capture, first.verdict, second.verdict)
        for first, second in zip(before.replays, after.run.replays, strict=True)
    )
    later = {one.subject.path: one.verdict for one in after.run.calls}
    calls = tuple(
        CallProof(one.subject.name, one.verdict, later[one.subject.path])
        for one in before.calls
        if one.subject.path in later
    )
    remaining = tuple(sorted({cause for cause, _ in after.failing}))
    return Plan(actions, proof, smallest, remaining, calls, differences(case.facts, after.case.facts))


def _helpful(now: Tried, made: Attempts) -> dict[Action, frozenset[Failure]]:
    """Return each remedy that resolves failures on its own, with these."""
    resolved = {action: now.failures - after for action, after in made.items() if not isinstance(after, str)}
    return {action: keys for action, keys in resolved.items() if keys}


def _cheapest(helpful: Mapping[Action, frozenset[Failure]], base: Base) -> tuple[tuple[Action, ...], bool]:
    """Return the cheapest set that resolves all that can be resolved, and whether it is proven so (branch and bound).

    Its actions come in the order of the findings that they serve.
    """
    wanted = frozenset().union(*helpful.values())
    best: tuple[float, tuple[Action, ...]] = (float("inf"), ())
    visited = 0

    def extend(open_: frozenset[Failure], taken: tuple[Action, ...], cost: float) -> None:
        nonlocal best, visited
        visited += 1
        if cost >= best[0] or visited > _SEARCH:
            return
        if not open_:
            best = (cost, taken)
            return
        hardest = min(open_, key=lambda key: (sum(key in keys for keys in helpful.values()), key))
        options = [action for action, keys in helpful.items() if hardest in keys]
        for action in sorted(options, key=lambda one: (_cost(one, base), -len(helpful[one] & open_))):
            extend(open_ - helpful[action], (*taken, action), cost + _cost(action, base))

    extend(wanted, (), 0)
    return tuple(action for action in helpful if action in best[1]), visited <= _SEARCH


def _cost(action: Action, base: Base) -> int:
    return _WEAKENS if base.remedies[action.remedy].weakens_security else 1


def _without_needless(
    case: Case, actions: tuple[Action, ...], now: Tried, base: Base, listener: Listener
) -> tuple[tuple[Action, ...], Tried]:
    """Leave out, dearest first, what is not needed: proof that the plan is minimal."""
    for action in sorted(actions, key=lambda one: -_cost(one, base)):
        rest = tuple(one for one in actions if one != action)
        try:
            without = tried(case, _in_order(rest, base), base, listener)
        except ValueError:
            continue  # another remedy can be carried out only after this one
        if without.failures <= now.failures:
            actions, now = rest, without
    return actions, now


def _in_order(actions: Sequence[Action], base: Base) -> tuple[Action, ...]:
    """Order actions so that each comes after those that its remedy names."""
    ordered: list[Action] = []
    waiting = list(actions)
    while waiting:
        names = {action.remedy for action in waiting}
        ready = [one for one in waiting if not names & set(base.remedies[one.remedy].after) - {one.remedy}]
        ordered.extend(ready or waiting[:1])
        waiting = [one for one in waiting if one not in ordered]
    return tuple(ordered)
