"""Where one was: kept while a case is open, gone after a proper end, so that a crash costs nothing but a key."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import msgspec

from wssdoctor.tui.keep import read, write
from wssdoctor.tui.session import Opening


class Remedy(msgspec.Struct, frozen=True):
    """A remedy of the what-if basket: its id, and path and name of what it is for."""

    remedy: str
    subject: tuple[str, str]
    captures: tuple[str, ...]


class Place(msgspec.Struct, frozen=True):
    """A case and the place in it where the user was."""

    system: str | None
    captures: tuple[str, ...]
    at: dt.datetime | None
    sample: bool
    mode: str
    finding: tuple[str, str] | None = None
    filter: str = "problems"
    search: str = ""
    request: int = 0
    basket: tuple[Remedy, ...] = ()
    client: str | None = None
    shape: str = "list"
    lent: bool = False
    """Whether private keys had been lent; they are not kept."""

    @property
    def opening(self) -> Opening:
        """The files of the case."""
        return Opening(
            Path(self.system) if self.system else None,
            tuple(map(Path, self.captures)),
            self.at,
            self.sample,
            self.client,
        )


def load(path: Path) -> Place | None:
    """Return where a session broke off; nothing where none did, or its file is damaged."""
    return read(path, Place)


def save(place: Place, path: Path) -> None:
    """Keep the place. It costs nothing but the memory of it if the folder cannot be written."""
    write(place, path)


def forget(path: Path) -> None:
    """Forget the place: the session ended properly."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
