"""How fluid the terminal UI is, on a real pseudo-terminal: first paint, keys, stalls, memory, bytes, cancelling, quitting.

Everything is compared with an empty Textual app or with a process that only sleeps, in the same run, or with a limit in
milliseconds for a machine of two idle cores. Nothing is gated: a table is printed, and the exit code is 0 whatever it
says.

    python -m benchmarks.tui [RUNS [PART...]]
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from benchmarks.empty_app import MARKER
from benchmarks.terminal import ROOT, Drawn, Terminal, terminal
from benchmarks.watched import Notes

SAMPLE = ROOT / "wssdoctor" / "sample"
FINDINGS = 10_000
MANY_FINDINGS = 100_000
CAPTURES = 5_000
ESC, QUIT, DOWN, PAGE_DOWN = "\x1b", "\x11", "\x1b[B", "\x1b[6~"

PHASES = {
    "reading": "READING",
    "checks": "causes so far",
    "remedies": "TRYING REMEDIES",
    "plan": "SEARCHING THE SMALLEST",
    "done": "CAUSES CONFIRMED",
}
"""What a run does one after the other, and what the screen says then."""
RUNNING = ("reading", "checks", "remedies", "plan")

ASLEEP = """
import sys, time
longest, before = 0.0, time.perf_counter()
print(flush=True)
while not sys.stdin.closed and time.perf_counter() < before + 3600:
    start = time.perf_counter()
    time.sleep(0.005)
    longest = max(longest, time.perf_counter() - start - 0.005)
    print(longest, flush=True)
"""
"""A process that does nothing but sleep, and prints how much too long it ever slept."""


def row(goal: str, value: str, limit: str = "", reached: bool | None = None) -> None:
    """Print a line of the table."""
    said = "" if reached is None else "reached" if reached else "MISSED"
    print(f"{goal:62}{value:>22}{limit:>18}  {said}".rstrip(), flush=True)


def within(goal: str, seconds: float, limit: float) -> None:
    """Print a line about a time and its limit, both in seconds."""
    row(goal, f"{seconds * 1000:.0f} ms", f"{limit * 1000:.0f} ms", seconds <= limit)


def high(values: Sequence[float]) -> float:
    """Return the value that 95 % are not above."""
    return sorted(values)[max(-(-len(values) * 95 // 100) - 1, 0)]


def drawn(goal: str, keys: Sequence[Drawn], limits: tuple[float, float]) -> None:
    """Print how long keys took until the screen was drawn: median, 95 % and longest; limits for the first two."""
    last = [key.last for key in keys]
    taken = (statistics.median(last), high(last), max(last))
    value = " / ".join(f"{one * 1000:.0f}" for one in taken) + " ms"
    reached = taken[0] <= limits[0] and taken[1] <= limits[1]
    row(f"{goal}, drawn: median, 95 %, longest", value, f"{limits[0] * 1000:.0f} / {limits[1] * 1000:.0f} ms", reached)


def paint(runs: int) -> None:
    """Measure the first paint."""
    modules: dict[str, tuple[tuple[str, ...], str]] = {
        "empty": (("benchmarks.empty_app",), MARKER),
        "start": (("wssdoctor",), "4 Knowledge"),
        "sample": (("wssdoctor", "demo"), "4 Knowledge"),
    }
    taken: dict[str, list[float]] = {name: [] for name in modules}
    for number in range(runs + 1):
        for name, (module, marker) in modules.items():
            with terminal(*module, size=(80, 24)) as one:
                one.until(marker)
                if number:  # the first one writes compiled modules
                    taken[name].append(time.perf_counter() - one.began)
    median = {name: statistics.median(values) for name, values in taken.items()}
    for name in ("start", "sample"):
        ratio = median[name] / median["empty"]
        row(f"first paint, {name} / empty Textual app", f"{ratio:.2f}", "1.6", ratio <= 1.6)
        within(f"first paint, {name}", median[name], 0.45)


@contextlib.contextmanager
def watched(findings: int, *files: str) -> Iterator[tuple[Terminal, Callable[[], Notes]]]:
    """Run the terminal UI so that it watches itself; what is returned beside it quits and says what was noted."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.json"
        with terminal("benchmarks.watched", str(notes), str(findings), *files) as one:

            def ended() -> Notes:
                one.leave(QUIT)
                return msgspec.json.decode(notes.read_bytes(), type=Notes)

            yield one, ended


