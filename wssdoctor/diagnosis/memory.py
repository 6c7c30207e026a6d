"""What was worked out once and need not be again: answers, kept with the facts that they read.

Trying a remedy changes few facts; whatever did not read them answers as before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from wssdoctor.description.facts import Facts, ReadFacts
from wssdoctor.provider.replayer import Replayer

T = TypeVar("T")


class Memory:
    """Answers by what they depend on. One object serves a case and all that is derived from it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, list[tuple[ReadFacts, Any]]] = {}
        self.replayer = Replayer()
        """Remembers single checks of requests, where ``recall`` keeps whole answers."""

    def recall(self, question: Hashable, facts: Facts, answer: Callable[[Facts], T]) -> T:
        """Return the answer to a question that depends on nothing but itself and facts."""
        kept = self._kept.setdefault(question, [])
        for read, known in kept:
            if read.same_in(facts):
                return known  # type: ignore[no-any-return]
        read = ReadFacts.of(facts)
        found = answer(read)
        kept.append((read, found))
        return found
