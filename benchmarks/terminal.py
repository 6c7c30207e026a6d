"""A program on a pseudo-terminal of its own, as a user has it before them: keys in, bytes out, how long that takes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SETTLED = 0.1
"""Seconds of silence after which a screen is taken for drawn."""


_NOT_A_USERS = ("NO_COLOR", "PYTHONDONTWRITEBYTECODE")
"""Variables that are left out: who installs a program has it compiled, as the libraries are that it is compared with."""


class Drawn(NamedTuple):
    """What a key did."""

    first: float
    """Seconds until the first byte was written."""
    last: float
    """Seconds until the last one was."""
    size: int
    """Bytes."""


class Terminal:
    """A module of Python that runs on a terminal."""

    def __init__(self, module: Sequence[str], size: tuple[int, int], folder: str) -> None:
        """Start it; ``folder`` is where it keeps what it keeps."""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {key: value for key, value in os.environ.items() if key not in _NOT_A_USERS}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_STATE_HOME": folder}
        environment |= {"PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none", "XDG_CONFIG_HOME": folder}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module], stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
        )
        os.close(slave)
        self.seen = b""

    def read(self, seconds: float) -> bytes:
        """Return what is written within some time; nothing if nothing is."""
        if select.select([self.master], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                data = os.read(self.master, 1 << 16)
                self.seen += data
                return data
        return b""

    def read_for(self, seconds: float) -> int:
        """Take what is written for some time; return how many bytes that is."""
        before, end = len(self.seen), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return len(self.seen) - before

    def until(self, marker: str, seconds: float = 300) -> float:
        """Wait for a text and return how long that took."""
        start, deadline = time.perf_counter(), time.perf_counter() + seconds
        while marker.encode() not in self.seen:
            if time.perf_counter() > deadline or (self.process.poll() is not None and not self.read(0)):
                raise TimeoutError(f"{marker!r} never came; last: {self.seen[-300:]!r}")
            self.read(0.5)
        return time.perf_counter() - start

    def type(self, keys: str) -> None:
        """Press keys without waiting; what was written before is forgotten."""
        self.seen = b""
        os.write(self.master, keys.encode())

    def press(self, key: str) -> Drawn:
        """Press a key while nothing else goes on, and wait until the screen is drawn."""
        self.quiet()
        start = time.perf_counter()
        os.write(self.master, key.encode())
        first = last = 0.0
        count = 0
        while data := self.read(1.0 if not first else SETTLED):
            last = time.perf_counter() - start
            first = first or last
            count += len(data)
        return Drawn(first, last, count)

    def leave(self, key: str) -> float:
        """Press a key that ends the program; return the seconds until the process is gone."""
        start = time.perf_counter()
        os.write(self.master, key.encode())
        while self.process.poll() is None:
            self.read(0.001)
        return time.perf_counter() - start

    def quiet(self) -> None:
        """Wait until nothing is written any more."""
        while self.read(0.15):
            pass

    def memory(self) -> float:
        """Return the resident set in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        """End the program."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@contextlib.contextmanager
def terminal(*module: str, size: tuple[int, int] = (140, 40)) -> Iterator[Terminal]:
    """Run a module with its arguments on a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        found = Terminal(module, size, folder)
        try:
            yield found
        finally:
            found.close()
