"""Two reports side by side: what is new, what is gone, what stayed; ``wssdoctor.comparison/1``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from wssdoctor.report.page import Page
from wssdoctor.report.report import FactDiffers, Finding, Report, RequestVerdict
from wssdoctor.report.shown import shown
from wssdoctor.report.words import counted

SCHEMA: Literal["wssdoctor.comparison/1"] = "wssdoctor.comparison/1"

_RANK = {"accepted": 0, "undecided": 1, "rejected": 2}


class FindingChange(Struct, frozen=True):
    """A confirmed cause about a subject."""

    cause: str
    title: str
    subject: str


class RequestChange(Struct, frozen=True):
    """A request that both replayed."""

    capture: str
    before: RequestVerdict
    after: RequestVerdict


class Comparison(Struct, frozen=True):
    """What differs. ``outcome`` is worse if anything fails or is rejected that was not so before."""

    schema: Literal["wssdoctor.comparison/1"]
    before: str
    after: str
    outcome: Literal["better", "same", "worse", "undecided"]
    """undecided: nothing got worse, but something that had an answer before has none now."""
    facts: tuple[FactDiffers, ...] | None
    """Null where reports were compared, which do not hold the facts."""
    new: tuple[FindingChange, ...]
    gone: tuple[FindingChange, ...]
    unchanged: tuple[FindingChange, ...]
    requests: tuple[RequestChange, ...]
    only_before: tuple[str, ...]
    """Requests that only the first report replayed."""
    only_after: tuple[str, ...]
    no_longer_answered: tuple[str, ...]
    """Checks that passed or failed before and are unknown now."""


def compare(before: Report, after: Report, facts: Iterable[FactDiffers] | None = None) -> Comparison:
    """Compare two reports: of two systems, or of one system at two times."""
    first, second = _confirmed(before), _confirmed(after)
    was = {one.capture: one.verdict for one in before.replays}
    now = {one.capture: one.verdict for one in after.replays}
    requests = tuple(RequestChange(name, was[name], now[name]) for name in now if name in was)
    new = tuple(change for key, change in second.items() if key not in first)
    gone = tuple(change for key, change in first.items() if key not in second)
    lost = unanswered(after) - unanswered(before)
    worse = bool(new) or any(_RANK[one.after] > _RANK[one.before] for one in requests)
    better = bool(gone) or any(_RANK[one.after] < _RANK[one.before] for one in requests)
    return Comparison(
        SCHEMA,
        before.system,
        after.system,
        "worse" if worse else "undecided" if lost else "better" if better else "same",
        None if facts is None else tuple(facts),
        new,
        gone,
        tuple(change for key, change in second.items() if key in first),
        requests,
        tuple(name for name in was if name not in now),
        tuple(name for name in now if name not in was),
        tuple(sorted(lost)),
    )


def _confirmed(report: Report) -> dict[tuple[str, str], FindingChange]:
    findings = [one for one in report.findings if one.status == "confirmed"]
    return {(one.cause, part_of(one)): FindingChange(one.cause, one.title, one.subject) for one in findings}


def part_of(finding: Finding) -> str:
    """Return what a finding is about; the number of requests that show it makes no other finding of it."""
    count, _, rest = finding.subject.partition(" ")
    return "" if count.isdigit() and rest in ("request", "requests") else finding.subject


def unanswered(report: Report) -> set[str]:
    """Return the checks that have no answer."""
    return {one.check for one in report.checks if one.outcome in ("unknown", "error")}


def render(comparison: Comparison, *, width: int = 80, color: bool = False) -> str:
    """Render a comparison as text: what got worse first."""
    page = Page(width, color=color)
    verdicts = {"worse": "bad", "undecided": "doubt", "better": "good", "same": "plain"}
    page.say(f"{comparison.outcome.upper()}: {shown(comparison.before)} -> {shown(comparison.after)}", style="strong")
    page.say(
        f"{counted(len(comparison.new), 'cause')} new, {len(comparison.gone)} gone, {len(comparison.unchanged)} unchanged; "
        f"{sum(one.before != one.after for one in comparison.requests)} of {len(comparison.requests)} requests changed.",
        style=verdicts[comparison.outcome],  # type: ignore[arg-type]
    )
    for heading, changes in (("new", comparison.new), ("gone", comparison.gone), ("unchanged", comparison.unchanged)):
        if changes:
            page.heading(f"{heading} causes")
            for change in changes:
                page.say(f"{change.title} - {shown(change.subject)} ({change.cause})", indent=2, mark="- ")
    changed = [one for one in comparison.requests if one.before != one.after]
    if changed:
        page.heading("requests that changed")
        for one in changed:
            page.say(f"{shown(one.capture)}: {one.before} -> {one.after}", indent=2, mark="- ")
    for heading, names in (
        ("requests only before", comparison.only_before),
        ("requests only after", comparison.only_after),
        ("checks that have no answer any more", comparison.no_longer_answered),
    ):
        if names:
            page.heading(heading)
            for name in names:
                page.say(shown(name), indent=2, mark="- ")
    if comparison.facts is None:
        page.heading("facts")
        page.say("Reports do not hold the facts; compare two descriptions to see which facts differ.", indent=2)
    elif comparison.facts:
        page.heading("facts that differ")
        for fact in comparison.facts:
            before, after = shown(fact.before) or "(not given)", shown(fact.after) or "(not given)"
            page.say(f"{fact.path}: {before} -> {after}", indent=2, mark="- ")
    return page.text()
