"""The files of a case, and the case that is read from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor import sample
from wssdoctor.tui.session import Opening

if TYPE_CHECKING:
    from wssdoctor.collect.account import Account
    from wssdoctor.diagnosis.case import Case


class Read(Struct, frozen=True):
    """What the files of a case came to."""

    case: Case
    account: Account | None = None
    """What became of each export, where the system is a folder of them."""
    text: str = ""
    """The description that the exports make, as a file would hold it."""


def sample_opening() -> Opening:
    """Return the files of the built-in sample."""
    folder = sample.folder()
    return Opening(folder / "system.yaml", (folder / "captures",), sample=True)


def read_case(opening: Opening, alive: Callable[[], None] = lambda: None) -> Read:
    """Read the description and the captures; ``alive`` is called between files and may raise to stop.

    A folder of exports is collected, with the requests that lie among them. Raises ``InputError`` with the problems of
    all files, for a folder without an export, and for exports of several clients where none was chosen.
    """
    from wssdoctor.diagnosis.opening import opened  # the models, which the first frame does not need

    if opening.system is not None and opening.system.is_dir():
        from wssdoctor.collect.account import account, refuse_nothing
        from wssdoctor.collect.collect import collect
        from wssdoctor.collect.pin import from_environment

        found = collect(opening.system, client=opening.client, pins=from_environment())
        refuse_nothing(found, opening.system)
        captures = (*found.captures, *opening.captures)
        case = opened(found.facts, captures, at=opening.at, keys=opening.keys, alive=alive)
        return Read(case, account(found), found.text)
    moment = sample.MOMENT if opening.sample else None
    case = opened(opening.system, opening.captures, at=opening.at, moment=moment, keys=opening.keys, alive=alive)
    return Read(case)
