"""The report as text for a terminal: what is wrong, what to do now, how sure we are; then the proof of it.

Root causes come first, with what they explain folded under them. Nothing is shortened without saying how much.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, TypeAlias

from wssdoctor.report.calltext import show_calls
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.findingtext import effect_of, root_findings, show_findings, show_plan, subject_of
from wssdoctor.report.opentext import show_possible, show_ruled_out, show_unanswered
from wssdoctor.report.page import Page, Style
from wssdoctor.report.report import Finding, PlannedRemedy, Report
from wssdoctor.report.requesttext import show_checks, show_requests, show_stages
from wssdoctor.report.sendingtext import show_sent, show_unsettled
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line
from wssdoctor.report.words import ACTORS, TOP_NAMES, counted, left_out, listing

WIDTH = 80

Part: TypeAlias = Literal["findings", "plan", "requests", "stages", "open"]
"""What a text may show: the causes with their evidence; the plan with its proof; the requests; the stages of each
request; what is possible, unknown or missing."""

PARTS: tuple[Part, ...] = ("findings", "plan", "requests", "open")

_TOP_SUSPECTS = 3
"""Possible causes on the first screen of a case in which nothing is confirmed."""
_VERDICTS: dict[str, Style] = {"healthy": "good", "findings": "bad", "inconclusive": "doubt"}


def render(
    report: Report, *, width: int = WIDTH, color: bool = False, verbose: bool = False, parts: Collection[Part] = PARTS
) -> str:
    """Return the report as text of at most ``width`` columns.

    The first screen and the coverage are always there; ``parts`` says what stands between them.
    """
    page = Page(width, color=color)
    names = Names(one.capture for one in report.replays)
    _first_screen(page, report, names)
    if "findings" in parts:
        show_findings(page, report, names, verbose=verbose)
    if "plan" in parts:
        show_plan(page, report, names, verbose=verbose)
    if "requests" in parts:
        show_sent(page, report, names, verbose=verbose)
        show_requests(page, report, names, verbose=verbose)
        show_calls(page, report)
    if "stages" in parts or verbose:
        show_stages(page, report, names)
    if "open" in parts:
        show_possible(page, report, verbose=verbose)
        show_unanswered(page, report, names, verbose=verbose)
    if verbose:
        show_ruled_out(page, report)
        show_checks(page, report, names)
    page.heading("in short")
    page.say(verdict_line(report), indent=2, style=_VERDICTS[report.verdict])
    page.say(coverage_line(report.coverage), indent=2)
    for expired in report.suppressions_expired:
        page.say(f"A suppression has expired: {shown(expired)}", indent=2, style="doubt")
    return page.text()


def _first_screen(page: Page, report: Report, names: Names) -> None:
    page.say(
        f"wssdoctor {report.version}: {shown(report.system)}, {counted(len(report.replays), 'request')}, "
        f"as at {report.moment:%Y-%m-%d %H:%M} UTC",
        style="quiet",
    )
    page.blank()
    page.say(verdict_line(report), style=_VERDICTS[report.verdict])
    roots = root_findings(report)
    page.heading("what is wrong")
    for number, finding in enumerate(roots, 1):
        about = subject_of(finding, names, 1)
        about = "" if about == "system" else f" - {about}"
        page.say(f"{finding.title}{about}", indent=2, mark=f"{number}.", hang=4, style="strong")
    if not roots:
        known = "Nothing that was checked." if report.verdict == "healthy" else "Nothing is confirmed yet."
        page.say(known, indent=2)
        possible = [one for one in report.findings if one.status == "possible"]
        for number, finding in enumerate(possible[:_TOP_SUSPECTS], 1):
            page.say(f"possible: {finding.title}", indent=2, mark=f"{number}.", hang=4)
        if len(possible) > _TOP_SUSPECTS:
            page.say(f"and {len(possible) - _TOP_SUSPECTS} more possible causes, see below", indent=6)
    _now(page, report, roots)
    page.heading("how sure")
    _sure(page, report, names, roots)


def _now(page: Page, report: Report, roots: Sequence[Finding]) -> None:
    if report.plan is not None and report.plan.remedies:
        page.heading("was applied" if report.plan.applied else "what to do now")
        for number, planned in enumerate(report.plan.remedies, 1):
            mends = [str(place) for place, finding in enumerate(roots, 1) if _mends(planned, finding)]
            who = "; ".join((ACTORS[planned.actor], *([f"mends {', '.join(mends)}"] if mends else [])))
            page.say(f"{planned.title} ({who})", indent=2, mark=f"{number}.", hang=4)
            if planned.weakens_security:
                page.say(f"WEAKENS SECURITY: {planned.weakens_security}", indent=6, style="bad")
        page.say(effect_of(report.plan), indent=2)
        return
    page.heading("what to do now")
    for number, finding in enumerate(roots, 1):
        best = finding.remedies[0] if finding.remedies else None
        what = f"{best.title} ({ACTORS[best.actor]})" if best else "no remedy is known"
        page.say(
            f"{what}{'; not simulated' if best and best.trial is None else ''}", indent=2, mark=f"{number}.", hang=4
        )
    if not roots:
        _ask(page, report)
    if report.coverage.waiting_for_request:
        page.say("Capture a failing request and check again with --replay: it answers the most.", indent=2)
    elif report.verdict == "healthy":
        page.say("Nothing, as far as this was checked.", indent=2)


def _ask(page: Page, report: Report) -> None:
    """Say what to find out next: the look that decides most."""
    asked = report.question
    if asked is None:
        return
    if asked.facts:
        page.say(f"Look at {asked.subject} and write into the description what you see:", indent=2)
    else:
        page.say(f"Find out whether it is so: {asked.subject}. {asked.yes_if}", indent=2)
    for fact in asked.facts[:TOP_NAMES]:
        page.say(f"{fact.at}: {fact.obtain}", indent=2, mark="-", hang=2)
    left_out(page, len(asked.facts) - TOP_NAMES)
    page.say(f"This decides {counted(len(asked.decides), 'cause')}: {listing(asked.decides)}.", indent=2)


def _sure(page: Page, report: Report, names: Names, roots: Sequence[Finding]) -> None:
    if roots:
        page.say("Each confirmed cause rests on a failed check; the evidence is below.", indent=2)
    show_unsettled(page, report, names, verbose=False)
    compared = [one for one in report.replays if one.agrees is not None]
    if compared:
        wrong = [one.capture for one in compared if not one.agrees]
        page.say(
            f"The modelled answer fits {len(compared) - len(wrong)} of {counted(len(compared), 'captured response')}.",
            indent=2,
        )
        wrong = [name for name in wrong if name not in report.unsettled]
        if wrong:
            page.say(f"It does not fit: {listing(names.all(wrong))}. Take care with these.", indent=2, style="doubt")
    page.say(coverage_line(report.coverage), indent=2)


def _mends(planned: PlannedRemedy, finding: Finding) -> bool:
    trials = {one.id for one in finding.remedies if one.trial == "resolved"}
    return planned.id in trials and planned.subject == finding.subject and planned.captures == finding.captures
