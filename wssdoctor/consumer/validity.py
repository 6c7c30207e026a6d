"""Times of certificates held against the clock of the call."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known
from wssdoctor.evidence import Compared


def compared(limit: Known[dt.datetime], now: Known[dt.datetime], what: str) -> Compared:
    """Hold one limit of a certificate's validity against the moment of the call."""
    return limit.compared(f"validity at {shown(now.value)}", "the time lies inside", f"{what} {shown(limit.value)}")


def shown(moment: dt.datetime) -> str:
    """Write a moment in UTC."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
