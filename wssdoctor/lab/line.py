"""One line of the lab's log for each request."""

from __future__ import annotations

from wssdoctor.lab.entry import entry
from wssdoctor.lab.server import Arrival
from wssdoctor.report.shown import shown

_TOP_ASSUMED = 4


def line(arrival: Arrival) -> str:
    """Return the time, the client, what was asked, the answer and why. No secret, no control character."""
    one = entry(arrival)
    told = one.told
    if one.assumed:
        more = len(one.assumed) - _TOP_ASSUMED
        told += f"; taken as healthy: {', '.join(one.assumed[:_TOP_ASSUMED])}{f' and {more} more' if more > 0 else ''}"
    return shown(f"{one.moment:%H:%M:%S} {one.client} {one.asked} -> {one.status}  {told}")
