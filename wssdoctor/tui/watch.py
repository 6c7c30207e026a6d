"""Whether the files of a case are other than they were: times and sizes are compared, contents are not read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from wssdoctor.tui.session import Opening

Trace: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, time of the last change in nanoseconds and size of each file."""

MOST = 10_000
"""Files of one folder, and of those in it, that are looked at."""


def trace(opening: Opening, stopped: Callable[[], bool] = lambda: False) -> Trace | None:
    """Return what the files of a case look like now; a file that is not there counts as such. Nothing if stopped."""
    found: list[tuple[str, int, int]] = []
    for path in (*((opening.system,) if opening.system else ()), *opening.captures):
        for one in _traces(path):
            if stopped():
                return None
            found.append(one)
    return tuple(sorted(found))


def _traces(path: Path) -> Iterator[tuple[str, int, int]]:
    if not path.is_dir():
        yield _trace(str(path))
        return
    inside = (os.path.join(here, name) for here, _, names in os.walk(path) for name in names)  # noqa: PTH118 - fast
    for _, name in zip(range(MOST), inside, strict=False):
        yield _trace(name)


def _trace(name: str) -> tuple[str, int, int]:
    try:
        found = os.stat(name)  # noqa: PTH116 - fast
    except (OSError, ValueError):
        return name, -1, -1
    return name, found.st_mtime_ns, found.st_size
