"""Files in the user's state folder, which are never worth an error."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TypeVar

import msgspec

from wssdoctor.atomic import replace_file
from wssdoctor.typed import looked_at

T = TypeVar("T")

_MAX_BYTES = 256 * 1024


def folder() -> Path:
    """Return the user's state folder."""
    import platformdirs

    return platformdirs.user_state_path("wssdoctor", appauthor=False)


def read(path: Path, kind: type[T]) -> T | None:
    """Return what a file holds; nothing where it is missing or damaged."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return None
        with path.open("rb") as stream:
            return msgspec.json.decode(stream.read(_MAX_BYTES), type=looked_at(kind))
    except (OSError, ValueError, RecursionError):
        return None


def write(value: object, path: Path) -> None:
    """Write a value into a file; nothing happens where that is not possible."""
    try:
        data = msgspec.json.encode(value)
    except (TypeError, ValueError):  # a file name that is no text
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(path, data, 0o600, durable=False)
