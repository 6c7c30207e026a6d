"""The files of a case, and the case that is read from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wssdoctor import sample
from wssdoctor.tui.session import Opening

if TYPE_CHECKING:
    from wssdoctor.diagnosis.case import Case


def sample_opening() -> Opening:
    """Return the files of the built-in sample."""
    folder = sample.folder()
    return Opening(folder / "system.yaml", (folder / "captures",), sample=True)


def read_case(opening: Opening, alive: Callable[[], None] = lambda: None) -> Case:
    """Read the description and the captures; ``alive`` is called between files and may raise to stop.

    A folder of exports is collected, with the requests that lie among them. Raises ``InputError`` with the problems of
    all files.
    """
    from wssdoctor.diagnosis.opening import opened  # the models, which the first frame does not need

    if opening.system is not None and opening.system.is_dir():
        from wssdoctor.collect.collect import collect
        from wssdoctor.collect.pin import from_environment

        found = collect(opening.system, pins=from_environment())
        return opened(found.facts, (*found.captures, *opening.captures), at=opening.at, alive=alive)
    moment = sample.MOMENT if opening.sample else None
    return opened(opening.system, opening.captures, at=opening.at, moment=moment, alive=alive)
