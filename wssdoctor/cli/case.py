"""Opening a case: the description and all captures are read, and everything wrong with them is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from wssdoctor.capture import files
from wssdoctor.capture.read import read
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import load
from wssdoctor.diagnosis.case import Case
from wssdoctor.errors import InputError, Problem
from wssdoctor.provider.request import Request


def opened(
    system: Path, captures: Iterable[Path], *, at: dt.datetime | None, moment: dt.datetime | None = None
) -> Case:
    """Read a case.

    ``at`` is the time of everything; without it the system is looked at as at ``moment`` (default: now) and each
    capture at its own time. Raises ``InputError`` with the problems of all files.
    """
    problems: list[Problem] = []
    facts: Facts | None = None
    try:
        facts = load(system)
    except InputError as error:
        problems += error.problems
    requests: dict[Path, Request] = {}
    for argument in captures:
        try:
            found = list(files.paths([argument]))
        except InputError as error:
            problems += error.problems
            continue
        for path in found:
            if path.absolute() in requests:
                continue
            try:
                requests[path.absolute()] = Request.of(read(path, at=at))
            except InputError as error:
                problems += error.problems
    if problems or facts is None:
        raise InputError(*problems)
    return Case(facts, tuple(requests.values()), at or moment or dt.datetime.now(dt.UTC))
