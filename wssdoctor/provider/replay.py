"""Replay: all stages walked for one capture, past the first rejection, and the answer that follows.

``survey`` runs what needs no request. Both are pure: the same facts and capture give the same result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from wssdoctor.check.check import Check
from wssdoctor.check.engine import run
from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.facts import Facts
from wssdoctor.provider import (
    authorization,
    binding,
    encryption,
    icf_logon,
    icf_node,
    message_replay,
    signature,
    soap,
    timestamp,
    token,
    transport,
    user,
)
from wssdoctor.provider.answer import ACCEPTED, ANSWERS, Answer
from wssdoctor.provider.request import Observed, Request
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.provider.situation import Situation
from wssdoctor.provider.stage import Stage

CHECKS: tuple[Check, ...] = (
    *transport.CHECKS,
    *icf_node.CHECKS,
    *icf_logon.CHECKS,
    *soap.CHECKS,
    *binding.CHECKS,
    *timestamp.CHECKS,
    *signature.CHECKS,
    *encryption.CHECKS,
    *token.CHECKS,
    *message_replay.CHECKS,
    *user.CHECKS,
    *authorization.CHECKS,
)
"""Every check, in the order in which a request meets it."""

_OF_REQUESTS = frozenset((*REQUEST_FACTS,)) - {"time.provider", "time.arrival"}


class Step(msgspec.Struct, frozen=True):
    """One stage of a replay: the worst outcome among its checks, and their results."""

    stage: Stage
    outcome: Outcome
    results: tuple[Result, ...]


class Replay(msgspec.Struct, frozen=True):
    """One capture replayed against one description."""

    capture: str
    verdict: Literal["accepted", "rejected", "undecided"]
    stage: Stage | None
    """Where it is rejected, at the latest; or the first stage that cannot be decided."""
    user: str | None
    """As whom it is accepted."""
    steps: tuple[Step, ...]
    predicted: Answer | None
    """The modelled answer; none where the verdict is undecided."""
    observed: Observed | None
    agrees: bool | None
    """Whether the prediction fits the captured response; none where either is missing."""

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of all checks, in order."""
        return tuple(result for step in self.steps for result in step.results)


def needs_request(one: Check) -> bool:
    """Whether only a captured request can answer a check: it asks for one, or for an item that only one can name."""
    paths = {*one.needs, *(path for path, _ in one.only_if)}
    lists = {path.partition("[].")[0] for path in paths if "[]." in path}
    return bool(_OF_REQUESTS & paths or lists - _named_by(one.each))


def _named_by(each: str | None) -> set[str]:
    """Return the lists of which a subject of ``each`` names the item: its own; nodes and bindings name each other."""
    if each in ("icf.nodes", "bindings"):
        return {"icf.nodes", "bindings"}
    return {each.partition(".")[0]} if each else set()


def survey(facts: Facts, moment: dt.datetime) -> tuple[Result, ...]:
    """Run every check that needs no request, as at ``moment`` by the consumer's clock."""
    return in_order(result for group in SURVEY for result in answers(group, facts, moment))


def answers(group: tuple[Check, ...], facts: Facts, moment: dt.datetime) -> tuple[Result, ...]:
    """Run one group of ``SURVEY``: what it says depends on no check outside it."""
    situation = Situation(facts, None, moment)
    return tuple(run(group, situation.find, situation.subjects))


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Order results as a request meets their checks."""
    return tuple(sorted(results, key=lambda result: _POSITIONS[result.check]))


def _groups(checks: Iterable[Check]) -> tuple[tuple[Check, ...], ...]:
    """Part checks so that every check stands with those that it comes after."""
    groups: list[list[Check]] = []
    for one in checks:
        joined = [group for group in groups if any(other.id in one.after for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(check for group in joined for check in group), one])
    return tuple(map(tuple, groups))


SURVEY: tuple[tuple[Check, ...], ...] = _groups(one for one in CHECKS if not needs_request(one))
"""The checks that need no request, in groups that depend on nothing outside themselves."""
_POSITIONS = {one.id: position for position, one in enumerate(CHECKS)}


def replay(facts: Facts, request: Request) -> Replay:
    """Walk all stages for one request, on past the first rejection as if it were mended."""
    situation = Situation(facts, request)
    results = list(run(CHECKS, situation.find, situation.subjects))
    steps = tuple(_step(stage, [one for one in results if one.stage == stage]) for stage in Stage)
    rejected = next((one for one in results if one.outcome is Outcome.FAILED), None)
    unclear = next((step.stage for step in steps if step.outcome in (Outcome.UNKNOWN, Outcome.ERROR)), None)
    observed = request.observed
    if rejected is not None:
        predicted = ANSWERS[rejected.answer] if rejected.answer else None
        agrees = None if observed is None or predicted is None or unclear else observed.status == predicted.status
        stage = Stage(rejected.stage)
        return Replay(request.name, "rejected", stage, None, steps, predicted, observed, agrees)
    if unclear is not None:
        return Replay(request.name, "undecided", unclear, None, steps, None, observed, None)
    agrees = None if observed is None else 200 <= observed.status < 300
    return Replay(request.name, "accepted", None, request.username, steps, ACCEPTED, observed, agrees)


def _step(stage: Stage, results: list[Result]) -> Step:
    outcomes = {one.outcome for one in results}
    order = (Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)
    return Step(stage, next(one for one in order if one in outcomes), tuple(results))
