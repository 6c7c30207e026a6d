"""The report as text for a terminal: what is wrong, what to do now, how sure we are; then the proof of it.

Root causes come first, with what they explain folded under them. Nothing is shortened without saying how much.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, TypeAlias

from wssdoctor.check.result import Outcome
from wssdoctor.report.evidencetext import Names, show_evidence
from wssdoctor.report.page import Page, Style
from wssdoctor.report.report import Check, Coverage, Finding, Plan, PlannedRemedy, Remedy, Replay, Report, Step
from wssdoctor.report.shown import shown

WIDTH = 80

Part: TypeAlias = Literal["findings", "plan", "requests", "stages", "open"]
"""What a text may show: the causes with their evidence; the plan with its proof; the requests; the stages of each
request; what is possible, unknown or missing."""

PARTS: tuple[Part, ...] = ("findings", "plan", "requests", "open")

_TOP_POSSIBLE = 5
_TOP_FACTS = 8
_TOP_NAMES = 6
_LABEL = 10
"""Columns of the labels in a finding."""

_ACTORS = {
    "basis": "Basis administration",
    "security": "security administration",
    "developer": "the consumer's developer",
    "partner": "the partner",
    "network": "the network team",
}
_BASES = {"sap": "documented by SAP", "community": "as others have seen it", "inferred": "inferred, not documented"}
_VERDICTS: dict[str, Style] = {"healthy": "good", "findings": "bad", "inconclusive": "doubt"}
_OUTCOMES: dict[Outcome, Style] = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.UNKNOWN: "doubt",
    Outcome.ERROR: "bad",
    Outcome.NOT_APPLICABLE: "quiet",
}
_OPEN = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.ERROR)


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
        _findings(page, report, names, verbose=verbose)
    if "plan" in parts:
        _plan(page, report, names)
    if "requests" in parts:
        _requests(page, report, names)
    if "stages" in parts or verbose:
        _stages(page, report, names)
    if "open" in parts:
        _possible(page, report, verbose=verbose)
        _unanswered(page, report, names, verbose=verbose)
    if verbose:
        _ruled_out(page, report)
        _every_check(page, report, names)
    page.heading("in short")
    page.say(_verdict(report), indent=2, style=_VERDICTS[report.verdict])
    page.say(coverage_line(report.coverage), indent=2)
    return page.text()


def coverage_line(coverage: Coverage) -> str:
    """Say how much was checked: what is unknown is never left out."""
    parts = [f"{coverage.passed} passed", f"{coverage.failed} failed", f"{coverage.unknown} unknown"]
    if coverage.not_applicable:
        parts.append(f"{coverage.not_applicable} not applicable")
    if coverage.error:
        parts.append(f"{coverage.error} broken (a defect of this program)")
    line = f"{_count(coverage.checks, 'check')}: {', '.join(parts)}"
    facts = len(coverage.missing_facts)
    rest = [f"{_count(facts, 'fact')} {'is' if facts == 1 else 'are'} missing"] if facts else []
    if coverage.waiting_for_request:
        rest.append(f"{coverage.waiting_for_request} more need a captured request")
    return f"{line} - {'; '.join(rest)}" if rest else line


def _first_screen(page: Page, report: Report, names: Names) -> None:
    page.say(
        f"wssdoctor {report.version}: {shown(report.system)}, {_count(len(report.replays), 'request')}, "
        f"as at {report.moment:%Y-%m-%d %H:%M} UTC",
        style="quiet",
    )
    page.blank()
    page.say(_verdict(report), style=_VERDICTS[report.verdict])
    roots = _roots(report)
    page.heading("what is wrong")
    for number, finding in enumerate(roots, 1):
        about = _named(finding, names, 1)
        about = "" if about == "system" else f" - {about}"
        page.say(f"{finding.title}{about}", indent=2, mark=f"{number}.", hang=4, style="strong")
    if not roots:
        known = "Nothing that was checked." if report.verdict == "healthy" else "Nothing is confirmed yet."
        page.say(known, indent=2)
    _now(page, report, roots)
    page.heading("how sure")
    _sure(page, report, names, roots)


def _now(page: Page, report: Report, roots: Sequence[Finding]) -> None:
    if report.plan is not None and report.plan.remedies:
        page.heading("was applied" if report.plan.applied else "what to do now")
        for number, planned in enumerate(report.plan.remedies, 1):
            mends = [str(place) for place, finding in enumerate(roots, 1) if _mends(planned, finding)]
            who = "; ".join((_ACTORS[planned.actor], *([f"mends {', '.join(mends)}"] if mends else [])))
            page.say(f"{planned.title} ({who})", indent=2, mark=f"{number}.", hang=4)
            if planned.weakens_security:
                page.say(f"WEAKENS SECURITY: {planned.weakens_security}", indent=6, style="bad")
        page.say(_effect(report.plan), indent=2)
        return
    page.heading("what to do now")
    for number, finding in enumerate(roots, 1):
        best = finding.remedies[0] if finding.remedies else None
        what = f"{best.title} ({_ACTORS[best.actor]})" if best else "no remedy is known"
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
    page.say(f"Look at {asked.about.removesuffix('[]')} and write into the description what you see:", indent=2)
    for fact in asked.facts[:_TOP_NAMES]:
        page.say(f"{fact.path}: {fact.obtain}", indent=2, mark="-", hang=2)
    _more(page, len(asked.facts) - _TOP_NAMES)
    page.say(f"This decides {_count(len(asked.decides), 'cause')}: {_listed(asked.decides)}.", indent=2)


def _sure(page: Page, report: Report, names: Names, roots: Sequence[Finding]) -> None:
    if roots:
        page.say("Each confirmed cause rests on a failed check; the evidence is below.", indent=2)
    compared = [one for one in report.replays if one.agrees is not None]
    if compared:
        wrong = [one.capture for one in compared if not one.agrees]
        page.say(
            f"The modelled answer fits {len(compared) - len(wrong)} of {_count(len(compared), 'captured response')}.",
            indent=2,
        )
        if wrong:
            page.say(f"It does not fit: {_listed(names.all(wrong))}. Take care with these.", indent=2, style="doubt")
    page.say(coverage_line(report.coverage), indent=2)


def _mends(planned: PlannedRemedy, finding: Finding) -> bool:
    trials = {one.id for one in finding.remedies if one.trial == "resolved"}
    return planned.id in trials and planned.subject == finding.subject and planned.captures == finding.captures


def _named(one: Finding | PlannedRemedy, names: Names, most: int) -> str:
    """Return what a finding or remedy is about; requests by their names, if there are no more than ``most``."""
    if not re.fullmatch(r"\d+ requests?", one.subject) or len(one.captures) > most:
        return shown(one.subject)
    return ", ".join(names.all(one.captures))


def _verdict(report: Report) -> str:
    confirmed = sum(finding.status == "confirmed" for finding in report.findings)
    coverage = report.coverage
    requests = f"; {_requests_counted(report.replays)}" if report.replays else ""
    unanswered = coverage.unknown + coverage.error
    if report.verdict == "findings":
        gap = f" {_count(unanswered, 'check')} could not be answered." if unanswered else ""
        return f"FINDINGS: {_count(confirmed, 'cause is', 'causes are')} confirmed{requests}.{gap}"
    if report.verdict == "inconclusive":
        return (
            f"INCONCLUSIVE: nothing is confirmed, but {_count(unanswered, 'check')} could not be answered{requests}. "
            "This is not a clean bill of health."
        )
    only = " No request was replayed." if not report.replays else ""
    return f"HEALTHY: all {_count(coverage.checks, 'check')} passed or do not apply{requests}.{only}"


def _requests_counted(replays: Sequence[Replay]) -> str:
    verdicts = [one.verdict for one in replays]
    return (
        f"{verdicts.count('accepted')} of {_count(len(verdicts), 'request')} accepted, "
        f"{verdicts.count('rejected')} rejected, {verdicts.count('undecided')} undecided"
    )


def _roots(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.status == "confirmed" and one.folded_under is None]


def _findings(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    planned = {remedy.id for remedy in report.plan.remedies} if report.plan else set()
    folded = [one for one in report.findings if one.status == "confirmed" and one.folded_under]
    for number, finding in enumerate(_roots(report), 1):
        page.blank()
        page.say(f"CONFIRMED: {finding.title}", mark=f"{number}.", hang=4, style="bad")
        page.say(
            f"{finding.cause}; severity {finding.severity}; confidence {finding.confidence}, {_BASES[finding.basis]}",
            indent=4,
            style="quiet",
        )
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


def _about(page: Page, finding: Finding, names: Names, requests: int, *, verbose: bool) -> None:
    page.say(_named(finding, names, _TOP_NAMES), indent=4, mark="About", hang=_LABEL)
    why = "; ".join(shown(says) for says in finding.says)
    page.say(f"{why}. {finding.explanation}" if why else finding.explanation, indent=4, mark="Why", hang=_LABEL)
    show_evidence(page, finding.evidence, names, indent=4, label=_LABEL, verbose=verbose)
    if finding.stops:
        stopped = f"{len(finding.stops)} of {_count(requests, 'request')}: {_listed(names.all(finding.stops), verbose)}"
        page.say(stopped, indent=4, mark="Stops", hang=_LABEL)
    if verbose:
        for source in finding.sources:
            page.say(f"{source.title}, {source.address}", indent=4, mark="Source", hang=_LABEL, style="quiet")


def _remedy(page: Page, remedy: Remedy, label: str, *, full: bool, planned: bool) -> None:
    trial = {
        "resolved": "simulated: resolved",
        "unchanged": "simulated: unchanged",
        "new-problem": f"simulated: new problem, {shown(remedy.note)}",
        None: f"not simulated: {shown(remedy.note)}" if remedy.note else "not simulated",
    }[remedy.trial]
    chosen = "; in the plan" if planned else ""
    who = _ACTORS[remedy.actor]
    page.say(f"{remedy.title} ({remedy.id}; {who}; {trial}{chosen})", indent=4, mark=label, hang=_LABEL)
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


def _effect(plan: Plan) -> str:
    """Say what the plan brings about."""
    before = sum(one.before == "accepted" for one in plan.proof)
    after = sum(one.after == "accepted" for one in plan.proof)
    total = len(plan.proof)
    requests = f"{before} of {_count(total, 'request')} accepted -> {after} of {total}" if total else ""
    left = f"still failing: {', '.join(plan.remaining)}" if plan.remaining else "nothing fails any more"
    return f"Simulated: {'; '.join(part for part in (requests, left) if part)}."


def _plan(page: Page, report: Report, names: Names) -> None:
    plan = report.plan
    if plan is None:
        return
    page.heading("applied" if plan.applied else "plan, in this order")
    if not plan.remedies:
        page.say("No remedy whose effect can be simulated helps here.", indent=2)
    for number, remedy in enumerate(plan.remedies, 1):
        who = _ACTORS[remedy.actor]
        page.say(f"{remedy.title} ({remedy.id}; {who})", indent=2, mark=f"{number}.", hang=4, style="strong")
        page.say(f"for {_named(remedy, names, _TOP_NAMES)}", indent=6)
        if remedy.weakens_security:
            page.say(f"WEAKENS SECURITY: {remedy.weakens_security}", indent=6, style="bad")
        _steps(page, remedy.steps, indent=6)
        _caution(page, remedy.risk, remedy.interruption, remedy.rollback, indent=6)
    page.say(_effect(plan), indent=2, mark="Proof", hang=8)
    for one in plan.proof:
        if one.before != one.after:
            page.say(f"{one.before} -> {one.after}  {names.of(one.capture)}", indent=10)
    if plan.remedies and not plan.applied:
        proven = (
            "No smaller set does the same."
            if plan.smallest
            else "None of these can be left out; whether a smaller set exists was not searched to the end."
        )
        page.say(proven, indent=2, mark="", hang=8)


def _requests(page: Page, report: Report, names: Names) -> None:
    if not report.replays:
        return
    page.heading("requests")
    if names.folder:
        page.say(f"in {shown(names.folder)}; answers are modelled", indent=2, style="quiet")
    heads = ("request", "verdict", "where", "modelled", "observed", "fits")
    page.table(heads, [_row(one, names) for one in report.replays], indent=2)
    also = [(one, _further(one)) for one in report.replays if _further(one)]
    if also:
        page.say("Mended there, these would fail again:", indent=2)
        for one, stages in also:
            page.say(f"{names.of(one.capture)}: at {', '.join(stages)}", indent=4)


def _stages(page: Page, report: Report, names: Names) -> None:
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


def _possible(page: Page, report: Report, *, verbose: bool) -> None:
    possible = [one for one in report.findings if one.status == "possible"]
    if not possible:
        return
    kept = possible if verbose else possible[:_TOP_POSSIBLE]
    page.heading(f"possible: {_count(len(possible), 'cause')} could not be ruled out")
    for finding in kept:
        needs = f"; decided by {_listed(finding.missing, verbose)}" if finding.missing else ""
        page.say(f"{finding.title} ({finding.cause}{needs})", indent=2, mark="-", hang=2)
        for reason in finding.because if verbose else finding.because[:1]:
            page.say(shown(reason), indent=4)
    _more(page, len(possible) - len(kept))


def _unanswered(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    """Show what could not be checked, and why: missing facts, gaps of the model, defects of this program."""
    facts = report.coverage.facts_wanted
    if facts:
        kept = facts if verbose else facts[:_TOP_FACTS]
        page.heading(f"not checked: {_count(len(facts), 'fact is', 'facts are')} missing")
        for fact in kept:
            page.say(fact.path, indent=2, style="doubt")
            page.say(fact.meaning, indent=6)
            page.say(f"how: {fact.obtain}", indent=6)
        _more(page, len(facts) - len(kept))
    gaps = [one for one in report.checks if one.outcome is Outcome.UNKNOWN and not one.missing]
    _grouped(page, "not checked: the model does not cover it yet", gaps, names, verbose=verbose)
    defects = [one for one in report.checks if one.outcome is Outcome.ERROR]
    _grouped(page, "not checked: defects of this program, please report them", defects, names, verbose=verbose)


def _grouped(page: Page, heading: str, checks: Sequence[Check], names: Names, *, verbose: bool) -> None:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in checks:
        about = names.of(one.capture) if one.capture else shown(one.subject)
        groups.setdefault((one.check, one.says), []).append(about)
    if groups:
        page.heading(heading)
    for (check, says), abouts in groups.items():
        page.say(f"{check}: {shown(says)} ({_listed(dict.fromkeys(abouts), verbose)})", indent=2, mark="-", hang=2)


def _ruled_out(page: Page, report: Report) -> None:
    ruled_out = [one for one in report.findings if one.status == "ruled-out"]
    if ruled_out:
        page.heading(f"ruled out: {_count(len(ruled_out), 'cause')}")
    for finding in ruled_out:
        page.say(f"{finding.title} ({finding.cause})", indent=2, mark="-", hang=2)


def _every_check(page: Page, report: Report, names: Names) -> None:
    page.heading("every check")
    for one in report.checks:
        about = names.of(one.capture) if one.capture else ""
        about = ", ".join(part for part in (about, "" if one.subject == "request" else shown(one.subject)) if part)
        says = f": {shown(one.says)}" if one.says else ""
        page.say(f"{one.check} ({about}){says}", indent=2, mark=str(one.outcome), hang=16, style=_OUTCOMES[one.outcome])


def _more(page: Page, count: int) -> None:
    if count > 0:
        page.say(f"and {count} more (--verbose shows all)", indent=2, style="quiet")


def _listed(names: Iterable[str], verbose: bool = False) -> str:
    names = list(names)
    kept = names if verbose or len(names) <= _TOP_NAMES + 1 else names[:_TOP_NAMES]
    more = len(names) - len(kept)
    return ", ".join(kept) + (f" and {more} more (--verbose)" if more else "")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
