"""The report: the frozen public form of a diagnosis, ``wssdoctor.report/1``.

Every output is a pure function of it. Keys are added within a version, never renamed or removed; internal types change
without touching it. It holds no secret, and foreign text as it came: renderers make that harmless.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from msgspec import Struct

from wssdoctor.check.result import Outcome
from wssdoctor.evidence import Evidence
from wssdoctor.report.sending import Sending, Word

SCHEMA: Literal["wssdoctor.report/1"] = "wssdoctor.report/1"

Verdict: TypeAlias = Literal["healthy", "findings", "inconclusive"]
Level: TypeAlias = Literal["high", "medium", "low"]
Basis: TypeAlias = Literal["sap", "community", "inferred"]
RequestVerdict: TypeAlias = Literal["accepted", "rejected", "undecided"]
CallVerdict: TypeAlias = Literal["works", "fails", "undecided"]
"""Of a request."""


class FactWanted(Struct, frozen=True):
    """A fact that nobody gave, and how to find it out."""

    path: str
    meaning: str
    home: str
    """Where SAP keeps it."""
    obtain: str


class Coverage(Struct, frozen=True):
    """How much was checked. Each check counts once, by its worst outcome."""

    checks: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    error: int
    missing_facts: tuple[str, ...]
    """Paths, most wanted first."""
    facts_wanted: tuple[FactWanted, ...]
    """The same facts in the same order, explained."""
    waiting_for_request: int
    """Checks that were not run because no captured request was given."""
    provider_not_described: int
    """Checks that were not run because the description speaks of outbound calls alone."""
    outbound_not_described: int
    """Checks that were not run because the description says nothing of outbound calls."""


class Source(Struct, frozen=True):
    """Where something is written."""

    title: str
    address: str
    basis: Literal["sap", "standard", "community"]


class Step(Struct, frozen=True):
    """One step for a person."""

    do: str
    where: str
    see: str


class Remedy(Struct, frozen=True):
    """What makes it well again, and what a simulation of it showed."""

    id: str
    title: str
    trial: Literal["resolved", "unchanged", "new-problem"] | None
    """Null where it was not tried; ``note`` says why, or which problem is new."""
    note: str
    actor: str
    side: str
    steps: tuple[Step, ...]
    risk: str
    interruption: str
    rollback: str
    weakens_security: str
    """How, if it does; else empty."""
    releases: str
    basis: Basis
    sources: tuple[Source, ...]
    on_system: Word | None = None
    """What the system said after it was carried out there; null where no request was sent again since."""


class Finding(Struct, frozen=True):
    """One cause about one subject."""

    cause: str
    title: str
    explanation: str
    status: Literal["confirmed", "possible", "ruled-out"]
    severity: Level
    confidence: Level
    basis: Basis
    subject: str
    says: tuple[str, ...]
    """What its checks say in this case."""
    checks: tuple[str, ...]
    """The checks that decided it, with the reason where a check has several ways to fail."""
    explains: tuple[str, ...]
    """Confirmed causes that are only its consequences."""
    folded_under: str | None
    """The confirmed cause that it is only a consequence of."""
    suppressed: str
    """Why and how long the owner accepts it; else empty. Such a finding does not count for the exit code."""
    captures: tuple[str, ...]
    """The requests that it concerns."""
    stops: tuple[str, ...]
    """The requests that are rejected here first."""
    missing: tuple[str, ...]
    """Facts that would decide it, where it is possible."""
    score: float
    """How well it fits what was captured, where it is possible; only the order counts."""
    because: tuple[str, ...]
    """What the captured answers say for or against it."""
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...]
    sources: tuple[Source, ...]
    behind: str | None = None
    """The confirmed cause that hides it today: it shows once that one is mended."""
    known: bool = False
    """Whether the baseline that the report is held against has it too. Such a finding does not count for the exit code."""
    on_system: Literal["confirmed", "mended", "gone"] | None = None
    """Where its requests were sent again: the system refuses as predicted; it accepts after a remedy, as predicted; it
    accepts what should be refused here."""


class Baseline(Struct, frozen=True):
    """An earlier report that this one is held against: only what is new counts."""

    file: str
    moment: dt.datetime
    """At which the baseline looked at the system."""
    known: int
    """Confirmed findings that the baseline has too."""
    gone: tuple[str, ...]
    """Causes that the baseline confirms and this report does not."""
    no_longer_answered: tuple[str, ...]
    """Checks that had an answer and have none now."""
    unsettled: tuple[str, ...] = ()
    """Requests in ``unsettled`` of this report that the baseline does not have there."""


class Check(Struct, frozen=True):
    """The answer of one check about the system, about one of its parts, or about one request."""

    check: str
    stage: str
    title: str
    outcome: Outcome
    reason: str | None
    says: str
    subject: str
    capture: str | None
    """The request, or null for a check of the system."""
    missing: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class StageStep(Struct, frozen=True):
    """One stage of a replay: the worst outcome among its checks, and the checks that had it."""

    stage: str
    outcome: Outcome
    checks: tuple[str, ...]


class Predicted(Struct, frozen=True):
    """The modelled answer of the provider."""

    status: int
    fault: str | None
    messages: tuple[str, ...]
    basis: Basis
    """What the model rests on."""
    logs: tuple[LogEntry, ...] = ()
    """Entries to expect in the provider's logs."""


