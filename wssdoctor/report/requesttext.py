"""Requests as text: a table with verdicts and answers, and the stages of each."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.check.result import Outcome
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.page import Page, Style
from wssdoctor.report.report import Check, Replay, Report
from wssdoctor.report.shown import shown
from wssdoctor.report.words import left_out, listing

_TOP_REQUESTS = 40


_OUTCOMES: dict[Outcome, Style] = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.UNKNOWN: "doubt",
    Outcome.ERROR: "bad",
    Outcome.NOT_APPLICABLE: "quiet",
}


_OPEN = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.ERROR)


def show_requests(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    if not report.replays:
        return
    page.heading("requests")
    if names.folder:
        page.say(f"in {shown(names.folder)}; answers are modelled", indent=2, style="quiet")
    heads = ("request", "verdict", "where", "modelled", "observed", "fits")
    kept = report.replays
    if not verbose and len(kept) > _TOP_REQUESTS:  # those with problems first
        kept = tuple(sorted(kept, key=lambda one: one.verdict == "accepted"))[:_TOP_REQUESTS]
    page.table(heads, [_row(one, names) for one in kept], indent=2)
    left_out(page, len(report.replays) - len(kept))
    _doubted(page, kept, names)
    also = [(one, _further(one)) for one in kept if _further(one)]
    if also:
        page.say("Mended there, these would fail again:", indent=2)
        for one, stages in also:
            page.say(f"{names.of(one.capture)}: at {', '.join(stages)}", indent=4)


def _doubted(page: Page, kept: Sequence[Replay], names: Names) -> None:
    """Name the facts to look at again where description and reality disagree."""
    doubted = [one for one in kept if one.doubts]
    if doubted:
        page.say("Description and reality disagree; look again at these facts:", indent=2, style="doubt")
        for one in doubted:
            page.say(f"{names.of(one.capture)}: {listing(one.doubts)}", indent=4)


def show_stages(page: Page, report: Report, names: Names) -> None:
    """Show for each request every stage, and what is wrong or unknown there."""
    open_: dict[tuple[str | None, str], list[Check]] = {}
    for check in report.checks:
        if check.outcome in _OPEN:
            open_.setdefault((check.capture, check.stage), []).append(check)
    for one in report.replays:
        page.blank()
        page.say(f"{names.of(one.capture)}: {one.verdict}", style="strong")
        for step in one.steps:
            page.say(step.stage, indent=2, mark=step.outcome, hang=16, style=_OUTCOMES[step.outcome])
            for check in open_.get((one.capture, step.stage), ()):
                page.say(f"{check.check}: {shown(check.says)}", indent=20)
        for entry in one.predicted.logs if one.predicted else ():
            page.say(f"{entry.log}: {entry.entry}", indent=2, mark="expect", hang=16, style="quiet")


def show_checks(page: Page, report: Report, names: Names) -> None:
    page.heading("every check")
    for one in report.checks:
        about = names.of(one.capture) if one.capture else ""
        about = ", ".join(part for part in (about, "" if one.subject == "request" else shown(one.subject)) if part)
        says = f": {shown(one.says)}" if one.says else ""
        page.say(f"{one.check} ({about}){says}", indent=2, mark=str(one.outcome), hang=16, style=_OUTCOMES[one.outcome])


def _row(one: Replay, names: Names) -> tuple[str, ...]:
    where = f"as {shown(one.user, 12)}" if one.user else one.stage or ""
    predicted = one.predicted
    if predicted is None:
        modelled = "-"
    else:
        telling = [message for message in predicted.messages if not message.startswith("HTTP-")]
        modelled = " ".join((_status(predicted.status), *telling[:1]))
    observed = _status(one.observed.status) if one.observed else "-"
    fits = {True: "yes", False: "NO", None: "-"}[one.agrees]
    return names.of(one.capture), one.verdict, where, modelled, observed, fits


def _status(status: int) -> str:
    return str(status) if status else "no answer"


def _further(one: Replay) -> list[str]:
    """Return the stages that fail after the one at which the request is rejected."""
    return [step.stage for step in one.steps if step.outcome is Outcome.FAILED and step.stage != one.stage]
