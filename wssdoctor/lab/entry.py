"""What there is to show of a request that came to the lab, without the request itself: small enough to keep many."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from msgspec import Struct

from wssdoctor.check.result import Outcome
from wssdoctor.lab.answer import HttpAnswer
from wssdoctor.lab.handshake import Handshake
from wssdoctor.lab.server import Occurrence

Verdict: TypeAlias = Literal["accepted", "rejected", "undecided", "refused", "handshake", "document"]
"""Document: a WSDL was asked for. Refused: there was nothing to replay, as what came is no XML that is accepted. Handshake: no whole request came."""


class Failed(Struct, frozen=True):
    """A check that failed."""

    stage: str
    says: str
    code: str


class Entry(Struct, frozen=True):
    """One request: who asked for what, the answer and why. Foreign text stands in it as it came."""

    number: int
    moment: dt.datetime
    client: str
    asked: str
    """Method and path."""
    status: int
    """0 where no HTTP answer was given."""
    fault: str | None
    verdict: Verdict
    told: str
    """The verdict in words, with the reason."""
    stages: tuple[tuple[str, Outcome], ...]
    """Each stage with its outcome."""
    failed: tuple[Failed, ...]
    """Everything that failed, the first one first."""
    assumed: tuple[str, ...]
    """Facts that nobody gave, taken as in a healthy system."""


def entry(arrival: Occurrence) -> Entry:
    """Take out of an event what there is to show."""
    if isinstance(arrival, Handshake):
        told = f"{arrival.says} ({arrival.reason})"
        return Entry(
            arrival.number, arrival.moment, arrival.client, arrival.what, 0, None, "handshake", told, (), (), ()
        )
    http = arrival.capture.request
    asked = f"{http.method} {http.path}" if http else ""
    answered = arrival.answered
    begins = (arrival.number, arrival.moment, arrival.client, asked, arrival.answer.status)
    if isinstance(answered, HttpAnswer) and answered.says:
        return Entry(*begins, None, "document", answered.says, (), (), ())
    if isinstance(answered, HttpAnswer):
        return Entry(*begins, None, "refused", f"refused: {answered.why}", (), (), ())
    replay, why = answered.replay, answered.why
    if answered.issued:
        told = f"accepted as {replay.user}; a security context was issued"
    elif replay.verdict == "accepted":
        told = f"accepted as {replay.user}" + (
            "; a probe, which no operation takes" if answered.request.is_probe else ""
        )
    elif why is not None:
        others = len(replay.failed) - 1
        told = f"rejected at {why.stage}: {why.says} ({why.code})" + (f"; {others} more would fail" if others else "")
    else:
        told = f"undecided at {replay.stage}"
    return Entry(
        *begins,
        replay.predicted.fault if replay.predicted else None,
        replay.verdict,
        told,
        tuple((step.stage.heading, step.outcome) for step in replay.steps),
        tuple(Failed(one.stage, one.says, one.code) for one in replay.failed),
        answered.assumed,
    )
