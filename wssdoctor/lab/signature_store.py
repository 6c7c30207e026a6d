"""The signature values that a running provider has seen: what a store against replays holds."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict

from wssdoctor.provider.history import REMEMBERED, History, Seen
from wssdoctor.provider.request import Request

MAXIMUM_VALUES = 1_000_000
"""The oldest go first."""


class SignatureStore(History):
    """Signature values with the time at which each was first seen; those older than the store keeps are dropped."""

    def __init__(self) -> None:
        super().__init__(())
        self._first: OrderedDict[str, Seen] = OrderedDict()

    def before(self, request: Request) -> tuple[Seen, ...] | None:
        """Return when the signature values of a request came before."""
        found = (self._first.get(value) for value in request.signature_values)
        return tuple([one for one in found if one is not None])

    def remember(self, request: Request, moment: dt.datetime) -> None:
        """Keep the signature values of a request that reached the SOAP runtime at this moment."""
        for value in request.signature_values:
            self._first.setdefault(value, Seen(moment, request.name))
        while self._first:
            value, seen = next(iter(self._first.items()))
            if len(self._first) <= MAXIMUM_VALUES and moment - seen.moment <= REMEMBERED:
                return
            del self._first[value]
