"""How fluid the terminal UI is, on a real pseudo-terminal: first paint, keys, filter, memory, bytes, cancelling.

Everything is compared with an empty Textual app in the same run, or with a limit in milliseconds for a machine of two
idle cores. Nothing is gated: a table is printed, and the exit code is 0 whatever it says.

    python -m benchmarks.tui [RUNS]
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CAPTURES = ROOT / "wssdoctor" / "sample" / "captures"
SYSTEM = ROOT / "wssdoctor" / "sample" / "system.yaml"
SETTLED = 0.04
"""Seconds of silence after which a screen is taken for drawn."""

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self): yield Static("marker-empty")
Empty().run()
"""
RUN = "from wssdoctor.cli.main import main; import sys; sys.argv[1:] = {arguments!r}; main()"
MANY = """
import asyncio, sys, threading, time
from pathlib import Path
from msgspec.structs import replace
from wssdoctor.tui import app as ui
class Many(ui.WssdoctorApp):
    stall, told, many = 0.0, [], []
    async def on_load(self):
        Many.one = self
        self.beating = asyncio.create_task(self.measure())
    async def measure(self):
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            self.stall = max(self.stall, time.perf_counter() - before - 0.005)
    def post_message(self, message):
        if type(message).__name__ == "Advanced":
            self.told.append(time.perf_counter())
        return super().post_message(message)
    def try_basket(self, basket):
        super().try_basket(basket)
        if self.session.phase == "done" and {number} and not self.many:
            self.many = [row for row in self.session.rows if row.kind != "heading"]
            threading.Thread(target=self.multiply).start()
    def multiply(self):
        rows = self.many
        many = tuple(replace(rows[index % len(rows)], key=("row", str(index)), title=f"finding {{index}} ready")
                     for index in range({number}))
        self.call_from_thread(self.take, many)
    def take(self, many):
        self.stall = 0.0
        self.session = replace(self.session, rows=many)
        self._show()
        self.set_timer(1.0, lambda: setattr(self, "first_stall", self.stall))
ui.WssdoctorApp = Many
ui.run({arguments})
app = Many.one
busiest = max((sum(1 for other in app.told if one <= other < one + 1) for one in app.told), default=0)
print(f"STALL {{getattr(app, 'first_stall', app.stall)*1000:.0f}} TOLD {{busiest}} ", flush=True)
"""


