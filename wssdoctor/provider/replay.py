"""Replay: all stages walked for one capture, past the first rejection, and the answer that follows.

``survey`` runs what needs no request. Both are pure: the same facts and capture give the same result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from wssdoctor.check.check import Check
from wssdoctor.check.engine import Failures, run, run_one
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
from wssdoctor.provider.comparison import agreement, doubts
from wssdoctor.provider.history import NO_HISTORY, History
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.request import Request
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.provider.situation import Reads, Situation, WorkedOut
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

POSITIONS: Mapping[str, int] = {one.id: index for index, one in enumerate(CHECKS)}
"""Where each check stands in the order, by its id."""
BY_STAGE: Mapping[Stage, tuple[int, ...]] = {
    stage: tuple(index for index, one in enumerate(CHECKS) if one.stage == stage) for stage in Stage
}
"""The positions of the checks of each stage."""
_ANSWERS = tuple(one.answer for one in CHECKS)
_WORST_FIRST = (Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)
_UNCLEAR = (Outcome.UNKNOWN, Outcome.ERROR)
_OF_REQUESTS = frozenset((*REQUEST_FACTS,)) - {
    "time.provider",
    "time.arrival",
    "time.day",
    "clock.for_message",
    "crypto_library.for_tls",
    "crypto_library.for_signatures",
    "saml_trust.model",
}


class Step(msgspec.Struct, frozen=True, gc=False):
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
    """Whether the prediction fits the captured response; none where either is missing or nobody can tell."""
    doubts: tuple[str, ...] = ()
    """Where they disagree: the known facts that are most likely wrong, by path."""
    failed: tuple[Result, ...] = ()
    """The results of the checks that failed, in order."""

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
    return tuple(sorted(results, key=lambda result: POSITIONS[result.check]))


def _groups(checks: Iterable[Check]) -> tuple[tuple[Check, ...], ...]:
    """Part checks so that every check stands with those whose failure counts for it."""
    groups: list[list[Check]] = []
    for one in checks:
        joined = [group for group in groups if any(other.id in one.earlier for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(check for group in joined for check in group), one])
    return tuple(map(tuple, groups))


SURVEY: tuple[tuple[Check, ...], ...] = _groups(one for one in CHECKS if not needs_request(one))
"""The checks that need no request, in groups that depend on nothing outside themselves."""


def replay(facts: Facts, request: Request, history: History = NO_HISTORY) -> Replay:
    """Walk all stages for one request, on past the first rejection as if it were mended."""
    return walk(Situation(facts, request, history=history, apart=True)).replay


class Walk(msgspec.Struct, frozen=True):
    """A replay with what it was made of: by check, its results and the paths in the description that it read."""

    replay: Replay
    by_check: tuple[tuple[Result, ...], ...]
    reads: tuple[Reads, ...]
    """One for each check, and a last one for the user as whom the request goes on."""
    worked_out: Mapping[str, WorkedOut]
    """Everything that had to be worked out, by key."""


def walk(situation: Situation) -> Walk:
    """Run every check on the situation of a request, which keeps what is worked out apart."""
    by_check: list[tuple[Result, ...]] = []
    reads: list[Reads] = []
    situation.taken()
    for index, one in enumerate(CHECKS):
        by_check.append(run_one(one, situation.find, situation.subjects, failures_before(index, by_check)))
        reads.append(situation.taken())
    steps = tuple([step(stage, by_check) for stage in Stage])
    found = concluded(situation, steps, by_check, reads)
    reads.append(situation.taken())
    return Walk(found, tuple(by_check), tuple(reads), situation.done)


def failures_before(index: int, by_check: Sequence[tuple[Result, ...]]) -> Failures:
    """Tell the engine which earlier checks failed on which subjects."""

    def failures(earlier: str) -> Collection[str]:
        found = POSITIONS[earlier]
        if found >= index:
            return ()
        return [one.subject.path for one in by_check[found] if one.outcome is Outcome.FAILED]

    return failures


def step(stage: Stage, by_check: Sequence[tuple[Result, ...]]) -> Step:
    """Gather the results of one stage."""
    results = [one for index in BY_STAGE[stage] for one in by_check[index]]
    outcomes = {one.outcome for one in results}
    return Step(stage, next(one for one in _WORST_FIRST if one in outcomes), tuple(results))


def concluded(
    situation: Situation,
    steps: tuple[Step, ...],
    by_check: Sequence[tuple[Result, ...]],
    reads: Sequence[Reads],
    user: str | None = None,
) -> Replay:
    """Draw the conclusion: the first failure that the provider answers rejects; what is unclear before it leaves open.

    ``user`` is the one of an accepted request, where it is known already.
    """
    request = situation.request
    assert request is not None
    failed = tuple(
        [
            one
            for each in steps
            if each.outcome is Outcome.FAILED
            for one in each.results
            if one.outcome is Outcome.FAILED
        ]
    )
    rejected = next((one for one in failed if one.answer), None)
    unclear = _unclear(steps, rejected)
    predicted = ANSWERS[rejected.answer or ""] if rejected else None if unclear else ACCEPTED
    observed = request.observed
    agrees = None
    if predicted is not None and observed is not None and unclear is None:
        agrees = agreement(predicted, observed)
    doubted = doubts(observed, _ANSWERS, by_check, reads) if agrees is False and observed else ()
    verdict: Literal["accepted", "rejected", "undecided"] = "undecided" if unclear else "accepted"
    if rejected is not None:
        verdict = "rejected"
    stage = Stage(rejected.stage) if rejected else unclear
    return Replay(
        request.name,
        verdict,
        stage,
        (user or situation.accepted_user()) if verdict == "accepted" else None,
        steps,
        predicted,
        observed,
        agrees,
        doubted,
        failed,
    )


def _unclear(steps: tuple[Step, ...], rejected: Result | None) -> Stage | None:
    """Return the first stage with something unclear before the rejection."""
    for each in steps:
        if each.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
            continue
        for one in each.results:
            if one is rejected:
                return None
            if one.outcome in _UNCLEAR or (one.outcome is Outcome.FAILED and not one.answer):
                return each.stage
    return None
