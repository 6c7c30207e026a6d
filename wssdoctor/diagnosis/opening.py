"""Opening a case: the description and all captures are read, and everything wrong with them is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from wssdoctor.capture import files
from wssdoctor.capture.recorded import read_all
from wssdoctor.description import load as description
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.errors import InputError, Problem
from wssdoctor.provider.decryption import Keys, keys_for
from wssdoctor.provider.request import Request

if TYPE_CHECKING:
    from wssdoctor.wsse.private_key import PrivateKey


def opened(
    system: Path | Facts | None,
    captures: Iterable[Path],
    *,
    at: dt.datetime | None,
    moment: dt.datetime | None = None,
    keys: Sequence[PrivateKey] = (),
    alive: Callable[[], None] = lambda: None,
) -> Case:
    """Read a case; without a description nothing is known of the system. Facts are taken as they are.

    ``at`` is the time of everything; without it the system is looked at as at ``moment`` (default: now) and each
    capture at its own time. ``keys`` decrypt what was encrypted for the provider, beside the secrets of described security
    contexts. ``alive`` is called before each capture and may raise to stop.
    Raises ``InputError`` with the problems of all files.
    """
    problems: list[Problem] = []
    facts = system if isinstance(system, Facts) else description.empty()
    if isinstance(system, Path):
        try:
            facts = description.load(system)
        except InputError as error:
            problems += error.problems
    lent = keys_for(keys, facts)
    requests: dict[Path, tuple[Request, ...]] = {}
    for argument in captures:
        try:
            for path in files.paths([argument]):
                alive()
                if path.absolute() not in requests:
                    _read(path, at, lent, requests, problems)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return Case(facts, tuple(chain.from_iterable(requests.values())), at or moment or dt.datetime.now(dt.UTC))


def _read(
    path: Path, at: dt.datetime | None, keys: Keys, requests: dict[Path, tuple[Request, ...]], problems: list[Problem]
) -> None:
    try:
        requests[path.absolute()] = tuple(Request.of(capture, keys=keys) for capture in read_all(path, at=at))
    except InputError as error:
        problems += error.problems
