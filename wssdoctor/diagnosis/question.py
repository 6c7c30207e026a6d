"""The next question: the place to look at that splits the remaining causes best, with how to look."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.provider.requestfact import REQUEST_FACTS


class Question(Struct, frozen=True):
    """Facts that one look shows together."""

    about: str
    """What to look at: ``technical_user``, ``icf.nodes[]``, ``request``."""
    facts: tuple[Declaration, ...]
    decides: tuple[str, ...]
    """The causes that the answers confirm or rule out, most likely first."""


def next_question(findings: Iterable[Finding], skipped: Iterable[str] = ()) -> Question | None:
    """Return the question that tells most about the possible causes; nothing where no fact is missing."""
    possible = [finding for finding in findings if finding.status == "possible"]
    weights = {finding.cause: math.exp(finding.score) for finding in possible}
    total = sum(weights.values())
    groups: dict[str, dict[str, None]] = {}
    decides: dict[str, list[str]] = {}
    for finding in possible:
        for path in finding.missing:
            about = _about(path)
            groups.setdefault(about, {})[path] = None
            if finding.cause not in decides.setdefault(about, []):
                decides[about].append(finding.cause)
    for about in set(skipped):
        groups.pop(about, None)
    if not groups:
        return None
    best = max(groups, key=lambda about: (_gain([weights[cause] / total for cause in decides[about]]), about))
    facts = tuple(DECLARATIONS.get(path) or REQUEST_FACTS[path] for path in groups[best])
    return Question(best, facts, tuple(decides[best]))


def _about(path: str) -> str:
    """Return the record that a fact belongs to: one look at it shows all its facts."""
    record = path.rpartition(".")[0]
    return record or path


def _gain(shares: list[float]) -> float:
    """Return how much is learned: every decided cause is told from the rest and from the others (entropy)."""
    rest = max(0.0, 1.0 - sum(shares))
    return -sum(share * math.log(share) for share in (*shares, rest) if share > 0)
