"""An outbound call of the system, as the list and the text beside it show it."""

from __future__ import annotations

from wssdoctor.check.result import Outcome
from wssdoctor.consumer.call import Call
from wssdoctor.consumer.stage import Stage
from wssdoctor.diagnosis.run import Run
from wssdoctor.tui.articles import evidence, result_paragraph
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, fit, labelled, line, span

VERDICTS: dict[str, tuple[str, Tone]] = {"works": ("✓", "pass"), "fails": ("✗", "fail"), "undecided": ("?", "unknown")}


def call_line(call: Call, cells: int, *, later: Call | None = None) -> Line:
    """Draw a call in a list: whether it works, its name, where it fails; with remedies, what becomes of it."""
    glyph, tone = VERDICTS[call.verdict]
    where = call.stage.heading if call.stage else call.verdict
    size = 0 if cells < 32 else 14
    changed = Span("")
    if later is not None:
        mark, colour = VERDICTS[later.verdict]
        changed = Span(f" {mark}{'~' if later.verdict != call.verdict else ' '}", colour)
    room = max(cells - 4 - size - len(changed.text), 4)
    return (
        Span(f" {glyph} ", tone),
        span(fit(call.subject.name, room)),
        changed,
        span(f" {fit(where, size)}" if size else "", "muted"),
    )


def call_article(call: Call, run: Run) -> list[Paragraph]:
    """Say how far a call comes, stage by stage, and what the caller sees."""
    glyph, tone = VERDICTS[call.verdict]
    where = f" at {call.stage.heading}" if call.stage else ""
    said = [
        Paragraph((Span(f"{glyph} ", tone), span(call.subject.name, "strong")), 1, 3),
        labelled("Outbound", line(span(f"{call.verdict}{where}", tone))),
    ]
    if call.predicted is not None:
        seen = ", ".join(call.predicted.messages) or "nothing that is known"
        said.append(labelled("Seen as", line(span(seen), span(f"  modelled, basis {call.predicted.basis}", "muted"))))
    mine = [result for result in run.survey if result.subject.path == call.subject.path]
    for stage in Stage:
        results = [result for result in mine if result.stage == stage]
        for index, result in enumerate(results):
            if index == 0:
                said.append(Paragraph((span(stage.heading, "heading"),), 1, 1))
            said.append(result_paragraph(result))
            if result.outcome is Outcome.FAILED:
                for piece in result.evidence:
                    said += evidence(piece, "")
    return said
