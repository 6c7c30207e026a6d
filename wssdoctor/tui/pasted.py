"""A pasted text as the knowledge screen shows it: what was recognised in it, and what may cause that."""

from __future__ import annotations

from collections.abc import Mapping

from wssdoctor.report.explanation import Explanation
from wssdoctor.tui.library import Entry
from wssdoctor.tui.lines import Paragraph, Span, blank, labelled, line, prose, span
from wssdoctor.tui.rows import count

_MANY = 200
"""Recognised messages that are shown before the rest is counted."""


def entries_of(found: Explanation, known: Mapping[str, Entry]) -> list[Entry]:
    """Return the text itself, then the messages in it, then their causes, most likely first."""
    messages = dict.fromkeys(one.id for one in found.recognised)
    ids = [*messages, *(one.cause for one in found.causes)]
    recognised, possible = count(len(messages), "known message"), count(len(found.causes), "possible cause")
    title = f"The pasted text: {recognised}, {possible}"
    return [Entry("pasted", "", title, ""), *(known[one] for one in dict.fromkeys(ids) if one in known)]


def paragraphs(found: Explanation) -> list[Paragraph]:
    """Say what was recognised and what to look at first."""
    if not found.recognised and not found.causes:
        said = [prose("Nothing in this text is known.", "unknown", indent=1)]
        if found.suggestions:
            said.append(prose(f"Did you mean {' or '.join(found.suggestions)}?", indent=1))
        return [*said, prose("A captured request says more than a text: open it as a case.", "muted", indent=1)]
    said = [Paragraph((Span("What it says", "heading"),), 1, 1)]
    for one in found.recognised[:_MANY]:
        head = line(span(f"line {one.line:>4}  ", "muted"), span(f"{one.id}  ", "accent"), span(one.text))
        said.append(Paragraph(head, 1, 12))
        said.append(prose(one.meaning, "muted", indent=12))
        for name, value in one.placeholders.items():
            said.append(labelled(name, value, indent=12))
        if one.no_cause:
            said.append(prose(one.no_cause, "muted", indent=12))
    if len(found.recognised) > _MANY:
        said.append(prose(f"and {len(found.recognised) - _MANY} more", "muted", indent=1))
    if found.causes:
        said += [blank(), Paragraph((Span("What causes it, most likely first", "heading"),), 1, 1)]
    for number, cause in enumerate(found.causes, 1):
        head = line(span(f"{number}. ", "muted"), span(cause.title, "strong"), span(f"  {cause.cause}", "muted"))
        said.append(Paragraph(head, 1, 4))
        if number == 1:
            said += [labelled("It is, if", cause.confirm, column=14, indent=4)]
            said += [labelled("It is not, if", cause.rule_out, column=14, indent=4)]
            said += [
                labelled("Do now" if index == 0 else "", title, "strong", column=14, indent=4)
                for index, title in enumerate(cause.remedy_titles)
            ]
    note = "Words prove nothing: each cause is possible, none is confirmed. Open a case, or let 5 ask you."
    return [*said, blank(), prose(note, "muted", indent=1)]
