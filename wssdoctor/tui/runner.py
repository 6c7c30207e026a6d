"""A diagnosis off the screen's thread: at most ten messages a second, stopped by an event.

Imported by that thread: the models cost as much time as the rest of the program, and the first frame needs none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from textual.message import Message

from wssdoctor.description.change import differences
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import coverage, diagnose
from wssdoctor.diagnosis.finding import find
from wssdoctor.diagnosis.progress import Progress
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import Action, tried
from wssdoctor.errors import WssdoctorError
from wssdoctor.knowledge.base import Base
from wssdoctor.tui.jobs import broken
from wssdoctor.tui.news import Advanced, CaseRead, Crashed, Finished, Refused, RemediesTried
from wssdoctor.tui.opening import read_case
from wssdoctor.tui.rows import rows_of
from wssdoctor.tui.session import Known, Opening

CADENCE = 0.1
"""Seconds between two messages: a count that runs faster is not read."""
FINDINGS = 1.0
"""Seconds between two messages with what is known: each row counts on then, and the whole list is written anew."""


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody cancelled the work."""


Post = Callable[[Message], object]


def run_case(number: int, opening: Opening, base: Base, cancelled: Event, post: Post) -> None:
    """Read a case and diagnose it, telling ``post`` on the way."""
    next_time = next_findings = 0.0

    def alive() -> None:
        if cancelled.is_set():
            raise Stopped

    def listen(progress: Progress) -> None:
        nonlocal next_time, next_findings
        alive()
        began = time.monotonic()
        if began < next_time:
            return
        known = None
        if progress.phase == "checks" and began >= next_findings:
            known = _known(progress, base)
            # What costs much is told less often: it takes a fifth of the time at most.
            next_findings = time.monotonic() + max(FINDINGS, 4 * (time.monotonic() - began))
        post(Advanced(number, progress, known))
        next_time = time.monotonic() + CADENCE
        time.sleep(0)  # lets the screen's thread in

    try:
        read = read_case(opening, alive)
        post(CaseRead(number, read))
        from wssdoctor.tui import articles  # noqa: F401 - the screen's thread needs it at the first finding, and must not load it

        done = diagnose(read.case, base, listener=listen)
        post(Finished(number, done, rows_of(done.run, done.findings, done.coverage, base)))
    except Stopped:
        return
    except WssdoctorError as error:
        post(Refused(number, error.problems))
    except Exception as error:  # a defect of ours must not take the screen down with it
        post(Crashed(number, broken(error)))


def _known(progress: Progress, base: Base) -> Known:
    run = Run(progress.survey, tuple(progress.replays), progress.undescribed)
    findings, found = find(run, base), coverage(run)
    return Known(run, findings, found, rows_of(run, findings, found, base))


def try_remedies(
    number: int, case: Case, actions: tuple[Action, ...], base: Base, cancelled: Event, post: Post
) -> None:
    """Carry out remedies on a copy of the case and tell what that does."""

    def listen(_: Progress) -> None:
        if cancelled.is_set():
            raise Stopped

    try:
        result = tried(case, actions, base, listen)
        found = coverage(result.run)
        changes = differences(case.facts, result.case.facts)
        post(RemediesTried(number, actions, result, unclear=found.unknown + found.error, changes=changes))
    except Stopped:
        return
    except ValueError as error:
        post(RemediesTried(number, actions, None, str(error)))
    except Exception as error:  # as above
        post(RemediesTried(number, actions, None, f"a defect of this program: {broken(error)}"))
