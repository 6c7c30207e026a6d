"""Finding messages in what people paste: ids in any usual writing, and message texts with their variables filled in.

A short or common word counts only with a context that makes its meaning sure, so that ordinary text names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Message

MAX_LINE = 20_000
"""What stands further right in a line is not looked at."""

Span: TypeAlias = tuple[int, int]

# Patterns are texts: compiled by re when first used, and kept there. Few are needed for one id on a command line.
_VARIABLE = r"(?:&[0-9A-Z]?)+|\.\.\."
_LOOSE = r" (?=[).,:;])|(?<=\() "
_NUMBER = r"(?<![\d.,])0*(\d{1,3})(?![\d]|[.,]\d)"
_HTTP = (
    r"(?i)(?<![a-z_])HTTP(?:/\d(?:\.\d)?)?[\s:=_\"-]{0,3}(?:response|status|error|return|reply)?[\s-]?(?:code)?"
    r"[\s:=(]{0,3}(\d{3})(?!\d)"
    r"|\b(?:status(?:[\s_-]?code)?|error)[\s:=(]{1,3}(\d{3})(?!\d)|^\s*(\d{3})\s*$"
)
_REASON_PHRASE = r"(?<!\d)(\d{3})[\s:(-]{1,3}([A-Z][a-z]+(?: [A-Z][a-z]+)*)"
_LOGON = (
    rf"(?i)LOGON-RC-(\d{{1,2}})(?!\d)|logon\s+(?:return\s+|error\s+)?code[\s:=]{{1,3}}{_NUMBER}"
    rf"|(?:return\s+code|rc)\s*[=:]\s*{_NUMBER}(?=.{{0,40}}320991)|reason\s*[=:]\s*{_NUMBER}"
)
_LOGON_CONTEXT = r"(?i)\blogon\b|\btype\s*[=:]\s*\w\b|\bAU[26]\b|320991"
_AUDIT_CONTEXT = r"(?i)\bSM20\b|\bRSAU|\baudit|\bevent\b|\blog(?:on|ged|in)\b|\bmessage\b"
_SSL_CONTEXT = ("ssl", "tls", "peer", "certificate", "icm")
_CASE = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class Recognised(Struct, frozen=True):
    """A message that a line of text names."""

    line: int
    """Counted from 1."""
    id: str
    text: str
    """The part of the line that names it, with single blanks."""
    placeholders: dict[str, str] = {}
    """The values of the message's variables, where its text was found."""


def recognise(text: str, base: Base) -> tuple[Recognised, ...]:
    """Return the messages that a text names: each once a line, in the order in which they stand there."""
    everything = _lower(_normal(text))
    patterns = [_Pattern(message) for message in base.messages.values() if _occurs(message, everything)]
    names = [
        (message.id, name)
        for message in base.messages.values()
        for name in (message.id, *message.aliases)
        if _lower(name).rpartition(":")[2] in everything
    ]
    numbered = _numbered(base)
    found: list[Recognised] = []
    for number, written in enumerate(text.splitlines(), 1):
        line = _normal(written[:MAX_LINE])
        lowered = _lower(line)
        here: dict[str, tuple[Span, dict[str, str]]] = {}
        for pattern in patterns:
            match = pattern.find(line, lowered)
            if match is not None:
                here[pattern.id] = match
        for identifier, span in _ids(line, lowered, base, numbered, names):
            here.setdefault(identifier, (span, {}))
        for identifier, (span, values) in sorted(here.items(), key=lambda item: item[1][0]):
            found.append(Recognised(number, identifier, line[slice(*span)].strip(), values))
    return tuple(found)


def suggest(written: str, base: Base) -> tuple[str, ...]:
    """Return up to three known ids that are nearest to one that nobody knows, nearest first."""
    import difflib

    written = _plain(written[:80])
    names = {_plain(message.id): message.id for message in base.messages.values()}
    names |= {_plain(alias): message.id for message in base.messages.values() for alias in message.aliases}
    names |= {_plain(identifier): identifier for identifier in (*base.causes, *base.remedies)}
    near = difflib.get_close_matches(written, names, n=len(names), cutoff=0.6)
    best = difflib.SequenceMatcher(None, written, near[0]).ratio() if near else 0.0

    def distance(name: str) -> tuple[float, int]:
        likeness = difflib.SequenceMatcher(None, written, name).ratio()
        return round(best - likeness, 2), abs(_number(name) - _number(written))

    return tuple(dict.fromkeys(names[name] for name in sorted(near, key=distance)))[:3]