class LogEntry(Struct, frozen=True):
    """One entry of a log: which log (SM20, dev_w, SRT_UTIL), and what to look for."""

    log: str
    entry: str


class Observed(Struct, frozen=True):
    """What the captured response says."""

    status: int
    fault: str | None


class Replay(Struct, frozen=True):
    """One request replayed."""

    capture: str
    verdict: RequestVerdict
    stage: str | None
    user: str | None
    steps: tuple[StageStep, ...]
    predicted: Predicted | None
    observed: Observed | None
    agrees: bool | None
    doubts: tuple[str, ...] = ()
    """Where both disagree: the known facts that are most likely wrong."""


class OutboundCall(Struct, frozen=True):
    """One outbound call: how far it comes, and what the caller then sees."""

    call: str
    verdict: CallVerdict
    stage: str | None
    """Where it fails first, or cannot be decided."""
    predicted: tuple[str, ...]
    """Ids of the messages and codes that the model predicts, most telling first."""
    basis: Literal["sap", "community", "inferred"] | None
    """What the prediction rests on."""


class PlannedRemedy(Struct, frozen=True):
    """One remedy of the plan, for one part of the system and some requests."""

    id: str
    title: str
    actor: str
    subject: str
    captures: tuple[str, ...]
    weakens_security: str
    risk: str
    interruption: str
    rollback: str
    steps: tuple[Step, ...]


class Proof(Struct, frozen=True):
    """One request before and after."""

    capture: str
    before: RequestVerdict
    after: RequestVerdict


class CallProof(Struct, frozen=True):
    """One outbound call before and after."""

    call: str
    before: CallVerdict
    after: CallVerdict


class FactDiffers(Struct, frozen=True):
    """A fact that two descriptions state differently; empty text where one of them does not state it."""

    path: str
    before: str
    after: str


class Plan(Struct, frozen=True):
    """Remedies in the order in which to carry them out, proven by replay."""

    remedies: tuple[PlannedRemedy, ...]
    proof: tuple[Proof, ...]
    smallest: bool
    """Whether it is proven that no cheaper set exists."""
    remaining: tuple[str, ...]
    """Causes that still fail afterwards."""
    applied: bool
    """Whether the rest of the report shows the case after these remedies, as asked for, or before them."""
    calls: tuple[CallProof, ...]
    changes: tuple[FactDiffers, ...]
    """What the remedies change in the description."""


class Choice(Struct, frozen=True):
    """One possible answer to a question."""

    shown: str
    usual: bool
    """Whether a healthy system has it so."""
    causes: tuple[str, ...]
    """The causes that it would speak for."""


class FactAsked(Struct, frozen=True):
    """A fact that is asked for."""

    path: str
    meaning: str
    home: str
    obtain: str
    at: str
    """Its place in this description: ``users[0].lock``."""
    choices: tuple[Choice, ...]
    """Answers that tell causes apart, the usual one first; others are possible too."""


class Question(Struct, frozen=True):
    """What to find out next: facts that one look shows together, or how to tell of one cause whether it is so."""

    about: str
    facts: tuple[FactAsked, ...]
    decides: tuple[str, ...]
    """The causes that the answers confirm or rule out, most likely first."""
    subject: str
    """What to look at, for people."""
    cause: str | None
    """The cause that is asked about where there is no fact to look at."""
    yes_if: str
    no_if: str


class Report(Struct, frozen=True):
    """Everything that was found."""

    schema: Literal["wssdoctor.report/1"]
    version: str
    """Of the program."""
    verdict: Verdict
    system: str
    """The description's file as the user named it."""
    moment: dt.datetime
    """The moment at which the system was looked at."""
    coverage: Coverage
    findings: tuple[Finding, ...]
    """Confirmed ones first, root causes before their consequences; then possible ones; then those ruled out."""
    checks: tuple[Check, ...]
    replays: tuple[Replay, ...]
    suppressions_expired: tuple[str, ...]
    """Suppressions in the description that no longer count."""
    plan: Plan | None
    question: Question | None
    """What to find out next, where causes are possible and facts are missing."""
    calls: tuple[OutboundCall, ...]
    baseline: Baseline | None = None
    sent: tuple[Sending, ...] = ()
    """Requests that were sent to the system again, in the order of time."""
    unsettled: tuple[str, ...] = ()
    """Requests that the description accepts and the system refused, or did not clearly accept, when asked last.

    With such a request nothing is healthy: the description, the model or the capture is wrong or out of date."""
