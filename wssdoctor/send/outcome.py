"""What an answer means: how far the request came, compared with the captured answer and with the model's prediction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from wssdoctor.capture.capture import Response
from wssdoctor.errors import InputError
from wssdoctor.provider.answer import ANSWERS, Answer
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.replay import CHECKS
from wssdoctor.provider.stage import Stage

_ORDER = {stage: position for position, stage in enumerate(Stage)}
_SECURITY_TEXT = re.compile(
    rb"\bWSS\s?[0-9]{3}\b|wsse:|wsu:|[Ss]ecurity ?[Tt]oken|FailedAuthentication|\b[Ll]ogon failed"
)
_OPERATION_TEXT = re.compile(
    rb"urn:wssdoctor:probe|\boperation\b[^<]{0,60}\b(?:unknown|unsupported|not (?:found|supported|known))"
    rb"|\b(?:unknown|unsupported|no such)\b[^<]{0,20}\boperation\b",
    re.IGNORECASE,
)
"""That the operation is unknown; that some operation failed proves nothing."""
_SECURITY_CODE = re.compile(
    r"(?:wsse|wsu|wsc|wst):|SecurityToken|FailedAuthentication|FailedCheck|InvalidSecurity|MustUnderstand|VersionMismatch"
)


class Outcome(StrEnum):
    """What became of a request that was sent again."""

    NOW_ACCEPTED = "now-accepted"
    """It passed security, which it had not before, or of which nothing was known."""
    STILL_ACCEPTED = "still-accepted"
    STILL_REJECTED = "still-rejected"
    """The same answer as was captured."""
    REJECTED_LATER = "rejected-later"
    """It came further: progress."""
    ANOTHER_FAILURE = "another-failure"
    UNCLEAR = "unclear"
    """A fault that says neither that security refused nor that the operation is unknown."""
    NO_ANSWER = "no-answer"


class Reached(Struct, frozen=True):
    """How far an answer says that a request came."""

    passed: bool | None
    """Whether security was passed; None where the answer does not tell."""
    stages: tuple[Stage, ...] = ()
    """Where it may have been rejected, as far as the answer tells."""
    status: int = 0
    fault: str | None = None


def _stages() -> Mapping[tuple[int, str | None], frozenset[Stage]]:
    found: dict[tuple[int, str | None], set[Stage]] = {}
    for check in CHECKS:
        answer = ANSWERS.get(check.answer or "")
        if answer is not None:
            found.setdefault((answer.status, _local(answer.fault)), set()).add(Stage(check.stage))
    return {key: frozenset(stages) for key, stages in found.items()}


def _local(code: str | None) -> str | None:
    return code.rpartition(":")[2] if code else None


_STAGES = _stages()


def reached(response: Response) -> Reached:
    """Say how far a request came by its answer.

    A fault about the operation comes behind security. Any other that does not speak of security proves nothing.
    """
    code = fault_code(response)
    if response.status < 300 and code is None:
        return Reached(True, (), response.status)
    if response.status < 400 and code is None:  # a redirect: to a logon page, or to another host
        return Reached(False, (Stage.ICF_LOGON,), response.status)
    stages = _STAGES.get((response.status, _local(code)), frozenset())
    if code is not None and not _SECURITY_CODE.search(code):
        if _SECURITY_TEXT.search(_content(response)) is not None:
            return Reached(False, (), response.status, code)
        behind = _OPERATION_TEXT.search(_content(response)) is not None
        return Reached(True if behind else None, (), response.status, code)
    return Reached(False, tuple(sorted(stages, key=_ORDER.__getitem__)), response.status, code)


def _content(response: Response) -> bytes:
    try:
        return response.content
    except InputError:  # coded in a way that cannot be undone
        return response.body


def outcome(before: Response | None, after: Response) -> Outcome:
    """Compare the answer with the captured one."""
    now = reached(after)
    then = reached(before) if before is not None else None
    if now.passed:
        return Outcome.STILL_ACCEPTED if then is not None and then.passed else Outcome.NOW_ACCEPTED
    if now.passed is None:
        same = then is not None and (now.status, now.fault) == (then.status, then.fault)
        return Outcome.STILL_REJECTED if same else Outcome.UNCLEAR
    if then is None or then.passed:
        return Outcome.ANOTHER_FAILURE
    if (now.status, _local(now.fault)) == (then.status, _local(then.fault)):
        return Outcome.STILL_REJECTED
    if now.stages and then.stages and _further(now.stages, then.stages):
        return Outcome.REJECTED_LATER
    return Outcome.ANOTHER_FAILURE


def _further(now: tuple[Stage, ...], then: tuple[Stage, ...]) -> bool:
    """Whether one cannot have come less far than the other, and may have come further."""
    return _ORDER[now[0]] >= _ORDER[then[-1]] and _ORDER[now[-1]] > _ORDER[then[-1]]


def as_predicted(predicted: Answer, after: Response) -> bool | None:
    """Whether the answer is the one that the model predicts; None where it does not tell how far the request came."""
    now = reached(after)
    if now.passed is None:
        return None
    if predicted.status == 200:
        return now.passed
    return not now.passed and (now.status, _local(now.fault)) == (predicted.status, _local(predicted.fault))
