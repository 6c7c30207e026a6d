"""A check: a positive sentence, the facts it needs, and a pure function over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from wssdoctor.check.result import Outcome
from wssdoctor.evidence import Compared, Evidence, Place, Sensitivity

T = TypeVar("T")


class Known(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """A fact that somebody gave: its value, where it stands, who may see it."""

    path: str
    value: T
    place: Place
    sensitivity: Sensitivity = Sensitivity.PUBLIC

    def compared(self, what: str, expected: str, observed: str | None = None) -> Compared:
        """Hold this fact against what it should be."""
        shown = shown_value(self.value) if observed is None else observed
        if self.sensitivity is Sensitivity.SECRET:
            shown = expected = "(secret)"
        return Compared(what, expected, shown, self.place, self.sensitivity)


class Missing(msgspec.Struct, frozen=True, gc=False):
    """A fact that nobody gave, by its general path."""

    path: str


class Inapplicable(msgspec.Struct, frozen=True, gc=False):
    """A fact that cannot exist here, and why: the message carries no UsernameToken."""

    why: str


class NotModelled(msgspec.Struct, frozen=True):
    """Something that the model does not cover yet, and what."""

    what: str


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a check's function returns."""

    outcome: Outcome
    says: str = ""
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


def passed(*evidence: Evidence, says: str = "") -> Verdict:
    """The title holds."""
    return Verdict(Outcome.PASSED, says, None, evidence)


def failed(says: str, *evidence: Evidence, reason: str | None = None) -> Verdict:
    """The title does not hold; at least one piece of evidence shows it."""
    return Verdict(Outcome.FAILED, says, reason, evidence)


def not_applicable(why: str) -> Verdict:
    """The question does not arise here."""
    return Verdict(Outcome.NOT_APPLICABLE, why)


def not_modelled(what: str) -> Verdict:
    """Nobody may take this for green: the model does not cover it yet."""
    return Verdict(Outcome.UNKNOWN, f"not modelled yet: {what}")


class Check(msgspec.Struct, frozen=True):
    """One check. Ids are stable and never reused."""

    id: str
    title: str
    """A positive sentence that is the pass line."""
    stage: str
    rationale: str
    """Why it matters, and where that is documented."""
    needs: tuple[str, ...]
    """General paths of the facts that the function takes, in order."""
    function: Callable[..., Verdict]
    only_if: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """Facts and the values with which the question arises at all; with others it does not apply."""
    each: str | None = None
    """The list whose items are the subjects (``icf.nodes``); none: the system or the request itself."""
    after: tuple[str, ...] = ()
    """Checks that must not have failed: their failure already decides this question."""
    past: tuple[str, ...] = ()
    """Checks past whose failure this one is still asked: known facts may show what fails once that is mended. It counts
    where it fails; otherwise the question is decided, and facts that are missing are not asked for."""
    answer: str | None = None
    """Id of the answer that the provider gives when this is the first check to fail."""
    reasons: tuple[str, ...] = ()
    """The several ways to fail, as a closed list; a failure names one of them. Empty where there is only one way."""

    @property
    def earlier(self) -> tuple[str, ...]:
        """The checks whose failure counts here."""
        return (*self.after, *self.past)

    @property
    def codes(self) -> tuple[str, ...]:
        """What its failures are called: ``timestamp.not-expired:skew``, or the id where there is one way to fail."""
        return tuple(f"{self.id}:{reason}" for reason in self.reasons) or (self.id,)


def check(
    identifier: str,
    title: str,
    stage: str,
    *,
    rationale: str,
    needs: tuple[str, ...] = (),
    only_if: dict[str, tuple[Any, ...]] | None = None,
    each: str | None = None,
    after: tuple[str, ...] = (),
    past: tuple[str, ...] = (),
    answer: str | None = None,
    reasons: tuple[str, ...] = (),
) -> Callable[[Callable[..., Verdict]], Check]:
    """Declare a check around its function, whose parameters are the facts of ``needs`` in order."""

    def declare(function: Callable[..., Verdict]) -> Check:
        count = function.__code__.co_argcount
        if count != len(needs):
            raise TypeError(f"{identifier} takes {count} facts and declares {len(needs)}")
        guards = tuple((only_if or {}).items())
        return Check(identifier, title, stage, rationale, needs, function, guards, each, after, past, answer, reasons)

    return declare


def shown_value(value: Any) -> str:
    """Show a fact's value as a description would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown_value, value)) + "]"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
