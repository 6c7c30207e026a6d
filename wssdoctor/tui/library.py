"""The knowledge base as the screen shows it: entries, search, articles. Knows no terminal and needs no case."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from wssdoctor.diagnosis.finding import Finding
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import recognise
from wssdoctor.knowledge.record import Message, Remedy
from wssdoctor.tui.articles import remedy_article
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, items, labelled, line, prose, span

_BASES: dict[str, tuple[str, Tone]] = {
    "sap": ("SAP says so", "pass"),
    "community": ("others saw it", "muted"),
    "inferred": ("inferred", "unknown"),
}
_FREQUENCIES = ("common", "occasional", "rare")
_HERE = " here "
"""Behind the title of what applies to the open case."""
_ROOMY = 100
"""Columns from which an entry shows its id: the title comes first."""


class Entry(Struct, frozen=True):
    """One article of the knowledge base."""

    kind: Literal["message", "cause", "remedy", "pasted"]
    id: str
    title: str
    body: str
    """What search looks at beside id and title, in lower case."""


def entries(base: Base) -> tuple[Entry, ...]:
    """Return all articles: causes, the more frequent ones first, messages, remedies."""
    causes = [
        Entry("cause", one.id, one.title, _body(one.explanation, *one.symptoms, *one.messages))
        for one in sorted(base.causes.values(), key=lambda one: _FREQUENCIES.index(one.frequency))
    ]
    messages = [
        Entry("message", one.id, one.text or one.meaning, _body(one.meaning, *one.aliases, *one.causes))
        for one in base.messages.values()
    ]
    remedies = [
        Entry("remedy", one.id, one.title, _body(*(step.do for step in one.steps), *(step.where for step in one.steps)))
        for one in base.remedies.values()
    ]
    return (*causes, *messages, *remedies)


def recognised(text: str, base: Base) -> tuple[str, ...]:
    """Return the messages that a text names, and after them their causes, best first."""
    messages = dict.fromkeys(one.id for one in recognise(text, base)) if text.strip() else {}
    causes = dict.fromkeys(cause for message in messages for cause in base.messages[message].causes)
    return (*messages, *causes)


def search(everything: Sequence[Entry], text: str, recognised: Sequence[str], here: Collection[str]) -> list[Entry]:
    """Return the articles that fit a text, best first: ids that were recognised in it, then words.

    Without a text: the causes that apply here first, then all.
    """
    words = [word for word in re.split(r"[^a-z0-9&äöüß_.-]+", text.lower()) if len(word) > 2]
    scored = []
    for order, entry in enumerate(everything):
        score = _score(entry, words, recognised, text) if text.strip() else 1
        if score:
            applies = entry.id in here
            scored.append((-score - (2 if applies and text.strip() else 0), not applies, order, entry))
    scored.sort(key=lambda one: one[:3])
    return [entry for *_, entry in scored]


def _score(entry: Entry, words: Sequence[str], recognised: Sequence[str], text: str) -> int:
    if entry.id in recognised:
        return 1000 - recognised.index(entry.id)
    squeezed = _squeezed(entry.id)
    if squeezed == _squeezed(text):
        return 900
    title = f"{entry.id} {entry.title}".lower()
    found = [8 if word in title else 2 if word in entry.body else 0 for word in words]
    if not found or (not all(found) and len(found) < 4):
        return 0
    return sum(found) if sum(1 for one in found if one) * 2 >= len(found) else 0


def applying(confirmed: Sequence[Finding], base: Base) -> set[str]:
    """Return the ids of the articles that apply to a case: confirmed causes and their remedies."""
    causes = {finding.cause for finding in confirmed}
    return causes | {remedy for cause in causes if cause in base.causes for remedy in base.causes[cause].remedies}


def entry_line(entry: Entry, cells: int, *, here: bool) -> Line:
    """Draw one entry of the list."""
    tones: dict[str, Tone] = {"message": "accent", "cause": "text", "remedy": "pass", "pasted": "strong"}
    words = {"message": "MSG", "cause": "CAUSE", "remedy": "REMEDY", "pasted": "TEXT"}
    label = _HERE if here else ""
    kind = Span(f" {words[entry.kind]:<7}", tones[entry.kind])
    if entry.kind == "message":
        size = min(max(len(entry.id) + 2, 9), max(cells - 16 - len(label), 9))
        identifier = span(fit(entry.id, size), "strong")
        return (kind, identifier, span(fit(entry.title, max(cells - 8 - size - len(label), 8))), Span(label, "warn"))
    size = 26 if cells >= _ROOMY else 0
    room = max(cells - 8 - size - len(label), 8)
    return (kind, span(fit(entry.title, room - 1)), Span(" "), span(fit(entry.id, size), "muted"), Span(label, "warn"))


def article(entry: Entry, base: Base) -> list[Paragraph]:
    """Return the whole article."""
    if entry.kind == "message":
        return _message(base.messages[entry.id], base)
    if entry.kind == "cause":
        return _cause(entry.id, base)
    remedy = base.remedies[entry.id]
    return [
        *_title(remedy.title, f"remedy {remedy.id}"),
        *_remedy(remedy, base),
        blank(),
        *_offered(remedy, base),
        *_sources(remedy.sources, remedy.basis, base),
    ]


def _title(title: str, below: str) -> list[Paragraph]:
    return [prose(title, "strong", indent=1), prose(below, "muted", indent=1), blank()]


def _cause(identifier: str, base: Base) -> list[Paragraph]:
    cause = base.causes[identifier]
    paragraphs = [
        *_title(cause.title, f"cause {cause.id} · {cause.side} side · {cause.severity} severity · {cause.frequency}"),
        labelled("Cause", cause.explanation),
    ]
    paragraphs += items("You see", cause.symptoms)
    paragraphs += [labelled("Confirm", cause.confirm), labelled("Rule out", cause.rule_out)]
    if cause.leads_to:
        titles = "; ".join(base.causes[one].title for one in cause.leads_to if one in base.causes)
        paragraphs.append(labelled("Leads to", titles))
    if cause.contradiction:
        paragraphs.append(labelled("Note", cause.contradiction, "warn"))
    if cause.unproven:
        paragraphs.append(labelled("Unproven", cause.unproven, "unknown"))
    for remedy in cause.remedies:
        paragraphs.append(blank())
        paragraphs += _remedy(base.remedies[remedy], base)
    paragraphs.append(blank())
    for index, message in enumerate(cause.messages):
        text = base.messages[message].text if message in base.messages else ""
        about = line(span(f"{message}  ", "accent"), span(text, "muted"))
        paragraphs.append(labelled("Messages" if index == 0 else "", about))
    return [*paragraphs, *_sources(cause.sources, cause.basis, base)]


def _message(message: Message, base: Base) -> list[Paragraph]:
    paragraphs = [*_title(message.text or message.meaning, f"message {message.id}"), labelled("Means", message.meaning)]
    if message.seen_by:
        paragraphs.append(labelled("Seen by", message.seen_by))
    for name, meaning in message.placeholders.items():
        paragraphs.append(labelled(name, meaning))
    for index, identifier in enumerate(message.causes):
        title = base.causes[identifier].title if identifier in base.causes else identifier
        about = line(span(f"{index + 1}. ", "muted"), span(title), span(f"  {identifier}", "muted"))
        paragraphs.append(labelled("Causes" if index == 0 else "", about))
    if message.no_cause:
        paragraphs.append(labelled("No cause", message.no_cause))
    if message.contradiction:
        paragraphs.append(labelled("Note", message.contradiction, "warn"))
    first = next((base.causes[one] for one in message.causes if one in base.causes), None)
    if first is not None:
        paragraphs += [blank(), labelled("Do now", first.confirm)]
        for identifier in first.remedies[:1]:
            paragraphs += [blank(), *_remedy(base.remedies[identifier], base)]
    paragraphs.append(blank())
    return [*paragraphs, *_sources(message.sources, message.basis, base)]


def _remedy(remedy: Remedy, base: Base) -> list[Paragraph]:
    return list(remedy_article(remedy, None, tried_yet=True, confirmed=False, in_basket=False, base=base))


def _offered(remedy: Remedy, base: Base) -> list[Paragraph]:
    causes = base.causes_by_remedy.get(remedy.id, ())
    return [
        labelled("Helps" if index == 0 else "", f"{base.causes[cause].title}  ({cause})")
        for index, cause in enumerate(causes)
    ]


def _sources(sources: Sequence[str], basis: str, base: Base) -> list[Paragraph]:
    word, tone = _BASES[basis]
    paragraphs = [labelled("Basis", word, tone)]
    for index, identifier in enumerate(sources):
        source = base.sources.get(identifier)
        text = f"{source.title}: {source.address}" if source else identifier
        paragraphs.append(labelled("Sources" if index == 0 else "", text, "muted"))
    return paragraphs


def _body(*texts: str) -> str:
    return " ".join(texts).lower()


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
