"""Stage timestamp: Created and Expires against the provider's clock, widened by the tolerance of WSS_SETUP."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.evidence import Computed
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse.item import Timestamp
from wssdoctor.wsse.timestamp import exactly, in_words, seconds

REASONABLE_SKEW_SECONDS = 30
"""Up to here two clocks count as synchronised within reason: NTP keeps them within a second, hypervisors within some."""


@check(
    "clock.within-tolerance",
    "The clocks differ by no more than the tolerance",
    Stage.TIMESTAMP,
    rationale="Messages outside Created/Expires, widened by the tolerance, are refused (data element "
    "SEC_WSS_SETUP_CLOCK_CFG).",
    needs=("clock.for_message", "wss_setup.time_tolerance_seconds"),
    answer="message-expired",
    reasons=("tolerance", "skew"),
)
def within_tolerance(offset: Known[float], tolerance: Known[int]) -> Verdict:
    difference = abs(offset.value)
    if difference <= tolerance.value:
        return passed()
    ahead = exactly(dt.timedelta(seconds=offset.value))
    steps = (f"|{ahead}| > {tolerance.value} s",)
    inputs = (("clock offset", ahead), ("time tolerance", f"{tolerance.value} s"))
    evidence = Computed("clock offset against tolerance", inputs, steps, "outside", offset.place)
    if difference <= REASONABLE_SKEW_SECONDS:
        return failed("the tolerance is smaller than a usual clock difference", evidence, reason="tolerance")
    return failed(f"the clocks differ by {_lasting(difference)}", evidence, reason="skew")


@check(
    "timestamp.readable",
    "The Timestamp is well-formed",
    Stage.TIMESTAMP,
    rationale="Created and Expires are xsd:dateTime, each at most once (WSS 1.1, section 10).",
    needs=("message.timestamp",),
    answer="invalid-security",
    reasons=("timestamp",),
)
def readable(timestamp: Known[Timestamp]) -> Verdict:
    stamp = timestamp.value
    for name, text, moment in (
        ("Created", stamp.created_text, stamp.created),
        ("Expires", stamp.expires_text, stamp.expires),
    ):
        if text is not None and moment is None:
            evidence = timestamp.compared(f"wsu:{name}", "an xsd:dateTime such as 2026-11-20T10:00:00Z", text[:60])
            return failed(f"{name} is no xsd:dateTime", evidence, reason="timestamp")
    if stamp.repeated:
        evidence = timestamp.compared("children of wsu:Timestamp", "each once", f"{', '.join(stamp.repeated)} repeated")
        return failed("a child occurs twice", evidence, reason="timestamp")
    if stamp.created and stamp.expires and stamp.expires < stamp.created:
        evidence = timestamp.compared("wsu:Expires", "after wsu:Created", "before it")
        return failed("it expires before it was created", evidence, reason="timestamp")
    return passed()


@check(
    "timestamp.not-expired",
    "The message has not expired on arrival",
    Stage.TIMESTAMP,
    rationale="A message after Expires plus tolerance is refused with WSS021 (data element SEC_WSS_SETUP_REPLAY_CFG).",
    needs=("message.timestamp", "time.provider", "time.arrival", "wss_setup.time_tolerance_seconds"),
    after=("timestamp.readable",),
    answer="message-expired",
    reasons=("expired", "skew", "tolerance"),
)
def not_expired(
    timestamp: Known[Timestamp], now: Known[dt.datetime], arrival: Known[dt.datetime], tolerance: Known[int]
) -> Verdict:
    expires = timestamp.value.expires
    if expires is None:
        return passed(says="it names no Expires")
    late = (now.value - expires).total_seconds()
    if late <= tolerance.value:
        return passed()
    skew = (now.value - arrival.value).total_seconds()
    evidence = _computed("Expires", timestamp, expires, now, skew, tolerance, (late, "late"))
    return failed(
        f"it arrived {_lasting(late)} after Expires", evidence, reason=_blame(late, skew, tolerance.value, "expired")
    )


@check(
    "timestamp.not-in-future",
    "The message was not created in the future",
    Stage.TIMESTAMP,
    rationale="A message before Created minus tolerance is refused with WSS021 (data element SEC_WSS_SETUP_REPLAY_CFG).",
    needs=("message.timestamp", "time.provider", "time.arrival", "wss_setup.time_tolerance_seconds"),
    after=("timestamp.readable",),
    answer="message-expired",
    reasons=("skew", "tolerance"),
)
def not_in_future(
    timestamp: Known[Timestamp], now: Known[dt.datetime], arrival: Known[dt.datetime], tolerance: Known[int]
) -> Verdict:
    created = timestamp.value.created
    if created is None:
        return passed(says="it names no Created")
    early = (created - now.value).total_seconds()
    if early <= tolerance.value:
        return passed()
    skew = (now.value - arrival.value).total_seconds()
    evidence = _computed("Created", timestamp, created, now, skew, tolerance, (early, "early"))
    return failed(
        f"it was created {_lasting(early)} after its arrival",
        evidence,
        reason=_blame(early, -skew, tolerance.value, "skew"),
    )


def _lasting(length: float) -> str:
    return in_words(dt.timedelta(seconds=length))


def _blame(beyond: float, skew: float, tolerance: int, otherwise: str) -> str:
    """Say whether the clocks, the tolerance or the message itself is to blame for a time that does not fit."""
    if skew <= 0 or beyond - skew > tolerance:
        return otherwise
    return "tolerance" if skew <= REASONABLE_SKEW_SECONDS else "skew"


def _computed(
    name: str,
    timestamp: Known[Timestamp],
    limit: dt.datetime,
    now: Known[dt.datetime],
    skew: float,
    tolerance: Known[int],
    beyond: tuple[float, str],
) -> Computed:
    result = f"{seconds(dt.timedelta(seconds=beyond[0]))} {beyond[1]}"
    inputs = (
        (f"wsu:{name}", f"{limit:%Y-%m-%dT%H:%M:%SZ}"),
        ("arrival by the provider's clock", f"{now.value:%Y-%m-%dT%H:%M:%SZ}"),
        ("of which clock offset", exactly(dt.timedelta(seconds=skew))),
        ("time tolerance", f"{tolerance.value} s"),
    )
    return Computed(
        f"arrival against {name}", inputs, (f"difference beyond {name}: {result}",), result, timestamp.place
    )


CHECKS = (within_tolerance, readable, not_expired, not_in_future)
