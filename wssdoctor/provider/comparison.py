"""What the model predicts against what was observed, and which facts to doubt where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from wssdoctor.check.result import Outcome, Result
from wssdoctor.provider.answer import ANSWERS, Answer
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.situation import Reads

_OASIS = frozenset(
    (
        "UnsupportedSecurityToken",
        "UnsupportedAlgorithm",
        "InvalidSecurity",
        "InvalidSecurityToken",
        "FailedAuthentication",
        "FailedCheck",
        "SecurityTokenUnavailable",
        "MessageExpired",
        "BadContextToken",
    )
)
"""Fault codes of WSS SOAP Message Security 1.1.1 (section 12) and WS-SecureConversation 1.3 (section 9)."""


def agreement(predicted: Answer, observed: Observed) -> bool | None:
    """Return whether both are the same answer; nothing where only modelled fault codes differ."""
    if 200 <= predicted.status < 300:
        return observed.accepted
    if observed.accepted or predicted.status != observed.status:
        return False
    ours, theirs = _code(predicted.fault), _code(observed.fault)
    return None if {ours, theirs} <= _OASIS and ours != theirs and predicted.basis == "inferred" else True


def doubts(
    observed: Observed,
    answers: Sequence[str | None],
    by_check: Sequence[tuple[Result, ...]],
    reads: Sequence[Reads],
) -> tuple[str, ...]:
    """Return the known facts to doubt.

    Where a call was accepted, what made checks fail. Where it was refused, what made those checks pass that would have
    led to the very answer. ``answers`` are those of the checks, by position like results and reads.
    """
    refused = not observed.accepted
    exact: dict[str, None] = {}
    near: dict[str, None] = {}
    for name, results, read in zip(answers, by_check, reads, strict=False):
        answer = ANSWERS.get(name or "")
        for result in results:
            if result.outcome is Outcome.FAILED and not refused:
                exact |= _known(read)
            elif result.outcome is Outcome.PASSED and answer is not None and answer.status == observed.status:
                same = _code(answer.fault) == _code(observed.fault)
                (exact if same else near).update(_known(read))
    return tuple(exact or near)


def _code(fault: str | None) -> str:
    return (fault or "").rpartition(":")[2]


def _known(read: Reads) -> dict[str, None]:
    return dict.fromkeys(path for (path, field), value in read.all.items() if not field and _is_known(value))


def _is_known(value: Any) -> bool:
    return value is not UNSET and not isinstance(value, msgspec.Struct)
