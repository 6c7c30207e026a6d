"""Mistyped words of a description, read as the words of the base that they were meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from wssdoctor.knowledge.base import Base

_WORD = re.compile(r"[^\W\d_]+(?!\*)\b")
"""A whole word, not the beginning of one that a clue writes with an asterisk."""
_TYPED = re.compile(r"(?<![\w./:@\\-])[^\W\d_]{7,24}(?![\w/:@\\-]|\.\w)")
"""A word of a sentence: no part of a URL, a name of a host or a class, or an identifier."""
_LIKE = 0.92
"""How like a word must be: a letter too many or too few, two in longer words."""
_LENGTHS = 2
"""By how many letters it may be longer or shorter."""
_MOST = 12
"""Unknown words that are looked at."""


def spelled(text: str, base: Base) -> str:
    """Return a text in which each unknown word that is nearly one of those the base listens for is that word."""
    typed = dict.fromkeys(word.lower() for word in _TYPED.findall(text))
    if not typed:
        return text
    heeded = frozenset(_words(_heeded(base)))
    strange = [word for word in typed if word not in heeded]
    if strange:
        known = frozenset(_words(_told(base)))
        strange = [word for word in strange if word not in known and not _inflected(word, known | heeded)]
    meant: dict[str, str] = {}
    for word in strange[:_MOST]:
        near = [one for one in heeded if one[0] == word[0] and abs(len(one) - len(word)) <= _LENGTHS]
        found = get_close_matches(word, sorted(near), n=1, cutoff=_LIKE)
        if found:
            meant[word] = found[0]
    return _TYPED.sub(lambda match: meant.get(match[0].lower(), match[0]), text) if meant else text


def _inflected(word: str, known: frozenset[str]) -> bool:
    """Whether a word is a known one with a usual ending, or without it."""
    stems = (word.removesuffix(end) for end in ("s", "es", "d", "ed", "ing", "ly", "e", "en", "n", "er"))
    return any(stem in known for stem in stems) or any(word + end in known for end in ("s", "d", "ed", "ing"))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(text.lower())


def _heeded(base: Base) -> Iterator[str]:
    """Yield what clues, synonyms and symptoms listen for."""
    for clue in base.language.clues.values():
        yield from clue.said
    for group in (*base.language.groups.values(), *base.language.synonyms):
        yield from group
    for cause in base.causes.values():
        yield cause.title
        yield from cause.symptoms


def _told(base: Base) -> Iterator[str]:
    """Yield what else the base says."""
    for cause in base.causes.values():
        yield from (cause.explanation, cause.confirm, cause.rule_out)
    for message in base.messages.values():
        yield from (message.text, message.meaning, message.seen_by)
    for one in base.language.precedents.values():
        yield from (one.symptom, one.description)
