"""What clues say together: rules bring causes forward, or make them unlikely; so does the place where a call fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.clue import Heard
from wssdoctor.knowledge.record import Rule

_SURE = (0.0, 0.4, 0.65, 0.75)
"""How far a rule is trusted, by the number of its clues: one alone says little."""
_NEXT = 0.6
"""What is left of that for the next one of its causes."""
_UNLIKELY = 0.6
"""What is left of a cause that a rule makes unlikely."""
_ELSEWHERE = 0.65
"""What is left of a cause that cannot be where the call fails: people often do not know which side speaks."""


class Ruling(Struct, frozen=True):
    """What rules say of a description."""

    clues: tuple[Heard, ...] = ()
    """The clues that count: those of rules that apply, and those that say where the call fails."""
    pointed: Mapping[str, float] = {}
    """From 0 to 1: how far rules point at a cause."""
    left: Mapping[str, float] = {}
    """From 0 to 1: what is left of a cause that is unlikely."""
    why: Mapping[str, tuple[str, ...]] = {}
    """By cause: what speaks for it, the surest first."""
    against: Mapping[str, tuple[str, ...]] = {}
    """By cause: what speaks against it."""


def ruling(clues: Sequence[Heard], base: Base) -> Ruling:
    """Return what the clues of a description say of the causes."""
    names = {one.clue for one in clues}
    rules = applying(names, base)
    pointed: dict[str, float] = {}
    left: dict[str, float] = {}
    why: dict[str, tuple[str, ...]] = {}
    against: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        sure = _SURE[min(len(rule.when), len(_SURE) - 1)]
        for position, cause in enumerate(rule.causes):
            pointed[cause] = 1 - (1 - pointed.get(cause, 0.0)) * (1 - sure * _NEXT**position)
            why[cause] = (*why.get(cause, ()), rule.why)
        for cause in rule.unlikely:
            left[cause] = _UNLIKELY
            against[cause] = (*against.get(cause, ()), rule.why)
    places = [base.language.clues[name] for name in names if base.language.clues[name].occasion is not None]
    for record in base.causes.values():
        if places and not any(place.occasion in record.occurs for place in places):
            left[record.id] = left.get(record.id, 1.0) * _ELSEWHERE
            said = (f"It cannot be where {place.means}." for place in places)
            against[record.id] = (*against.get(record.id, ()), *sorted(said))
    counted = {name for rule in rules for name in rule.when} | {place.id for place in places}
    return Ruling(tuple(one for one in clues if one.clue in counted), pointed, left, why, against)


def applying(names: Set[str], base: Base) -> tuple[Rule, ...]:
    """Return the rules whose clues are all there, most clues first; none of whose clues another one has more of."""
    fitting = sorted(
        (rule for rule in base.language.rules.values() if names >= set(rule.when)), key=lambda one: -len(one.when)
    )
    kept: list[Rule] = []
    for rule in fitting:
        if not any(set(rule.when) < set(other.when) for other in kept):
            kept.append(rule)
    return tuple(kept)
