"""The program on a pseudo-terminal: what really goes out to a user's screen."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType

from tests.tui.drawn import Drawn

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

SAMPLE = "run(None, sample=True)"
_PATIENCE = 90
"""Seconds after which something that is waited for is given up: no measure of anything."""
_QUIET = 0.05
"""Seconds without a word after which a step counts as drawn; what comes later is read with the next one."""


class Terminal:
    """The program on a terminal of its own; everything that it writes is kept."""

    def __init__(
        self,
        folder: Path,
        *,
        call: str = SAMPLE,
        before: str = "",
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        """Start it with a state folder of its own; ``before`` are statements that are carried out first."""
        program = f"{before}\nfrom pathlib import Path; from wssdoctor.tui.app import run; raise SystemExit({call})"
        self._master, slave = pty.openpty()
        self.resize(size)
        # Columns and lines that a test runner names would go before those of the terminal.
        clean = {
            key: value
            for key, value in os.environ.items()
            if key not in ("NO_COLOR", "COLUMNS", "LINES", "PYTEST_CURRENT_TEST")
        }
        clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder)}
        clean |= {"TEXTUAL_ANIMATIONS": "none", **(environment or {})}
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=clean,
            close_fds=True,
            cwd=directory,
        )
        os.close(slave)
        self.written = b""
        self._drawn = Drawn(size)
        self._seen = 0
        """How much was written when the last key was pressed."""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """Everything that was written."""
        return self.written.decode("utf-8", "replace")

    def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal so many columns and lines."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def press(self, keys: str, sees: str) -> None:
        """Type something, and wait until a text is written after it."""
        self.type(keys)
        self.until(sees)

    def type(self, keys: str) -> None:
        """Type something, and read nothing of what is written then."""
        self._seen = len(self.written)
        os.write(self._master, keys.encode())

    def ended(self) -> int | None:
        """Wait for the end without reading what is written; return the exit code, or none where it does not end."""
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return None

    def click(self, text: str, sees: str) -> None:
        """Click on a text, where it is lowest, as bars are; wait until the screen shows a text."""
        self._rest()
        self._wait(lambda: text in self._drawn.text, f"{text!r} to click on")
        lines = self._drawn.text.split("\n")
        rows = [index for index, line in enumerate(lines) if text in line]
        at = f"{lines[rows[-1]].index(text) + 2};{rows[-1] + 1}"
        os.write(self._master, f"\x1b[<35;{at}M\x1b[<0;{at}M\x1b[<0;{at}m".encode())
        self._wait(lambda: sees in self._drawn.text, f"{sees!r} after a click on {text!r}")

    def until(self, sees: str) -> None:
        """Wait until a text is written after the last key."""
        self._wait(lambda: sees.encode() in self.written[self._seen :], sees)

    def walk(self, steps: Iterable[tuple[str, str]]) -> None:
        """Press keys, and wait until the screen shows a text that it did not show before, step by step.

        What begins with an escape is waited for among what is written.
        """
        for keys, sees in steps:
            if sees.startswith("\x1b"):
                self.press(keys, sees)
            else:
                self._show(keys, sees)
            self._rest()

    def _rest(self) -> None:
        """Read until nothing is written for a moment: what is seen then stays where it is."""
        while select.select([self._master], [], [], _QUIET)[0] and self._read():
            pass

    def _show(self, keys: str, sees: str) -> None:
        self._wait(lambda: sees not in self._drawn.text, f"a screen without {sees!r} before {keys!r}")
        os.write(self._master, keys.encode())
        self._wait(lambda: sees in self._drawn.text, f"{sees} after {keys!r}")

    def _wait(self, come: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not come():
            assert self._read(), f"{what!r} was never written, and the program has ended; shown:\n{self._drawn.text}"
            assert time.monotonic() < deadline, f"{what!r} is not written; shown:\n{self._drawn.text}"

    def leave(self, keys: str = "\x11") -> int | None:
        """Quit, and return the exit code; none where the program does not end."""
        os.write(self._master, keys.encode())
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._read():
            pass
        return self.ended()

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def stopped(self) -> bool:
        """Wait until the program is stopped, as a shell does; say whether it came to that."""
        found = os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        return found is not None and found.si_code == os.CLD_STOPPED

    def hang_up(self) -> int | None:
        """Take the terminal away, and return the exit code; none where the program goes on without one."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDWR)
        return self.ended()

    def _read(self) -> bool:
        """Take what is written, waiting a little for it; false where nobody is there any more."""
        if not select.select([self._master], [], [], 0.2)[0]:
            return self._process.poll() is None
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.written += data
        self._drawn.take(data)
        return bool(data)
