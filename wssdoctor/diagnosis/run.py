"""A run: all results for one case. Light to import, so that it can be shown before the models are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from wssdoctor.check.result import Outcome, Result

if TYPE_CHECKING:
    from wssdoctor.consumer.call import Call
    from wssdoctor.provider.replay import Replay

Side: TypeAlias = Literal["provider", "consumer"]


class Run(Struct, frozen=True):
    """All results for one case: the checks of the system, and a replay of each request."""

    survey: tuple[Result, ...]
    """Checks of the system as a provider, then of its outbound calls."""
    replays: tuple[Replay, ...]
    undescribed: tuple[Side, ...] = ()
    """Sides of which the description says nothing, so that their checks were not run."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """How far each outbound call comes."""
        from wssdoctor.consumer.call import calls

        return calls(self.survey)

    def results(self) -> Iterator[Result]:
        """Yield every result, of the system and of each request. A large case has half a million: they are not copied."""
        yield from self.survey
        for one in self.replays:
            yield from one.results

    @property
    def failed(self) -> tuple[Result, ...]:
        """Every failed result, of the system and of each request."""
        found = [result for result in self.survey if result.outcome is Outcome.FAILED]
        return (*found, *(result for one in self.replays for result in one.failed))

    @property
    def rejected(self) -> int:
        """How many requests are rejected."""
        return sum(one.verdict == "rejected" for one in self.replays)
