"""The screen before everything else: what the interpreter does so that a thread which computes does not hold it up."""

from __future__ import annotations

import gc
import sys
from typing import Any

_TURN = 0.001
"""Seconds after which a thread gives way to another one. The screen's thread waits for its turn many times per frame."""
_THRESHOLDS = (700, 10, 2)
"""When the generations of the garbage collector are collected: the oldest often, as it stays small."""


def favour_screen() -> None:
    """Keep other threads and the garbage collector from holding the screen up; for the rest of the process.

    A full collection walks through everything that lives, which takes half a second beside the messages of a large
    case, and nothing is drawn meanwhile. So whatever has survived one is left out of the next ones. A case has no
    cycles and is freed as ever once nobody holds it; only what becomes a cycle later is left behind, which is little.
    """
    sys.setswitchinterval(_TURN)
    gc.set_threshold(*_THRESHOLDS)
    spare_survivors()
    if _collected not in gc.callbacks:
        gc.callbacks.append(_collected)


def spare_survivors() -> None:
    """Leave all that lives now out of later collections, the one at the end of the process included."""
    gc.freeze()


def _collected(phase: str, about: dict[str, Any]) -> None:
    if phase == "stop" and about["generation"] == 2:
        spare_survivors()
