"""The report as one HTML file: no script, no network, light and dark, good on paper.

The page is drawn by ``page.html.j2`` with everything escaped; here is what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from wssdoctor.check.result import Outcome
from wssdoctor.report.evidenceline import evidence_line
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.findingtext import effect_of, root_findings, subject_of
from wssdoctor.report.picture import picture
from wssdoctor.report.report import Check, Replay, Report
from wssdoctor.report.sending import FINDING_WORDS, REMEDY_WORDS, STYLES, WORDS, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line
from wssdoctor.report.words import ACTORS, BASES, counted

if TYPE_CHECKING:
    from jinja2 import Template

_MOST_EVIDENCE = 50
"""Pieces of evidence that a finding shows; what is left out is counted and stands in the JSON."""
_MOST_NAMES = 100


class CheckRow(Struct, frozen=True):
    """One check, with how often it had each outcome."""

    check: str
    stage: str
    title: str
    outcomes: tuple[tuple[str, int], ...]


class MatrixRow(Struct, frozen=True):
    """One request, or several for which the same remedies do the same."""

    label: str
    before: str
    cells: tuple[bool, ...]
    after: str


def render(report: Report) -> str:
    """Return the page."""
    names = Names(one.capture for one in report.replays)
    return _template().render(
        report=report,
        names=names,
        verdict=verdict_line(report),
        coverage=coverage_line(report.coverage),
        confirmed=[one for one in report.findings if one.status == "confirmed"],
        roots=root_findings(report),
        possible=[one for one in report.findings if one.status == "possible"],
        ruled_out=[one for one in report.findings if one.status == "ruled-out"],
        suppressed=sum(bool(one.suppressed) for one in report.findings),
        picture=picture(report, names),
        matrix=_matrix(report, names),
        effect=effect_of(report.plan) if report.plan else "",
        checks=_checks(report),
        open_checks=_open_checks(report, names),
        requests=[_request(one, names) for one in report.replays],
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wssdoctor.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(shown=shown, evidence=evidence_line, counted=counted, some=_some)
    environment.globals.update(
        finding_words=FINDING_WORDS,
        remedy_words=REMEDY_WORDS,
        system_words=WORDS,
        system_styles=STYLES,
        told=told,
        held_against=held_against,
    )
    environment.globals.update(actors=ACTORS, bases=BASES, most_evidence=_MOST_EVIDENCE, subject_of=subject_of)
    return environment.get_template("page.html.j2")


def _some(names: Iterable[str]) -> str:
    """Return names in a row; what is left out is counted."""
    names = list(names)
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more (all are in the JSON)" if more > 0 else "")


def _matrix(report: Report, names: Names) -> dict[str, Any] | None:
    """Return which remedy of the plan serves which request, with the verdict before and after."""
    plan = report.plan
    if plan is None or not plan.remedies or not plan.proof:
        return None
    served = [_served(report, remedy.id, remedy.subject, remedy.captures) for remedy in plan.remedies]
    groups: dict[tuple[str, tuple[bool, ...], str], list[str]] = {}
    many = len(plan.proof) > _MOST_NAMES
    for one in plan.proof:
        marks = tuple(one.capture in captures for captures in served)
        label = "" if many else one.capture
        groups.setdefault((one.before, marks, one.after + label), []).append(one.capture)
    rows = [
        MatrixRow(
            names.of(captures[0]) if len(captures) == 1 else counted(len(captures), "request"),
            before,
            marks,
            after.removesuffix("" if many else captures[0]),
        )
        for (before, marks, after), captures in groups.items()
    ]
    return {"remedies": plan.remedies, "rows": rows}


def _served(report: Report, remedy: str, subject: str, captures: tuple[str, ...]) -> frozenset[str]:
    """Return the requests that a planned remedy serves: its own, or those of the findings that it mends."""
    found = set(captures)
    for one in report.findings:
        if one.status == "confirmed" and one.subject == subject and any(part.id == remedy for part in one.remedies):
            found |= {*one.captures, *one.stops}
    return frozenset(found)


def _checks(report: Report) -> list[CheckRow]:
    rows: dict[str, dict[str, int]] = {}
    first: dict[str, Check] = {}
    for one in report.checks:
        first.setdefault(one.check, one)
        counts = rows.setdefault(one.check, {})
        counts[str(one.outcome)] = counts.get(str(one.outcome), 0) + 1
    return [
        CheckRow(check, first[check].stage, first[check].title, tuple(counts.items())) for check, counts in rows.items()
    ]


def _open_checks(report: Report, names: Names) -> list[tuple[str, str, str, str]]:
    """Return what was not answered: outcome, check, why, and about what."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in report.checks:
        if one.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
            about = names.of(one.capture) if one.capture else shown(one.subject)
            groups.setdefault((str(one.outcome), one.check, shown(one.says)), []).append(about)
    return [(*key, _some(dict.fromkeys(abouts))) for key, abouts in groups.items()]


def _request(one: Replay, names: Names) -> dict[str, Any]:
    return {
        "name": names.of(one.capture),
        "replay": one,
        "telling": next((text for text in one.predicted.messages if not text.startswith("HTTP-")), "")
        if one.predicted
        else "",
        "fits": {True: "yes", False: "NO", None: "-"}[one.agrees],
        "again": [step.stage for step in one.steps if step.outcome == "failed" and step.stage != one.stage],
    }
