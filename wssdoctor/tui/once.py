"""Work that several threads want and one does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Something that is made when it is first asked for; who asks meanwhile waits for it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self.made: T | None = None
        """What was made, as soon as it is there."""

    def get(self) -> T:
        """Return it. Raises what making it raises; the next who asks then tries again."""
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made
