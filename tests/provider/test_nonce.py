"""A nonce that came before counts only where something remembers nonces, or the answer speaks for it."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from tests import landscape
from wssdoctor.capture.capture import CaptureTime, Response
from wssdoctor.check.result import Outcome
from wssdoctor.description.change import change
from wssdoctor.provider.history import NO_HISTORY, History
from wssdoctor.provider.replay import replay
from wssdoctor.provider.request import Request
from wssdoctor.wsse.edit import set_nonce

NONCE = "d3NzZG9jdG9yLXNhbXBsZQ=="
MOMENT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
FAULT = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>wsse:{}</faultcode>'
    "</s:Fault></s:Body></s:Envelope>"
)


def sent(seconds: int, code: str = "", nonce: str = NONCE) -> Request:
    """A request with a nonce, at some seconds; accepted, or refused with a fault code."""
    capture = landscape.requests()[0].capture
    response = Response(500 if code else 200, "", (), FAULT.format(code).encode() if code else b"")
    envelope = set_nonce(capture.envelope, nonce, added=True)
    time = CaptureTime(MOMENT + dt.timedelta(seconds=seconds), "given")
    return Request.of(replace(capture, envelope=envelope, response=response, time=time))


def outcome(request: Request, history: History = NO_HISTORY, **facts: object) -> tuple[Outcome, tuple[str, ...]]:
    found = replay(change(landscape.facts(), facts), request, history)
    one = next(result for result in found.results if result.check == "message-replay.nonce-first-seen")
    return one.outcome, one.missing


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, Outcome.FAILED), (300, Outcome.FAILED), (301, Outcome.PASSED), (-1, Outcome.PASSED)]
)
def test_a_stated_nonce_counts_for_five_minutes(seconds: int, expected: Outcome) -> None:
    store = [{"value": NONCE, "seen_at": "2026-11-20T10:00:00Z"}]
    assert outcome(sent(seconds), nonce_store=store) == (expected, ())


def test_without_a_word_about_nonces_an_accepted_message_proves_nothing() -> None:
    assert outcome(sent(0)) == (Outcome.NOT_APPLICABLE, ())
    assert outcome(sent(0, "FailedAuthentication")) == (Outcome.NOT_APPLICABLE, ())


def test_an_answer_that_receivers_give_to_a_known_nonce_asks_for_what_they_remember() -> None:
    assert outcome(sent(0, "InvalidSecurity")) == (Outcome.UNKNOWN, ("nonce_store",))


def test_two_captures_with_one_nonce_of_which_the_second_was_refused_say_it_all() -> None:
    first, second = sent(0), sent(60, "InvalidSecurity")
    both = History((first, second))
    assert outcome(second, both) == (Outcome.FAILED, ())
    assert outcome(first, both) == (Outcome.NOT_APPLICABLE, ())
    late = sent(301, "InvalidSecurity")
    assert outcome(late, History((first, late))) == (Outcome.UNKNOWN, ("nonce_store",))
    other = sent(60, "InvalidSecurity", "b3RoZXI=")
    assert outcome(other, History((first, other))) == (Outcome.UNKNOWN, ("nonce_store",))


def test_captures_count_too_where_a_store_is_stated() -> None:
    first, second = sent(0), sent(60)
    assert outcome(second, History((first, second)), nonce_store=[]) == (Outcome.FAILED, ())
