"""The cases opened last, kept in one small file in the user's state folder. Only paths and counts are kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from wssdoctor.tui.keep import folder, read, write

_MOST = 8


class Recent(msgspec.Struct, frozen=True):
    """A case that was opened."""

    system: str | None
    captures: tuple[str, ...]
    requests: int
    rejected: int
    causes: int
    opened: dt.datetime
    client: str | None = None

    @property
    def there(self) -> bool:
        """Whether its files still are where they were."""
        try:
            return all(Path(name).exists() for name in (self.system, *self.captures) if name)
        except (OSError, ValueError):
            return False


class _Kept(msgspec.Struct, frozen=True):
    recent: tuple[Recent, ...]


def home() -> Path:
    """Return the file in the user's state folder."""
    return folder() / "recent.json"


def load(path: Path | None = None) -> tuple[Recent, ...]:
    """Return the cases opened last, the newest first; a damaged or missing file means none."""
    kept = read(path or home(), _Kept)
    return kept.recent[:_MOST] if kept else ()


def remember(one: Recent, path: Path | None = None) -> None:
    """Put a case first. It costs nothing but the memory of it if the folder cannot be written."""
    path = path or home()
    others = [known for known in load(path) if (known.system, known.captures) != (one.system, one.captures)]
    write(_Kept((one, *others)[:_MOST]), path)


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """Say how long ago something was."""
    seconds = (now - then).total_seconds()
    if seconds < 90:
        return "just now"
    for size, noun in ((86400 * 7, "week"), (86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {noun}{'' if number == 1 else 's'} ago"
    return "just now"
