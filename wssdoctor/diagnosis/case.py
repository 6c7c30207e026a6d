"""A case: one system, some requests, and the moment at which it is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from msgspec import UNSET, Struct, field

from wssdoctor.capture.capture import Capture
from wssdoctor.check.check import Check
from wssdoctor.check.result import Result
from wssdoctor.consumer.call import survey as survey_calls
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.memory import Memory
from wssdoctor.diagnosis.progress import Listener, Progress, nobody
from wssdoctor.diagnosis.run import Run, Side
from wssdoctor.provider.replay import SURVEY, Replay, answers, in_order
from wssdoctor.provider.request import Request


class Case(Struct, frozen=True):
    """What a diagnosis speaks of. ``moment`` is by the consumer's clock, aware."""

    facts: Facts
    requests: tuple[Request, ...]
    moment: dt.datetime
    memory: Memory = field(default_factory=Memory)
    """Shared with every case that is derived from this one."""

    @classmethod
    def of(cls, facts: Facts, captures: Sequence[Capture], moment: dt.datetime) -> Case:
        """Take the captures apart. Raises ``InputError`` for a capture that is refused."""
        return cls(facts, tuple(Request.of(capture) for capture in captures), moment)


_SHARED = ("format", "system", "clock", "pses", "profile", "consumer")
"""Sections that do not tell whether a description speaks of a provider."""


def _undescribed(case: Case) -> tuple[Side, ...]:
    """Return the side that the case does not speak of. A case that says nothing at all is one of a provider."""
    description = case.facts.description
    if description.consumer is UNSET:
        return ("consumer",)
    sections = [name for name in description.__struct_fields__ if name not in _SHARED]
    if case.requests or any(getattr(description, name) is not UNSET for name in sections):
        return ()
    return ("provider",)


def run(case: Case, listener: Listener = nobody) -> Run:
    """Check the system and replay every request; the listener hears of each."""
    undescribed = _undescribed(case)
    provider = () if "provider" in undescribed else _survey(case)
    results = (*provider, *case.memory.recall(("calls", case.moment), case.facts, partial(_calls, case.moment)))
    replays: list[Replay] = []
    total = len(case.requests)
    history = case.memory.replayer.history(case.requests)
    listener(Progress("checks", 0, total, results, replays, undescribed))
    for done, request in enumerate(case.requests, 1):
        replays.append(case.memory.replayer.replay(case.facts, request, history))
        listener(Progress("checks", done, total, results, replays, undescribed))
    return Run(results, tuple(replays), undescribed)


def _calls(moment: dt.datetime, facts: Facts) -> tuple[Result, ...]:
    return survey_calls(facts, moment)


def _survey(case: Case) -> tuple[Result, ...]:
    return in_order(
        result
        for group in SURVEY
        for result in case.memory.recall((group[0].id, case.moment), case.facts, partial(_answers, group, case.moment))
    )


def _answers(group: tuple[Check, ...], moment: dt.datetime, facts: Facts) -> tuple[Result, ...]:
    return answers(group, facts, moment)
