"""What is open, as text: possible causes, missing facts, gaps of the model, defects of this program; and what is ruled out."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.check.result import Outcome
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.page import Page
from wssdoctor.report.report import Check, Report
from wssdoctor.report.shown import shown
from wssdoctor.report.words import counted, left_out, listing

_TOP_POSSIBLE = 5


_TOP_FACTS = 8


def show_possible(page: Page, report: Report, *, verbose: bool) -> None:
    possible = [one for one in report.findings if one.status == "possible"]
    if not possible:
        return
    kept = possible if verbose else possible[:_TOP_POSSIBLE]
    page.heading(f"possible: {counted(len(possible), 'cause')} could not be ruled out")
    for finding in kept:
        needs = f"; decided by {listing(finding.missing, verbose)}" if finding.missing else ""
        page.say(f"{finding.title} ({finding.cause}{needs})", indent=2, mark="-", hang=2)
        for reason in finding.because if verbose else finding.because[:1]:
            page.say(shown(reason), indent=4)
    left_out(page, len(possible) - len(kept))


def show_unanswered(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    """Show what could not be checked, and why: missing facts, gaps of the model, defects of this program."""
    facts = report.coverage.facts_wanted
    if facts:
        kept = facts if verbose else facts[:_TOP_FACTS]
        page.heading(f"not checked: {counted(len(facts), 'fact is', 'facts are')} missing")
        for fact in kept:
            page.say(fact.path, indent=2, style="doubt")
            page.say(fact.meaning, indent=6)
            page.say(f"how: {fact.obtain}", indent=6)
        left_out(page, len(facts) - len(kept))
    gaps = [one for one in report.checks if one.outcome is Outcome.UNKNOWN and not one.missing]
    _grouped(page, "not checked: the model does not cover it yet", gaps, names, verbose=verbose)
    defects = [one for one in report.checks if one.outcome is Outcome.ERROR]
    _grouped(page, "not checked: defects of this program, please report them", defects, names, verbose=verbose)


def show_ruled_out(page: Page, report: Report) -> None:
    ruled_out = [one for one in report.findings if one.status == "ruled-out"]
    if ruled_out:
        page.heading(f"ruled out: {counted(len(ruled_out), 'cause')}")
    for finding in ruled_out:
        page.say(f"{finding.title} ({finding.cause})", indent=2, mark="-", hang=2)


def _grouped(page: Page, heading: str, checks: Sequence[Check], names: Names, *, verbose: bool) -> None:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in checks:
        about = names.of(one.capture) if one.capture else shown(one.subject)
        groups.setdefault((one.check, one.says), []).append(about)
    if groups:
        page.heading(heading)
    for (check, says), abouts in groups.items():
        page.say(f"{check}: {shown(says)} ({listing(dict.fromkeys(abouts), verbose)})", indent=2, mark="-", hang=2)
