"""The terminal UI, watching its own screen's thread: what holds it up, and how often a run tells something.

    python -m benchmarks.watched NOTES FINDINGS [SYSTEM CAPTURES]

``NOTES`` is the file that is written at the end; with ``FINDINGS`` above 0 every list of findings is repeated to that
length. Without files the built-in sample is opened.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace
from textual.message import Message

from wssdoctor.tui import app as ui
from wssdoctor.tui import runner
from wssdoctor.tui.news import Advanced
from wssdoctor.tui.rows import Row, rows_of

BEAT = 0.005
"""Seconds between two looks at the clock."""
WORTH_NOTING = 0.01
"""Seconds that a look comes too late."""


class Stall(msgspec.Struct, frozen=True):
    """A look at the clock that came too late."""

    seconds: float
    queued: float
    """Seconds of it in which the thread was ready to run, and the machine had no processor for it."""
    computed: float
    """Seconds of it in which the thread itself computed."""
    beside: float
    """Seconds that the other threads of the program computed meanwhile."""
    phase: str
    """What the run was doing."""

    @property
    def own(self) -> float:
        """Seconds of it that the program owes to itself: it computed, or waited for a thread of its own that did."""
        return self.computed + min(self.beside, max(self.seconds - self.queued - self.computed, 0.0))


class Notes(msgspec.Struct, frozen=True):
    """What was noted."""

    stalls: tuple[Stall, ...]
    news: int
    """Messages of a run in its busiest second."""

    def longest(self, *phases: str) -> Stall:
        """Return the longest stall, in some phases or at any time."""
        return max(self._of(phases), key=lambda one: one.seconds, default=Stall(0, 0, 0, 0, ""))

    def longest_own(self, *phases: str) -> float:
        """Return the longest stall that the program owes to itself."""
        return max((one.own for one in self._of(phases)), default=0.0)

    def _of(self, phases: Sequence[str]) -> list[Stall]:
        return [one for one in self.stalls if not phases or one.phase in phases]


def queued() -> float:
    """Return the seconds that the main thread was ready and waited for a processor; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/self/task/{threading.main_thread().native_id}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


class Watched(ui.WssdoctorApp):
    """The app, with a heart that beats in the screen's thread."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.stalls: list[Stall] = []
        self.told: list[float] = []

    def on_load(self) -> None:
        """Begin to watch."""
        self._beating = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            waited, ran, everything = queued(), time.thread_time(), time.process_time()
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            late = time.perf_counter() - before - BEAT
            if late > WORTH_NOTING:
                ran, everything = time.thread_time() - ran, time.process_time() - everything
                waited = min(queued() - waited, late)
                self.stalls.append(Stall(late, waited, ran, everything - ran, self.session.phase))

    def post_message(self, message: Message) -> bool:
        """Note when a run tells something."""
        if isinstance(message, Advanced):
            self.told.append(time.perf_counter())
        return super().post_message(message)

    @property
    def notes(self) -> Notes:
        """What was noted until now."""
        busiest = max((sum(1 for other in self.told if at <= other < at + 1) for at in self.told), default=0)
        return Notes(tuple(self.stalls), busiest)


def repeated(number: int, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows without their headings, repeated to a number."""
    rows = [row for row in rows if row.sign.kind != "heading"]
    return tuple(
        replace(rows[index % len(rows)], family="row", name=str(index), title=f"finding {index} ready")
        for index in range(number if rows else 0)
    )


def main(notes: Path, findings: int, files: Sequence[Path]) -> None:
    """Run the app, and write what was noted."""
    watched: list[Watched] = []

    def made(*arguments: Any, **options: Any) -> Watched:
        watched.append(Watched(*arguments, **options))
        return watched[0]

    ui.WssdoctorApp = made  # type: ignore[assignment, misc]
    if findings:
        setattr(runner, "rows_of", lambda *arguments: repeated(findings, rows_of(*arguments)))  # noqa: B010 - not exported
    ui.run(files[0] if files else None, files[1:], sample=not files)
    notes.write_bytes(msgspec.json.encode(watched[0].notes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
