"""What a text means: the frozen public form ``wssdoctor.explain/1``."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, BinaryIO, Literal, TypeAlias

from msgspec import Struct

from wssdoctor.diagnosis.symptom import Suspect, suspects
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import Recognised as Found
from wssdoctor.knowledge.match import scan, suggest

Basis: TypeAlias = Literal["sap", "community", "inferred"]

SCHEMA: Literal["wssdoctor.explain/1"] = "wssdoctor.explain/1"
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
    partners: dict[str, dict[str, str]]
    """By remedy: how it is done in the software of a partner."""
    evidence: tuple[str, ...] = ()
    """Of a cause that the checks of a system decide: what they observed, and where."""


class Explanation(Struct, frozen=True):
    """What was recognised, and which causes that makes possible, best first."""

    schema: Literal["wssdoctor.explain/1"]
    recognised: tuple[Recognised, ...]
    causes: tuple[Cause, ...]
    question: dict[str, Any] | None
    """What tells the best cause from the others: ``cause``, ``yes_if``, ``no_if``, ``decides``; null where there is none."""
    suggestions: tuple[str, ...]
    """Known ids that are nearest to a short text in which nothing was recognised."""
    besides: dict[str, str] = {}
    """Causes that the checks of a system confirm and the text does not speak of, with their titles."""


def explain(text: str, base: Base) -> Explanation:
    """Explain a text: messages in any usual writing, or the ids of causes."""
    return explain_log(BytesIO("\n".join(text.splitlines()).encode("utf-8", "replace")), base, text)


def explain_log(stream: BinaryIO, base: Base, text: str = "") -> Explanation:
    """Explain a log of any length; a short ``text`` may also be an id with a typing mistake."""
    seen = scan(stream, base)
    found = seen.found or exact(text, base)
    named = [Suspect(cause, 1.0, ()) for cause in sorted(seen.words, key=text.find)]
    asked = {one.cause for one in named}
    ranked = (*named, *(one for one in suspects(found, base) if one.cause not in asked))
    near = suggest(text, base) if not found and not named and len(text) <= _SHORT else ()
    return explained(found, ranked, base, near)


def exact(text: str, base: Base) -> tuple[Found, ...]:
    """Return the message whose id or other name is the whole text, such as ``-58``."""
    written = text.strip()
    name = written if written in base.messages else base.messages_by_alias.get(written)
    return (Found(1, name, written),) if name else ()


def explained(
    found: Sequence[Found], ranked: Sequence[Suspect], base: Base, suggestions: tuple[str, ...] = ()
) -> Explanation:
    """Return what messages and ranked causes mean, with what decides between the causes."""
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
    return Explanation(SCHEMA, tuple(recognised), causes, question([one.cause for one in ranked], base), suggestions)


def question(ranked: Sequence[str], base: Base) -> dict[str, Any] | None:
    """Return what tells the best cause from the next ones; nothing where there is nothing to tell apart."""
    if len(ranked) < 2:
        return None
    first = base.causes[ranked[0]]
    return {
        "cause": first.id,
        "yes_if": first.confirm,
        "no_if": first.rule_out,
        "decides": list(ranked[:3]),
    }


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
        partners={
            remedy: {str(name): str(hint) for name, hint in base.remedies[remedy].partners.items()}
            for remedy in cause.remedies
            if base.remedies[remedy].partners
        },
    )
