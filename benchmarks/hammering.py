"""Hammers the terminal UI with bursts of random keys, on a pseudo-terminal that changes its size, and says what broke.

    python -m benchmarks.hammering [--seeds 5] [--bursts 3] [--keys 200] [PLACE...]

A burst holds keys of the table of commands, keys of no meaning, the mouse, a focus that comes and goes, beginnings of
escape sequences and pasted texts. After each one, Esc has to lead to the start, however deep it led; at the end Ctrl+Q
has to end the program with 0. Whatever is written is written into a folder that is gone afterwards. Exit code 1 if
anything broke.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from benchmarks.terminal import ROOT
from tests.tui.drawn import Drawn
from wssdoctor.tui.command import NAMES
from wssdoctor.tui.commands import COMMANDS

SAMPLE = ROOT / "wssdoctor" / "sample"
SIZES = ((80, 24), (60, 16), (200, 60), (140, 40), (20, 5), (1, 1))
SEEN = (100, 30)
"""Columns and lines of the terminal while it is looked at."""
ESC, QUIT = "\x1b[27u", "\x11"
ESCAPES = 8
"""Presses of Esc that lead to the start from anywhere: dialogs over dialogs, a run, a pane alone, a search."""
PATIENCE = 20.0
"""Seconds after which something counts as stuck."""
START = "What you need"
BROKEN = ("internal error", "A defect of this program", "Traceback")

_ENDING = frozenset(("q", "ctrl+q", "ctrl+z"))
_SENT = {
    **{key: name for key, name in NAMES.items() if len(name) == 1 and name.isascii()},
    "enter": "\r",
    "escape": ESC,
    "space": " ",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "f1": "\x1bOP",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+p": "\x10",
    "ctrl+o": "\x0f",
    "ctrl+s": "\x13",
}
"""What terminals send for keys that are no letters."""
_UNKNOWN = ("Z", "€", "ü", "\x00", "\x7f", "\x02", "\x03", "\x1b[15~", "\x1bx", "\x1b[1;5D", "\x1b[57441;5u", "日本")
_MOUSE = (0, 2, 32, 35, 64, 65)
_NOISE = ("\x1b[I", "\x1b[O", "\x1b[", "\x1b", "\x1b[<", "\x1b[<0;", "\x1b]11;rgb:00/00/00\x07", "\x1bP", "\x1b[200")
_PASTED = ("WSS031", "a\nb\x1b[31mc\x00", "x" * 3000, "\x1b[200~", "")


def keys() -> list[str]:
    """Return what all keys of the table send, but for those that end or stop the program."""
    table = [key for one in COMMANDS for key in one.keys if key not in _ENDING]
    return [_SENT.get(key, key) for key in table if key in _SENT or len(key) == 1]


def burst(chance: random.Random, number: int) -> list[str]:
    """Return what so many random keys send."""
    table, found = keys(), []
    for _ in range(number):
        kind = chance.random()
        if kind < 0.8:
            found.append(chance.choice(table))
        elif kind < 0.86:
            found.append(chance.choice(_UNKNOWN))
        elif kind < 0.94:
            at = f"{chance.choice(_MOUSE)};{chance.randint(-2, 210)};{chance.randint(-2, 70)}"
            found.append(f"\x1b[<{at}{chance.choice('Mm')}")
        elif kind < 0.97:
            found.append(chance.choice(_NOISE))
        else:
            found.append(f"\x1b[200~{chance.choice(_PASTED)}\x1b[201~")
    return found


class Hammered:
    """The program on a terminal that it can be resized by, in a folder of its own."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self._master, slave = pty.openpty()
        environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")}
        environment |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none"}
        environment |= dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"), str(folder / "home"))
        self._drawn, self.said = Drawn(SEEN), b""
        self.resize(SEEN)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wssdoctor", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # else no word of its size
        )
        os.close(slave)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal so many columns and lines."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._drawn = Drawn(size)

    def type(self, keys: str) -> None:
        """Press keys, reading what is written meanwhile."""
        os.write(self._master, keys.encode("utf-8"))
        self.read(0)

    def read(self, seconds: float) -> None:
        """Take what is written within some time."""
        end = time.monotonic() + seconds
        while select.select([self._master], [], [], max(end - time.monotonic(), 0))[0]:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            self.said = self.said[-(1 << 20) :] + data
            self._drawn.take(data)

    def shows(self, text: str, seconds: float) -> bool:
        """Whether the screen shows a text within some time."""
        end = time.monotonic() + seconds
        while text not in self._drawn.text and self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        return text in self._drawn.text

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._drawn.text

    def close(self) -> None:
        """End the program, and say with which code it ended; -9 where it had to be killed."""
        try:
            self.process.wait(0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


def hammered(words: list[str], seed: int, bursts: int, number: int) -> str:
    """Hammer one case with one seed; return what broke, if anything."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "home").mkdir()
        one = Hammered(Path(folder), words)
        try:
            one.shows("1 Findings", PATIENCE)
            one.read(chance.random())
            for _ in range(bursts):
                said = _burst(one, chance, number)
                if said or one.process.poll() is not None:  # the palette, or q on the start, ended it
                    return said
            one.type(QUIT)
            end = time.monotonic() + PATIENCE
            while one.process.poll() is None and time.monotonic() < end:
                one.read(0.05)
            code = one.process.poll()
            return "" if code == 0 else f"it does not end: {code}"
        finally:
            one.close()


def _burst(one: Hammered, chance: random.Random, number: int) -> str:
    for key in burst(chance, number):
        if chance.random() < 0.05:
            one.resize(chance.choice(SIZES))
        try:
            one.type(key)
        except OSError:
            break
        if chance.random() < 0.2:
            one.read(0.03 * chance.random())
    one.read(0.3)  # a beginning of a sequence is over
    one.resize(SEEN)
    for _ in range(ESCAPES):
        if one.shows(START, 0.3):
            break
        one.type(ESC)
    there = one.shows(START, PATIENCE)
    for broken in BROKEN:
        if broken.encode() in one.said:
            at = one.said.index(broken.encode())
            return one.said[at : at + 300].decode("utf-8", "replace")
    if one.process.poll() is not None:
        return "" if one.process.returncode == 0 else f"it ended with {one.process.returncode}: {one.said[-300:]!r}"
    return "" if there else f"{ESCAPES} times Esc do not lead to the start:\n{one.text}"


def exports(folder: Path) -> Path:
    """Write a folder of exports of which not everything can be read."""
    (folder / "users.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|64|\n")
    (folder / "holiday.txt").write_text("nothing of SAP\n")
    return folder


def main() -> int:
    """Hammer every place with every seed, and print a line for each."""
    parser = argparse.ArgumentParser(description="Hammer the terminal UI with random keys.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--bursts", type=int, default=3)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("places", nargs="*", metavar="PLACE", help="sample, nothing, exports, lab; else all of them")
    asked = parser.parse_args()
    broke = 0
    with tempfile.TemporaryDirectory() as folder:
        places = {
            "sample": ["demo"],
            "nothing": [],
            "exports": [str(exports(Path(folder)))],
            "lab": ["lab", "--port", "0", "--tui", str(SAMPLE / "system.yaml")],
        }
        for name in asked.places or places:
            for seed in range(1, asked.seeds + 1):
                began = time.monotonic()
                said = hammered(places[name], seed, asked.bursts, asked.keys)
                broke += bool(said)
                print(f"{name:8} seed {seed}: {said or 'fine'}   {time.monotonic() - began:.1f} s", flush=True)
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
