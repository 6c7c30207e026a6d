"""Two reports side by side: what is new, what is gone, what stayed; ``wssdoctor.comparison/1``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PureWindowsPath
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.report.page import Page
from wssdoctor.report.report import FactDiffers, Finding, Report, RequestVerdict
from wssdoctor.report.sending import OUTCOMES, STYLES, WORDS, Sending, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.words import counted

SCHEMA: Literal["wssdoctor.comparison/1"] = "wssdoctor.comparison/1"

_RANK = {"accepted": 0, "undecided": 1, "rejected": 2}


class FindingChange(Struct, frozen=True):
    """A confirmed cause about a subject."""

    cause: str
    title: str
    subject: str
    on_system: Literal["confirmed", "contradicted"] | None = None
    """What a request that was sent again says to its being gone."""


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
    sent: tuple[SentChange, ...] = ()
    """Captures that were sent to the system again: what it said at last, before and after."""
    unsettled: tuple[str, ...] = ()
    """Requests that were sent again, that the second description accepts and the system did not; nothing is better then.

    Answers that were captured before do not count here: both sides replay the same captures."""


class SentChange(Struct, frozen=True):
    """A capture that was sent to the system again, and what it said at last; null where it was not sent before."""

    of: str
    before: Sending | None
    after: Sending


def compare(before: Report, after: Report, facts: Iterable[FactDiffers] | None = None) -> Comparison:
    """Compare two reports: of two systems, or of one system at two times."""
    first, second = _confirmed(before), _confirmed(after)
    was = {one.capture: one.verdict for one in before.replays}
    now = {one.capture: one.verdict for one in after.replays}
    requests = tuple(RequestChange(name, was[name], now[name]) for name in now if name in was)
    new = tuple(change for key, (change, _) in second.items() if key not in first)
    gone = tuple(
        replace(change, on_system=_settled(captures, after))
        for key, (change, captures) in first.items()
        if key not in second
    )
    lost = unanswered(after) - unanswered(before)
    worse = bool(new) or any(_RANK[one.after] > _RANK[one.before] for one in requests)
    doubted = _refused(after)
    better = bool(gone) or any(_RANK[one.after] < _RANK[one.before] for one in requests)
    return Comparison(
        SCHEMA,
        before.system,
        after.system,
        "worse" if worse else "undecided" if lost or doubted else "better" if better else "same",
        None if facts is None else tuple(facts),
        new,
        gone,
        tuple(change for key, (change, _) in second.items() if key in first),
        requests,
        tuple(name for name in was if name not in now),
        tuple(name for name in now if name not in was),
        tuple(sorted(lost)),
        _sent(before, after),
        doubted,
    )


def _confirmed(report: Report) -> dict[tuple[str, str], tuple[FindingChange, frozenset[str]]]:
    """Return the confirmed findings, each with the files of the requests that it concerns."""
    return {
        (one.cause, part_of(one)): (
            FindingChange(one.cause, one.title, one.subject),
            frozenset(map(_file, (*one.captures, *one.stops))),
        )
        for one in report.findings
        if one.status == "confirmed"
    }


def _file(name: str) -> str:
    return PureWindowsPath(name).name


def _last(report: Report) -> dict[str, Sending]:
    return {_file(one.of): one for one in report.sent if not one.superseded}


def _refused(report: Report) -> tuple[str, ...]:
    return tuple(one.capture for one in report.sent if one.capture in report.unsettled)


def _settled(captures: frozenset[str], after: Report) -> Literal["confirmed", "contradicted"] | None:
    """Say whether the system agrees that a cause is gone: one request of it that is still refused is enough against it."""
    mine = {of: one for of, one in _last(after).items() if of in captures}
    if any(one.capture in _refused(after) for one in mine.values()):
        return "contradicted"
    accepted = any(one.outcome.endswith("accepted") for one in mine.values())
    return "confirmed" if accepted else None


def _sent(before: Report, after: Report) -> tuple[SentChange, ...]:
    was = _last(before)
    return tuple(SentChange(one.of, was.get(of), one) for of, one in _last(after).items())


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
                if change.on_system:
                    page.say(WORDS[change.on_system], indent=4, style=STYLES[change.on_system])
    changed = [one for one in comparison.requests if one.before != one.after]
    if changed:
        page.heading("requests that changed")
        for one in changed:
            page.say(f"{shown(one.capture)}: {one.before} -> {one.after}", indent=2, mark="- ")
    _show_sent(page, comparison)
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


def _show_sent(page: Page, comparison: Comparison) -> None:
    if comparison.unsettled:
        page.heading("contradicted by the system")
        page.say("It did not accept these, which the description accepts now:", indent=2, style="bad")
        for name in comparison.unsettled:
            page.say(shown(name), indent=2, mark="- ")
    if comparison.sent:
        page.heading("sent to the system")
    for one in comparison.sent:
        other = one.before if one.before is not None and one.before.time != one.after.time else None
        was = f"{OUTCOMES.get(other.outcome, other.outcome)} -> " if other else ""
        page.say(
            f"{shown(one.of)}: {WORDS[one.after.on_system]}", indent=2, mark="- ", style=STYLES[one.after.on_system]
        )
        page.say(shown(f"{was}{told(one.after)}; {held_against(one.after)}", 600), indent=4)
