"""What the screens speak of: the opened case, how far its diagnosis has come, what it says. Pure data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.diagnosis.run import Run
from wssdoctor.errors import Problem
from wssdoctor.tui.rows import Row

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.collect.account import Account
    from wssdoctor.diagnosis.case import Case
    from wssdoctor.diagnosis.diagnosis import Coverage, Diagnosis
    from wssdoctor.diagnosis.finding import Finding
    from wssdoctor.diagnosis.plan import Plan
    from wssdoctor.diagnosis.progress import Progress
    from wssdoctor.tui.opening import Read
    from wssdoctor.wsse.private_key import PrivateKey

Phase: TypeAlias = Literal["none", "reading", "checks", "remedies", "plan", "done", "cancelled", "refused", "crashed"]


class Opening(Struct, frozen=True):
    """The files of a case."""

    system: Path | None
    captures: tuple[Path, ...] = ()
    at: dt.datetime | None = None
    """The time of everything; none: the system is looked at as it is now, each capture at its own time."""
    sample: bool = False
    client: str | None = None
    """The only client whose rows of exports count; none: that of all rows."""
    keys: tuple[PrivateKey, ...] = ()
    """Private keys that were lent: they decrypt while the program runs, and are kept nowhere."""

    @property
    def name(self) -> str:
        """What the case is called before it is read."""
        if self.sample:
            return "built-in sample"
        return self.system.name if self.system else "captures only"


class Known(Struct, frozen=True):
    """What a run came to so far, worked out off the screen's thread."""

    run: Run
    findings: tuple[Finding, ...]
    coverage: Coverage
    rows: tuple[Row, ...]


class Session(Struct, frozen=True):
    """One case in the terminal UI."""

    phase: Phase = "none"
    opening: Opening | None = None
    case: Case | None = None
    account: Account | None = None
    """What became of each export, where the system is a folder of them."""
    text: str = ""
    """The description that the exports make, as a file would hold it."""
    run: Run = Run((), ())
    findings: tuple[Finding, ...] = ()
    rows: tuple[Row, ...] = ()
    """The same and all that was not checked, as the list shows it."""
    coverage: Coverage | None = None
    diagnosis: Diagnosis | None = None
    """The whole answer, once it is there."""
    done: int = 0
    total: int | None = None
    problems: tuple[Problem, ...] = ()
    """Why the case could not be read, or what broke."""

    @property
    def plan(self) -> Plan | None:
        """The smallest set of remedies that helps, once it is known."""
        return self.diagnosis.plan if self.diagnosis else None

    @property
    def running(self) -> bool:
        """Whether a diagnosis is under way."""
        return self.phase in ("reading", "checks", "remedies", "plan")

    @property
    def unread(self) -> int:
        """How many exports were refused, and how many facts were left out because exports contradict each other."""
        return len(self.account.refused) + self.account.count("contradictions") if self.account else 0

    @property
    def captured(self) -> int:
        """How many requests the case has, replayed or not."""
        return len(self.case.requests) if self.case else 0

    @property
    def name(self) -> str:
        """The system's id and client, or the file."""
        if self.case is not None:
            system = self.case.facts.description.system
            sid, client = getattr(system, "sid", None), getattr(system, "client", None)
            known = [part for part in (sid, client) if isinstance(part, str)]
            if isinstance(sid, str):
                return "/".join(known) + (" (sample)" if self.opening and self.opening.sample else "")
            if known and self.opening:
                return f"{self.opening.name}, client {client}"
        return self.opening.name if self.opening else "no case"

    @property
    def confirmed(self) -> tuple[Finding, ...]:
        """The confirmed findings, root causes first."""
        return tuple(finding for finding in self.findings if finding.status == "confirmed")


def opened(opening: Opening) -> Session:
    """Begin with a case."""
    return Session("reading", opening)


def read(session: Session, found: Read) -> Session:
    """Take over the case that was read."""
    case = found.case
    return replace(session, phase="checks", case=case, account=found.account, text=found.text, total=len(case.requests))


def advanced(session: Session, progress: Progress, known: Known | None) -> Session:
    """Take over how far the work is, and what is known while checks go on."""
    session = replace(session, phase=progress.phase, done=progress.done, total=progress.total)
    return _with(session, known) if known else session


def finished(session: Session, diagnosis: Diagnosis, rows: tuple[Row, ...]) -> Session:
    """Take over the whole answer."""
    known = Known(diagnosis.run, diagnosis.findings, diagnosis.coverage, rows)
    return _with(replace(session, phase="done", case=diagnosis.case, diagnosis=diagnosis), known)


def _with(session: Session, known: Known) -> Session:
    return replace(session, run=known.run, findings=known.findings, coverage=known.coverage, rows=known.rows)


def cancelled(session: Session) -> Session:
    """Stop where it is; what is known stays, and is said to be a part."""
    return replace(session, phase="cancelled")


def refused(session: Session, problems: tuple[Problem, ...]) -> Session:
    """Take over that the case cannot be read."""
    return replace(session, phase="refused", problems=problems)


def crashed(session: Session, where: str) -> Session:
    """Take over that the program itself broke."""
    problem = Problem(
        f"A defect of this program: {where}",
        why="What was found until then is still shown.",
        hint="wssdoctor check shows the same case as text; please report the defect.",
    )
    return replace(session, phase="crashed", problems=(problem,))
