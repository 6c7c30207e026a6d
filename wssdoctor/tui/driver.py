"""A Unix terminal: its keyboard is let go of at once when the program ends, and it is left as it was found.

The driver of Textual looks for keys in slices of a tenth of a second and waits for two of them before it ends. It dies of a
signal without a word to the terminal, goes on without a terminal, and writes in whatever encoding the locale names.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import selectors
import signal
import sys
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_SLICE = 0.1
"""Seconds after which a lone Esc is told from the beginning of another key."""
_BYTES = 4096
_ASKED_TO_END = (signal.SIGTERM, signal.SIGINT)
"""What asks a program to end and lets it tidy up. In this mode Ctrl+C is a key, so that an interrupt comes from outside."""


class Driver(LinuxDriver):
    """The driver of Textual, but for the thread that reads keys: it can be woken."""

    _pipe: tuple[int, int] | None = None
    """What wakes the thread: the end that it looks at, and the one that is written to."""

    def __init__(self, app: Any, **options: Any) -> None:
        """Take the app, which is told by ``end_by`` when a signal asks it to end, or when the terminal is gone."""
        super().__init__(app, **options)
        self._loop, self._end_by = asyncio.get_running_loop(), app.end_by
        for one in _ASKED_TO_END:
            self._loop.add_signal_handler(one, self._end_by, one)
        if sys.__stderr__ is not None:  # where the locale knows no ticks, terminals do
            number = sys.__stderr__.fileno()
            self._file = open(number, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._pipe = self._pipe or os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._pipe is not None:
            os.write(self._pipe[1], b"\0")
        super().disable_input()  # waits for the thread
        for end in self._pipe or ():
            os.close(end)
        self._pipe = None

    def run_input_thread(self) -> None:
        """Hand on what is typed until input is disabled or the terminal is gone."""
        assert self._pipe is not None
        woken, _ = self._pipe
        parser, decode = XTermParser(self._debug), codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = [key.fd for key, _ in selector.select(_SLICE)]
                if self.fileno in ready:
                    data = self._typed()
                    if not data:
                        self._loop.call_soon_threadsafe(self._end_by, signal.SIGHUP)
                        return
                    for message in parser.feed(decode(data)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _typed(self) -> bytes:
        """Return what was typed; nothing where the terminal is gone."""
        try:
            return os.read(self.fileno, _BYTES)
        except OSError:
            return b""
