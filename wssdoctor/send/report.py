"""What was sent and what came back, for people and for scripts. No secret, no payload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from wssdoctor.capture.sent import Outcome
from wssdoctor.report.shown import shown
from wssdoctor.send.outcome import reached
from wssdoctor.send.send import Ready, Sent
from wssdoctor.send.wire import Way

_WORDS = {
    Outcome.NOW_ACCEPTED: "NOW ACCEPTED: security was passed",
    Outcome.STILL_ACCEPTED: "STILL ACCEPTED: security was passed, as before",
    Outcome.STILL_REJECTED: "STILL REJECTED: the same answer as captured",
    Outcome.REJECTED_LATER: "REJECTED LATER: it came further than before",
    Outcome.ANOTHER_FAILURE: "ANOTHER FAILURE",
    Outcome.UNCLEAR: "UNCLEAR: the fault tells neither",
    Outcome.NO_ANSWER: "NO ANSWER",
}
_ACCEPTED = (Outcome.NOW_ACCEPTED, Outcome.STILL_ACCEPTED)


class Answer(Struct, frozen=True, omit_defaults=True):
    """An answer in the JSON: HTTP status and fault code."""

    status: int
    fault: str | None = None
    stages: tuple[str, ...] = ()
    """Where the request may have been rejected, as far as the answer tells."""


class Line(Struct, frozen=True):
    """One capture in the JSON."""

    capture: str
    time: str
    """When it was sent, RFC 3339."""
    outcome: str
    captured: Answer | None
    answered: Answer | None
    predicted: Answer | None
    as_predicted: bool | None
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    error: str | None
    saved: str | None = None
    """The file that holds what was sent with its answer, for a later check."""
    carried_out: tuple[str, ...] = ()
    """Remedies that the prediction takes for carried out."""


class SendDocument(Struct, frozen=True, rename={"schema_": "schema"}):
    """The whole JSON."""

    schema_: str
    to: str
    sent: tuple[Line, ...]


def preview(ready: Sequence[Ready], way: Way, *, exact: bool, payload: bool) -> str:
    """Say what would be sent, and what of it is new."""
    how = "as captured, byte for byte" if exact else "made fresh"
    what = "WITH the captured payload, which may have effects" if payload else "with a probe instead of the payload"
    lines = [f"To {way.to.origin}, {how}, {what}:"]
    for one in ready:
        request = one.capture.request
        assert request is not None
        size = len(request.body)
        path = request.target.partition("?")[0]
        lines.append(shown(f"  {one.before.name}: {request.method} {path}, {size} octets"))
        if one.changed:
            lines.append(shown(f"    new: {', '.join(one.changed)}"))
        if one.kept:
            lines.append(shown(f"    old: {', '.join(one.kept)}"))
    return "\n".join(lines)


def render(sent: Sequence[Sent]) -> str:
    """Write what came back, one capture after the other."""
    lines: list[str] = []
    for one in sent:
        lines.append(shown(f"{one.name}: {_WORDS[one.outcome]}"))
        if one.error:
            lines.append(shown(f"  {one.error}"))
        for name, answer in (("before", _answer(one.ready.before.response)), ("now", _answer(one.capture.response))):
            if answer is not None:
                stages = f", stage {' or '.join(answer.stages)}" if answer.stages else ""
                lines.append(shown(f"  {name:7} HTTP {answer.status} {answer.fault or ''}".rstrip() + stages))
        if one.predicted is not None:
            agrees = {
                True: "as came",
                False: "NOT as came: description and reality disagree",
                None: "cannot be compared",
            }
            told = f"HTTP {one.predicted.status} {one.predicted.fault or ''}".rstrip()
            told += f" after {', '.join(one.carried_out)}" if one.carried_out else ""
            lines.append(shown(f"  model   {told}, {agrees[one.as_predicted]}"))
    good = sum(one.outcome in _ACCEPTED for one in sent)
    lines.append(f"{good} of {len(sent)} accepted.")
    return "\n".join(lines) + "\n"


def to_json(sent: Sequence[Sent], way: Way, saved: Sequence[Path] = ()) -> bytes:
    """Write the JSON document ``wssdoctor.send/1``; ``saved`` are the files that hold what was sent."""
    lines = tuple(
        Line(
            one.name,
            f"{one.moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            one.outcome.value,
            _answer(one.ready.before.response),
            _answer(one.capture.response),
            Answer(one.predicted.status, one.predicted.fault) if one.predicted is not None else None,
            one.as_predicted,
            one.ready.changed,
            one.ready.kept,
            one.error or None,
            str(saved[number]) if saved else None,
            one.carried_out,
        )
        for number, one in enumerate(sent)
    )
    document = SendDocument("wssdoctor.send/1", way.to.origin, lines)
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def exit_code(sent: Sequence[Sent]) -> int:
    """Return 0 where all were accepted, 1 where some were refused or not answered, else 3."""
    if all(one.outcome in _ACCEPTED for one in sent):
        return 0
    return 3 if all(one.outcome in (*_ACCEPTED, Outcome.UNCLEAR) for one in sent) else 1


def _answer(response: object) -> Answer | None:
    from wssdoctor.capture.capture import Response

    if not isinstance(response, Response):
        return None
    found = reached(response)
    return Answer(found.status, found.fault, tuple(map(str, found.stages)))
