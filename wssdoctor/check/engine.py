"""Running checks: the engine, not the check, answers when a fact is missing or a function breaks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from wssdoctor.check.check import Check, Inapplicable, Known, Missing, NotModelled, shown_value
from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.evidence import Located, Place

Finding: TypeAlias = Known[Any] | Missing | Inapplicable | NotModelled
Lookup: TypeAlias = Callable[[str, Subject], Finding]
"""Finds a fact by its general path for one subject."""
Subjects: TypeAlias = Callable[[str | None], Sequence[Subject] | Missing | Inapplicable | NotModelled]
"""Names the subjects of a list of facts (``None``: the system or request itself)."""
Failures: TypeAlias = Callable[[str], Collection[str]]
"""The paths of the subjects on which an earlier check failed."""


def run(checks: Iterable[Check], lookup: Lookup, subjects: Subjects) -> Iterator[Result]:
    """Run checks in order; later checks see which earlier ones failed on the same subject or on the system."""
    failures: dict[str, set[str]] = {}
    for one in checks:
        for result in run_one(one, lookup, subjects, lambda earlier: failures.get(earlier, ())):
            if result.outcome is Outcome.FAILED:
                failures.setdefault(one.id, set()).add(result.subject.path)
            yield result


def run_one(one: Check, lookup: Lookup, subjects: Subjects, failures: Failures) -> tuple[Result, ...]:
    """Run one check on each of its subjects."""
    named = subjects(one.each)
    if isinstance(named, Missing):
        says = f"{named.path} was not given"
        return (_result(one, Subject(), Outcome.UNKNOWN, says=says, missing=(named.path,)),)
    if isinstance(named, Inapplicable):
        return (_result(one, Subject(), Outcome.NOT_APPLICABLE, says=named.why),)
    if isinstance(named, NotModelled):
        return (_result(one, Subject(), Outcome.UNKNOWN, says=f"not modelled yet: {named.what}"),)
    return tuple([_about(one, subject, lookup, failures) for subject in named])


def _about(one: Check, subject: Subject, lookup: Lookup, failures: Failures) -> Result:
    decided = _decided(one.after, subject, failures)
    if decided:
        return _result(one, subject, Outcome.NOT_APPLICABLE, says=f"already decided by {decided}")
    passed_by = _decided(one.past, subject, failures)
    found = _answered(one, subject, lookup)
    if passed_by and found.outcome not in (Outcome.FAILED, Outcome.ERROR):
        return _result(one, subject, Outcome.NOT_APPLICABLE, says=f"already decided by {passed_by}")
    return found


def _decided(earlier: Iterable[str], subject: Subject, failures: Failures) -> str | None:
    """Return the first of some checks that failed on the same subject or on the system."""
    for identifier in earlier:
        failed = failures(identifier)
        if failed and (not subject.path or "" in failed or subject.path in failed):
            return identifier
    return None


def _answered(one: Check, subject: Subject, lookup: Lookup) -> Result:
    guarded = _guarded(one, subject, lookup)
    if guarded is not None:
        return guarded
    found = []
    for path in one.needs:
        kind = lookup(path, subject)
        if isinstance(kind, Inapplicable):  # what comes after may be costly to find out
            return _result(one, subject, Outcome.NOT_APPLICABLE, says=kind.why)
        found.append(kind)
    missing = tuple(dict.fromkeys(kind.path for kind in found if isinstance(kind, Missing)))
    if missing:
        return _unknown(one, subject, missing)
    for kind in found:
        if isinstance(kind, NotModelled):
            return _result(one, subject, Outcome.UNKNOWN, says=f"not modelled yet: {kind.what}")
    try:
        verdict = one.function(*found)
        if verdict.outcome is Outcome.FAILED and verdict.reason not in (one.reasons or (None,)):
            raise ValueError(f"{one.id} does not declare the reason {verdict.reason}")  # noqa: TRY301 - a defect of ours
        if not verdict.evidence and verdict.outcome is Outcome.PASSED:
            return _result(one, subject, verdict.outcome, says=verdict.says)
        return Result(
            one.id,
            one.stage,
            one.title,
            subject,
            verdict.outcome,
            verdict.says,
            verdict.reason,
            verdict.evidence,
            answer=one.answer if verdict.outcome is Outcome.FAILED else None,
        )
    except Exception as error:  # a defect of ours must become a visible result; its text may hold data
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        line = trace.tb_lineno if trace else None
        says = f"defect of this program in {one.id}: {type(error).__name__}"
        place = Located("where it broke", Place(file=one.function.__module__, line=line))
        return Result(one.id, one.stage, one.title, subject, Outcome.ERROR, says, evidence=(place,))


def _guarded(one: Check, subject: Subject, lookup: Lookup) -> Result | None:
    """Answer for a check whose question does not arise, or of which nobody knows whether it does."""
    missing = []
    for path, values in one.only_if:
        found = lookup(path, subject)
        if isinstance(found, Inapplicable):
            return _result(one, subject, Outcome.NOT_APPLICABLE, says=found.why)
        if isinstance(found, NotModelled):
            return _result(one, subject, Outcome.UNKNOWN, says=f"not modelled yet: {found.what}")
        if isinstance(found, Missing):
            missing.append(found.path)
        elif found.value not in values:
            says = f"{found.path} is {shown_value(found.value)}"
            return _result(one, subject, Outcome.NOT_APPLICABLE, says=says)
    if not missing:
        return None
    # The facts behind the guard are asked for too, so that they can be collected in one go.
    behind = [found.path for path in one.needs if isinstance(found := lookup(path, subject), Missing)]
    return _unknown(one, subject, tuple(dict.fromkeys((*missing, *behind))))


def _unknown(one: Check, subject: Subject, missing: tuple[str, ...]) -> Result:
    says = f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'} not given"
    return _result(one, subject, Outcome.UNKNOWN, says=says, missing=missing)


def _result(one: Check, subject: Subject, outcome: Outcome, *, says: str, missing: tuple[str, ...] = ()) -> Result:
    return _shared(one.id, one.stage, one.title, subject, outcome, says, missing)


@lru_cache(maxsize=4096)
def _shared(
    check: str, stage: str, title: str, subject: Subject, outcome: Outcome, says: str, missing: tuple[str, ...]
) -> Result:
    """Return a result without evidence: thousands of requests of a large case get the same ones."""
    return Result(check, stage, title, subject, outcome, says, missing=missing)
