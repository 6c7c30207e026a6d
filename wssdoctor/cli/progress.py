"""Telling on stderr how far a long run has come, where stderr is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from wssdoctor.diagnosis.progress import Listener, Progress, nobody

_QUIET_SECONDS = 1.0
"""A run that takes no longer shows nothing."""
_REDRAWN_SECONDS = 0.1


@contextmanager
def told() -> Iterator[Listener]:
    """Give out who tells; what was told is wiped at the end."""
    if not sys.stderr.isatty():
        yield nobody
        return
    due = time.monotonic() + _QUIET_SECONDS
    shown = False

    def tell(progress: Progress) -> None:
        nonlocal due, shown
        if time.monotonic() >= due:
            due = time.monotonic() + _REDRAWN_SECONDS
            shown = True
            total = f" of {progress.total}" if progress.total else ""
            sys.stderr.write(f"\r\x1b[K{progress.phase}: {progress.done}{total}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