def _number(plain: str) -> int:
    """Return the number at the end of an id; ids of one class that are equally like differ by it."""
    digits = re.search(r"\d{1,6}$", plain)
    return int(digits[0]) if digits else 0


def _plain(written: str) -> str:
    return re.sub(r"[\W_]", "", written).lower()


def _ids(
    line: str, lowered: str, base: Base, numbered: re.Pattern[str], names: list[tuple[str, str]]
) -> Iterator[tuple[str, Span]]:
    """Yield the ids in a line, whatever way they are written."""
    yield from _of_classes(line, base, numbered)
    if any(word in lowered for word in ("http", "status", "error")) or lowered.isdigit():
        yield from _of_statuses(line, base)
    if " " in line:
        yield from _of_reason_phrases(line, base)
    if any(word in lowered for word in ("code", "reason", "rc")):
        yield from _of_logon(line, base)
    for identifier, name in names:
        span = _name(line, lowered, name)
        if span is not None:
            yield identifier, span


def _numbered(base: Base) -> re.Pattern[str]:
    """Return the pattern for message classes with their numbers: WSS031, wss 31, WSS(031), 031(WSS), e031(wss)."""
    classes = {identifier[:-3] for identifier in base.messages if _is_number(identifier)}
    names = "|".join(sorted(map(re.escape, classes), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.-])(?P<before>{names})[ \t]?[-_:/#(]?[ \t]?(?:(?:no|nr|number|message)\.?[ \t]?)?"
        rf"0*(?P<after>\d{{1,3}})(?![\w]|[.,:]\d|%)"
        rf"|(?<![\w.])[aeiswx]?(?P<first>\d{{3}})[ \t]?\([ \t]?(?P<second>{names})[ \t]?\)",
        re.IGNORECASE,
    )


def _is_number(identifier: str) -> bool:
    """Whether an id is a message class with a number: WSS031."""
    name, number = identifier[:-3], identifier[-3:]
    return number.isdigit() and name[-1:].isalpha() and name.replace("_", "").isalnum()


