"""How far a diagnosis has come. Whoever listens may raise, and so stop it between two requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from wssdoctor.check.result import Result
from wssdoctor.diagnosis.run import Side
from wssdoctor.provider.replay import Replay


class Progress(Struct, frozen=True):
    """What is known so far."""

    phase: Literal["checks", "remedies", "plan"]
    done: int
    """Requests replayed, or remedies tried."""
    total: int | None
    """How many there will be, where that is known."""
    survey: tuple[Result, ...] = ()
    replays: Sequence[Replay] = ()
    """Grows while the diagnosis goes on: copy what is kept."""
    undescribed: tuple[Side, ...] = ()
    """Sides of which the description says nothing, so that their checks are not run."""


Listener: TypeAlias = Callable[[Progress], None]


def nobody(_: Progress) -> None:
    """Listen to nothing."""
