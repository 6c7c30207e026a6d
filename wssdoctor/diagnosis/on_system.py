"""What the real system says to the model: requests that were sent again, and what their answers prove.

A captured refusal of what the description accepts is never passed over: the description, the model, or the capture is
out of date. Only an acceptance on the system at a later time settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.sent import Outcome, SentAgain
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.diagnosis.run import Run
from wssdoctor.provider.answer import Answer
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.replay import Replay

Word: TypeAlias = Literal["confirmed", "contradicted", "undecided"]
"""What the system says to what the model predicted."""

_ACCEPTED = (Outcome.NOW_ACCEPTED, Outcome.STILL_ACCEPTED)


class Sending(Struct, frozen=True):
    """One request that was sent to the system again."""

    capture: str
    """The capture that holds what was sent, with the answer."""
    of: str
    """The capture that was sent again: its name in this case, else as it was called then."""
    moment: dt.datetime | None
    record: SentAgain
    answered: Observed | None
    predicted: Answer | None
    """What the model of the described system answers to it."""
    word: Word
    superseded: bool
    """Whether the same capture was sent again later; then that one counts."""

    @property
    def accepted(self) -> bool:
        """Whether the system accepted it."""
        return self.record.outcome in _ACCEPTED


def sendings(case: Case, run: Run) -> tuple[Sending, ...]:
    """Return what was sent again among the requests of a case, in the order of time."""
    pairs = [(one.capture, one.capture.sent, each) for one, each in zip(case.requests, run.replays, strict=True)]
    found = [(capture, record, each) for capture, record, each in pairs if record is not None]
    if not found:
        return ()
    found.sort(key=lambda one: _moment(one[0]))
    names = {capture.fingerprint: capture.name for capture, record, _ in pairs if record is None}
    last = {record.fingerprint: capture.name for capture, record, _ in found}
    return tuple(
        Sending(
            capture.name,
            names.get(record.fingerprint, record.of),
            capture.time.moment if capture.time else None,
            record,
            each.observed,
            each.predicted,
            _word(record, each),
            last[record.fingerprint] != capture.name,
        )
        for capture, record, each in found
    )


_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def _moment(capture: Capture) -> dt.datetime:
    return capture.time.moment if capture.time else _NEVER


def _word(record: SentAgain, replay: Replay) -> Word:
    """Say whether the system did as the model says: of the described system, or of it after what was carried out."""
    if record.outcome is Outcome.NO_ANSWER:
        return "undecided"
    if replay.agrees or (record.carried_out and record.as_predicted):
        return "confirmed"
    return "undecided" if replay.agrees is None else "contradicted"


def unsettled(run: Run, sent: Sequence[Sending]) -> tuple[str, ...]:
    """Return the requests that the description accepts and the system did not, and that were not accepted later.

    Of one that was sent again, only the last answer counts; an answer that tells nothing settles nothing.
    """
    last = {one.of: one for one in sent if not one.superseded}
    mine = {one.capture: one for one in sent}
    found: list[str] = []
    for each in run.replays:
        if each.verdict != "accepted":
            continue
        own = mine.get(each.capture)
        if own is not None:
            open_ = not own.superseded and not own.accepted
        else:
            later = last.get(each.capture)
            refused = each.agrees is False and each.observed is not None and each.observed.refused
            open_ = refused and not (later is not None and later.accepted)
        if open_:
            found.append(each.capture)
    return tuple(found)


def settled(run: Run, sent: Sequence[Sending]) -> Run:
    """Return the run without the old refusals of what the description accepts and the system accepted later.

    Such an answer is history: it no longer speaks against the description.
    """
    accepted = {one.of for one in sent if not one.superseded and one.accepted}
    accepted |= {one.capture for one in sent if one.superseded and one.of in accepted}
    if not accepted:
        return run
    replays = tuple(
        replace(each, agrees=None, doubts=())
        if each.capture in accepted and each.verdict == "accepted" and each.agrees is False
        else each
        for each in run.replays
    )
    return replace(run, replays=replays)


def with_system(findings: Iterable[Finding], sent: Sequence[Sending]) -> tuple[Finding, ...]:
    """Say in each confirmed finding, and in each of its remedies, what the system said to it."""
    if not sent:
        return tuple(findings)
    return tuple(_told(finding, sent) if finding.status == "confirmed" else finding for finding in findings)


def _told(finding: Finding, sent: Sequence[Sending]) -> Finding:
    own = {*finding.captures, *finding.stops}
    mine = [one for one in sent if one.capture in own or one.of in own]
    if not mine and not own:  # of the system itself
        mine = [one for one in sent if any(trial.remedy in one.record.carried_out for trial in finding.trials)]
    latest = [one for one in mine if not one.superseded]
    trials = tuple(replace(trial, on_system=_remedy_word(trial.remedy, mine)) for trial in finding.trials)
    still = any(one.capture in finding.stops and one.word == "confirmed" and not one.accepted for one in latest)
    gone = any(one.accepted for one in latest)
    mended = any(trial.on_system == "confirmed" for trial in trials)
    word: Literal["confirmed", "mended", "gone"] | None = None
    if still:
        word = "confirmed"
    elif gone:
        word = "mended" if mended else "gone"
    return replace(finding, on_system=word, trials=trials)


def _remedy_word(remedy: str, sent: Sequence[Sending]) -> Word | None:
    """Join what the last sending of each capture after this remedy says: one contradiction is enough."""
    last = {one.record.fingerprint: one.record for one in sent if remedy in one.record.carried_out}
    words = {_as_predicted(record) for record in last.values()}
    order: tuple[Word, ...] = ("contradicted", "undecided", "confirmed")
    return next((word for word in order if word in words), None)


def _as_predicted(record: SentAgain) -> Word:
    if record.as_predicted is None or record.outcome is Outcome.NO_ANSWER:
        return "undecided"
    return "confirmed" if record.as_predicted else "contradicted"
