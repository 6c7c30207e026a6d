"""What a text means: the frozen public form ``wssdoctor.explain/1``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias

from msgspec import Struct

from wssdoctor.diagnosis.symptom import Suspect, suspects
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import Recognised as Found
from wssdoctor.knowledge.match import scan, suggest
from wssdoctor.knowledge.printed import said
from wssdoctor.knowledge.telling import telling
from wssdoctor.report.next_evidence import next_evidence

if TYPE_CHECKING:
    from wssdoctor.knowledge.clue import Heard

Basis: TypeAlias = Literal["sap", "community", "inferred"]

SCHEMA: Literal["wssdoctor.explain/1"] = "wssdoctor.explain/1"
_SHORT = 60
"""Characters of a text that may be a mistyped id."""
_SAID = 5
"""Words beside messages from which on a text is what somebody says."""
_SAID_ALONE = 2
"""As many words are enough where no message is among them, where they tell of a change, or one line says two things."""
_STATUS = re.compile(r"(?<![\w.:-])(?:40[0-7]|415|50[0-4])(?![\w.:-])")
"""A status of HTTP as people say it, without saying HTTP."""
_LOGGED = re.compile(
    r"\d{1,2}:\d\d:\d\d|^\s*at \w+\.|^\[(?:Thr )?[\d.]+\]|\*\*\* |^(?i:debug|info|trace|warn)\w*\b", re.MULTILINE
)
"""What stands in logs and stack traces: nobody speaks like that."""


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
    hides_reason: bool = False
    """Whether it says that the reason stands elsewhere."""
    written: str = ""
    """Its whole text as the software writes it, with its variables; empty where that is not known."""
    variables: dict[str, str] = {}
    """What each variable of ``placeholders`` stands for."""


class Cause(Struct, frozen=True):
    """A cause that may explain the text."""

    cause: str
    title: str
    status: Literal["confirmed", "possible", "ruled-out"]
    score: float
    """From 0 to 1, to rank by; no probability."""
    because: tuple[str, ...]
    """The messages that name it; empty where it was asked for by its id."""
    why: tuple[str, ...]
    """What the clues of a description say for it, the surest first."""
    against: tuple[str, ...]
    """What they say against it."""
    explanation: str
    confirm: str
    rule_out: str
    basis: Basis
    remedies: tuple[str, ...]
    """Ids, best first for the messages that name the cause."""
    remedy_titles: tuple[str, ...]
    partners: dict[str, dict[str, str]]
    """By remedy: how it is done in the software of a partner."""
    evidence: tuple[str, ...] = ()
    """Of a cause that the checks of a system decide: what they observed, and where."""


class Understood(Struct, frozen=True):
    """A clue that a description gives."""

    clue: str
    means: str
    words: str
    """The words that gave it, or the message."""


class Explanation(Struct, frozen=True):
    """What was recognised, and which causes that makes possible, best first."""

    schema: Literal["wssdoctor.explain/1"]
    recognised: tuple[Recognised, ...]
    understood: tuple[Understood, ...]
    """What else a description says, as far as it counts for the order of the causes."""
    causes: tuple[Cause, ...]
    question: dict[str, Any] | None
    """What tells the best cause from the others: ``cause``, ``yes_if``, ``no_if``, ``decides``; null where there is none."""
    suggestions: tuple[str, ...]
    """Known ids that are nearest to a short text in which nothing was recognised."""
    besides: dict[str, str] = {}
    """Causes that the checks of a system confirm and the text does not speak of, with their titles."""
    next_evidence: tuple[str, ...] = ()
    """Which evidence to get next, best first, where no cause is known or a message hides the reason."""


def explain(text: str, base: Base) -> Explanation:
    """Explain a text: messages in any usual writing, or the ids of causes."""
    return explain_log(BytesIO("\n".join(text.splitlines()).encode("utf-8", "replace")), base, text)


def explain_log(stream: BinaryIO, base: Base, text: str = "") -> Explanation:
    """Explain a log of any length, or what somebody says; a short ``text`` may also be an id with a typing mistake."""
    seen = scan(stream, base)
    found = seen.found or exact(text, base)
    if not seen.words and _is_said(said(seen.short), found, base):
        return answered(seen.short, found, base)
    named = [Suspect(cause, 1.0, ()) for cause in sorted(seen.words, key=text.find)]
    asked = {one.cause for one in named}
    ranked = (*named, *(one for one in suspects(telling(found, base), base) if one.cause not in asked))
    near = suggest(text, base) if not found and not named and len(text) <= _SHORT else ()
    return explained(found, ranked, base, near)


def _is_said(text: str, found: Sequence[Found], base: Base) -> bool:
    """Whether a text is what somebody says: more words than its messages hold, which tell of a change or of an error."""
    beside = len(text.split()) - sum(len(one.text.split()) for one in found)
    if beside < _SAID_ALONE or _LOGGED.search(text):
        return False
    if found and beside >= _SAID:
        return True
    from wssdoctor.diagnosis.ruling import applying
    from wssdoctor.knowledge.clue import heard

    clues = heard(text, (), base)
    rules = applying({one.clue for one in clues}, base)
    kinds = {base.language.clues[name].kind for rule in rules for name in rule.when}
    failed = bool(found or _STATUS.search(text))
    together = "\n" not in text.strip() and any(len(rule.when) > 1 for rule in rules)
    return (failed and "change" in kinds) or ((not found or together) and "error" in kinds)


def answered(text: str, found: Sequence[Found], base: Base) -> Explanation:
    """Return what somebody says means: the messages that it names, and the causes that fit its words and clues."""
    from wssdoctor.diagnosis.ruling import ruling
    from wssdoctor.diagnosis.symptom import described
    from wssdoctor.knowledge.clue import heard
    from wssdoctor.knowledge.spelling import spelled

    text = spelled(text, base)
    ruled = ruling(heard(text, (one.id for one in found), base), base)
    return explained(found, described(text, telling(found, base), ruled, base), base, clues=ruled.clues)


def exact(text: str, base: Base) -> tuple[Found, ...]:
    """Return the message whose id or other name is the whole text, such as ``-58``."""
    written = text.strip()
    name = written if written in base.messages else base.messages_by_alias.get(written)
    return (Found(1, name, written),) if name else ()


def explained(
    found: Sequence[Found],
    ranked: Sequence[Suspect],
    base: Base,
    suggestions: tuple[str, ...] = (),
    clues: Sequence[Heard] = (),
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
                hides_reason=message.hides_reason,
                written=message.text,
                variables={
                    name: str(message.placeholders[name]) for name in one.placeholders if name in message.placeholders
                },
            )
        )
    understood = tuple(Understood(one.clue, base.language.clues[one.clue].means, one.words) for one in clues)
    causes = tuple(_cause(one, base) for one in ranked)
    asked = question([one.cause for one in ranked], base)
    known = [base.messages[identifier] for identifier in dict.fromkeys(one.id for one in found)]
    wanted = next_evidence(known, causes=bool(causes))
    return Explanation(SCHEMA, tuple(recognised), understood, causes, asked, suggestions, next_evidence=wanted)


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
    named = (base.messages[name] for name in one.messages if name in base.messages)
    sooner = {remedy for message in named for remedy in message.remedies}
    remedies = tuple(sorted(cause.remedies, key=lambda remedy: remedy not in sooner))
    return Cause(
        cause=cause.id,
        title=cause.title,
        status="possible",
        score=one.score,
        because=one.messages,
        why=one.why,
        against=one.against,
        explanation=cause.explanation,
        confirm=cause.confirm,
        rule_out=cause.rule_out,
        basis=cause.basis,
        remedies=remedies,
        remedy_titles=tuple(base.remedies[remedy].title for remedy in remedies),
        partners={
            remedy: {str(name): str(hint) for name, hint in base.remedies[remedy].partners.items()}
            for remedy in remedies
            if base.remedies[remedy].partners
        },
    )
