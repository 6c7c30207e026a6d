"""The cases opened last, kept in one small file in the user's state folder. Only paths and counts are kept."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from pathlib import Path

import msgspec

_MOST = 8
_MAX_BYTES = 256 * 1024


class Recent(msgspec.Struct, frozen=True):
    """A case that was opened."""

    system: str | None
    captures: tuple[str, ...]
    requests: int
    rejected: int
    causes: int
    opened: dt.datetime

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
    import platformdirs

    return platformdirs.user_state_path("wssdoctor", appauthor=False) / "recent.json"


def load(path: Path | None = None) -> tuple[Recent, ...]:
    """Return the cases opened last, the newest first; a damaged or missing file means none."""
    try:
        with (path or home()).open("rb") as stream:
            return msgspec.json.decode(stream.read(_MAX_BYTES), type=_Kept).recent[:_MOST]
    except (OSError, ValueError, RecursionError):
        return ()


def remember(one: Recent, path: Path | None = None) -> None:
    """Put a case first. It costs nothing but the memory of it if the folder cannot be written."""
    path = path or home()
    others = [known for known in load(path) if (known.system, known.captures) != (one.system, one.captures)]
    data = msgspec.json.encode(_Kept((one, *others)[:_MOST]))
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".recent-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


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
