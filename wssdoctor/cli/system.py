"""The system that a command speaks of: a description, or a folder of exports that is collected on the spot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wssdoctor.description.facts import Facts


class System(NamedTuple):
    """What a command was given as its system."""

    source: Path | Facts
    """A description's file, or what was collected."""
    captures: tuple[Path, ...] = ()
    """Captured requests that lay among the exports."""
    least_code: int = 0
    """The exit code where all that was read is fine: not 0 where exports were refused or contradict each other."""

    @property
    def unread(self) -> str:
        """What of it was not read, in words; empty where everything was."""
        return {0: "", 3: "exports contradict each other"}.get(self.least_code, "exports were refused")

    def code(self, code: int) -> int:
        """Return a command's exit code, with what collecting adds to it."""
        return code or self.least_code


ALL_READ = System(Path())
"""Where nothing was left unread."""


def system(path: Path, client: str | None = None) -> System:
    """Take a description's file as it is; collect a folder and give the account of it on stderr.

    Raises ``InputError`` where nothing is an export, or rows of the exports come from several clients.
    """
    if not path.is_dir():
        return System(path)
    from wssdoctor.cli.account import rendered
    from wssdoctor.cli.collect import BAD_INPUT, INCONCLUSIVE
    from wssdoctor.collect.account import account, refuse_nothing
    from wssdoctor.collect.collect import collect
    from wssdoctor.collect.pin import from_environment

    found = collect(path, client=client, pins=from_environment())
    refuse_nothing(found, path)
    sys.stderr.write(rendered(account(found), path, None) + "\n")
    sys.stderr.flush()
    least = BAD_INPUT if found.refused else INCONCLUSIVE if found.merged.contradictions else 0
    return System(found.facts, found.captures, least)
