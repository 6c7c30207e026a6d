"""What a text means: the frozen public form ``wssdoctor.explain/1``."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from wssdoctor.diagnosis.symptom import Suspect, suspects
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import recognise, suggest

Basis: TypeAlias = Literal["sap", "community", "inferred"]

_SHORT = 60
"""Characters of a text that may be a mistyped id."""


class Recognised(Struct, frozen=True):
    """A message that a line of the text names."""

    line: int
    """Counted from 1."""
    id: str
    text: str
    """The part of the line that names it."""
    placeholders: dict[str, str]
    meaning: str
    seen_by: str
    no_cause: str
    """Why the message names no cause, where it names none."""
    basis: Basis
    contradiction: str
    """Where sources disagree, and which one is followed."""


class Cause(Struct, frozen=True):
    """A cause that may explain the text."""

    cause: str
    title: str
    status: Literal["confirmed", "possible", "ruled-out"]
    score: float
    """From 0 to 1, to rank by; no probability."""
    because: tuple[str, ...]
    """The messages that name it; empty where it was asked for by its id."""
    explanation: str
    confirm: str
    rule_out: str
    basis: Basis
    remedies: tuple[str, ...]
    """Ids, best first."""
    remedy_titles: tuple[str, ...]


class Explanation(Struct, frozen=True):
    """What was recognised, and which causes that makes possible, best first."""

    schema: Literal["wssdoctor.explain/1"]
    recognised: tuple[Recognised, ...]
    causes: tuple[Cause, ...]
    question: dict[str, Any] | None
    """What to ask next; null where nothing was asked for."""
    suggestions: tuple[str, ...]
    """Known ids that are nearest to a short text in which nothing was recognised."""


def explain(text: str, base: Base) -> Explanation:
    """Explain a text: messages in any usual writing, or the ids of causes."""
    found = recognise(text, base)
    named = [Suspect(word, 1.0, ()) for word in dict.fromkeys(text.split()) if word in base.causes]
    asked = {one.cause for one in named}
    ranked = (*named, *(one for one in suspects(found, base) if one.cause not in asked))
    recognised = []
    for one in found:
        message = base.messages[one.id]
        recognised.append(
            Recognised(
                line=one.line,
                id=one.id,
                text=one.text,
                placeholders=one.placeholders,
                meaning=message.meaning,
                seen_by=message.seen_by,
                no_cause=message.no_cause,
                basis=message.basis,
                contradiction=message.contradiction,
            )
        )
    causes = tuple(_cause(one, base) for one in ranked)
    near = suggest(text, base) if not found and not named and len(text) <= _SHORT else ()
    return Explanation("wssdoctor.explain/1", tuple(recognised), causes, None, near)


def _cause(one: Suspect, base: Base) -> Cause:
    cause = base.causes[one.cause]
    return Cause(
        cause=cause.id,
        title=cause.title,
        status="possible",
        score=one.score,
        because=one.messages,
        explanation=cause.explanation,
        confirm=cause.confirm,
        rule_out=cause.rule_out,
        basis=cause.basis,
        remedies=cause.remedies,
        remedy_titles=tuple(base.remedies[remedy].title for remedy in cause.remedies),
    )
