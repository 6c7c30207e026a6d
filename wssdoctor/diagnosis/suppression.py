"""Known deviations that the owner accepts for a while: still found, still counted, but no reason to fail a run."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from wssdoctor.description.facts import Facts
from wssdoctor.description.suppression import Suppression
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.errors import InputError, Problem
from wssdoctor.knowledge.base import Base


def suppressed(findings: Sequence[Finding], facts: Facts, moment: dt.datetime, base: Base) -> tuple[Finding, ...]:
    """Mark the confirmed findings that the description suppresses on the day of ``moment``, with the reason.

    Raises ``InputError`` for a suppression of a cause that does not exist.
    """
    accepted = _accepted(facts, base)
    today = moment.astimezone(dt.UTC).date()
    return tuple(
        replace(finding, suppressed=_reason(finding, accepted, today)) if finding.status == "confirmed" else finding
        for finding in findings
    )


def expired(facts: Facts, moment: dt.datetime) -> tuple[str, ...]:
    """Return the suppressions that no longer count, in words."""
    today = moment.astimezone(dt.UTC).date()
    return tuple(
        f"{one.cause} was accepted until {one.until}: {one.reason}"
        for one in facts.items("suppressions") or ()
        if one.until < today
    )


def _accepted(facts: Facts, base: Base) -> tuple[Suppression, ...]:
    accepted = facts.items("suppressions")
    if isinstance(accepted, msgspec.UnsetType):
        return ()
    problems = []
    for index, one in enumerate(accepted):
        if one.cause not in base.causes:
            near = difflib.get_close_matches(one.cause, base.causes, n=1)
            hint = f"did you mean {near[0]}?" if near else "wssdoctor knowledge list causes shows the ids"
            place = facts.place(f"suppressions[{index}].cause")
            problems.append(Problem(f"no cause has the id {one.cause[:60]}", place, hint=hint))
    if problems:
        raise InputError(*problems)
    return accepted


def _reason(finding: Finding, accepted: Sequence[Suppression], today: dt.date) -> str:
    for one in accepted:
        fits = isinstance(one.subject, msgspec.UnsetType) or one.subject in finding.subject.name
        if one.cause == finding.cause and fits and today <= one.until:
            return f"accepted until {one.until}: {one.reason}"
    return ""
