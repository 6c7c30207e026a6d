"""Replaying the same requests against one description and its variations: only what a change touches is checked again."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.engine import run_one
from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.facts import Facts, Reading, other_sections, read_again, section
from wssdoctor.provider.forensics import Forensics
from wssdoctor.provider.history import NO_HISTORY, History
from wssdoctor.provider.replay import CHECKS, Replay, Walk, concluded, failures_before, step, walk
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Reads, Situation, WorkedOut

_USER = len(CHECKS)
"""Position of the accepted user among the readers of facts."""
_DEPENDENTS: Mapping[int, tuple[int, ...]] = {
    index: tuple(later for later, other in enumerate(CHECKS) if one.id in other.earlier and later > index)
    for index, one in enumerate(CHECKS)
}
_Changes: TypeAlias = dict[frozenset[Reading], tuple[Reading, ...]]
"""The readings that changed, by the set of them that was made."""


class _Readers:
    """Who in a walk read what."""

    def __init__(self, first: Walk) -> None:
        self.direct: dict[Reading, list[int]] = {}
        self.keys: dict[Reading, set[str]] = {}
        """The values that had to be worked out, by what was read for them."""
        self.askers: dict[str, list[int]] = {}
        for index, read in enumerate(first.reads):
            for reading in read.direct:
                self.direct.setdefault(reading, []).append(index)
            for key in read.asked:
                self.askers.setdefault(key, []).append(index)
        for key, one in first.worked_out.items():
            for reading in one.reads:
                self.keys.setdefault(reading, set()).add(key)
        self.readings = frozenset((*self.direct, *self.keys))


class _Known(Struct, frozen=True, eq=False):
    """The first walk of a request, and who in it read what."""

    facts: Facts
    seen: object
    walk: Walk
    readers: _Readers


class _Common:
    """What the walks of requests that meet the same facts have in common: a large case holds each only once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._readings: dict[tuple[Reading, ...], dict[Reading, Any]] = {}
        self._readers: dict[Hashable, _Readers] = {}

    def known(self, first: Walk, seen: object) -> _Known:
        """Return a walk that shares what others read in the same way."""
        worked_out = {key: WorkedOut(one.value, self._shared(one.reads)) for key, one in first.worked_out.items()}
        asked: dict[tuple[str, ...], dict[str, WorkedOut]] = {}
        for one in first.reads:
            asked.setdefault(tuple(one.asked), {key: worked_out[key] for key in one.asked})
        reads = tuple([Reads(self._shared(one.direct), asked[tuple(one.asked)]) for one in first.reads])
        first = replace(first, reads=reads, worked_out=worked_out)
        # What is shared lives as long as this does, so that its identity tells it from others.
        shape = (
            tuple([(id(one.direct), *one.asked) for one in reads]),
            tuple([(key, id(one.reads)) for key, one in worked_out.items()]),
        )
        readers = self._readers.get(shape)
        if readers is None:
            readers = self._readers[shape] = _Readers(first)
        return _Known(self.facts, seen, first, readers)

    def _shared(self, reads: dict[Reading, Any]) -> dict[Reading, Any]:
        return self._readings.setdefault(tuple(reads), reads)


class Replayer:
    """An explicit memory for replays. It answers as ``replay`` does, only faster where little has changed.

    It keeps nothing of requests that nobody else holds. Not for several threads. Can be pickled: what it remembers
    stays behind.
    """

    def __init__(self) -> None:
        self.forensics = Forensics()
        self._known: WeakKeyDictionary[Request, _Known] = WeakKeyDictionary()
        self._compared: tuple[Facts | None, dict[int, tuple[Facts, _Changes]]] = (None, {})
        """The facts last replayed against, and where others differ from them: by the identity of these others, which
        are held so that it stays theirs."""
        self._history: tuple[tuple[Request, ...], History] = (), NO_HISTORY
        self._common: _Common | None = None
        """Of the facts that requests were last walked with for the first time."""

    def __reduce__(self) -> tuple[type[Replayer], tuple[()]]:
        return Replayer, ()

    def history(self, requests: tuple[Request, ...]) -> History:
        """Return the history of the requests of a case; the last one is remembered."""
        if self._history[0] is not requests:
            self._history = requests, History(requests)
        return self._history[1]

    def situation(self, facts: Facts, request: Request | None) -> Situation:
        """Return the situation of a request, with what its first walk worked out from the same facts."""
        known = self._known.get(request) if request is not None else None
        done = (
            dict(known.walk.worked_out) if known is not None and known.facts.description is facts.description else None
        )
        return Situation(facts, request, forensics=self.forensics, done=done)

    def replay(self, facts: Facts, request: Request, history: History = NO_HISTORY) -> Replay:
        """Walk all stages for one request, on past the first rejection as if it were mended."""
        seen = history.told(request)
        known = self._known.get(request)
        if known is None or known.seen != seen:
            first = walk(Situation(facts, request, forensics=self.forensics, history=history, apart=True))
            if known is None:
                if self._common is None or self._common.facts is not facts:
                    self._common = _Common(facts)
                self._known[request] = self._common.known(first, seen)
            return first.replay
        changed = self._changed(known, facts)
        if not changed:
            return known.walk.replay
        stale = {index for reading in changed for index in known.readers.direct.get(reading, ())}
        keys = {key for reading in changed for key in known.readers.keys.get(reading, ())}
        if not stale and not keys:
            return known.walk.replay
        done = {key: one for key, one in known.walk.worked_out.items() if key not in keys}
        situation = Situation(facts, request, forensics=self.forensics, history=history, apart=True, done=done)
        for key in keys:
            if (
                not stale.issuperset(known.readers.askers.get(key, ()))
                and situation.worked_out(key) != known.walk.worked_out[key].value
            ):
                stale.update(known.readers.askers[key])
        return self._again(known.walk, situation, stale) if stale else known.walk.replay

    def _changed(self, known: _Known, facts: Facts) -> tuple[Reading, ...]:
        """Return the readings of a first walk that other facts answer otherwise.

        Most requests of a case read the same, so the answer is remembered for each set of readings, for the last
        description. Requests that a remedy edited were first walked with another one than the rest.
        """
        if self._compared[0] is not facts:
            self._compared = facts, {}
        _, remembered = self._compared[1].setdefault(id(known.facts), (known.facts, {}))
        found = remembered.get(known.readers.readings)
        if found is None:
            others = other_sections(known.facts.description, facts.description)
            found = remembered[known.readers.readings] = tuple(
                one
                for one in known.readers.readings
                if section(one[0]) in others and read_again(known.facts, one) != read_again(facts, one)
            )
        return found

    def _again(self, first: Walk, situation: Situation, stale: set[int]) -> Replay:
        """Run the stale checks anew, and those whose question their failures decide."""
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
        user = None if _USER in stale else first.replay.user
        steps = tuple([step(one.stage, by_check) if one.stage in stages else one for one in first.replay.steps])
        return concluded(situation, steps, by_check, reads, user)


def _failed(results: tuple[Result, ...]) -> list[str]:
    return [one.subject.path for one in results if one.outcome is Outcome.FAILED]
