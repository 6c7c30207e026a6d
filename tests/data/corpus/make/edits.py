"""Small textual edits of messages: they leave every other octet as the producer wrote it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from typing import Any

from kit import JUDGED_AT, Message, stamp

Edit = Callable[[str], str]
SIG = r"(?:[\w-]+:)?"
"""A prefix, or none."""


class NotApplicableError(Exception):
    """The edit finds nothing to do in this message."""


def refused(fault: str, cause: str, where: str, *others: str, reason: str | None = None) -> dict[str, Any]:
    """Return the expectation of a refused message."""
    made: dict[str, Any] = {"verdict": "reject", "fault": fault}
    if others:
        made["or_fault"] = list(others)
    made["cause"] = cause
    if reason:
        made["reason"] = reason
    made["where"] = where
    return made


ACCEPT: dict[str, Any] = {"verdict": "accept"}


def text_of(message: Message) -> str:
    """Return the message as text (all bases are UTF-8)."""
    return message.octets.decode("utf-8")


def replace(text: str, old: str, new: str, count: int = 1) -> str:
    """Replace, or say that there is nothing to replace."""
    if old not in text:
        raise NotApplicableError(old)
    return text.replace(old, new, count)


def substitute(text: str, pattern: str, new: str | Callable[[re.Match[str]], str], count: int = 1) -> str:
    """Substitute by pattern, or say that nothing matches."""
    changed, n = re.subn(pattern, new, text, count=count, flags=re.DOTALL)
    if not n or changed == text:
        raise NotApplicableError(pattern)
    return changed


def find(text: str, pattern: str) -> re.Match[str]:
    """Search, or say that nothing matches."""
    match = re.search(pattern, text, re.DOTALL)
    if not match:
        raise NotApplicableError(pattern)
    return match


def element(text: str, local: str) -> str:
    """Return the first element of this local name, tags included."""
    return find(text, rf"<((?:[\w-]+:)?{local})(?=[\s>/])(?:[^>]*/>|.*?</\1>)").group(0)


def body(edit: Edit) -> Edit:
    """Return an edit of what is between the tags of the Body."""

    def apply(text: str) -> str:
        match = find(text, r"(<(?:[\w-]+:)?Body\b[^>]*>)(.*)(</(?:[\w-]+:)?Body>)")
        changed = edit(match.group(2))
        if changed == match.group(2):
            raise NotApplicableError("body")
        return text[: match.start(2)] + changed + text[match.end(2) :]

    return apply


def inside(local: str, edit: Edit) -> Edit:
    """Return an edit of the first element of this local name, tags included."""

    def apply(text: str) -> str:
        whole = element(text, local)
        return replace(text, whole, edit(whole))

    return apply


def altered(
    base: Message,
    name: str,
    edit: Edit | None,
    expected: dict[str, Any],
    *,
    context: dict[str, Any] | None = None,
    encode: Callable[[str], bytes] = str.encode,
    mark: str = "+",
) -> Message:
    """Return the message after one edit (or under another context)."""
    octets = encode(edit(text_of(base))) if edit else encode(text_of(base))
    ctx = {k: v for k, v in {**base.context, **(context or {})}.items() if v is not None}
    made = Message(
        f"{base.id}{mark}{name}", octets, base.producer, base.features, ctx, expected, base.format, derived_from=base.id
    )
    if octets == base.octets:
        made.file = base.file
    return made


def each(
    bases: Iterable[Message], name: str, edit: Edit | None, expected: dict[str, Any], limit: int = 2, **more: Any
) -> list[Message]:
    """Apply one edit to the first `limit` bases that it fits."""
    made: list[Message] = []
    for base in bases:
        if len(made) == limit:
            break
        try:
            made.append(altered(base, name, edit, expected, **more))
        except NotApplicableError:
            continue
    return made


def drop(local: str) -> Edit:
    """Return an edit that removes the first element of this name."""
    return lambda t: replace(t, element(t, local), "")


def attribute(local: str, name: str, new: str) -> Edit:
    """Return an edit of one attribute of the first element of this name."""
    return lambda t: substitute(t, rf'(<{SIG}{local}\b[^>]*\b{name}=")[^"]*', lambda m: m.group(1) + new)


def flip(local: str) -> Edit:
    """Return an edit of one base64 character in the first element of this name."""

    def apply(text: str) -> str:
        match = find(text, rf"<{SIG}{local}\b[^>]*>\s*([A-Za-z0-9+/=\s]+)")
        at = match.start(1) + 5
        return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]

    return apply


def text(local: str, new: str | Callable[[str], str]) -> Edit:
    """Return an edit of the text of the first element of this name."""

    def turn(match: re.Match[str]) -> str:
        return match.group(1) + (new if isinstance(new, str) else new(match.group(2)))

    return lambda t: substitute(t, rf"(<{SIG}{local}\b[^>]*>)([^<]*)", turn)


def later(seconds: int) -> str:
    """Return a time of judgement that much later."""
    return stamp(JUDGED_AT + dt.timedelta(seconds=seconds))


def rotate(bases: list[Message], start: int) -> Iterable[Message]:
    """Begin at another base each time, so that every producer is met."""
    return islice(cycle(bases), start % len(bases), start % len(bases) + len(bases))
