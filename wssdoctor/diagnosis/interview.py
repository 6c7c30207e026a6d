"""The interview: ask what tells most, take the answer for a fact, diagnose again, until the cause is found.

Every state is a value that never changes; each reply gives a new one. Screens and prompts only show it.

    interview = begin(case, base, Evidence(messages=("HTTP-401",)))
    while interview.question is not None:
        interview = interview.answered({interview.question.facts[0].path: 64})   # or .said(True), or .skipped()
    interview.found        # the id of the cause, or nothing
    interview.ranking      # every cause that is left, best first
    interview.case         # the case with the answers in it: diagnose it to get remedies and a plan
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Subject
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.answered import answered
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.evidence import NOTHING, Evidence
from wssdoctor.diagnosis.finding import Finding, Status, find
from wssdoctor.diagnosis.inference import Reasoning, reasoned, weighed
from wssdoctor.diagnosis.question import Question, next_question
from wssdoctor.diagnosis.run import Run
from wssdoctor.knowledge.base import Base

_SURE = 0.5
"""A cause of which the answers show the fault is found when it has this share."""


class Candidate(Struct, frozen=True):
    """One cause as it stands now."""

    cause: str
    status: Status
    share: float
    """How likely it is beside the others, from 0 to 1; 1 where it is confirmed, 0 where it is ruled out."""
    because: tuple[str, ...]
    """What speaks for it and against it, in sentences."""


class Reply(Struct, frozen=True):
    """A question with what was replied."""

    question: Question
    values: Mapping[str, Any] = {}
    """Facts by concrete path; none where it was skipped, or asked about a cause."""
    said: bool | None = None
    """What was said of the cause that the question is about."""
    added: Mapping[str, Any] = {}
    """The values, before them the items that they needed: what a description takes in."""


class Interview(Struct, frozen=True, dict=True):
    """One state of an interview."""

    case: Case
    """What is known, answers included; they have ``(answered)`` for their place."""
    base: Base
    evidence: Evidence
    replies: tuple[Reply, ...] = ()
    """In the order in which they were given."""
    passed_over: frozenset[str] = frozenset()
    """Paths of facts and causes of which nobody knows."""
    before: Interview | None = None
    """The state before the last reply, to take it back."""

    @cached_property
    def ranking(self) -> tuple[Candidate, ...]:
        """Every cause: confirmed ones, possible ones best first, then those ruled out."""
        shares = self._reasoning.shares
        possible = sum(shares.get(cause, 0.0) for cause, one in self._findings.items() if one.status == "possible")
        found = [
            Candidate(cause, one.status, _share(one, shares.get(cause, 0.0) / (possible or 1.0)), one.because)
            for cause, one in self._findings.items()
        ]
        order = {"confirmed": 0, "possible": 1, "ruled-out": 2}
        explains = {one.cause: self._explains(self._findings[one.cause]) for one in found}
        return tuple(sorted(found, key=lambda one: (order[one.status], not explains[one.cause], -one.share)))

    @cached_property
    def question(self) -> Question | None:
        """The next question; nothing where the cause is found, or where there is nothing left to ask."""
        if self.found is not None:
            return None
        return next_question(self._reasoning, self._findings.values(), self.base, self.passed_over)

    @cached_property
    def found(self) -> str | None:
        """The cause that is confirmed, or that alone fits what was answered."""
        first = self.ranking[0] if self.ranking else None
        if first is None or first.status == "ruled-out":
            return None
        if first.status == "confirmed":
            return first.cause if self._explains(self._findings[first.cause]) else None
        weight = self._reasoning.weights.get(first.cause)
        return first.cause if weight is not None and weight.agrees and first.share >= _SURE else None

    def answered(self, values: Mapping[str, Any]) -> Interview:
        """Return the state after facts were answered, by concrete path.

        Facts of the question that are left out count as not known. Values are plain data as YAML gives them. Raises ``ValueError`` for a value that the fact cannot have, with
        what it may be, and for a path that is no fact.
        """
        asked = self.question
        if not values or asked is None:
            return self.skipped()
        facts, added = answered(self.case.facts, values, self.assumed)
        unknown = {one.path for one in asked.facts} - values.keys()
        return Interview(
            replace(self.case, facts=facts),
            self.base,
            self.evidence,
            (*self.replies, Reply(asked, dict(values), added=added)),
            self.passed_over | unknown,
            self,
        )

    def said(self, yes: bool) -> Interview:
        """Return the state after it was said of the question's cause that it is so, or not. This proves nothing."""
        asked = self.question
        if asked is None or asked.cause is None:
            return self
        evidence = replace(self.evidence, said={**self.evidence.said, asked.cause: yes})
        replies = (*self.replies, Reply(asked, said=yes))
        return Interview(self.case, self.base, evidence, replies, self.passed_over | {asked.cause}, self)

    def skipped(self) -> Interview:
        """Return the state after nobody knew the answer."""
        asked = self.question
        if asked is None:
            return self
        unknown = {one.path for one in asked.facts} | ({asked.cause} if asked.cause else set())
        return Interview(
            self.case, self.base, self.evidence, (*self.replies, Reply(asked)), self.passed_over | unknown, self
        )

    @property
    def answers(self) -> dict[str, Any]:
        """Every fact that was answered, by concrete path."""
        return {path: value for reply in self.replies for path, value in reply.values.items()}

    @property
    def additions(self) -> dict[str, Any]:
        """Everything that the answers add to the description, by concrete path and in order."""
        return {path: value for reply in self.replies for path, value in reply.added.items()}

    @property
    def assumed(self) -> Facts:
        """The healthy system that one reasons with: it has every item that questions name. Nothing in it is known."""
        return self._reasoning.worlds.usual.facts

    @cached_property
    def _run(self) -> Run:
        return run(self.case)

    @cached_property
    def _reasoning(self) -> Reasoning:
        return reasoned(self.case, self._run, self._checked, self.base, self.evidence, calls=not self.case.requests)

    @cached_property
    def _checked(self) -> tuple[Finding, ...]:
        """What checks say of every cause; one of which none speaks here is possible."""
        found = find(self._run, self.base)
        present = {one.cause for one in found}
        return (*found, *(_unchecked(cause, self.base) for cause in self.base.causes if cause not in present))

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        found = weighed(self._checked, self._reasoning, self._run)
        first: dict[str, Finding] = {}
        for one in found:
            first.setdefault(one.cause, one)
        return first

    def _explains(self, finding: Finding) -> bool:
        """Whether a confirmed cause accounts for what went wrong, as far as anything is known to have."""
        if any(one.observed is not None and one.observed.refused for one in self._run.replays):
            return bool(finding.stops)
        messages = self.evidence.messages
        record = self.base.causes[finding.cause]
        return not messages or any(
            message in record.messages or finding.cause in self.base.messages[message].causes for message in messages
        )


def begin(case: Case, base: Base, evidence: Evidence = NOTHING) -> Interview:
    """Return the first state: of a system with or without a description, requests, messages that were seen."""
    return Interview(case, base, evidence)


def _share(finding: Finding, share: float) -> float:
    return {"confirmed": 1.0, "ruled-out": 0.0}.get(finding.status, share)


def _unchecked(cause: str, base: Base) -> Finding:
    """Return the finding of a cause of which no check speaks here."""
    return Finding(cause, "possible", base.causes[cause].severity, "low", Subject(), ())
