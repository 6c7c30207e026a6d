"""Files that are made and written off the screen's thread: each one wholly, or not at all.

The end of the program does not wait for what is still being made, but for what is being written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from msgspec import Struct
from textual.message_pump import MessagePump

from wssdoctor.atomic import replace_file
from wssdoctor.errors import InputError, WssdoctorError
from wssdoctor.tui.jobs import Jobs

_SECONDS = 10
"""How long the end waits for a disk that does not answer."""


class File(Struct, frozen=True):
    """A file as it is to be."""

    path: Path
    data: bytes
    permissions: int | None = None


class Writer:
    """The files of an app that are not written yet."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._unwritten: list[Path] = []
        self._pen = Lock()

    @property
    def unwritten(self) -> tuple[Path, ...]:
        """What is being made or written."""
        return tuple(self._unwritten)

    def write(
        self,
        asker: MessagePump,
        path: Path,
        make: Callable[[], Sequence[File]],
        then: Callable[[], object],
        refused: Callable[[WssdoctorError], object],
    ) -> None:
        """Make files aside, of which ``path`` is the first, and write them; ``then`` or ``refused`` is told."""
        self._unwritten.append(path)

        def work() -> None:
            try:
                files = make()
                with self._pen:
                    _write(files)
            finally:
                self._unwritten.remove(path)

        self._jobs.begin(asker, f"write {path}", work, lambda _: then(), refused)

    def end(self) -> None:
        """Wait for files that are being written, and let no other one begin."""
        self._pen.acquire(timeout=_SECONDS)


def _write(files: Sequence[File]) -> None:
    try:
        for one in files:
            replace_file(one.path, one.data, one.permissions)
    except OSError as error:
        raise InputError.because(error.strerror or type(error).__name__) from None
