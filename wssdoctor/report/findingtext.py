"""Findings as text: each root cause with why, evidence, what it stops and explains, its remedies; then the plan."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wssdoctor.report.evidencetext import Names, show_evidence
from wssdoctor.report.page import Page, Style
from wssdoctor.report.report import Finding, Plan, PlannedRemedy, Remedy, Report, Step
from wssdoctor.report.sending import FINDING_WORDS, REMEDY_WORDS, STYLES
from wssdoctor.report.shown import shown
from wssdoctor.report.words import ACTORS, BASES, TOP_NAMES, counted, left_out, listing

_TOP_REQUESTS = 40
_TOP_CHANGES = 12


_LABEL = 10
"""Columns of the labels in a finding."""


def show_findings(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    planned = {remedy.id for remedy in report.plan.remedies} if report.plan else set()
    folded = [one for one in report.findings if one.status == "confirmed" and one.folded_under]
    for number, finding in enumerate(root_findings(report), 1):
        page.blank()
        page.say(f"CONFIRMED: {finding.title}", mark=f"{number}.", hang=4, style="bad")
        page.say(
            f"{finding.cause}; severity {finding.severity}; confidence {finding.confidence}, {BASES[finding.basis]}",
            indent=4,
            style="quiet",
        )
        if finding.suppressed:
            page.say(shown(finding.suppressed), indent=4, mark="Accepted", hang=_LABEL)
        if finding.on_system:
            style: Style = {"mended": "good", "gone": "bad"}.get(finding.on_system, "plain")  # type: ignore[assignment]
            page.say(FINDING_WORDS[finding.on_system], indent=4, mark="System", hang=_LABEL, style=style)
        _about(page, finding, names, len(report.replays), verbose=verbose)
        mine = [one for one in folded if one.folded_under == finding.cause]
        for consequence in mine:
            page.say(
                f"{consequence.title} ({consequence.cause}; {shown(consequence.subject)})",
                indent=4,
                mark="Explains",
                hang=_LABEL,
            )
            if verbose:
                _about(page, consequence, names, len(report.replays), verbose=True)
        folded = [one for one in folded if one not in mine]
        for position, remedy in enumerate(finding.remedies):
            full = verbose or (position == 0 and remedy.id not in planned)
            _remedy(page, remedy, "Remedies" if position == 0 else "", full=full, planned=remedy.id in planned)


def show_plan(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    plan = report.plan
    if plan is None:
        return
    page.heading("applied" if plan.applied else "plan, in this order")
    if not plan.remedies:
        page.say("No remedy whose effect can be simulated helps here.", indent=2)
    for number, remedy in enumerate(plan.remedies, 1):
        who = ACTORS[remedy.actor]
        page.say(f"{remedy.title} ({remedy.id}; {who})", indent=2, mark=f"{number}.", hang=4, style="strong")
        page.say(f"for {subject_of(remedy, names, TOP_NAMES)}", indent=6)
        if remedy.weakens_security:
            page.say(f"WEAKENS SECURITY: {remedy.weakens_security}", indent=6, style="bad")
        _steps(page, remedy.steps, indent=6)
        _caution(page, remedy.risk, remedy.interruption, remedy.rollback, indent=6)
    for change in plan.changes if verbose else plan.changes[:_TOP_CHANGES]:
        was, becomes = (shown(text) or "(not given)" for text in (change.before, change.after))
        page.say(
            f"{change.path}: {was} -> {becomes}", indent=2, mark="Changes" if change is plan.changes[0] else "", hang=8
        )
    if not verbose:
        left_out(page, len(plan.changes) - _TOP_CHANGES)
    page.say(effect_of(plan), indent=2, mark="Proof", hang=8)
    changed = [one for one in plan.proof if one.before != one.after]
    for one in changed if verbose else changed[:_TOP_REQUESTS]:
        page.say(f"{one.before} -> {one.after}  {names.of(one.capture)}", indent=10)
    if not verbose:
        left_out(page, len(changed) - _TOP_REQUESTS)
    if plan.remedies and not plan.applied:
        proven = (
            "No smaller set does the same."
            if plan.smallest
            else "None of these can be left out; whether a smaller set exists was not searched to the end."
        )
        page.say(proven, indent=2, mark="", hang=8)


def effect_of(plan: Plan) -> str:
    """Say what the plan brings about."""
    before = sum(one.before == "accepted" for one in plan.proof)
    after = sum(one.after == "accepted" for one in plan.proof)
    total = len(plan.proof)
    requests = f"{before} of {counted(total, 'request')} accepted -> {after} of {total}" if total else ""
    left = f"still failing: {', '.join(plan.remaining)}" if plan.remaining else "nothing fails any more"
    return f"Simulated: {'; '.join(part for part in (requests, left) if part)}."


def root_findings(report: Report) -> list[Finding]:
    """Return the new confirmed causes that are no consequence of another new one."""
    new = [one for one in report.findings if one.status == "confirmed" and not one.known]
    causes = {one.cause for one in new}
    return [one for one in new if one.folded_under not in causes]


def subject_of(one: Finding | PlannedRemedy, names: Names, most: int) -> str:
    """Return what a finding or remedy is about; requests by their names, if there are no more than ``most``."""
    if not re.fullmatch(r"\d+ requests?", one.subject) or len(one.captures) > most:
        return shown(one.subject)
    return ", ".join(names.all(one.captures))


def _about(page: Page, finding: Finding, names: Names, requests: int, *, verbose: bool) -> None:
    page.say(subject_of(finding, names, TOP_NAMES), indent=4, mark="About", hang=_LABEL)
    why = "; ".join(shown(says) for says in finding.says)
    page.say(f"{why}. {finding.explanation}" if why else finding.explanation, indent=4, mark="Why", hang=_LABEL)
    show_evidence(page, finding.evidence, names, indent=4, label=_LABEL, verbose=verbose)
    if finding.behind:
        page.say(f"it shows once {finding.behind} is mended", indent=4, mark="Next", hang=_LABEL)
    if finding.stops:
        stopped = (
            f"{len(finding.stops)} of {counted(requests, 'request')}: {listing(names.all(finding.stops), verbose)}"
        )
        page.say(stopped, indent=4, mark="Stops", hang=_LABEL)
    if verbose:
        for source in finding.sources:
            page.say(f"{source.title}, {source.address}", indent=4, mark="Source", hang=_LABEL, style="quiet")


def _remedy(page: Page, remedy: Remedy, label: str, *, full: bool, planned: bool) -> None:
    trial = {
        "resolved": "simulated: resolved",
        "unchanged": f"simulated: {shown(remedy.note) or 'unchanged'}",
        "new-problem": f"simulated: new problem, {shown(remedy.note)}",
        None: f"not simulated: {shown(remedy.note)}" if remedy.note else "not simulated",
    }[remedy.trial]
    chosen = "; in the plan" if planned else ""
    who = ACTORS[remedy.actor]
    page.say(f"{remedy.title} ({remedy.id}; {who}; {trial}{chosen})", indent=4, mark=label, hang=_LABEL)
    if remedy.on_system:
        page.say(REMEDY_WORDS[remedy.on_system], indent=4 + _LABEL, style=STYLES[remedy.on_system])
    if remedy.weakens_security:
        page.say(f"WEAKENS SECURITY: {remedy.weakens_security}", indent=4 + _LABEL, style="bad")
    if full:
        _steps(page, remedy.steps, indent=4 + _LABEL)
        _caution(page, remedy.risk, remedy.interruption, remedy.rollback, indent=4 + _LABEL)
    elif not planned:
        page.say(f"steps: wssdoctor knowledge show {remedy.id}", indent=4 + _LABEL, style="quiet")


def _steps(page: Page, steps: Sequence[Step], *, indent: int) -> None:
    for number, step in enumerate(steps, 1):
        where = f"{step.where}: " if step.where else ""
        page.say(f"{where}{step.do}", indent=indent, mark=f"{number}.", hang=3)
        if step.see:
            page.say(f"then: {step.see}", indent=indent + 3)


def _caution(page: Page, risk: str, interruption: str, rollback: str, *, indent: int) -> None:
    """Add what a remedy may do beside its purpose; where it says ``none`` there is nothing to add."""
    rows = (("risk", risk), ("interruption", interruption), ("rollback", rollback))
    page.pairs([(name, said) for name, said in rows if said != "none"], indent=indent)
