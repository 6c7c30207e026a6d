"""What is written to the terminal, at the terminal's pace: over a slow line, or while it takes nothing, nobody waits."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Condition, Thread

PATIENCE = 0.1
"""Seconds after which a terminal that has not taken everything is behind."""
_MOMENT = 0.3
"""Seconds that what is under way gets before the terminal is given back."""
_LEAVE = 1.0
"""Seconds that giving it back may take."""
_PIECE = 1024
"""Bytes that are written at a time: no more than that has to go out before something else can."""
_MOST = 16 * 1024 * 1024
"""Bytes that may wait: frames do not pile up, but what is copied may."""
_CUT = b"\x18\x1b[?2026l"
"""Ends a command that was cut off, and a frame that was begun."""


class Outlet:
    """A thread that writes to a terminal. Whoever hands it something does not wait."""

    def __init__(self, number: int, caught_up: Callable[[], object]) -> None:
        """Take the number of the open terminal, and what is told once it is no longer behind."""
        self._number, self._caught_up = number, caught_up
        self._owed = bytearray()
        self._writing = self._closed = False
        self._since = 0.0
        """When it had taken everything last."""
        self._changed = Condition()
        Thread(target=self._run, daemon=True, name="outlet").start()

    @property
    def behind(self) -> bool:
        """Whether the terminal has not taken for a while what it was given."""
        with self._changed:
            return self._late()

    def write(self, text: str) -> None:
        """Hand over a text, which is written whole; too much is not taken at all."""
        data = text.encode("utf-8", "replace")
        with self._changed:
            if self._closed or len(self._owed) + len(data) > _MOST:
                return
            if not self._busy():
                self._since = time.monotonic()
            self._owed += data
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait a moment for what is under way, and forget what is not written by then."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._busy(), _MOMENT):
                self._owed[:] = _CUT

    def end(self) -> None:
        """Let what is left be written, for as long as giving a terminal back may take."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy(), _LEAVE)
            self._closed = True
            self._changed.notify_all()

    def _busy(self) -> bool:
        return self._writing or bool(self._owed)

    def _late(self) -> bool:
        return self._busy() and time.monotonic() - self._since > PATIENCE

    def _run(self) -> None:
        while (piece := self._next()) is not None:
            try:
                while piece:
                    piece = piece[os.write(self._number, piece) :]
            except OSError:  # the terminal is gone, which whoever reads from it finds out
                with self._changed:
                    self._closed = True
                    self._owed.clear()

    def _next(self) -> bytes | None:
        """Return what is to be written next, once there is something; nothing at the end."""
        with self._changed:
            late = self._late()
            self._writing = False
            if late and not self._owed:
                self._caught_up()
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._owed or self._closed)
            if self._closed:
                return None
            piece = bytes(self._owed[:_PIECE])
            del self._owed[:_PIECE]
            self._writing = True
            return piece
