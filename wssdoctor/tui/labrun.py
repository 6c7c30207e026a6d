"""A lab beside the screen: served by a thread of its own, which lays down what came; the screen fetches it."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.atomic import replace_file
from wssdoctor.errors import Problem, WssdoctorError
from wssdoctor.evidence import Place

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.description.facts import Facts
    from wssdoctor.lab.entry import Entry, Verdict
    from wssdoctor.lab.server import Occurrence
    from wssdoctor.lab.serving import Begun, Where
    from wssdoctor.wsse.private_key import PrivateKey

KEPT = 1000
"""Requests that are kept to be shown; older ones go."""


class Came(Struct, frozen=True):
    """What came, and the file that holds a request with its answer; none where there is none, or it could not be written."""

    entry: Entry
    file: Path | None


class LabRun:
    """One lab. Its thread only adds to what is here; ``number`` changes whenever there is something new."""

    def __init__(
        self,
        system: Path,
        where: Where,
        keys: tuple[PrivateKey, ...] = (),
        folder: Path | None = None,
        passwords: Mapping[str, str] | None = None,
        before: LabRun | None = None,
    ) -> None:
        """Serve ``system``; requests are saved in ``folder``, or until ``clear`` in one of its own.

        With the ``passwords`` of users, those that clients send are compared. ``before`` is a lab that ended: an open
        case may be made of what came to it, so both have one folder.
        """
        self.system, self.where, self.keys = system, where, keys
        self._passwords = passwords
        self.saved_in = folder
        self.address = ""
        """``http://host:port``, once it listens."""
        self.about = ""
        """How clients come to trust its certificate."""
        self.said = ""
        """What was last said about the description."""
        self.problems: tuple[Problem, ...] = ()
        """Why it ended, where it did not end as it was told."""
        self.paths: tuple[str, ...] = ()
        """The paths of the endpoints that are described."""
        self.counts: Counter[Verdict] = Counter()
        """How many requests there were of each verdict, also of those that are kept no longer."""
        self.number = 0
        self._came: deque[Came] = deque(maxlen=KEPT)
        self._lock = Lock()
        self._temporary: tempfile.TemporaryDirectory[str] | None = before._temporary if before is not None else None
        self._held: frozenset[Path] = before._held if before is not None else frozenset()
        self._folder = folder
        self._end: Event = Event()
        self._begun: Begun | None = None
        self._thread = Thread(target=self._serve, daemon=True, name="lab")

    @property
    def running(self) -> bool:
        """Whether it is still served."""
        return self._thread.is_alive()

    def again(self) -> LabRun:
        """Return one like this, to be started."""
        return LabRun(self.system, self.where, self.keys, self.saved_in, self._passwords, self)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def newest(self) -> list[Came]:
        """Return what came, the newest first."""
        with self._lock:
            return list(reversed(self._came))

    def end(self) -> None:
        """End it. What came stays where it is."""
        self._end.set()
        if self._begun is not None:
            self._begun.end()
        if self._thread.is_alive():
            self._thread.join(3)

    def hold(self, files: Iterable[Path]) -> None:
        """Keep the files of requests however many come: a case is made of them."""
        self._held |= {*files}

    def clear(self) -> None:
        """Take away what was kept for the time of the app."""
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.cleanup()

    def _serve(self) -> None:
        try:
            from wssdoctor.lab.provider import Provider
            from wssdoctor.lab.serving import serve
            from wssdoctor.provider.decryption import Keys

            if self._folder is None:
                self._temporary = self._temporary or tempfile.TemporaryDirectory(prefix="wssdoctor-lab-")
                self._folder = Path(self._temporary.name)
            else:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            provider = Provider.of(self.system, Keys(self.keys), self._passwords)
            self.paths = endpoints(provider.facts)
            serve(provider, self.where, self._heard, self._say, self._began)
        except WssdoctorError as error:
            self.problems = error.problems
        except OSError as error:
            place = Place(file=str(error.filename)) if error.filename else None
            self.problems = (Problem("The lab cannot be served.", place, why=error.strerror or type(error).__name__),)
        self.number += 1

    def _began(self, begun: Begun) -> None:
        self._begun = begun
        self.address = begun.address
        self.about = f"{begun.identity.explained()}\n{begun.asks}" if begun.identity else ""
        self.number += 1
        if self._end.is_set():
            begun.end()

    def _say(self, text: str) -> None:
        self.said = text
        self.number += 1

    def _heard(self, event: Occurrence) -> None:
        from wssdoctor.lab.entry import entry

        file = self._saved(event)
        with self._lock:
            gone = self._came[0] if len(self._came) == KEPT else None
            self._came.append(Came(entry(event), file))
            self.counts[self._came[-1].entry.verdict] += 1
            self.number += 1
        if gone is not None and gone.file is not None and self.saved_in is None and gone.file not in self._held:
            gone.file.unlink(missing_ok=True)

    def _saved(self, event: Occurrence) -> Path | None:
        """Write a request to its file; a connection without one has none."""
        from wssdoctor.lab.server import Arrival, file_of, octets_of

        if not (isinstance(event, Arrival) and event.is_call):
            return None
        assert self._folder is not None
        file = self._folder / file_of(event)
        try:
            replace_file(file, octets_of(event), 0o600, durable=False)
        except OSError as error:
            self.said = f"not saved: {error.strerror or type(error).__name__}"
            return None
        return file


def endpoints(facts: Facts) -> tuple[str, ...]:
    """Return the paths of the endpoints that are described."""
    return tuple(binding.path for binding in facts.items("bindings") or () if binding.path)
