"""Reading the files of a case: everything that is wrong with them at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from wssdoctor import sample
from wssdoctor.capture import files
from wssdoctor.capture.read import read
from wssdoctor.description import load as description
from wssdoctor.diagnosis.case import Case
from wssdoctor.errors import InputError, Problem
from wssdoctor.provider.request import Request
from wssdoctor.tui.session import Opening


def sample_opening() -> Opening:
    """Return the files of the built-in sample."""
    folder = sample.folder()
    return Opening(folder / "system.yaml", (folder / "captures",), sample=True)


def read_case(opening: Opening, alive: Callable[[], None] = lambda: None) -> Case:
    """Read the description and the captures; ``alive`` is called between files and may raise to stop.

    Raises ``InputError`` with the problems of all files.
    """
    problems: list[Problem] = []
    facts = description.empty()
    if opening.system is not None:
        try:
            facts = description.load(opening.system)
        except InputError as error:
            problems.extend(error.problems)
    paths: list[Path] = []
    for argument in opening.captures:
        try:
            paths.extend(files.paths([argument]))
        except InputError as error:
            problems.extend(error.problems)
    requests: dict[Path, Request] = {}
    for path in paths:
        alive()
        try:
            requests.setdefault(path.absolute(), Request.of(read(path, at=opening.at)))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    moment = opening.at or (sample.MOMENT if opening.sample else dt.datetime.now(dt.UTC))
    return Case(facts, tuple(requests.values()), moment)
