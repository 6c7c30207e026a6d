"""The outbound calls of a system: every stage checked, and what the caller sees of the first failure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import UNSET

from wssdoctor.check.check import Check
from wssdoctor.check.engine import run
from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.consumer import (
    client_certificate,
    connection,
    credentials,
    http_answer,
    logical_port,
    network,
    server_certificate,
    tls_handshake,
    tls_setup,
)
from wssdoctor.consumer.answer import ANSWERS, Answer
from wssdoctor.consumer.outbound import CALLS, Outbound
from wssdoctor.consumer.stage import Stage
from wssdoctor.description.facts import Facts

CHECKS: tuple[Check, ...] = (
    *logical_port.CHECKS,
    *credentials.CHECKS,
    *tls_setup.CHECKS,
    *network.CHECKS,
    *connection.CHECKS,
    *tls_handshake.CHECKS,
    *server_certificate.CHECKS,
    *client_certificate.CHECKS,
    *http_answer.CHECKS,
)
"""Every check, in the order in which a call meets it."""


class Call(msgspec.Struct, frozen=True):
    """One outbound call: how far it comes."""

    subject: Subject
    verdict: Literal["works", "fails", "undecided"]
    stage: Stage | None
    """Where it fails first, or the first stage that cannot be decided."""
    predicted: Answer | None
    """What the caller sees, modelled; nothing where the call works or is undecided."""


def survey(facts: Facts, moment: dt.datetime) -> tuple[Result, ...]:
    """Check every call that is described, at ``moment`` by the clock of the system that calls.

    A description without the section ``consumer`` says nothing of outbound calls, so nothing is checked.
    """
    if facts.value("consumer") is UNSET:
        return ()
    outbound = Outbound(facts, moment)
    return tuple(run(CHECKS, outbound.find, outbound.subjects))


def calls(results: Iterable[Result]) -> tuple[Call, ...]:
    """Say of each call how far it comes, from the results of ``survey``; results about other things are passed over."""
    by_call: dict[Subject, list[Result]] = {}
    for result in results:
        if result.subject.path.startswith(f"{CALLS}["):
            by_call.setdefault(result.subject, []).append(result)
    return tuple(_call(subject, found) for subject, found in by_call.items())


def _call(subject: Subject, results: list[Result]) -> Call:
    rejected = next((one for one in results if one.outcome is Outcome.FAILED), None)
    if rejected is not None:
        predicted = ANSWERS[rejected.answer] if rejected.answer else None
        return Call(subject, "fails", Stage(rejected.stage), predicted)
    unclear = next((one for one in results if one.outcome in (Outcome.UNKNOWN, Outcome.ERROR)), None)
    if unclear is not None:
        return Call(subject, "undecided", Stage(unclear.stage), None)
    return Call(subject, "works", None, None)
