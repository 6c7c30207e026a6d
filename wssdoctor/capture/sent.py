"""What is known of a request that was sent again: of which capture, to which host, and what became of it.

It stands in a note before the request, as JSON in one line, so that it cannot be parted from the answer.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wssdoctor.typed import looked_at

MAXIMUM_NOTE = 16 * 1024
"""Octets that the note may have."""


MAXIMUM_ERROR = 400
"""Characters that are kept of why no answer came."""


class Outcome(StrEnum):
    """What became of a request that was sent again."""

    NOW_ACCEPTED = "now-accepted"
    """It passed security, which it had not before, or of which nothing was known."""
    STILL_ACCEPTED = "still-accepted"
    STILL_REJECTED = "still-rejected"
    """The same answer as was captured."""
    REJECTED_LATER = "rejected-later"
    """It came further: progress."""
    ANOTHER_FAILURE = "another-failure"
    UNCLEAR = "unclear"
    """A fault that says neither that security refused nor that the operation is unknown."""
    NO_ANSWER = "no-answer"


class Seen(msgspec.Struct, frozen=True):
    """An answer: HTTP status and fault code."""

    status: int
    fault: str | None = None


class SentAgain(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The record of one sending; its time is that of the capture."""

    of: str
    """The capture that was sent again, as the user named it."""
    fingerprint: str
    """Of that capture; tells it from others wherever the file lies."""
    to: str
    """The host: ``https://host:port``."""
    outcome: Outcome
    before: Seen | None = None
    """The captured answer."""
    predicted: Seen | None = None
    """What the model answered at that time, after ``carried_out``."""
    as_predicted: bool | None = None
    carried_out: tuple[str, ...] = ()
    """Ids of the remedies that the sender had carried out."""
    error: str = ""
    """Why no answer came."""


def note(sent: SentAgain) -> bytes:
    """Write the record as the text of a note: one line of JSON."""
    return msgspec.json.encode(sent)


def from_note(text: bytes) -> SentAgain | None:
    """Read the text of a note; None where it is no such record, or too long."""
    if len(text) > MAXIMUM_NOTE:
        return None
    try:
        return msgspec.json.decode(text, type=looked_at(SentAgain))
    except (msgspec.DecodeError, RecursionError):
        return None
