"""What the first failures hide: findings that show once these are mended, named together with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from wssdoctor.check.result import Outcome
from wssdoctor.diagnosis.finding import Finding, owner, results
from wssdoctor.diagnosis.plan import Round
from wssdoctor.diagnosis.whatif import with_trials
from wssdoctor.knowledge.base import Base


def with_uncovered(findings: tuple[Finding, ...], rounds: Sequence[Round], base: Base) -> tuple[Finding, ...]:
    """Add to confirmed findings those that appeared in later rounds of planning, each behind the cause that hid it.

    What had passed before, and fails only then, is the work of a remedy and no finding of the case.
    """
    fails = {
        (result.check, result.subject.path, capture)
        for later in rounds[1:]
        for result, capture in results(later.now.run)
        if result.outcome is Outcome.FAILED
    }
    passed = {
        key
        for result, capture in results(rounds[0].now.run)
        if result.outcome is Outcome.PASSED and (key := (result.check, result.subject.path, capture)) in fails
    }
    known = {finding.key for finding in findings if finding.status == "confirmed"}
    found: list[Finding] = []
    for before, later in pairwise(rounds):
        keys = {
            (owner(result, base), result.subject.path)
            for result, capture in results(later.now.run)
            if result.outcome is Outcome.FAILED and (result.check, result.subject.path, capture) not in passed
        }
        keys -= known
        news = [finding for finding in later.now.findings if finding.status == "confirmed" and finding.key in keys]
        tried = with_trials(news, later.now.failures, later.made, base)
        found += [replace(finding, behind=_hiding(finding, before), stops=()) for finding in tried]
        known |= keys
    causes = {finding.cause for finding in found}
    confirmed = [finding for finding in findings if finding.status == "confirmed"]
    others = [one for one in findings if one.status != "confirmed" and one.cause not in causes]
    return (*confirmed, *found, *others)


def _hiding(hidden: Finding, before: Round) -> str:
    """Return the cause that hides a finding: the first one before that speaks of the same call or request."""
    confirmed = [finding for finding in before.now.findings if finding.status == "confirmed"]
    alike = [
        finding
        for finding in confirmed
        if finding.subject.path == hidden.subject.path or set(finding.captures) & set(hidden.captures)
    ]
    return (alike or confirmed)[0].cause
