"""Types that data is read into, from several threads.

msgspec looks at a type when it is first read into, and keeps what it saw from the moment on at which it begins. A second
thread that reads into the type meanwhile ends the process with a segmentation fault. So one thread at a time looks.
"""

from __future__ import annotations

from threading import RLock
from typing import TypeVar

import msgspec

T = TypeVar("T")

_one_at_a_time = RLock()
_seen: set[object] = set()


def looked_at(kind: type[T]) -> type[T]:
    """Return a type that msgspec has looked at, with all types in it, so that any thread may read into it."""
    if kind not in _seen:
        with _one_at_a_time:
            msgspec.json.Decoder(kind)
            _seen.add(kind)
    return kind
