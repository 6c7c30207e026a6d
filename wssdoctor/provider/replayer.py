"""Replaying the same requests against one description and its variations: only what a change touches is checked again."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from wssdoctor.check.engine import run_one
from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.facts import Facts, Reading, read_again
from wssdoctor.provider.forensics import Forensics
from wssdoctor.provider.history import NO_HISTORY, History, Seen
from wssdoctor.provider.replay import CHECKS, Replay, Walk, concluded, failures_before, step, walk
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Situation

_USER = len(CHECKS)
"""Position of the accepted user among the readers of facts."""
_DEPENDENTS: Mapping[int, tuple[int, ...]] = {
    index: tuple(later for later, other in enumerate(CHECKS) if one.id in other.after and later > index)
    for index, one in enumerate(CHECKS)
}


class _Known:
    """The first walk of a request, and who in it read what."""

    def __init__(self, facts: Facts, seen: tuple[Seen, ...] | None, first: Walk) -> None:
        self.facts = facts
        self.seen = seen
        self.walk = first
        self.readers: dict[Reading, list[int]] = {}
        for index, readings in enumerate(first.reads):
            for reading in readings:
                self.readers.setdefault(reading, []).append(index)


class Replayer:
    """An explicit memory for replays. It answers as ``replay`` does, only faster where little has changed.

    It keeps nothing of requests that nobody else holds. Not for several threads. Can be pickled: what it remembers
    stays behind.
    """

    def __init__(self) -> None:
        self.forensics = Forensics()
        self._known: WeakKeyDictionary[Request, _Known] = WeakKeyDictionary()
        self._compared: tuple[Facts, Facts, dict[Reading, bool]] | None = None

    def __reduce__(self) -> tuple[type[Replayer], tuple[()]]:
        return Replayer, ()

    def replay(self, facts: Facts, request: Request, history: History = NO_HISTORY) -> Replay:
        """Walk all stages for one request, on past the first rejection as if it were mended."""
        seen = history.before(request)
        known = self._known.get(request)
        if known is None or known.seen != seen:
            first = walk(Situation(facts, request, forensics=self.forensics, history=history))
            if known is None:
                self._known[request] = _Known(facts, seen, first)
            return first.replay
        differs = self._differs(known.facts, facts)
        stale: set[int] = set()
        for reading, readers in known.readers.items():
            if reading not in differs:
                differs[reading] = read_again(known.facts, reading) != read_again(facts, reading)
            if differs[reading]:
                stale.update(readers)
        return self._again(known.walk, facts, request, history, stale) if stale else known.walk.replay

    def _differs(self, before: Facts, after: Facts) -> dict[Reading, bool]:
        """Return what is known of the readings that differ between two descriptions; the last pair is remembered."""
        if self._compared is None or self._compared[0] is not before or self._compared[1] is not after:
            self._compared = before, after, {}
        return self._compared[2]

    def _again(self, first: Walk, facts: Facts, request: Request, history: History, stale: set[int]) -> Replay:
        situation = Situation(facts, request, forensics=self.forensics, history=history)
        by_check = list(first.by_check)
        reads = list(first.reads)
        waiting = sorted(stale - {_USER})
        stages: set[str] = set()
        while waiting:
            index = heapq.heappop(waiting)
            while waiting and waiting[0] == index:
                heapq.heappop(waiting)
            situation.taken()
            results = run_one(CHECKS[index], situation.find, situation.subjects, failures_before(index, by_check))
            reads[index] = situation.taken()
            if _failed(results) != _failed(by_check[index]):
                for later in _DEPENDENTS[index]:
                    heapq.heappush(waiting, later)
            by_check[index] = results
            stages.add(CHECKS[index].stage)
        unchanged = _USER not in stale and first.replay.user is not None
        user = first.replay.user if unchanged else situation.accepted_user()
        steps = tuple([step(one.stage, by_check) if one.stage in stages else one for one in first.replay.steps])
        return concluded(situation, steps, by_check, reads, user)


def _failed(results: tuple[Result, ...]) -> list[str]:
    return [one.subject.path for one in results if one.outcome is Outcome.FAILED]
