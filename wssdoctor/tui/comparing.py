"""Two cases side by side, as paragraphs: what is new, what is gone, which facts differ."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import Diagnosis, diagnose
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.knowledge.base import Base
from wssdoctor.report.build import build
from wssdoctor.report.comparison import Comparison, compare
from wssdoctor.report.report import FactDiffers, Report
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Paragraph, Span, Tone, blank, file_name, line, prose, span
from wssdoctor.tui.opening import read_case
from wssdoctor.tui.session import Opening
from wssdoctor.typed import looked_at

_MAX_BYTES = 256 * 1024 * 1024
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "worse": ("✗ This case is worse than the other one", "fail"),
    "better": ("✓ This case is better than the other one", "pass"),
    "same": ("✓ Nothing got better or worse", "pass"),
    "undecided": ("? Nothing got worse, but something has no answer here that has one there", "unknown"),
}


def compared(path: Path, diagnosis: Diagnosis, base: Base) -> Comparison:
    """Compare another description, folder of exports or report (before) with a diagnosis (after).

    The other system is replayed with the requests of this case. Raises ``InputError`` for what is none of these, and for
    exports of several clients.
    """
    after = build(diagnosis, base)
    if path.suffix.lower() == ".json":
        return compare(_report(path), after)
    from wssdoctor.description.change import differences

    case = Case(read_case(Opening(path)).case.facts, diagnosis.case.requests, diagnosis.case.moment)
    before = build(diagnose(case, base, remedies=False), base)
    facts = [FactDiffers(one.path, one.before, one.after) for one in differences(case.facts, diagnosis.case.facts)]
    return compare(before, after, facts)


def _report(path: Path) -> Report:
    place = Place(file=str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise InputError.because(f"the report is larger than {_MAX_BYTES // 2**20} MiB", place=place)
        return msgspec.json.decode(data, type=looked_at(Report))
    except OSError as error:
        raise InputError.because(
            "the report cannot be read", place=place, why=error.strerror or type(error).__name__
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        hint = f"{key('export')}, Report as JSON, writes one"
        raise InputError.because("this is no report of this version", place=place, why=str(error), hint=hint) from None


def paragraphs(found: Comparison) -> list[Paragraph]:
    """Say what differs, the worst first."""
    text, tone = _VERDICTS[found.outcome]
    there, here = (file_name(name) or "(no description)" for name in (found.before, found.after))
    said: list[Paragraph] = [
        Paragraph((span(text, tone),), 1, 3),
        Paragraph(line(span("there ", "muted"), span(there), span("   here ", "muted"), span(here)), 1, 3),
    ]
    headings: tuple[tuple[str, Tone, str], ...] = (
        ("new", "fail", "Only here"), ("gone", "pass", "Only there"), ("unchanged", "muted", "In both")
    )  # fmt: skip
    for name, colour, heading in headings:
        changes = getattr(found, name)
        if changes:
            said += [blank(), Paragraph((Span(f"{heading}: {len(changes)}", "heading"),), 1, 1)]
        for one in changes:
            sign = {"new": "✗ ", "gone": "✓ ", "unchanged": "= "}[name]
            said.append(
                Paragraph((Span(sign, colour), span(one.title), span(f"  {one.subject}  {one.cause}", "muted")), 3, 5)
            )
    changed = [one for one in found.requests if one.before != one.after]
    if found.requests:
        said += [
            blank(),
            Paragraph((Span(f"Requests: {len(changed)} of {len(found.requests)} differ", "heading"),), 1, 1),
        ]
    for request in changed:
        better = request.after == "accepted"
        said.append(
            Paragraph(
                (
                    span(file_name(request.capture)),
                    span(f"  {request.before} → ", "muted"),
                    span(request.after, "pass" if better else "fail"),
                ),
                3,
                5,
            )
        )
    for heading, names in (
        ("Requests only there", found.only_before),
        ("Requests only here", found.only_after),
        ("Checks without an answer here", found.no_longer_answered),
    ):
        if names:
            said += [blank(), Paragraph((Span(heading, "heading"),), 1, 1)]
            said += [Paragraph((span(one),), 3, 5) for one in names]
    if found.facts is None:
        said += [
            blank(),
            prose("Reports do not hold the facts; compare with a description to see them.", "muted", indent=1),
        ]
    elif found.facts:
        said += [blank(), Paragraph((Span(f"Facts that differ: {len(found.facts)}", "heading"),), 1, 1)]
        for fact in found.facts:
            said.append(Paragraph((span(fact.path, "accent"),), 3, 5))
            said.append(Paragraph((Span("there ", "muted"), span(fact.before or "(not given)")), 5, 11))
            said.append(Paragraph((Span("here  ", "muted"), span(fact.after or "(not given)", "strong")), 5, 11))
    else:
        said += [blank(), prose("The facts are the same.", "muted", indent=1)]
    return said
