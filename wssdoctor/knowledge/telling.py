"""Which messages of a text tell of a cause: a general one, such as a fault code, gives way to what stands near it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import Recognised

NEAR = 10
"""Lines between a general message and the text that says more."""


def telling(found: Sequence[Recognised], base: Base) -> tuple[Recognised, ...]:
    """Return the messages whose causes count, in their order, which is that of their lines."""
    specific = [one.line for one in found if base.messages[one.id].causes and not base.messages[one.id].general]
    return tuple(one for one in found if not (base.messages[one.id].general and _any_near(one.line, specific)))


def _any_near(line: int, lines: Sequence[int]) -> bool:
    place = bisect_left(lines, line - NEAR)
    return place < len(lines) and lines[place] <= line + NEAR
