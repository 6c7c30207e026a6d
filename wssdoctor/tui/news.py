"""What the work off the screen's thread tells: one message each, of one run, which ``number`` tells from others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from wssdoctor.errors import Problem
from wssdoctor.tui.rows import Row

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.description.change import Difference
    from wssdoctor.diagnosis.diagnosis import Diagnosis
    from wssdoctor.diagnosis.progress import Progress
    from wssdoctor.diagnosis.whatif import Action, Tried
    from wssdoctor.tui.opening import Read
    from wssdoctor.tui.session import Known


class Told(Message):
    """News of one run."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class CaseRead(Told):
    """The files were read."""

    def __init__(self, number: int, read: Read) -> None:
        super().__init__(number)
        self.read = read


class Advanced(Told):
    """More is known: ``known`` while the checks go on."""

    def __init__(self, number: int, progress: Progress, known: Known | None) -> None:
        super().__init__(number)
        self.progress = progress
        self.known = known


class Finished(Told):
    """The diagnosis is whole."""

    def __init__(self, number: int, diagnosis: Diagnosis, rows: tuple[Row, ...]) -> None:
        super().__init__(number)
        self.diagnosis = diagnosis
        self.rows = rows


class Refused(Told):
    """The files cannot be read."""

    def __init__(self, number: int, problems: tuple[Problem, ...]) -> None:
        super().__init__(number)
        self.problems = problems


class Crashed(Told):
    """The program broke; ``where`` names the kind and place, never a value."""

    def __init__(self, number: int, where: str) -> None:
        super().__init__(number)
        self.where = where


class RemediesTried(Told):
    """Remedies were tried on a copy; ``why_not`` says why they could not be."""

    def __init__(
        self,
        number: int,
        actions: tuple[Action, ...],
        result: Tried | None,
        why_not: str = "",
        unclear: int = 0,
        changes: tuple[Difference, ...] = (),
    ) -> None:
        super().__init__(number)
        self.actions = actions
        self.result = result
        self.why_not = why_not
        self.unclear = unclear
        """Checks without an answer afterwards."""
        self.changes = changes
        """What they change in the description."""
