"""The answer to a question in free words, and what an interview found, in the form of an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import to_builtins
from msgspec.structs import replace

from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.interview import Interview, begin
from wssdoctor.diagnosis.ruling import ruling
from wssdoctor.diagnosis.symptom import Suspect, described
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.clue import heard
from wssdoctor.knowledge.match import Recognised, recognise
from wssdoctor.knowledge.spelling import spelled
from wssdoctor.report.asked import question
from wssdoctor.report.explanation import Explanation, answered, exact, explained

_WORTH = 0.005
"""A possible cause that is less likely is left out."""


def answer(text: str, base: Base) -> Explanation:
    """Return the causes that fit a sentence, best first, and the messages that it names."""
    return answered(text, named(text, base), base)


def named(text: str, base: Base) -> tuple[Recognised, ...]:
    """Return the messages that a text names."""
    return recognise(text, base) or exact(text, base)


def interview(text: str, case: Case, base: Base) -> Interview:
    """Begin an interview about a case, knowing what somebody says of it in free words."""
    found = named(text, base)
    messages = tuple(dict.fromkeys(one.id for one in found))
    text = spelled(text, base)
    said = described(text, found, ruling(heard(text, messages, base), base), base) if text.strip() else ()
    return begin(case, base, Evidence(messages, {one.cause: one.score for one in said}))


def asking(explanation: Explanation, now: Interview) -> Explanation:
    """Return the explanation with the look that an interview would ask for."""
    asked = now.question
    if asked is None:
        return explanation
    facts = to_builtins(question(asked))
    first = explanation.question or {"cause": asked.cause, "yes_if": asked.yes_if, "no_if": asked.no_if}
    return replace(explanation, question={**facts, **first, "decides": list(asked.decides)})


def concluded(found: Sequence[Recognised], now: Interview) -> Explanation:
    """Return how an interview ranks the causes, with its next question if it is not at its end."""
    kept = [one for one in now.ranking if one.status != "possible" or one.share >= _WORTH]
    ranked = [Suspect(one.cause, round(one.share, 3), one.because) for one in kept]
    made = explained(found, ranked, now.base)
    causes = tuple(replace(cause, status=one.status) for cause, one in zip(made.causes, kept, strict=True))
    asked = now.question
    return replace(made, causes=causes, question=to_builtins(question(asked)) if asked else None)
