"""From what people see to what may cause it: causes ranked by the messages that name them.

A message alone proves nothing: every cause found here stays possible until a check decides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.diagnosis.ruling import Ruling
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import Recognised

if TYPE_CHECKING:
    from wssdoctor.knowledge.precedent import Near
    from wssdoctor.knowledge.search import Hit

_TRUST = 0.9
"""How far one message is trusted to have the cause that it names: it may be a consequence of another."""
_FEW = 3
_SHARP = 1.3
"""How much stronger a message is that names at most ``_FEW`` causes, beside one such as a status of HTTP."""


class Suspect(Struct, frozen=True):
    """A cause that may explain what was seen."""

    cause: str
    score: float
    """From 0 to 1, to rank by; no probability."""
    messages: tuple[str, ...]
    """The messages that name it."""
    why: tuple[str, ...] = ()
    """What the clues of a description say for it, the surest first."""
    against: tuple[str, ...] = ()
    """What they say against it."""


def suspects(recognised: Sequence[Recognised], base: Base) -> tuple[Suspect, ...]:
    """Return the causes that messages name, best first.

    A message shares its weight among its causes, the best one getting most (1, 1/2, 1/3 ...); messages that name the
    same cause strengthen each other. A message that was seen often counts once. The share of a cause that every line of
    the message excludes is nobody's, unless all are excluded.
    """
    shares: dict[str, dict[str, float]] = {}
    excluded = _excluded(recognised, base)
    for identifier in dict.fromkeys(one.id for one in recognised):
        causes = base.messages[identifier].causes
        total = sum(1 / rank for rank in range(1, len(causes) + 1))
        sharp = _SHARP if len(causes) <= _FEW else 1.0
        left = [one for one in enumerate(causes, 1) if one[1] not in excluded[identifier]] or list(enumerate(causes, 1))
        for rank, cause in left:
            shares.setdefault(cause, {})[identifier] = min(_TRUST, sharp * _TRUST / rank / total)
    found = [
        Suspect(cause, round(1 - prod(1 - share for share in named.values()), 3), tuple(named))
        for cause, named in shares.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.score))


def _excluded(recognised: Sequence[Recognised], base: Base) -> dict[str, set[str]]:
    """Return the causes of each message that every line of it excludes."""
    lines: dict[int, set[str]] = {}
    for one in recognised:
        lines.setdefault(one.line, set()).update(base.messages[one.id].excludes)
    found: dict[str, set[str]] = {}
    for one in recognised:
        found[one.id] = found.get(one.id, lines[one.line]) & lines[one.line]
    return found


_WORDS = 0.4
"""How far the words of a description count."""
_STEEP = 1.3
"""How much less words count that fit less well than the best."""
_MESSAGES = 0.65
"""How far messages count beside them."""
_RULES = 0.65
"""How far rules count beside them."""
_REPORTS = 0.5
"""How far reports that are like it count beside them."""
_ALIKE = 0.1
"""How far messages count beside them whose texts and meanings only share words with the description."""
_WORDED = 40
"""How many of them are looked at."""
_FURTHER = 0.4
"""What is left of each further one of these messages that names the same cause."""
_TELLING = 0.3
"""How like a report must be that is named."""
_DENIED = 0.6
"""What is left of a cause of which somebody says that it is not so: people are often wrong."""
_FREQUENCY = {"common": 0.08, "occasional": 0.04, "rare": 0.0}
_MOST = _WORDS + _MESSAGES + _RULES + _REPORTS + _ALIKE + _FREQUENCY["common"]


def described(text: str, recognised: Sequence[Recognised], ruled: Ruling, base: Base) -> tuple[Suspect, ...]:
    """Return the causes that a description in free words fits, best first, heeding its messages and its clues."""
    from wssdoctor.knowledge.precedent import nearest, pointed
    from wssdoctor.knowledge.search import Index

    index = Index(base)
    hits = index.search(text, ("cause",), len(base.causes))
    alike = _by_words(index.search(text, ("message",), _WORDED), base)
    index.close()
    best = hits[0].score if hits else 1.0
    words = {hit.id: (hit.score / best) ** _STEEP for hit in hits}
    named = {one.cause: one for one in suspects(recognised, base)}
    near = nearest(text, base)
    reported = pointed(near)
    plain = " ".join(text.lower().split())
    found: list[Suspect] = []
    for cause in {**dict.fromkeys(named), **dict.fromkeys(words), **dict.fromkeys(ruled.pointed), **reported}:
        message = named.get(cause)
        share = message.score if message else 0.0
        prior = _FREQUENCY[base.causes[cause].frequency]
        score = _WORDS * words.get(cause, 0.0) + _MESSAGES * share + _RULES * ruled.pointed.get(cause, 0.0) + prior
        score += _REPORTS * reported.get(cause, 0.0) + _ALIKE * alike.get(cause, 0.0)
        score *= ruled.left.get(cause, 1.0) / _MOST
        if any(phrase in plain for phrase in base.causes[cause].denied_by):
            score *= _DENIED
        because = message.messages if message else ()
        why = (*ruled.why.get(cause, ()), *_told(cause, near))
        found.append(Suspect(cause, round(score, 3), because, why, ruled.against.get(cause, ())))
    return tuple(sorted(found, key=lambda one: -one.score))


def _by_words(hits: Sequence[Hit], base: Base) -> dict[str, float]:
    """Return how far messages that share words with a description speak for each cause; 1 for the best.

    People tell a message in their own words, or quote it from software that words it in another way.
    """
    votes: dict[str, list[float]] = {}
    for hit in hits:
        causes = base.messages[hit.id].causes
        for rank, cause in enumerate(causes, 1):
            votes.setdefault(cause, []).append(hit.score / rank / sqrt(len(causes)))
    sums = {
        cause: sum(share * _FURTHER**place for place, share in enumerate(sorted(shares, reverse=True)))
        for cause, shares in votes.items()
    }
    most = max(sums.values(), default=1.0)
    return {cause: (total / most) ** _STEEP for cause, total in sums.items()}


def _told(cause: str, near: Sequence[Near]) -> tuple[str, ...]:
    """Name the nearest report of a cause, where one is near."""
    urls = (one.precedent.url for one in near if one.precedent.cause == cause and one.likeness >= _TELLING)
    return tuple(f"A report that is like it had this cause: {url}" for url in urls)[:1]
