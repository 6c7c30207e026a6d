"""What a check answers: exactly one of five outcomes, with its evidence."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wssdoctor.evidence import Evidence


class Outcome(StrEnum):
    """The five outcomes. Only ``PASSED`` and ``NOT_APPLICABLE`` are green."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"
    """Facts are missing, or the model does not cover this yet."""
    ERROR = "error"
    """A defect of this program: shown, never swallowed."""


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What a result speaks of: the system, or one item of a list of facts, or one request."""

    name: str = "system"
    """Shown to people: ``system``, ``ICF node /sap/bc/...``."""
    path: str = ""
    """The item's path among the facts (``icf.nodes[0]``), empty for the system and for requests."""


class Result(msgspec.Struct, frozen=True, gc=False):
    """The answer of one check about one subject."""

    check: str
    stage: str
    title: str
    subject: Subject
    outcome: Outcome
    says: str
    """One sentence: why it failed, does not apply or is unknown; empty where it passed and the title says it all."""
    reason: str | None = None
    """Which of several ways to fail: a stable kebab-case id, or nothing where there is only one."""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    """General paths of the facts that were missing, for an unknown outcome."""
    answer: str | None = None
    """Id of the provider's answer when this is the first failure."""

    def __post_init__(self) -> None:
        if self.outcome is Outcome.FAILED and not self.evidence:
            raise ValueError(f"{self.check} failed without evidence")
        if self.outcome is not Outcome.PASSED and not self.says:
            raise ValueError(f"{self.check} is {self.outcome} and does not say why")

    @property
    def code(self) -> str:
        """The check and, where it has several ways to fail, the reason: ``timestamp.not-expired:clock-skew``."""
        return f"{self.check}:{self.reason}" if self.reason else self.check
