"""The keyboard of a Unix terminal, let go of at once when the program ends.

The driver of Textual looks for keys in slices of a tenth of a second and waits for two of them before it ends.
"""

from __future__ import annotations

import codecs
import os
import selectors

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_SLICE = 0.1
"""Seconds after which a lone Esc is told from the beginning of another key."""
_BYTES = 4096


class Driver(LinuxDriver):
    """The driver of Textual, but for the thread that reads keys: it can be woken."""

    _pipe: tuple[int, int] | None = None
    """What wakes the thread: the end that it looks at, and the one that is written to."""

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
                    data = os.read(self.fileno, _BYTES)
                    if not data:
                        return
                    for message in parser.feed(decode(data)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