def _of_classes(line: str, base: Base, numbered: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
    for match in numbered.finditer(line):
        name, digits = match["before"] or match["second"], match["after"] or match["first"]
        identifier = f"{name.upper()}{int(digits):03d}"
        if identifier in base.messages:
            yield identifier, match.span()


def _of_statuses(line: str, base: Base) -> Iterator[tuple[str, Span]]:
    for match in re.finditer(_HTTP, line):
        if line.startswith(" occured", match.end()):
            continue  # the ABAP client's own words for a code of the ICM, which is no status of HTTP
        identifier = f"HTTP-{match[1] or match[2] or match[3]}"
        if identifier in base.messages:
            yield identifier, match.span()


def _of_reason_phrases(line: str, base: Base) -> Iterator[tuple[str, Span]]:
    for match in re.finditer(_REASON_PHRASE, line):
        message = base.messages.get(f"HTTP-{match[1]}")
        if message is not None and match[2].startswith(message.text):
            yield message.id, match.span()


def _of_logon(line: str, base: Base) -> Iterator[tuple[str, Span]]:
    for match in re.finditer(_LOGON, line):
        if match[4] is not None and not re.search(_LOGON_CONTEXT, line):
            continue
        identifier = f"LOGON-RC-{int(next(filter(None, match.groups())))}"
        if identifier in base.messages:
            yield identifier, match.span()


def _name(line: str, lowered: str, name: str) -> Span | None:
    """Find a name that stands for itself: a symbol, a fault code, an event of the audit log, a code such as -102."""
    if name.startswith("-"):
        match = (
            re.search(rf"(?<![\w.-]){name}(?![\w.])", line) if any(word in lowered for word in _SSL_CONTEXT) else None
        )
    elif " " in name:
        match = re.search(re.escape(name), line, re.IGNORECASE)
    elif ":" in name:
        match = _fault_code(line, name)
    elif "_" in name and not _is_number(name):
        match = re.search(rf"(?<!\w){name}(?!\w)", line, re.IGNORECASE)
    elif len(name) == 3 and name.isupper() and (line.strip() == name or re.search(_AUDIT_CONTEXT, line)):
        match = re.search(rf"(?<!\w){name}(?!\w)", line)
    else:
        match = None
    return match.span() if match else None


def _fault_code(line: str, name: str) -> re.Match[str] | None:
    """Find a fault code with any prefix, as prefixes are free; common words such as Client only as a soap code."""
    prefix, _, local = name.partition(":")
    if prefix == "soap":
        return re.search(rf"(?<![\w:])(?:soap[\w-]{{0,20}}|SOAP-ENV|env|s|S):{local}(?!\w)", line)
    return re.search(rf"(?<![\w:])(?:[\w-]{{1,40}}:)?{local}(?!\w)", line)


class _Pattern:
    """The text of a message, taken apart at its variables.

    Matching looks for the fixed parts one after the other, so that no line can make it slow.
    """

    def __init__(self, message: Message) -> None:
        self.id = message.id
        self._literals = _lower(_normal(re.sub(_VARIABLE, "\0", _unended(message.text)))).split("\0")
        names: list[str] = re.findall(_VARIABLE, message.text)
        self._variables = [name if name[-1].isalnum() else f"&{number}" for number, name in enumerate(names, 1)]
        words = sum(len(literal.split()) for literal in self._literals)
        self._short = words < 5 and len(self._variables) < 3

    def find(self, line: str, lowered: str) -> tuple[Span, dict[str, str]] | None:
        """Return where the text first stands in a line, and the values of its variables."""
        start = lowered.find(self._literals[0])
        if start < 0:
            return None
        values: list[str] = []
        end = start + len(self._literals[0])
        for number, literal in enumerate(self._literals[1:], 1):
            last = number == len(self._literals) - 1 and not literal
            position = len(line) if last else lowered.find(literal, end)
            if number == 1 and not last:
                start = lowered.rfind(self._literals[0], 0, max(position, 0))
                end = start + len(self._literals[0])
            if last and "<" in line[end:]:
                position = line.index("<", end)
            if position < 0:
                return None
            values.append(_value(line[end:position]))
            end = position + len(literal)
        if self._short and not _stands_alone(line, start, end):
            return None
        return (start, end), {name: value for name, value in zip(self._variables, values, strict=True) if value}


def _value(written: str) -> str:
    """Return the value of a variable, without a closing quote that belongs to the text around it."""
    value = written.strip()
    return value if value[:1] == value[-1:] else value.rstrip("\"'")


def _occurs(message: Message, everything: str) -> bool:
    """Whether the words of a message's text occur at all: cheap, so that few patterns are made."""
    words = [word for word in _lower(message.text).split() if word.strip(".,:()").isalpha()]
    # The reason phrase of a status says nothing without its number.
    return (
        len(words) > 1
        and not message.id.startswith("HTTP-")
        and all(word.strip(".,:()") in everything for word in words)
    )


def _unended(text: str) -> str:
    """Return a text without its full stop, which people leave out."""
    return text.removesuffix(".") if not text.endswith("...") else text


def _normal(text: str) -> str:
    """Return a text with single blanks, and none inside brackets or before punctuation."""
    return re.sub(_LOOSE, "", " ".join(text.split()))


def _lower(text: str) -> str:
    """Return a text in lower case with every character at its place."""
    return text.translate(_CASE)


def _stands_alone(line: str, start: int, end: int) -> bool:
    """Whether a part of a line is set apart: the whole line, or within quotes, tags, brackets or after a colon."""
    before, after = line[:start].rstrip(), line[end:].lstrip()
    return (not before or before[-1] in ":>\"'([|-") and (not after or after[0] in "<\"'.)]|")
