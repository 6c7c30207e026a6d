"""The requests of a case as the provider met them: which signature values and nonces came before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec import Struct

from wssdoctor.capture.capture import CaptureTime
from wssdoctor.provider.request import Request

REMEMBERED = dt.timedelta(minutes=60)
"""How long signature values are stored (data element SEC_WSS_SETUP_REPLAY_CFG)."""
NONCES_REMEMBERED = dt.timedelta(minutes=5)
"""How long nonces should be remembered at least (UsernameToken Profile 1.1.1, section 3.1)."""
_REFUSED_BEFORE = (401, 403, 404)
"""Status codes of ICF: a message so answered never reached the SOAP runtime, so nothing of it was stored."""


class Seen(Struct, frozen=True):
    """A signature value or nonce that came before: when, and where that is written."""

    moment: dt.datetime
    source: str


class _Marks:
    """When the marks of messages came, by mark: of one kind, each remembered for a while. Nothing in it changes."""

    def __init__(
        self, requests: Sequence[Request], marks: Callable[[Request], tuple[str, ...]], remembered: dt.timedelta
    ) -> None:
        self._marks = marks
        self._remembered = remembered
        self._seen: dict[str, list[tuple[dt.datetime, int, Request]]] = {}
        self._undated: dict[str, list[Request]] = {}
        for order, request in enumerate(requests):
            response = request.capture.response
            if response is not None and response.status in _REFUSED_BEFORE:
                continue
            time = _arrival(request)
            for value in marks(request):
                if time is None:
                    self._undated.setdefault(value, []).append(request)
                else:
                    self._seen.setdefault(value, []).append((time.moment, order, request))
        self._order = {id(request): order for order, request in enumerate(requests)}
        times = Counter({value: len(found) for value, found in self._seen.items()})
        times.update({value: len(found) for value, found in self._undated.items()})
        self._repeated = frozenset(value for value, count in times.items() if count > 1)

    def before(self, request: Request) -> tuple[Seen, ...] | None:
        if not self._repeated:
            return ()
        values = [value for value in self._marks(request) if value in self._repeated]
        if not values:
            return ()
        time = _arrival(request)
        if time is None:
            return None
        order = self._order.get(id(request), len(self._order))
        found = tuple(
            Seen(moment, other.name)
            for value in values
            for moment, number, other in self._seen.get(value, ())
            if (moment, number) < (time.moment, order) and time.moment - moment <= self._remembered
        )
        return None if not found and any(value in self._undated for value in values) else found


def _arrival(request: Request) -> CaptureTime | None:
    """When a message came, where something says so: files copied together have dates that say nothing of that."""
    time = request.capture.time
    return None if time is None or time.source == "file" else time


class History:
    """Signature values and nonces of captured messages. Nothing in it changes."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self._signatures = _Marks(requests, lambda request: request.signature_values, REMEMBERED)
        self._nonces = _Marks(requests, lambda request: request.nonces, NONCES_REMEMBERED)

    def before(self, request: Request) -> tuple[Seen, ...] | None:
        """Return earlier messages with one of the signature values; ``None`` where the order in time is not known."""
        return self._signatures.before(request)

    def nonce_before(self, request: Request) -> tuple[Seen, ...] | None:
        """Return earlier messages with one of the nonces; ``None`` where the order in time is not known."""
        return self._nonces.before(request)

    def told(self, request: Request) -> object:
        """Return everything that this history says of a request, to be compared."""
        return self.before(request), self.nonce_before(request)


NO_HISTORY = History(())
"""Of a request that is looked at alone."""
