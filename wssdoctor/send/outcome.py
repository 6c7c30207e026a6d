"""What an answer means: how far the request came, compared with the captured answer and with the model's prediction."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wssdoctor.capture.capture import Response
from wssdoctor.capture.sent import Outcome
from wssdoctor.provider.answer import ANSWERS, Answer
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.passed import is_of_security, passed
from wssdoctor.provider.replay import CHECKS
from wssdoctor.provider.stage import Stage

_ORDER = {stage: position for position, stage in enumerate(Stage)}


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
    """Say how far a request came by its answer."""
    code = fault_code(response)
    told = passed(response, code)
    if told is not False or (code is not None and not is_of_security(code)):
        return Reached(told, (), response.status, code)
    if response.status < 400 and code is None:  # a redirect: to a logon page, or to another host
        return Reached(False, (Stage.ICF_LOGON,), response.status)
    stages = _STAGES.get((response.status, _local(code)), frozenset())
    return Reached(False, tuple(sorted(stages, key=_ORDER.__getitem__)), response.status, code)


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
