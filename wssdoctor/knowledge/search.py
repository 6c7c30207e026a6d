"""Full-text search in the knowledge base: SQLite FTS5 ranks by BM25, the field's synonyms widen the question.

The index is small and is made in memory from the base at hand, so that it can never be older than the records.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Cause

Kind: TypeAlias = Literal["cause", "message", "remedy"]

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 takes texts apart into words."""
_MOST_WORDS = 400
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    {
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "although",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "auch",
        "auf",
        "aus",
        "be",
        "because",
        "been",
        "before",
        "bei",
        "being",
        "but",
        "by",
        "call",
        "called",
        "caller",
        "calls",
        "can",
        "cannot",
        "com",
        "comes",
        "das",
        "dem",
        "den",
        "der",
        "did",
        "die",
        "do",
        "does",
        "done",
        "each",
        "ein",
        "eine",
        "error",
        "every",
        "fail",
        "failed",
        "failing",
        "fails",
        "few",
        "for",
        "from",
        "fuer",
        "für",
        "get",
        "gets",
        "getting",
        "given",
        "gives",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "http",
        "i",
        "if",
        "im",
        "in",
        "into",
        "is",
        "ist",
        "it",
        "its",
        "just",
        "like",
        "made",
        "make",
        "may",
        "me",
        "message",
        "mit",
        "more",
        "most",
        "my",
        "nach",
        "nicht",
        "no",
        "noch",
        "nor",
        "not",
        "oder",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "org",
        "other",
        "our",
        "out",
        "over",
        "own",
        "request",
        "requests",
        "same",
        "sap",
        "saw",
        "say",
        "says",
        "see",
        "seen",
        "service",
        "services",
        "she",
        "should",
        "show",
        "shows",
        "sich",
        "so",
        "some",
        "still",
        "such",
        "system",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "und",
        "until",
        "up",
        "upon",
        "us",
        "use",
        "used",
        "uses",
        "using",
        "very",
        "von",
        "was",
        "way",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whole",
        "whom",
        "why",
        "will",
        "wird",
        "with",
        "without",
        "would",
        "www",
        "yet",
        "you",
        "your",
        "zu",
    }
)
_FULL = (1.0, 6.0, 8.0, 3.0, 2.5, 1.5)
"""Weights of the columns: id, title, symptoms, explanation, confirm and rule out, messages and remedies."""


class Hit(Struct, frozen=True):
    """A record that fits a question."""

    kind: Kind
    id: str
    title: str
    score: float
    """The higher the better; comparable within one search only."""


class Index:
    """The records of a base, ready to be searched. To be closed by whoever is done with it, or left to the process."""

    def __init__(self, base: Base) -> None:
        self._concepts = Concepts(base.language.synonyms)
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE record USING fts5(kind UNINDEXED, id UNINDEXED, name, title, symptoms, explanation, "
            f"confirm, rest, tokenize='{TOKENIZER}')"
        )
        rows = ((*row[:2], *map(self._concepts.marked, row[2:])) for row in _rows(base))
        self._database.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._titles = {(row[0], row[1]): row[3] for row in _rows(base)}

    def search(self, text: str, kinds: Sequence[Kind] = ("cause", "message", "remedy"), most: int = 20) -> list[Hit]:
        """Return the records that fit the words of a text best, best first."""
        asked = question(text, self._concepts)
        if not asked:
            return []
        marks = ", ".join("?" * len(kinds))
        weights = ", ".join(map(str, (0.0, 0.0, *_FULL)))
        rows = self._database.execute(
            f"SELECT kind, id, -bm25(record, {weights}) AS score FROM record "  # noqa: S608 - constants alone
            f"WHERE record MATCH ? AND kind IN ({marks}) ORDER BY score DESC, id LIMIT ?",
            (asked, *kinds, most),
        )
        return [Hit(kind, identifier, self._titles[kind, identifier], score) for kind, identifier, score in rows]

    def close(self) -> None:
        """Free the index."""
        self._database.close()


def question(text: str, concepts: Concepts) -> str:
    """Return the words of a text, and what they mean, as a question to FTS5; empty where none asks for anything."""
    lowered = text.lower()
    words = [word for word in re.findall(r"[^\W_]+(?:_[^\W_]+)*", lowered)[:_MOST_WORDS] if _asks(word)]
    terms = dict.fromkeys((*words, *concepts.of(lowered)))
    return " OR ".join(f'"{term}"' for term in terms)


def _asks(word: str) -> bool:
    return word not in _STOP and (len(word) > 1 or word.isdigit())


class Concepts:
    """The groups of words that mean the same, each as one word of its own.

    Records hold these words beside their own ones. So a question that says something in other words finds a record by
    one word more, however many ways there are to say it, and what nearly every record speaks of counts next to nothing.
    """

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._single: dict[str, list[str]] = {}
        self._phrases: dict[str, list[str]] = {}
        for number, group in enumerate(groups):
            for written in group:
                words = " ".join(_WORD.findall(written.lower()))
                (self._phrases if " " in words else self._single).setdefault(words, []).append(f"xconcept{number}")

    def of(self, text: str) -> Iterator[str]:
        """Yield the concepts of a text in lower case, each as often as it is named."""
        words = _WORD.findall(text)[:_MOST_WORDS]
        for word in words:
            yield from self._single.get(word, ())
        flat = f" {' '.join(words)} "
        for phrase, concepts in self._phrases.items():
            if f" {phrase} " in flat:
                yield from concepts

    def marked(self, text: str) -> str:
        """Return a text with its concepts behind it."""
        return " ".join((text, *self.of(text.lower())))


def _rows(base: Base) -> Iterable[tuple[str, ...]]:
    for cause in base.causes.values():
        yield ("cause", cause.id, _name(cause.id), cause.title, *_texts(cause, base))
    for message in base.messages.values():
        title = message.text or message.meaning
        name = " ".join((_name(message.id), *message.aliases))
        yield "message", message.id, name, title, "", message.meaning, message.seen_by, ""
    for remedy in base.remedies.values():
        steps = " ".join(f"{step.do} {step.where} {step.see}" for step in remedy.steps)
        yield "remedy", remedy.id, _name(remedy.id), remedy.title, "", steps, remedy.risk, ""


def _texts(cause: Cause, base: Base) -> tuple[str, str, str, str]:
    told = [base.messages[message] for message in cause.messages]
    own = [message for message in told if len(message.causes) < 6]
    rest = [f"{message.id} {message.text} {' '.join(message.aliases)}" for message in own]
    rest += (base.remedies[remedy].title for remedy in cause.remedies)
    return " ".join(cause.symptoms), cause.explanation, f"{cause.confirm} {cause.rule_out}", " ".join(rest)


def _name(identifier: str) -> str:
    return identifier.replace("-", " ")