@contextlib.contextmanager
def asleep() -> Iterator[Callable[[], float]]:
    """Run a process that only sleeps; what is returned says how many seconds it ever slept too long."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([sys.executable, "-c", ASLEEP], stdout=said, stdin=subprocess.PIPE)

        def longest() -> float:
            said.seek(0)
            return max(map(float, said.read().split()), default=0.0)

        try:
            yield longest
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def many_captures() -> Iterator[tuple[str, str]]:
    """Write the captures of the sample many times; return the description and their folder."""
    texts = [path.read_bytes() for path in sorted((SAMPLE / "captures").glob("*.http"))]
    with tempfile.TemporaryDirectory() as folder:
        for index in range(CAPTURES):
            (Path(folder) / f"{index:05d}.http").write_bytes(texts[index % len(texts)])
        yield str(SAMPLE / "system.yaml"), folder


def findings(runs: int) -> None:
    """Measure keys, filter, modes, memory and bytes with many findings."""
    with watched(FINDINGS) as (one, ended):  # left alone: what keys do is no stall of findings that come
        one.until(" ready")
        one.until(PHASES["done"])
        one.quiet()
        _memory(one, FINDINGS, 60)
        _stall(f"longest stall while {FINDINGS} findings come", ended())
    with watched(FINDINGS) as (one, _):
        one.until(" ready")
        one.until(PHASES["done"])
        one.quiet()
        keys = [one.press("j") for _ in range(runs * 6)]
        within("row key: first byte, 95 %", high([key.first for key in keys]), 0.03)
        drawn("row key", keys, (0.06, 0.12))
        size = statistics.median(key.size for key in keys) / 1024
        row("row key: written to the terminal", f"{size:.1f} KiB", "12 KiB", size <= 12)
        drawn("page down", [one.press(PAGE_DOWN) for _ in range(runs * 2)], (0.06, 0.12))
        drawn("filter", [one.press("f") for _ in range(runs * 2)], (0.1, 0.1))
        drawn("sort", [one.press("s") for _ in range(runs * 2)], (0.1, 0.1))
        one.press("/")
        drawn("letter typed into the search", [one.press(key) for key in "finding 1234"], (0.1, 0.1))
        one.press(ESC)
        for name, there, back in (("mode switch", "4", "1"), ("help opened", "?", ESC)):
            both = [(one.press(there), one.press(back)) for _ in range(runs)]
            drawn(name, [key for key, _ in both], (0.25, 0.25))
        one.quiet()
        written = one.read_for(10)
        row("written in 10 s of doing nothing", f"{written} B", "0 B", written == 0)
    with watched(MANY_FINDINGS) as (one, _):
        one.until(" ready")
        one.until(PHASES["done"])
        one.quiet()
        _memory(one, MANY_FINDINGS, 100)


def _memory(one: Terminal, number: int, limit: float) -> None:
    memory = one.memory()
    row(f"memory with {number} findings", f"{memory:.0f} MiB", f"{limit:.0f} MiB", memory <= limit)


def captures(runs: int) -> None:
    """Measure the screens of a case of many captures."""
    with many_captures() as files, watched(0, *files) as (one, _):
        one.until(PHASES["done"])
        one.quiet()
        row(f"memory with {CAPTURES} captures", f"{one.memory():.0f} MiB")
        for mode, name in (("1", "finding"), ("2", "request"), ("3", "remedy")):
            if mode != "1":
                drawn(f"mode of each {name}, first time", [one.press(mode)], (0.25, 0.25))
            drawn(f"next {name} of {CAPTURES} captures", [one.press("j") for _ in range(runs * 3)], (0.06, 0.12))
            pages = [one.press(key) for _ in range(runs) for key in (PAGE_DOWN, "\x1b[F", "\x1b[H")]
            drawn(f"pages of each {name}", pages, (0.06, 0.12))


def running(runs: int) -> None:
    """Measure the screen's thread, keys and bytes while many captures are diagnosed, with many findings."""
    with many_captures() as files, asleep() as longest, watched(FINDINGS, *files) as (one, ended):
        words = ("confirmed only", "everything, ruled", "problems and gaps")
        one.until(PHASES["checks"])
        one.read_for(1.5)  # what is found first fills the screen
        for phase in ("checks", "remedies", "plan"):
            one.until(PHASES[phase])
            seconds = 3.0 if phase == "checks" else 1.5
            written = one.read_for(seconds) / seconds / 1024
            row(f"written in a second of {phase}", f"{written:.1f} KiB", "20 KiB", written <= 20)
            keys = []
            for index in range(3 * runs if phase == "checks" else 6):
                one.type("f")
                keys.append(one.until(words[index % 3]))
            within(f"filter of {FINDINGS} findings while {phase} run, 95 %", high(keys), 0.15)
        one.until(PHASES["done"])
        one.read_for(1)
        noted, other = ended(), longest()
    for phase in (*RUNNING, "done"):
        _stall(f"longest stall: {phase}", noted, phase)
    row("longest stall of a process beside it that only sleeps", f"{other * 1000:.0f} ms")
    row("news of a run in its busiest second", f"{noted.news}", "20", noted.news <= 20)


def _stall(goal: str, noted: Notes, *phases: str) -> None:
    """Print the longest stall, and the longest that is the program's own: the machine may be busy with other things."""
    within(goal, noted.longest(*phases).seconds, 0.05)
    within("  that the program owes to itself", noted.longest_own(*phases), 0.05)


def leaving(runs: int) -> None:
    """Measure Esc until it is said, and quitting until the process is gone, whatever goes on."""
    tries = max(runs // 3, 1)
    with many_captures() as files:
        for phase, words in PHASES.items():
            taken = [
                _reached(files, words, 0.05 + 0.4 * number, lambda one: one.leave(QUIT)) for number in range(tries)
            ]
            within(f"quitting until the process is gone: {phase}", max(taken), 0.3)
            if phase in RUNNING:
                taken = [_reached(files, words, 0.05 + 0.4 * number, _cancelled) for number in range(tries)]
                within(f"Esc until CANCELLED is seen: {phase}", max(taken), 0.3)


def _reached(files: tuple[str, str], words: str, later: float, measured: Callable[[Terminal], float]) -> float:
    with terminal("wssdoctor", *files) as one:
        one.until(words)
        one.read_for(later)
        return measured(one)


def _cancelled(one: Terminal) -> float:
    one.type(ESC)
    return one.until("CANCELLED")


PARTS: dict[str, Callable[[int], None]] = {
    "paint": paint,
    "findings": findings,
    "captures": captures,
    "running": running,
    "leaving": leaving,
}


def main(runs: int, parts: Sequence[str]) -> None:
    """Measure and print."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {runs} runs")
    print(f"{'goal':62}{'measured':>22}{'may be':>18}")
    for name, part in PARTS.items():
        if not parts or name in parts:
            part(runs)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7, sys.argv[2:])
