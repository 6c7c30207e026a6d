"""A Unix terminal: its keyboard is let go of at once when the program ends, and it is left as it was found.

The driver of Textual looks for keys in slices of a tenth of a second and waits for two of them before it ends. It dies of a
signal without a word to the terminal, goes on without a terminal, and writes in whatever encoding the locale names. Where
the terminal takes nothing, the whole program waits.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import selectors
import signal
import sys
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from wssdoctor.tui.intake import MOST, Intake, Pasted
from wssdoctor.tui.outlet import Outlet

_SLICE = 0.1
"""Seconds after which a lone Esc is told from the beginning of another key."""
_BYTES = 4096
_ASKED_TO_END = (signal.SIGTERM, signal.SIGINT)
"""What asks a program to end and lets it tidy up. In this mode Ctrl+C is a key, so that an interrupt comes from outside."""


class Driver(LinuxDriver):
    """The driver of Textual, but for the threads that read keys and that write: neither is waited for."""

    _pipe: tuple[int, int] | None = None
    """What wakes the thread that reads: the end that it looks at, and the one that is written to."""
    _outlet: Outlet | None = None

    def __init__(self, app: Any, **options: Any) -> None:
        """Take the app.

        It is told by ``end_by`` when a signal asks it to end or the terminal is gone, and by ``catch_up`` when the
        terminal has taken what it was given.
        """
        super().__init__(app, **options)
        self._loop, self._doctor = asyncio.get_running_loop(), app
        for one in _ASKED_TO_END:
            self._loop.add_signal_handler(one, app.end_by, one)

    @property
    def behind(self) -> bool:
        """Whether the terminal has not taken for a while what it was given."""
        return self._outlet is not None and self._outlet.behind

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return columns and lines as the terminal has them, whatever ``COLUMNS`` and ``LINES`` say: they do not change."""
        try:
            columns, lines = os.get_terminal_size(self.fileno)
        except OSError:
            columns = lines = 0
        return (columns, lines) if columns and lines else super()._get_terminal_size()

    def write(self, data: str) -> None:
        """Write, in the encoding of terminals whatever the locale knows; do not wait until it is written."""
        if self._outlet is not None:
            self._outlet.write(data)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._pipe = self._pipe or os.pipe()
        assert sys.__stderr__ is not None, "the terminal UI needs a terminal"
        self._outlet = Outlet(sys.__stderr__.fileno(), lambda: self._doctor.call_later(self._doctor.catch_up))
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the terminal back, also where it has not taken everything that was drawn."""
        if self._outlet is not None:
            self._outlet.settle()
        super().stop_application_mode()

    def close(self) -> None:
        """Let what gives the terminal back be written."""
        super().close()
        if self._outlet is not None:
            self._outlet.end()

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
        intake, parser = Intake(), XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = [key.fd for key, _ in selector.select(_SLICE)]
                if self.fileno in ready:
                    data = self._typed()
                    if not data:
                        self._loop.call_soon_threadsafe(self._doctor.end_by, signal.SIGHUP)
                        return
                    for part in intake.take(decode(data), time.monotonic()):
                        if isinstance(part, Pasted):
                            self._pasted(part)
                        else:
                            self._hand_on(parser.feed(part))
                self._hand_on(parser.tick())
                if intake.stays_out(time.monotonic()):
                    self._say("The end of a pasted text does not come. Esc drops the text.")

    def _hand_on(self, found: Iterable[Message]) -> None:
        for message in found:
            if not isinstance(message, events.Paste):  # between its marks the parser was given nothing
                self.process_message(message)

    def _pasted(self, found: Pasted) -> None:
        if found.ended:
            self.process_message(events.Paste(found.text.replace("\0", "")))
        if not found.ended:
            self._say("A pasted text without an end was dropped.")
        elif found.lost:
            self._say(f"Only the first {MOST} characters of the pasted text are taken: {found.lost} more are left out.")

    def _say(self, text: str) -> None:
        self._doctor.call_later(partial(self._doctor.say, text, loud=True))

    def _typed(self) -> bytes:
        """Return what was typed; nothing where the terminal is gone."""
        try:
            return os.read(self.fileno, _BYTES)
        except OSError:
            return b""
