"""What belongs together in the knowledge base: causes that are easily mistaken, and records by what they name."""

from __future__ import annotations

import re

from wssdoctor.consumer.call import CHECKS as OUTBOUND_CHECKS
from wssdoctor.consumer.stage import Stage as ConsumerStage
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.replay import CHECKS
from wssdoctor.provider.stage import Stage as ProviderStage

_NEAR = 5
"""Causes that are shown because they share messages."""


def related_causes(identifier: str, base: Base) -> tuple[tuple[str, str], ...]:
    """Return the causes that are related to one, with the reason; the relation holds both ways."""
    cause = base.causes[identifier]
    found: dict[str, str] = dict.fromkeys(cause.leads_to, "may be only its consequence")
    for other in base.roots_by_cause.get(identifier, ()):
        found.setdefault(other, "may be its root")
    shared = _shared(identifier, base)
    nearest = _nearest(shared)
    nearest += [one for one in sorted(shared) if one not in nearest and identifier in _nearest(_shared(one, base))]
    for other in nearest:
        found.setdefault(other, f"shows the same: {', '.join(shared[other][:3])}")
    for one in base.causes.values():
        if one.id != identifier and set(one.remedies) & set(cause.remedies):
            found.setdefault(one.id, "has the same remedy")
    return tuple(found.items())


def _shared(identifier: str, base: Base) -> dict[str, list[str]]:
    """Return the other causes that show the same messages, of those that tell few causes."""
    shared: dict[str, list[str]] = {}
    for message in base.causes[identifier].messages:
        causes = base.messages[message].causes
        for other in causes if len(causes) <= _NEAR else ():
            if other != identifier:
                shared.setdefault(other, []).append(message)
    return shared


def _nearest(shared: dict[str, list[str]]) -> list[str]:
    return sorted(shared, key=lambda one: (-len(shared[one]), one))[:_NEAR]


STAGES: tuple[str, ...] = (*map(str, ProviderStage), *map(str, ConsumerStage))
"""The stages of a call to the system, then those of a call from it."""


def of_stage(stage: str, base: Base) -> frozenset[str]:
    """Return the ids of the causes that checks of a stage confirm, and of their messages and remedies."""
    stages = {check.id: str(check.stage) for check in (*CHECKS, *OUTBOUND_CHECKS)}
    found: set[str] = set()
    for cause in base.causes.values():
        if any(stages.get(claim.partition(":")[0]) == stage for claim in cause.checks):
            found.update((cause.id, *cause.messages, *cause.remedies))
    return frozenset(found)


def naming(name: str, base: Base) -> frozenset[str]:
    """Return the ids of the records whose texts name a transaction, a report or a table."""
    pattern = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", re.IGNORECASE)
    found = {
        one.id for one in base.causes.values() if pattern.search(f"{one.explanation} {one.confirm} {one.rule_out}")
    }
    found |= {one.id for one in base.messages.values() if pattern.search(f"{one.meaning} {one.seen_by}")}
    steps = {
        one.id: " ".join(f"{step.do} {step.where} {step.see}" for step in one.steps) for one in base.remedies.values()
    }
    return frozenset(found | {remedy for remedy, text in steps.items() if pattern.search(text)})


def citing(note: str, base: Base) -> frozenset[str]:
    """Return the ids of the records that cite a note, or name it in their text."""
    pattern = re.compile(rf"(?<!\d){re.escape(note.lstrip('0'))}(?!\d)")
    sources = {one.id for one in base.sources.values() if pattern.search(f"{one.id} {one.title} {one.address}")}
    found = {one.id for one in base.causes.values() if sources & set(one.sources)}
    found |= {one.id for one in base.messages.values() if sources & set(one.sources)}
    found |= {one.id for one in base.remedies.values() if sources & set(one.sources)}
    return frozenset(found | {one.id for one in base.messages.values() if pattern.search(f"{one.text} {one.meaning}")})
