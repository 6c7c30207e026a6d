"""Hypotheses: each is a healthy system that is left possible, made sick by one fault, with what it then answers.

A fault that a captured request would have to show is not injected: the request is known as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Subject
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.assumption import Worlds
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.finding import failing
from wssdoctor.diagnosis.patch import apply, filled
from wssdoctor.diagnosis.run import Run
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Patch


class Hypothesis(Struct, frozen=True):
    """One fault of one cause, injected into a healthy system."""

    cause: str
    facts: Facts
    """The system with the fault in it."""
    sets: tuple[str, ...]
    """Concrete paths of the facts that the fault sets; none where the request itself shows it."""
    changed: tuple[str, ...]
    """Those of them that were otherwise before."""
    run: Run
    without: Run
    """The same without the fault: what it answers already is no evidence for the fault."""
    shows: bool
    """Whether the cause is confirmed in this system; else its fault does not fit the case."""
    of_itself: bool
    """Whether it is confirmed without the fault already."""


def hypotheses(left: Worlds, causes: Iterable[str], base: Base) -> Iterator[Hypothesis]:
    """Yield what each cause may look like; a cause whose faults cannot be injected here yields nothing."""
    before = {id(case): run(case) for case in (left.usual, *left.by_method.values())}
    as_it_is = before[id(left.usual)]
    failed = _causes(as_it_is, base)
    for cause in causes:
        if left.captured and cause in failed:
            yield Hypothesis(cause, left.usual.facts, (), (), as_it_is, as_it_is, shows=True, of_itself=True)
        for fault in base.causes[cause].faults:
            for case, patch, subject in _injections(fault, left):
                found = _injected(cause, patch, subject, case, left, before[id(case)], base)
                if found is not None:
                    yield found


def _injections(fault: Patch, left: Worlds) -> Iterator[tuple[Case, Patch, Subject]]:
    """Yield where to inject a fault: into the system, or into each of its outbound calls."""
    methods = [path[len(CALLS) + 1 :].partition("]")[0] for path in fault.facts if path.startswith(f"{CALLS}[")]
    if not methods:
        yield left.usual, fault, Subject()
        return
    case = left.by_method.get(methods[0], left.usual)
    facts = {
        f"{CALLS}[].{path.partition('].')[2]}" if path.startswith(f"{CALLS}[") else path: value
        for path, value in fault.facts.items()
    }
    for index in range(len(case.facts.items(CALLS) or ())):
        yield case, replace(fault, facts=facts), Subject(path=f"{CALLS}[{index}]")


def _injected(
    cause: str, fault: Patch, subject: Subject, case: Case, left: Worlds, without: Run, base: Base
) -> Hypothesis | None:
    patch = replace(fault, request=()) if left.captured else fault
    try:
        values = filled(patch, case, subject, left.concerned)
        if not values and not patch.request:
            return None
        sick = apply(patch, case, subject, left.concerned)
    except ValueError:
        return None
    found = run(sick)
    changed = tuple(path for path in values if case.facts.value(path) != sick.facts.value(path))
    return Hypothesis(
        cause,
        sick.facts,
        tuple(values),
        changed,
        found,
        without,
        shows=cause in _causes(found, base),
        of_itself=cause in _causes(without, base),
    )


def _causes(found: Run, base: Base) -> frozenset[str]:
    return frozenset(cause for cause, _ in failing(found, base))
