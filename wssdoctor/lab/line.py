"""One line of the lab's log for each request."""

from __future__ import annotations

from wssdoctor.lab.answer import HttpAnswer
from wssdoctor.lab.server import Arrival
from wssdoctor.report.shown import shown


def line(arrival: Arrival) -> str:
    """Return the time, the client, what was asked, the answer and why. No secret, no control character."""
    http = arrival.capture.request
    asked = f"{http.method} {http.path}" if http else ""
    begins = f"{arrival.moment:%H:%M:%S} {arrival.client} {asked} -> {arrival.answer.status}"
    answered = arrival.answered
    if isinstance(answered, HttpAnswer):
        return shown(f"{begins}  refused: no XML that is accepted")
    replay, why = answered.replay, answered.why
    if answered.issued:
        told = f"accepted as {replay.user}; a security context was issued"
    elif replay.verdict == "accepted":
        told = f"accepted as {replay.user}"
    elif why is not None:
        others = len(replay.failed) - 1
        told = f"rejected at {why.stage}: {why.says} ({why.code})" + (f"; {others} more would fail" if others else "")
    else:
        told = f"undecided at {replay.stage}"
    if answered.assumed:
        told += f"; taken as healthy: {', '.join(answered.assumed[:4])}"
        told += f" and {len(answered.assumed) - 4} more" if len(answered.assumed) > 4 else ""
    return shown(f"{begins}  {told}")
