"""Where one was: kept while a case is open, gone after a proper end, so that a crash costs nothing but a key.

Each running instance has a file of its own, so that none takes for broken off what another one is about.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import weakref
from pathlib import Path
from typing import BinaryIO

import msgspec

from wssdoctor.tui.keep import read, write
from wssdoctor.tui.session import Opening

INSTANCES = 8
"""How many instances that run at once have their places kept."""


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


class Seat:
    """The file in which one instance keeps its place; no other one takes it while this one lives."""

    def __init__(self, path: Path, lock: BinaryIO) -> None:
        self.path = path
        self.leave = weakref.finalize(self, lock.close)
        """Lets another instance have the file."""

    def load(self) -> Place | None:
        """Return where a session broke off; nothing where none did, or its file is damaged."""
        return read(self.path, Place)

    def save(self, place: Place) -> None:
        """Keep the place. It costs nothing but the memory of it if the folder cannot be written."""
        write(place, self.path)

    def forget(self) -> None:
        """Forget the place: the session ended properly."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def seat(folder: Path, *, broken_off: bool) -> Seat | None:
    """Take a file of the folder that no running instance has; nothing where that is not possible.

    With ``broken_off``, rather one that holds the place of a session which broke off; else rather an empty one.
    """
    names = ("place", *(f"place-{number}" for number in range(2, INSTANCES + 1)))
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted((folder / f"{name}.json" for name in names), key=lambda one: one.exists() != broken_off):
            lock = _locked(path.with_suffix(".lock"))
            if lock is not None:
                return Seat(path, lock)
    return None


def _locked(path: Path) -> BinaryIO | None:
    """Open a file and lock it for as long as it is open, whatever becomes of the process; nothing if it is locked."""
    stream = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        return None
    return stream
