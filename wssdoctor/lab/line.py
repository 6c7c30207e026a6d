"""One line of the lab's log for each event."""

from __future__ import annotations

from wssdoctor.lab.entry import entry
from wssdoctor.lab.server import Occurrence
from wssdoctor.report.shown import shown

_TOP_ASSUMED = 4


def line(event: Occurrence) -> str:
    """Return the time, the client, what was asked, the answer and why. No secret, no control character."""
    one = entry(event)
    told = one.told
    if one.assumed:
        more = len(one.assumed) - _TOP_ASSUMED
        told += f"; taken as healthy: {', '.join(one.assumed[:_TOP_ASSUMED])}{f' and {more} more' if more > 0 else ''}"
    answer = f" -> {one.status}" if one.status else ""
    return shown(f"{one.moment:%H:%M:%S} {one.client} {one.asked}{answer}  {told}")
