"""The answer to a question in free words, in the form of an explanation."""

from __future__ import annotations

from wssdoctor.diagnosis.symptom import described
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import recognise
from wssdoctor.report.explanation import Explanation, exact, explained


def answer(text: str, base: Base) -> Explanation:
    """Return the causes that fit a sentence, best first, and the messages that it names."""
    found = recognise(text, base) or exact(text, base)
    return explained(found, described(text, found, base), base)
