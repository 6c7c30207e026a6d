"""Reported troubles whose cause was found: which of them a description is like."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Precedent
from wssdoctor.knowledge.search import TOKENIZER, Concepts, question

_MOST = 8
"""Reports that are looked at."""
_STEEP = 3
"""How much less a report counts that is less like than the nearest."""
_ALIKE = 30.0
"""The BM25 score from which on a report is as like as reports get."""


class Near(Struct, frozen=True):
    """A report that a description is like."""

    precedent: Precedent
    likeness: float
    """From 0 to 1."""


def nearest(text: str, base: Base) -> tuple[Near, ...]:
    """Return the reports that share most with a description, the nearest first. The ranking is BM25 of SQLite's FTS5."""
    reports = tuple(base.language.precedents.values())
    concepts = Concepts(base.language.synonyms)
    asked = question(text, concepts)
    if not reports or not asked:
        return ()
    database = sqlite3.connect(":memory:")
    try:
        database.execute(f"CREATE VIRTUAL TABLE report USING fts5(number UNINDEXED, told, tokenize='{TOKENIZER}')")
        told = ((number, concepts.marked(f"{one.symptom} {one.description}")) for number, one in enumerate(reports))
        database.executemany("INSERT INTO report VALUES (?, ?)", told)
        rows = database.execute(
            "SELECT number, -bm25(report) AS score FROM report WHERE report MATCH ? ORDER BY score DESC, number LIMIT ?",
            (asked, _MOST),
        ).fetchall()
    finally:
        database.close()
    best = rows[0][1] if rows else 1.0
    sure = min(1.0, best / _ALIKE)
    return tuple(Near(reports[number], sure * (score / best) ** _STEEP) for number, score in rows)


def pointed(near: tuple[Near, ...]) -> dict[str, float]:
    """Return how far reports speak for each cause: those of one cause strengthen each other; 1 for the strongest."""
    votes: dict[str, float] = {}
    for one in near:
        votes[one.precedent.cause] = votes.get(one.precedent.cause, 0.0) + one.likeness
    most = max(votes.values(), default=1.0)
    sure = max((one.likeness for one in near), default=0.0)
    return {cause: sure * vote / most for cause, vote in votes.items()}
