"""Finding clues in what people say: words and phrases of one sentence, near each other, in any order or in theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import TypeAlias

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Clue

_SENTENCE_END = re.compile(r"[.!?;]+(?=\s|$)|[\r\n]+")
_SCHEME = re.compile(r"\bhttps?://")
"""The start of a URL says nothing of the kind of error."""
_WORD = re.compile(r"[^\W_]+\*?")
_JOINT = re.compile(r" [+>] ")
_IN_ORDER = " > "
_GROUP = re.compile(r"<([a-z-]+)>")
_NEAR = 16
"""Words from the first to the last word of what is said."""
_MOST_WORDS = 400
_MOST_PLACES = 4
"""How many places of one term in one sentence are looked at."""
_DENIALS = frozenset({"no", "not", "never", "without", "nothing", "kein", "keine", "keinen", "nicht", "nie", "ohne"})
_REACH = 2
"""How many words before a change a denial is heeded."""

Words: TypeAlias = Sequence[str]
Places: TypeAlias = list[tuple[int, int]]


class Heard(Struct, frozen=True):
    """A clue, and the words that gave it."""

    clue: str
    words: str
    """From the first to the last of them; the id of a message where that says it."""


def heard(text: str, messages: Iterable[str], base: Base) -> tuple[Heard, ...]:
    """Return the clues of a description, each once, with the words or the message that gave it."""
    seen = frozenset(messages)
    sentences = [_Sentence(words, base.language.groups) for words in _sentences(text)]
    found = (_hear(clue, sentences, seen) for clue in base.language.clues.values())
    return tuple(one for one in found if one is not None)


def _sentences(text: str) -> Iterator[Words]:
    left = _MOST_WORDS
    for sentence in _SENTENCE_END.split(_SCHEME.sub(" ", text.lower())):
        words = _WORD.findall(sentence.replace("*", " "))[:left]
        left -= len(words)
        if words:
            yield words


def _hear(clue: Clue, sentences: Iterable[_Sentence], messages: frozenset[str]) -> Heard | None:
    for name in clue.messages:
        if name in messages:
            return Heard(clue.id, name)
    for sentence in sentences:
        for saying in clue.said:
            words = sentence.says(saying, denied=clue.kind == "change")
            if words:
                return Heard(clue.id, words)
    return None


@cache
def terms(saying: str) -> tuple[str, ...]:
    """Return the terms of a way to say something."""
    return tuple(term.strip() for term in _JOINT.split(saying))


def group(term: str) -> str | None:
    """Return the name of the group that a term stands for, or nothing where it is words."""
    named = _GROUP.fullmatch(term)
    return named[1] if named else None


@cache
def phrase(written: str) -> tuple[str, ...]:
    """Return the words of a term, in lower case, each perhaps with an asterisk."""
    return tuple(_WORD.findall(written.lower()))


class _Sentence:
    """The words of a sentence, with where terms stand in it."""

    def __init__(self, words: Words, groups: Mapping[str, Sequence[str]]) -> None:
        self._words = words
        self._groups = groups
        self._places: dict[str, Places] = {}

    def says(self, saying: str, *, denied: bool) -> str:
        """Return the words with which it says all terms near each other; nothing where it does not, or denies it."""
        places = [self._of(term)[:_MOST_PLACES] for term in terms(saying)]
        ordered = _IN_ORDER in saying
        if not all(places):
            return ""
        for chosen in product(*places):
            if ordered and list(chosen) != sorted(chosen):
                continue
            start, end = min(one[0] for one in chosen), max(one[1] for one in chosen)
            apart = all(one[1] <= other[0] for one, other in zip(sorted(chosen), sorted(chosen)[1:], strict=False))
            if apart and end - start <= _NEAR and not (denied and self._denied(chosen)):
                return " ".join(self._words[start:end])
        return ""

    def _denied(self, chosen: Sequence[tuple[int, int]]) -> bool:
        """Whether a denial stands before one of the terms, and is part of none."""
        said = {place for start, end in chosen for place in range(start, end)}
        before = {place for start, _ in chosen for place in range(max(0, start - _REACH), start)}
        return any(self._words[place] in _DENIALS for place in before - said)

    def _of(self, term: str) -> Places:
        known = self._places.get(term)
        if known is None:
            name = group(term)
            written = (term,) if name is None else self._groups.get(name, ())
            known = sorted({place for one in written for place in self._stands(phrase(one))})
            self._places[term] = known
        return known

    def _stands(self, phrase: Words) -> Iterator[tuple[int, int]]:
        for start in range(len(self._words) - len(phrase) + 1):
            if all(map(_fits, phrase, self._words[start:])):
                yield start, start + len(phrase)


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
