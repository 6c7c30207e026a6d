"""Requests that were sent to the system again, in the report: what was predicted, what came, what that proves."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from wssdoctor.report.page import Style

Word: TypeAlias = Literal["confirmed", "contradicted", "undecided"]

OUTCOMES = {
    "now-accepted": "now accepted",
    "still-accepted": "still accepted",
    "still-rejected": "still rejected, the same answer",
    "rejected-later": "rejected later: progress",
    "another-failure": "another failure",
    "unclear": "unclear: the answer tells neither",
    "no-answer": "no answer",
}
WORDS: dict[str, str] = {
    "confirmed": "CONFIRMED ON THE SYSTEM",
    "contradicted": "CONTRADICTED BY THE SYSTEM",
    "undecided": "NOT DECIDED by the system",
}
STYLES: dict[str, Style] = {"confirmed": "good", "contradicted": "bad", "undecided": "doubt"}
FINDING_WORDS = {
    "confirmed": "CONFIRMED ON THE SYSTEM: it refuses as predicted",
    "mended": "MENDED ON THE SYSTEM: it accepts after the remedy; now write that into the description",
    "gone": "CONTRADICTED BY THE SYSTEM: it accepts what this should stop; mended since, or described wrongly",
}
REMEDY_WORDS = {
    "confirmed": "CONFIRMED ON THE SYSTEM",
    "contradicted": "CONTRADICTED BY THE SYSTEM: carried out, but it did not help as predicted",
    "undecided": "carried out; the system's answer does not decide",
}


class AnswerSeen(Struct, frozen=True):
    """An answer: HTTP status and fault code."""

    status: int
    fault: str | None


class Sending(Struct, frozen=True):
    """One request that was sent to the system again."""

    capture: str
    """The capture that holds what was sent, with the answer."""
    of: str
    """The capture that was sent again."""
    time: dt.datetime | None
    to: str
    """The host: ``https://host:port``."""
    outcome: str
    """now-accepted, still-accepted, still-rejected, rejected-later, another-failure, unclear, no-answer."""
    before: AnswerSeen | None
    """The captured answer."""
    answered: AnswerSeen | None
    predicted: AnswerSeen | None
    """What the model of the described system answers to it; null where it cannot decide."""
    carried_out: tuple[str, ...]
    """Ids of the remedies that the sender had carried out, although the description did not say so yet."""
    predicted_then: AnswerSeen | None
    """What the model predicted when it was sent, after ``carried_out``."""
    as_predicted_then: bool | None
    on_system: Word
    """What the system says to the prediction."""
    superseded: bool
    """Whether the same capture was sent again later; then that one counts."""
    error: str
    """Why no answer came."""


def answer_words(answer: AnswerSeen | None) -> str:
    """Return an answer in words."""
    if answer is None:
        return "no answer"
    return f"HTTP {answer.status} {answer.fault or ''}".rstrip() if answer.status else "no answer"


def told(one: Sending) -> str:
    """Say when and where, what came before and now."""
    when = f"{one.time:%Y-%m-%d %H:%M:%S} UTC" if one.time else "time unknown"
    before = f"{answer_words(one.before)} before, " if one.before else ""
    now = f"now {answer_words(one.answered)}; " if one.answered else ""
    return f"{OUTCOMES.get(one.outcome, one.outcome)}; {before}{now}{when}, {one.to}"


def held_against(one: Sending) -> str:
    """Say what was predicted."""
    if one.carried_out and one.as_predicted_then is not None:
        predicted = answer_words(one.predicted_then)
        return f"after {', '.join(one.carried_out)} the model predicted {predicted}"
    return f"the model predicts {answer_words(one.predicted)}" if one.predicted else "the model cannot decide"
