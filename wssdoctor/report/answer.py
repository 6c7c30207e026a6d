"""The answer to a question in free words, in the form of an explanation, and the interview that goes on from it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.diagnosis.symptom import described
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import recognise
from wssdoctor.report.explanation import Cause, Explanation, exact, explained

Reply: TypeAlias = Literal["y", "n", "skip"]

_WORTH = 0.25
"""A cause with a smaller share of the best score is not worth a question."""


def answer(text: str, base: Base) -> Explanation:
    """Return the causes that fit a sentence, best first, and the messages that it names."""
    found = recognise(text, base) or exact(text, base)
    return explained(found, described(text, found, base), base)


class Interview(Struct, frozen=True):
    """Goes through the causes, most likely first; each reply moves them.

    What somebody says is no proof: a cause that is said to be so comes first and stays possible, one that is said not
    to be so goes last.
    """

    explanation: Explanation
    base: Base
    asked: frozenset[str] = frozenset()

    @property
    def question(self) -> Cause | None:
        """The next cause to ask about, with how to look; nothing where the rest is unlikely or one was found."""
        causes = self.explanation.causes
        if causes and causes[0].cause in self.asked and causes[0].score == 1.0:
            return None
        best = causes[0].score if causes else 0.0
        likely = (one for one in causes if one.cause not in self.asked and one.score >= _WORTH * best)
        return next(likely, None)

    def answered(self, reply: Reply) -> Interview:
        """Return the interview after a reply to its question."""
        about = self.question
        if about is None:
            return self
        asked = self.asked | {about.cause}
        if reply == "skip":
            return Interview(self.explanation, self.base, asked)
        score = 1.0 if reply == "y" else 0.0
        consequences = self.base.causes[about.cause].leads_to if reply == "y" else ()
        causes = []
        for one in self.explanation.causes:
            if one.cause == about.cause:
                causes.append(replace(one, score=score, because=(*one.because, f"you said {reply}")))
            else:
                causes.append(replace(one, score=one.score / 2) if one.cause in consequences else one)
        causes.sort(key=lambda one: -one.score)
        return Interview(replace(self.explanation, causes=tuple(causes)), self.base, asked)
