"""Work off the screen's thread, which the end of the program does not wait for.

The interpreter waits for the threads of Textual's own workers before it ends, however long their work takes. These
threads it just leaves. So files are written in a way of their own: see ``writer``.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable
from threading import Thread
from typing import Any, Generic, TypeVar

from textual.message_pump import MessagePump

from wssdoctor.errors import WssdoctorError

T = TypeVar("T")


class Job(Generic[T]):
    """Work of a kind, the app or screen that waits for it, and what that does with the outcome."""

    def __init__(
        self,
        asker: MessagePump,
        kind: str,
        work: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[WssdoctorError], object],
        broke: Callable[[str], object],
    ) -> None:
        self.asker, self.kind = asker, kind
        self._work, self._then, self._refused, self._broke = work, then, refused, broke

    def done(self) -> Callable[[], object]:
        """Do the work; return what is to be done with its outcome by whoever waits for it."""
        try:
            found = self._work()
        except WssdoctorError as error:
            known = error
            return lambda: self._refused(known)
        except Exception as error:  # a defect of ours must not take the screen down with it
            where = broken(error)
            return lambda: self._broke(where)
        return lambda: self._then(found)


class Jobs:
    """What an app has under way; for the screen's thread."""

    def __init__(self, refused: Callable[[WssdoctorError], object], broke: Callable[[str], object]) -> None:
        """Take what is done with an error that nobody else takes, and with the place of a defect."""
        self._refused, self._broke = refused, broke
        self._newest: dict[tuple[MessagePump, str], Job[Any]] = {}

    def begin(
        self,
        asker: MessagePump,
        kind: str,
        work: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[WssdoctorError], object] | None = None,
    ) -> None:
        """Do work aside; ``then`` takes what it returns, or ``refused`` the error, in the thread of the screen.

        Neither is called once the asker has begun newer work of the same kind, has left the screen, or the app ends.
        """
        job = Job(asker, kind, work, then, refused or self._refused, self._broke)
        self._newest = {key: one for key, one in self._newest.items() if one.asker.is_running}
        self._newest[asker, kind] = job

        def run() -> None:
            outcome = job.done()
            with contextlib.suppress(RuntimeError):  # the app is gone, and its loop with it
                asker.call_later(self._take, job, outcome)

        Thread(target=run, daemon=True, name=kind).start()

    def _take(self, job: Job[Any], outcome: Callable[[], object]) -> None:
        if self._newest.get((job.asker, job.kind)) is job:
            del self._newest[job.asker, job.kind]
            if job.asker.app.is_running:
                outcome()

    def under_way(self, kind: str = "") -> bool:
        """Whether somebody still waits for work, or for work of one kind."""
        return any(one.asker.is_running and kind in ("", one.kind) for one in self._newest.values())


def broken(error: BaseException) -> str:
    """Say where something broke without any value: exception texts may hold what was captured."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "wssdoctor" in frame.filename), None)
    place = f" in {last.filename.rpartition('wssdoctor')[2].lstrip('/')}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{place}"
