"""A series of captures sent one after the other: each once, never faster than allowed.

A handshake that sets up a security context comes before the requests that use it: these are made with the key from
its answer.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterator, Sequence

import msgspec

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.sent import Outcome
from wssdoctor.description.facts import Facts
from wssdoctor.errors import InputError, Problem
from wssdoctor.send.send import Ready, Sent, captured_context, context_of, ready, send
from wssdoctor.send.wire import Way
from wssdoctor.wsse.material import Material, SecurityContext


def prepared(captures: Sequence[Capture], way: Way, material: Material | None) -> list[Ready]:
    """Make all ready, to be shown; a context that a handshake will set up is taken as given.

    Raises ``InputError`` with the problems of all.
    """
    done: list[Ready] = []
    problems: list[Problem] = []
    for capture in captures:
        try:
            done.append(ready(capture, way, material))
        except InputError as error:
            problems += error.problems
            continue
        if material is not None and done[-1].handshake is not None:
            expected = SecurityContext("urn:wssdoctor:expected", secrets.token_bytes(32))
            material = _with_contexts(material, {captured_context(done[-1]): expected})
    if problems:
        raise InputError(*problems)
    return done


def sent(
    series: Sequence[Ready],
    way: Way,
    material: Material | None,
    rate: float,
    facts: Facts | None = None,
    carried_out: tuple[str, ...] = (),
) -> Iterator[Sent]:
    """Send one after the other, made fresh at the last moment, ``rate`` a second at most.

    Predictions are made from ``facts``, after the remedies ``carried_out``.
    """
    for number, one in enumerate(series):
        if number:
            time.sleep(1 / rate)
        now = dt.datetime.now(dt.UTC)
        fresh = one
        if material is not None:
            material = msgspec.structs.replace(material, now=now)
            try:
                fresh = ready(one.before, way, material)
            except InputError as error:  # it could be made ready before, so what is lacking is its security context
                why = f"not sent: {error.problems[0].what}"
                yield Sent(
                    one.before.name,
                    now,
                    Outcome.NO_ANSWER,
                    one.capture,
                    one,
                    why,
                    to=way.to.origin,
                    carried_out=carried_out,
                    unsent=True,
                )
                continue
        result = send(fresh, way, now, facts, carried_out)
        if material is not None:
            material = _with_contexts(material, context_of(result, material))
        yield result


def _with_contexts(material: Material, more: dict[str, SecurityContext]) -> Material:
    return msgspec.structs.replace(material, contexts={**material.contexts, **more})
