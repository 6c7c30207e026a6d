"""The report as Markdown (CommonMark with tables), for pull requests, wikis and chats.

Foreign text is escaped, so that it can neither make links nor break out of its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.report.evidenceline import evidence_line
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.findingtext import effect_of
from wssdoctor.report.report import Finding, Plan, Report
from wssdoctor.report.sending import FINDING_WORDS, REMEDY_WORDS, WORDS, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line
from wssdoctor.report.words import ACTORS, BASES

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&@:])")


def render(report: Report) -> str:
    """Return the report; nothing is left out but the checks that passed."""
    names = Names(one.capture for one in report.replays)
    parts = [
        f"# wssdoctor: {foreign(report.system)}",
        f"{report.moment:%Y-%m-%d %H:%M} UTC, version {foreign(report.version)}",
        f"**{foreign(verdict_line(report))}**",
        foreign(coverage_line(report.coverage)),
        *(f"A suppression has expired: {foreign(one)}" for one in report.suppressions_expired),
        *_findings(report, names),
        *(_plan(report.plan, names) if report.plan else ()),
        *_sent(report, names),
        *_requests(report, names),
        *_calls(report),
        *_possible(report),
        *_missing(report),
        *_ruled_out(report),
    ]
    return "\n\n".join(parts) + "\n"


def foreign(text: str) -> str:
    """Return a text as one line in which no character means anything to Markdown."""
    return _SPECIAL.sub(r"\\\1", shown(text))


def _findings(report: Report, names: Names) -> Iterator[str]:
    confirmed = [one for one in report.findings if one.status == "confirmed"]
    if confirmed:
        yield "## What is wrong"
    for number, one in enumerate(confirmed, 1):
        yield "\n".join(_finding(number, one, names))


def _finding(number: int, one: Finding, names: Names) -> Iterator[str]:
    yield f"### {number}. {foreign(one.title)}\n"
    yield f"`{one.cause}`, severity {one.severity}, confidence {one.confidence}, {BASES[one.basis]}\n"
    if one.known:
        yield "**Known** from the baseline\n"
    if one.on_system:
        yield f"**System**: {foreign(FINDING_WORDS[one.on_system])}\n"
    if one.suppressed:
        yield f"**Suppressed**: {foreign(one.suppressed)}\n"
    yield f"- About: {foreign(one.subject)}"
    for says in one.says:
        yield f"- Why: {foreign(says)}"
    yield f"- {foreign(one.explanation)}"
    for piece in one.evidence:
        yield f"- Evidence: {foreign_line(evidence_line(piece))}"
    if one.stops:
        yield f"- Stops: {', '.join(foreign(name) for name in names.all(one.stops))}"
    if one.folded_under:
        yield f"- Only a consequence of `{one.folded_under}`"
    for remedy in one.remedies:
        trial = f"simulated: {remedy.trial}" if remedy.trial else "not simulated"
        yield f"- Remedy: {foreign(remedy.title)} (`{remedy.id}`; {ACTORS[remedy.actor]}; {trial})"
        if remedy.on_system:
            yield f"  - **{REMEDY_WORDS[remedy.on_system]}**"
        if remedy.weakens_security:
            yield f"  - **WEAKENS SECURITY**: {foreign(remedy.weakens_security)}"


def foreign_line(line: str) -> str:
    """Return a line whose foreign parts are bounded already; only Markdown is taken out of it."""
    return _SPECIAL.sub(r"\\\1", line)


def _plan(plan: Plan, names: Names) -> Iterator[str]:
    yield "## Was applied" if plan.applied else "## What to do, in this order"
    if plan.remedies:
        yield "\n".join(_planned(plan))
    yield foreign(effect_of(plan))
    changed = [one for one in plan.proof if one.before != one.after]
    if changed:
        rows = [f"| {foreign(names.of(one.capture))} | {one.before} | {one.after} |" for one in changed]
        yield "\n".join(("| request | before | after |", "|---|---|---|", *rows))


def _planned(plan: Plan) -> Iterator[str]:
    for number, remedy in enumerate(plan.remedies, 1):
        yield f"{number}. **{foreign(remedy.title)}** (`{remedy.id}`; {ACTORS[remedy.actor]}; {foreign(remedy.subject)})"
        if remedy.weakens_security:
            yield f"   - **WEAKENS SECURITY**: {foreign(remedy.weakens_security)}"
        for step in remedy.steps:
            yield f"   - {foreign(': '.join(filter(None, (step.where, step.do))))}"


def _sent(report: Report, names: Names) -> Iterator[str]:
    if report.unsettled:
        yield f"**CONTRADICTED by the system**: {', '.join(foreign(one) for one in names.all(report.unsettled))}"
    if report.sent:
        yield "## Sent to the system"
        rows = [
            f"| {foreign(names.of(one.of))} | {foreign(told(one))} | {foreign(held_against(one))} "
            f"| {'sent again later' if one.superseded else f'**{WORDS[one.on_system]}**'} |"
            for one in report.sent
        ]
        yield "\n".join(("| request | answer | model | system |", "|---|---|---|---|", *rows))


def _requests(report: Report, names: Names) -> Iterator[str]:
    if not report.replays:
        return
    yield "## Requests"
    rows = []
    for one in report.replays:
        modelled = one.predicted.status if one.predicted else "-"
        observed = one.observed.status if one.observed else "-"
        fits = {True: "yes", False: "**no**", None: "-"}[one.agrees]
        where = f"as {foreign(one.user)}" if one.user else one.stage or ""
        rows.append(
            f"| {foreign(names.of(one.capture))} | {one.verdict} | {where} | {modelled} | {observed} | {fits} |"
        )
    yield "\n".join(("| request | verdict | where | modelled | observed | fits |", "|---|---|---|---|---|---|", *rows))


def _calls(report: Report) -> Iterator[str]:
    if report.calls:
        yield "## Outbound calls"
        rows = [
            f"| {foreign(one.call)} | {one.verdict} | {one.stage or ''} | {', '.join(map(foreign, one.predicted))} |"
            for one in report.calls
        ]
        yield "\n".join(("| call | verdict | where | modelled |", "|---|---|---|---|", *rows))


def _possible(report: Report) -> Iterator[str]:
    possible = [one for one in report.findings if one.status == "possible"]
    if possible:
        yield f"## Possible, not ruled out: {len(possible)}"
        yield "\n".join(
            f"- {foreign(one.title)} (`{one.cause}`"
            + (f"; decided by {foreign(', '.join(one.missing))})" if one.missing else ")")
            for one in possible
        )


def _missing(report: Report) -> Iterator[str]:
    facts = report.coverage.facts_wanted
    if facts:
        yield f"## Not checked: {len(facts)} facts are missing"
        yield "\n".join(f"- `{fact.path}`: {foreign(fact.obtain)}" for fact in facts)


def _ruled_out(report: Report) -> Iterator[str]:
    ruled_out = [one for one in report.findings if one.status == "ruled-out"]
    if ruled_out:
        yield f"## Ruled out: {len(ruled_out)}"
        yield ", ".join(f"`{one.cause}`" for one in ruled_out)
