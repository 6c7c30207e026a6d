"""The requests of a case as the provider met them: which signature values came before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from wssdoctor.provider.request import Request

REMEMBERED = dt.timedelta(minutes=60)
"""How long signature values are stored (data element SEC_WSS_SETUP_REPLAY_CFG)."""
_REFUSED_BEFORE = (401, 403, 404)
"""Status codes of ICF: a message so answered never reached the SOAP runtime, so nothing of it was stored."""


class Seen(Struct, frozen=True):
    """A signature value that came before: when, and where that is written."""

    moment: dt.datetime
    source: str


class History:
    """Signature values of captured messages, by value. Nothing in it changes."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self._seen: dict[str, list[tuple[dt.datetime, int, Request]]] = {}
        self._undated: set[str] = set()
        for order, request in enumerate(requests):
            response = request.capture.response
            if response is not None and response.status in _REFUSED_BEFORE:
                continue
            time = request.capture.time
            for value in request.signature_values:
                if time is None:
                    self._undated.add(value)
                else:
                    self._seen.setdefault(value, []).append((time.moment, order, request))
        self._order = {id(request): order for order, request in enumerate(requests)}
        self._repeated = frozenset(value for value, found in self._seen.items() if len(found) > 1) | self._undated

    def before(self, request: Request) -> tuple[Seen, ...] | None:
        """Return earlier messages with one of the signature values; ``None`` where the order in time is not known."""
        if not self._repeated:
            return ()
        values = [value for value in request.signature_values if value in self._repeated]
        if not values:
            return ()
        time = request.capture.time
        if time is None:
            return None
        order = self._order.get(id(request), len(self._order))
        return tuple(
            Seen(moment, other.name)
            for value in values
            for moment, number, other in self._seen.get(value, ())
            if (moment, number) < (time.moment, order) and time.moment - moment <= REMEMBERED
        )


NO_HISTORY = History(())
"""Of a request that is looked at alone."""
