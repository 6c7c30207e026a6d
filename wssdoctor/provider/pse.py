"""Checks of a PSE, the same for each application: it exists, and its own certificate is within its validity."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Check, Known, Verdict, check, failed, passed
from wssdoctor.evidence import Compared
from wssdoctor.provider.stage import Stage


def pse_checks(application: str, prefix: str, stage: Stage, answer: str) -> tuple[Check, ...]:
    """Make the checks of the PSEs of one application; ids begin with ``prefix``."""
    each = f"pses.{application}"

    @check(
        f"{prefix}.exists",
        f"The {application} PSE exists",
        stage,
        rationale="Without the PSE there is neither own key nor trust list (SAP Help: Trust Manager).",
        needs=("pses[].exists",),
        each=each,
        answer=answer,
    )
    def exists(present: Known[bool]) -> Verdict:
        if present.value:
            return passed()
        return failed(f"the {application} PSE does not exist", present.compared("PSE exists", "true"))

    @check(
        f"{prefix}.certificate-begun",
        f"The own certificate of the {application} PSE is valid already",
        stage,
        rationale="A certificate counts from NotBefore on (RFC 5280, 4.1.2.5).",
        needs=("pses[].own_certificate.not_before", "time.day"),
        each=each,
        past=(f"{prefix}.exists",),
        answer=answer,
        reasons=("not-yet-valid",),
    )
    def begun(start: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
        if start.value <= now.value:
            return passed()
        return failed("its validity has not begun", _compared(start, now, "not before"), reason="not-yet-valid")

    @check(
        f"{prefix}.certificate-not-expired",
        f"The own certificate of the {application} PSE has not expired",
        stage,
        rationale="A certificate counts until NotAfter (RFC 5280, 4.1.2.5).",
        needs=("pses[].own_certificate.not_after", "time.day"),
        each=each,
        past=(f"{prefix}.exists",),
        answer=answer,
    )
    def not_expired(end: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
        if now.value <= end.value:
            return passed()
        days = (now.value - end.value).days
        return failed(f"it expired {days} days before the request", _compared(end, now, "not after"))

    return exists, begun, not_expired


def _compared(limit: Known[dt.datetime], now: Known[dt.datetime], what: str) -> Compared:
    return limit.compared(
        f"validity at {now.value:%Y-%m-%dT%H:%M:%SZ}",
        "the time lies inside",
        f"{what} {limit.value:%Y-%m-%dT%H:%M:%SZ}",
    )
