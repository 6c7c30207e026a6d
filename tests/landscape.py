"""The healthy landscape that tests make sick: a description in which every fact is known, and accepted requests."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from msgspec import to_builtins

from wssdoctor.capture.read import read
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import load
from wssdoctor.diagnosis.case import Case
from wssdoctor.provider.request import Request

FOLDER = Path(__file__).parent / "data" / "healthy"
MOMENT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)


@cache
def facts() -> Facts:
    """What the system offers, and what it calls."""
    offered, called = load(FOLDER / "system.yaml"), outbound()
    first = len(offered.items("pses") or ())
    pses = {f"pses[{first + index}]": to_builtins(pse) for index, pse in enumerate(called.items("pses") or ())}
    return change(offered, {**pses, "consumer": to_builtins(called.description.consumer)})


@cache
def outbound() -> Facts:
    """What the system calls, alone."""
    return load(FOLDER / "outbound" / "system.yaml")


@cache
def requests() -> tuple[Request, ...]:
    return tuple(Request.of(read(path)) for path in sorted((FOLDER / "captures").glob("*.http")))


def case() -> Case:
    return Case(facts(), requests(), MOMENT)
