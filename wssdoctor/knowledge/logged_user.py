"""Whose logon an entry of the security audit log speaks of: the technical user's, or that of somebody who calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wssdoctor.knowledge.wording import Key, Span

if TYPE_CHECKING:
    from wssdoctor.knowledge.base import Base
    from wssdoctor.knowledge.record import Message

CALLER = "LOGON-CALLER"
"""The message that stands for the name of such a user."""
_FINDER = "@caller"
_TECHNICAL = r"(?!DELAY_L)"
_USER = rf"{_TECHNICAL}(?=\S{{0,11}}[A-Z])[A-Z0-9][A-Z0-9_$./@#-]{{1,11}}(?![^\s|;,\"])"
"""A name of up to twelve characters, as SAP writes them, with a letter in it."""
_BETWEEN = r"[\s|;,\"]{1,9}"
_ROW = re.compile(
    rf"\d\d:\d\d:\d\d{_BETWEEN}(?:[A-Z]{{2}}[A-Z0-9]{_BETWEEN})?\d{{3}}{_BETWEEN}"
    rf"(?:(?:AU2|AUM|AUO|BU1){_BETWEEN})?(?!(?:AU2|AUM|AUO|BU1)(?!\w))({_USER})"
)
"""A row of a list: time, perhaps the event, client, user."""
_TOLD = re.compile(rf"\b[Uu]ser ({_USER}) [Ll]ocked in [Cc]lient|[Pp]assword check failed for user ({_USER})")
"""What the texts of AUM and BU1 say."""
_FAILED = re.compile(r"(?<!\w)(?:AU2|AUM|AUO|BU1)(?!\w)|[Ll]ogon [Ff]ailed ?\( ?[Rr]eason|[Ll]ocked in [Cc]lient")


def keys(messages: Mapping[str, Message]) -> Iterator[tuple[str, Key]]:
    """Yield the keys of the finder, each with a word that its part cannot do without."""
    if CALLER in messages:
        for event in ("au2", "aum", "auo", "bu1"):
            yield event, Key(_FINDER, event, only=CALLER)
        yield "reason", Key(_FINDER, r"logon[ \t]+failed[ \t]*\([ \t]*reason", pattern=True, only=CALLER)
        yield "locked", Key(_FINDER, r"locked[ \t]+in[ \t]+client", pattern=True, only=CALLER)
        yield "password", Key(_FINDER, r"password[ \t]+check[ \t]+failed", pattern=True, only=CALLER)


def find(line: str, _lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    """Find the user of a failed logon who is not the technical user."""
    if CALLER not in base.messages:
        return
    match = (_ROW.search(line) if _FAILED.search(line) else None) or _TOLD.search(line)
    if match is not None:
        yield CALLER, match.span(match.lastindex or 0)
