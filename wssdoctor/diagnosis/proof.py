"""Proving records: a fault makes a healthy system sick in its way, and a remedy's effect makes it well again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.assumption import worlds
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.finding import Finding, failures, find
from wssdoctor.diagnosis.patch import apply
from wssdoctor.diagnosis.whatif import Action, tried
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Patch


class Proof(Struct, frozen=True):
    """What came of trying a record with one cause."""

    record: str
    """The id of a cause, or of a remedy."""
    cause: str
    outcome: Literal["proven", "not-mended", "not-shown", "unproven"]
    """Shown and mended; shown and not mended; not shown by the systems at hand; not to be tried, as the record says."""
    says: str


def healthy(case: Case) -> tuple[Case, ...]:
    """Return healthy systems for trying: what a case leaves open is filled in, one for each kind of outbound call."""
    left = worlds(case, (), calls=True)
    return (left.usual, *(one for one in left.by_method.values() if one is not left.usual))


def proofs(systems: Sequence[Case], base: Base, records: Iterable[str]) -> tuple[Proof, ...]:
    """Try records in healthy systems: the faults of causes, the effects of remedies on every cause that they serve."""
    found: list[Proof] = []
    for record in records:
        if record in base.causes:
            found.append(_cause(record, systems, base))
        elif record in base.remedies:
            found += _remedy(record, systems, base)
    return tuple(found)


def own_records(base: Base, shipped: Base) -> tuple[str, ...]:
    """Return the ids of the causes and remedies that are not shipped, or replace what is."""
    causes = [one.id for one in base.causes.values() if one.id not in shipped.causes or one.override]
    return (*causes, *(one.id for one in base.remedies.values() if one.id not in shipped.remedies or one.override))


def _cause(identifier: str, systems: Sequence[Case], base: Base) -> Proof:
    cause = base.causes[identifier]
    if not cause.faults:
        return Proof(identifier, identifier, "unproven", cause.unproven)
    shown = [
        number
        for number, fault in enumerate(cause.faults, 1)
        if any(_sick(fault, identifier, one, base) for one in systems)
    ]
    if len(shown) == len(cause.faults):
        return Proof(identifier, identifier, "proven", f"each of its {len(shown)} faults is found as this cause")
    says = f"{len(shown)} of its {len(cause.faults)} faults show in the systems at hand"
    return Proof(identifier, identifier, "not-shown", says)


def _remedy(identifier: str, systems: Sequence[Case], base: Base) -> list[Proof]:
    remedy = base.remedies[identifier]
    if remedy.effect is None:
        return [Proof(identifier, cause, "unproven", remedy.unproven) for cause in base.causes_by_remedy[identifier]]
    return [_effect(identifier, cause, systems, base) for cause in base.causes_by_remedy[identifier]]


def _effect(identifier: str, cause: str, systems: Sequence[Case], base: Base) -> Proof:
    faults = base.causes[cause].faults
    if not faults:
        return Proof(identifier, cause, "unproven", f"{cause} has no fault: {base.causes[cause].unproven}")
    left, shown = "", 0
    for number, fault in enumerate(faults, 1):
        for system in systems:
            before = failures(run(system), base)
            for sick, finding in _sick(fault, cause, system, base):
                shown = shown | 1 << number
                action = Action(identifier, finding.subject, finding.captures)
                try:
                    after = tried(sick, (action,), base).failures - before
                except ValueError as error:
                    left = str(error)
                    continue
                if not after:
                    return Proof(identifier, cause, "proven", f"it mends fault {number} of {len(faults)}")
                left = f"still failing: {', '.join(sorted(code for *_, code in after))}"
    if left and shown.bit_count() == len(faults):
        return Proof(identifier, cause, "not-mended", left)
    if left:
        return Proof(identifier, cause, "not-shown", f"{shown.bit_count()} of {len(faults)} faults show; {left}")
    return Proof(identifier, cause, "not-shown", "no fault of this cause shows in the systems at hand")


def _sick(fault: Patch, cause: str, system: Case, base: Base) -> list[tuple[Case, Finding]]:
    """Return a system with a fault in it and the finding that names its cause; nothing where it does not show."""
    try:
        sick = apply(fault, system, Subject(), [request.name for request in system.requests])
    except ValueError:
        return []
    found = [one for one in find(run(sick), base) if one.cause == cause and one.status == "confirmed"]
    return [(sick, one) for one in found[:1]]
