"""What was said in passing: toasts are gone in seconds, so the last of them are kept to be read again."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from wssdoctor.tui.lines import Paragraph, Span, prose, span

MOST = 200
"""Messages that are kept."""


class Said(Struct, frozen=True):
    """One message."""

    time: dt.datetime
    text: str
    loud: bool = False


def kept(before: tuple[Said, ...], one: Said) -> tuple[Said, ...]:
    """Add a message and drop the oldest where there are too many."""
    return (*before, one)[-MOST:]


def paragraphs(said: tuple[Said, ...]) -> list[Paragraph]:
    """Return all messages, the newest first."""
    if not said:
        return [prose("Nothing was said yet.", "muted", indent=1)]
    return [
        Paragraph(
            (
                Span(f"{one.time:%H:%M:%S}  ", "muted"),
                Span("! " if one.loud else "  ", "warn"),
                span(" ".join(one.text.split()), "warn" if one.loud else "text"),
            ),
            1,
            13,
        )
        for one in reversed(said)
    ]
