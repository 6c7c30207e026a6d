"""Several faults at once in one healthy landscape: which can stand together, and what a diagnosis of them must say."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

from msgspec import Struct

from tests import signed
from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.patch import apply
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import Action, tried
from wssdoctor.knowledge.load import load

BASE = load()
Fault: TypeAlias = tuple[str, int]
"""A cause, and the number of one of its faults."""
SIDES = ("provider", "consumer", "mixed")
ALL: tuple[Fault, ...] = tuple(
    (cause.id, number) for cause in BASE.causes.values() for number in range(len(cause.faults))
)


class Judged(Struct, frozen=True):
    """What a diagnosis makes of several faults."""

    unnamed: tuple[str, ...]
    """Causes that it does not confirm."""
    remaining: tuple[str, ...]
    """What its plan leaves failing."""
    green: bool
    needless: tuple[str, ...]
    """Remedies of the plan without which it is as good."""


def sick(landscape: str, faults: Sequence[Fault]) -> Case:
    """Inject faults one after the other. Raises ``ValueError`` for one that the landscape has no place for."""
    found = signed.case(landscape)
    names = [request.name for request in found.requests]
    for cause, number in faults:
        found = apply(BASE.causes[cause].faults[number], found, Subject(), names)
    return found


def well(found: Run) -> bool:
    """Whether every request is accepted and every call works."""
    return {one.verdict for one in found.replays} == {"accepted"} and {one.verdict for one in found.calls} == {"works"}


@cache
def unfit(landscape: str, fault: Fault) -> str:
    """Return why a fault cannot be judged in a landscape, or nothing where it can."""
    try:
        found = judge(landscape, [fault])
    except ValueError:
        return "the landscape has no place for one"
    if found.unnamed:
        return "the landscape does not show one"
    return "" if found.green else "no replay can try a remedy of one"


def draws(
    random_: random.Random, size: int, side: str, left_out: Counter[str]
) -> Iterator[tuple[str, tuple[Fault, ...]]]:
    """Draw landscapes and faults of a side without end; count what cannot be judged, by the rule that it breaks."""
    pool = [fault for fault in ALL if side == "mixed" or outbound(fault) == (side == "consumer")]
    while True:
        landscape = random_.choice(list(signed.LANDSCAPES))
        faults = tuple(random_.sample(pool, size))
        if side == "mixed" and len({outbound(fault) for fault in faults}) == 1:
            continue
        why = next(filter(None, (unfit(landscape, fault) for fault in faults)), "")
        why = why or conflict(landscape, faults)
        if why:
            left_out[why] += 1
        else:
            yield landscape, faults


def outbound(fault: Fault) -> bool:
    """Whether a fault is one of outbound calls, and not of requests."""
    cause, number = fault
    patch = BASE.causes[cause].faults[number]
    return not patch.request and all(path.startswith(("consumer.", "pses[ssl-client")) for path in patch.facts)


def conflict(landscape: str, faults: Sequence[Fault]) -> str:
    """Return why faults cannot stand together, or nothing where they can.

    They set one thing to two values where the order in which they are injected counts. One takes away what another
    needs where the other leaves no mark beside it.
    """
    try:
        marks = [_mark(sick(landscape, order)) for order in itertools.permutations(faults)]
    except ValueError:
        return "one takes away what another needs"
    together = marks[0]
    if any(mark != together for mark in marks):
        return "they set one thing to two values"
    without = (_mark(sick(landscape, [one for one in faults if one != fault])) for fault in faults)
    return "one takes away what another needs" if together in without else ""


def _mark(case: Case) -> tuple[object, ...]:
    return case.facts.description, tuple(request.capture for request in case.requests)


def judge(landscape: str, faults: Sequence[Fault]) -> Judged:
    """Diagnose faults that stand together, and hold the answer against them."""
    case = sick(landscape, faults)
    found = diagnose(case, BASE)
    named = {one.cause for one in found.confirmed}
    unnamed = tuple(sorted({cause for cause, _ in faults} - named))
    plan = found.plan
    if plan is None:
        return Judged(unnamed, (), False, ())
    after = {one.after for one in plan.proof} | {one.after for one in plan.calls}
    green = not plan.remaining and after <= {"accepted", "works"}
    return Judged(unnamed, plan.remaining, green, _needless(case, plan.actions) if green else ())


def _needless(case: Case, actions: Sequence[Action]) -> tuple[str, ...]:
    return tuple(one.remedy for one in actions if _suffices(case, [other for other in actions if other != one]))


def _suffices(case: Case, actions: Sequence[Action]) -> bool:
    try:
        after = tried(case, actions, BASE)
    except ValueError:
        return False
    return not after.failing and well(after.run)