class Terminal:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, program: str, size: tuple[int, int], folder: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_STATE_HOME": folder}
        environment |= {"PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none", "XDG_CONFIG_HOME": folder}
        self.began = time.perf_counter()
        script = Path(folder) / "program.py"  # Textual wants to know in which file an app stands
        script.write_text(program)
        self.process = subprocess.Popen(
            [sys.executable, str(script)], stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
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

    def until(self, marker: str, seconds: float = 60) -> float:
        """Wait for a text and return how long that took."""
        start, deadline = time.perf_counter(), time.perf_counter() + seconds
        while marker.encode() not in self.seen:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{marker!r} never came; last: {self.seen[-300:]!r}")
            self.read(0.5)
        return time.perf_counter() - start

    def press(self, key: str) -> tuple[float, float, int]:
        """Press a key; return seconds to the first byte and to the last one, and how many bytes were written."""
        self.quiet()
        start = time.perf_counter()
        os.write(self.master, key.encode())
        first = last = 0.0
        count = 0
        while data := self.read(1.0 if not first else SETTLED):
            last = time.perf_counter() - start
            first = first or last
            count += len(data)
        return first, last, count

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
def terminal(program: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Run a program on a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        found = Terminal(program, size, folder)
        try:
            yield found
        finally:
            found.close()


def first_paint(program: str, marker: str) -> float:
    """Return the seconds from the start of the process to a text on the screen."""
    with terminal(program) as one:
        one.until(marker)
        return time.perf_counter() - one.began


def row(goal: str, value: str, limit: str, reached: bool) -> None:
    """Print a line of the table."""
    print(f"{goal:58}{value:>22}{limit:>16}  {'reached' if reached else 'MISSED'}", flush=True)


def paint(runs: int) -> None:
    """Measure the first paint."""
    programs = {"empty": (EMPTY, "marker-empty"), "start": (RUN.format(arguments=[]), "4 Knowledge")}
    programs["sample"] = (RUN.format(arguments=["demo"]), "4 Knowledge")
    for one in programs.values():
        first_paint(*one)
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, one in programs.items():
            taken[name].append(first_paint(*one))
    median = {name: statistics.median(values) for name, values in taken.items()}
    for name in ("start", "sample"):
        ratio = median[name] / median["empty"]
        row(f"first paint, {name} / empty Textual app", f"{ratio:.2f}", "1.6", ratio <= 1.6)
        row(f"first paint, {name}", f"{median[name] * 1000:.0f} ms", "450 ms", median[name] <= 0.45)


def many(number: int, runs: int) -> None:
    """Measure keys, filter, modes, memory and bytes with many findings."""
    program = MANY.format(number=number, arguments="None, sample=True")
    with terminal(program, (140, 40)) as one:
        one.until(" ready")
        one.quiet()
        memory = one.memory()
        limit = 60 if number <= 10_000 else 100
        row(f"memory with {number} findings", f"{memory:.0f} MiB", f"{limit} MiB", memory <= limit)
        if number > 10_000:
            return
        keys = [one.press("j") for _ in range(runs * 4)]
        first, last = sorted(key[0] for key in keys), sorted(key[1] for key in keys)
        high = int(len(keys) * 0.95) - 1
        row("row key: first byte, 95 %", f"{first[high] * 1000:.0f} ms", "30 ms", first[high] <= 0.03)
        row(
            "row key: drawn, median",
            f"{statistics.median(last) * 1000:.0f} ms",
            "60 ms",
            statistics.median(last) <= 0.06,
        )
        row("row key: drawn, 95 %", f"{last[high] * 1000:.0f} ms", "120 ms", last[high] <= 0.12)
        size = statistics.median(key[2] for key in keys) / 1024
        row("row key: written to the terminal", f"{size:.1f} KiB", "12 KiB", size <= 12)
        for name, pressed in (("filter", "f"), ("sort", "s")):
            taken = statistics.median(one.press(pressed)[1] for _ in range(runs))
            row(f"{name} of {number} findings", f"{taken * 1000:.0f} ms", "100 ms", taken <= 0.1)
        for name, there, back in (("mode switch", "4", "1"), ("help opened", "?", "q")):
            one.press(there), one.press(back)
            times = []
            for _ in range(runs):
                times.append(one.press(there)[1])
                one.press(back)
            taken = statistics.median(times)
            row(f"{name}, drawn", f"{taken * 1000:.0f} ms", "250 ms", taken <= 0.25)
        one.quiet()
        before = len(one.seen)
        end = time.perf_counter() + 10
        while time.perf_counter() < end:
            one.read(0.5)
        row("written in 10 s of doing nothing", f"{len(one.seen) - before} B", "0 B", len(one.seen) == before)
        os.write(one.master, b"\x11")
        one.until("TOLD")
        stall = float(one.seen.rpartition(b"STALL ")[2].split()[0])
        row(f"longest stall while {number} findings come", f"{stall:.0f} ms", "50 ms", stall <= 50)


def running(captures: int, runs: int) -> None:
    """Measure keys, cancelling and quitting while the checks of many captures run."""
    with tempfile.TemporaryDirectory() as folder:
        texts = [path.read_bytes() for path in sorted(CAPTURES.glob("*.http"))]
        for index in range(captures):
            (Path(folder) / f"{index:05d}.http").write_bytes(texts[index % len(texts)])
        program = MANY.format(number=0, arguments=f"Path({str(SYSTEM)!r}), [Path({folder!r})]")
        with terminal(program, (140, 40)) as one:
            one.until("causes so far")
            time.sleep(2)
            keys = []
            words = ("confirmed only", "everything, ruled", "problems and gaps")
            for index in range(runs * 3):
                one.seen = b""
                os.write(one.master, b"f")
                keys.append(one.until(words[index % 3]))
            high = sorted(keys)[int(len(keys) * 0.95) - 1]
            row(f"filter while {captures} captures are checked, 95 %", f"{high * 1000:.0f} ms", "150 ms", high <= 0.15)
            one.seen = b""
            os.write(one.master, b"\x1b")
            taken = one.until("CANCELLED", 20)
            row("Esc until CANCELLED is seen", f"{taken * 1000:.0f} ms", "300 ms", taken <= 0.3)
        with terminal(program, (140, 40)) as one:
            one.until("causes so far")
            time.sleep(2)
            one.seen = b""
            start = time.perf_counter()
            os.write(one.master, b"\x11")
            one.until("TOLD", 30)
            taken = time.perf_counter() - start
            row("quitting during a run", f"{taken * 1000:.0f} ms", "300 ms", taken <= 0.3)
            told = int(one.seen.rpartition(b"TOLD ")[2].split()[0])
            row("news of a run in its busiest second", f"{told}", "20", told <= 20)


def main(runs: int) -> None:
    """Measure and print."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {runs} runs")
    print(f"{'goal':58}{'measured':>22}{'may be':>16}")
    paint(runs)
    many(10_000, runs)
    many(100_000, runs)
    running(5_000, runs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
