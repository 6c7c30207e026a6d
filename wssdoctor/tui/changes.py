"""The effect of the what-if basket as a difference of the description. Knows no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Paragraph, Span, blank, file_name, labelled, line, prose, span
from wssdoctor.tui.whatif import WhatIf, about

if TYPE_CHECKING:
    from wssdoctor.knowledge.base import Base


def paragraphs(state: WhatIf, base: Base) -> list[Paragraph]:
    """Say which facts the remedies change, and which remedies weaken security."""
    actions = state.basket.actions
    if not actions:
        single, least = key("whatif-toggle"), key("whatif-plan")
        return [prose(f"The basket is empty: {single} puts a remedy in, {least} the smallest set.", "muted", indent=1)]
    said: list[Paragraph] = [Paragraph((Span("Remedies in the basket", "heading"),), 1, 1)]
    places = len(str(len(actions)))
    for number, action in enumerate(actions, 1):
        remedy = base.remedies[action.remedy]
        said.append(
            Paragraph(
                line(
                    span(f"{number:>{places}}. ", "muted"),
                    span(remedy.title, "strong"),
                    span(f"  {about(action)}", "muted"),
                ),
                1,
                places + 3,
            )
        )
        if remedy.weakens_security:
            said.append(
                Paragraph((span(f" SECURITY  {remedy.weakens_security} ", "security"),), places + 3, places + 3)
            )
    said += [blank(), Paragraph((Span("What they change in the description", "heading"),), 1, 1)]
    if state.why_not:
        said.append(prose(f"They cannot be tried: {state.why_not}", "warn", indent=1))
    elif state.result is None:
        said.append(prose("Being worked out ...", "accent", indent=1))
    elif not state.changes:
        said.append(prose("Nothing: they change requests, or what the description does not hold.", "muted", indent=1))
    for one in state.changes:
        place = f"   {file_name(one.place.file)}:{one.place.line}" if one.place.file and one.place.line else ""
        said.append(Paragraph(line(span(one.path, "accent"), span(place, "muted")), 1, 3))
        said.append(Paragraph(line(span("− ", "fail"), span(one.before or "(not given)", "fail")), 3, 5))
        said.append(Paragraph(line(span("+ ", "pass"), span(one.after or "(not given)", "pass")), 3, 5))
    if state.result is not None:
        note = "This is a copy: neither the file nor the system was touched."
        said += [blank(), labelled("Note", note, "muted")]
    return said
