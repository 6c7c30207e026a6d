"""How one message is written: its id in any usual writing, its other names, its text with the variables filled in.

A short or common word counts only with a context that makes its meaning sure, so that ordinary text names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from wssdoctor.knowledge.record import Message

Span: TypeAlias = tuple[int, int]
Values: TypeAlias = dict[str, str]
Finder: TypeAlias = Callable[[str, str], "tuple[Span, Values] | None"]
"""Looks for one writing in a line, given as it is and in lower case."""

# Patterns are texts: compiled by re when first used, and kept there. Few are needed for one id on a command line.
_VARIABLE = r"(?:&[0-9A-Z]?)+|\.\.\."
_WHOLE_WORD = r"(?<![a-z0-9_\0])[a-z0-9_]+(?![a-z0-9_\0])"
_FIXED = r"[a-z0-9_][^\0\"'&\x80-\U0010ffff]*"
"""A part of a text that stands in a line as it is: no variable, and nothing that may be written as an entity."""
_LOOSE = ((" )", ")"), (" .", "."), (" ,", ","), (" :", ":"), (" ;", ";"), ("( ", "("))
_AUDIT_CONTEXT = r"(?i)\bSM20\b|\bRSAU|\baudit|\bevent\b|\blog(?:on|ged|in)\b|\bmessage\b"
_AUDIT_ROW = r"(?<!\w){}[\s|;,\"]{{1,9}}\d{{3}}(?!\w)"
"""Event and client in a row of a list of the security audit log, where the text behind them may be cut off."""
_TIME = r"\d\d:\d\d:\d\d"
_COMMON = frozenset(
    {
        "a",
        "an",
        "and",
        "any",
        "at",
        "be",
        "been",
        "by",
        "certificate",
        "client",
        "code",
        "connection",
        "could",
        "error",
        "failed",
        "for",
        "found",
        "from",
        "has",
        "in",
        "invalid",
        "is",
        "it",
        "java",
        "logon",
        "message",
        "method",
        "no",
        "not",
        "of",
        "on",
        "or",
        "password",
        "policy",
        "processing",
        "reference",
        "request",
        "response",
        "security",
        "server",
        "service",
        "signature",
        "status",
        "system",
        "text",
        "that",
        "the",
        "this",
        "to",
        "trust",
        "type",
        "unable",
        "user",
        "version",
        "was",
        "with",
    }
)
_SYSTEM_ID = "<SID>"
"""What stands in a name for the three characters of a system's id."""
_ANY_SYSTEM_ID = r"(?:[a-z][a-z0-9]{2}(?!\w)|<sid(?:-\d{1,3})?>)"
"""Such an id, or what stands for it in a text of instructions or in a redacted one."""
_CASE = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class Key(Struct, frozen=True, array_like=True):
    """What stands in every line that names something: where it is found, the line is worth a look."""

    finder: str
    """The message, or the finder of numbers, that looks at the line."""
    part: str
    """The part of the line, in lower case."""
    pattern: bool = False
    """Whether the part is a regular expression."""
    only: str = ""
    """The one message that a finder of numbers can find by this key."""
    names: str = ""
    """How a message is named by the number that the pattern holds, such as ``LOGON-RC-{}``."""
    beside: tuple[str, ...] = ()
    """The other words that such a line holds."""


ANY_END = "*"
"""What ends a word of which a line holds only the beginning as it is."""


def keys(message: Message) -> Iterator[tuple[str, Key]]:
    """Yield the keys of what ``finders`` find, each with a word in lower case that its part cannot do without.

    A word that ends with ``ANY_END`` stands for all words with its beginning.
    """
    for name in (message.id, *message.aliases):
        lowered = name.lower()
        if is_numbered(name) or name.startswith("-"):
            continue
        if _SYSTEM_ID in name:
            stem = name.partition(_SYSTEM_ID)[0].lower()
            yield f"{stem}{ANY_END}", Key(message.id, stem + _ANY_SYSTEM_ID, pattern=True)
            continue
        words = re.findall(r"[a-z0-9_]+", lowered)
        if name.startswith("HTTP-"):
            yield words[-1], Key(message.id, lowered, beside=("http",))
        elif ":" in name and " " not in name:
            local = lowered.partition(":")[2]
            yield local, Key(message.id, f":{local}" if lowered.startswith("soap:") else local)
        elif " " in name:
            yield _text_key(message.id, name)
        else:
            word = max(words, key=_telling)
            yield word, Key(message.id, lowered, beside=tuple(sorted({*words} - {word})))
    if has_wording(message):
        yield _text_key(message.id, message.text)


def _text_key(identifier: str, text: str) -> tuple[str, Key]:
    """Return the most telling word of a text, and the longest fixed part of the text that such a word stands in."""
    text = normal(re.sub(_VARIABLE, "\0", _unended(text))).lower()
    words = [(word[0], word.start()) for word in re.finditer(_WHOLE_WORD, text)]
    parts: list[tuple[bool, int, str, str]] = []
    for fixed in re.finditer(_FIXED, text):
        here = [word for word, start in words if fixed.start() <= start < fixed.end()]
        if here:
            word = max(here, key=_telling)
            parts.append((word not in _COMMON, len(fixed[0]), word, fixed[0].strip()))
    *_, word, part = max(parts)
    beside = tuple(sorted({other for other, _ in words} - {word}))
    looked_for = part if part == word else _with_blanks(part)
    return word, Key(identifier, looked_for, pattern=part != word, beside=beside)


def _with_blanks(part: str) -> str:
    """Return the pattern of a part of a text in a line from which ``normal`` has not taken the blanks."""
    loose = {" ": r"[ \t]+", "(": r"\([ \t]*"} | {mark: rf"[ \t]*{re.escape(mark)}" for mark in ").,:;"}
    return "".join(loose.get(character) or re.escape(character) for character in part)


def finders(message: Message) -> tuple[Finder, ...]:
    """Return what finds the message in a line; what is a number is not looked for here."""
    found: list[Finder] = []
    if has_wording(message):
        found.append(Wording(message).find)
    found += (
        _named(name) for name in (message.id, *message.aliases) if not is_numbered(name) and not name.startswith("-")
    )
    return tuple(found)


def is_numbered(identifier: str) -> bool:
    """Whether an id is a message class with a number: WSS031, 00775."""
    name, number = identifier[:-3], identifier[-3:]
    classlike = name[-1:].isalpha() or name == "00"
    return number.isdigit() and classlike and name.replace("_", "").isalnum() and name.upper() == name


def class_pattern(identifiers: Iterable[str]) -> str:
    """Return the pattern, in lower case, for numbers of the message classes that occur in some ids."""
    classes = {identifier[:-3].lower() for identifier in identifiers if is_numbered(identifier)}
    names = "|".join(sorted(map(re.escape, classes), key=len, reverse=True))
    return (
        rf"(?<![\w.:-])(?P<before>{names})[ \t]?[-_/#:(]?[ \t]?(?:(?:no|nr|number|message)\.?[ \t]?)?"
        rf"(?P<after>\d{{1,3}})(?![\w]|[.,:]\d|%)"
        rf"|(?<![\w.])[aeiswx]?(?P<first>\d{{3}})[ \t]?\([ \t]?(?P<second>{names})[ \t]?\)"
    )


def has_wording(message: Message) -> bool:
    """Whether the text of a message says enough to be looked for: the reason phrase of a status does not."""
    words = re.sub(_VARIABLE, " ", message.text).split()
    return len(words) > 1 and not message.id.startswith("HTTP-")


def normal(text: str) -> str:
    """Return a text with single blanks, none inside brackets or before punctuation, and without XML entities."""
    if "&" in text and ";" in text:
        for entity, character in (("&quot;", '"'), ("&apos;", "'"), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")):
            text = text.replace(entity, character)
    text = " ".join(text.split())
    for loose, close in _LOOSE:
        text = text.replace(loose, close)
    return text


def lower(text: str) -> str:
    """Return a text in lower case with every character at its place."""
    return text.lower() if text.isascii() else text.translate(_CASE)


def _telling(word: str) -> tuple[bool, int]:
    return word not in _COMMON, len(word)


def _named(name: str) -> Finder:
    """Return what finds a name that stands for itself: a symbol, a fault code, an event."""
    key = name.lower().rpartition(":")[2] if ":" in name and " " not in name else name.lower()
    key = key.partition(_SYSTEM_ID.lower())[0]
    pattern, flags = _name_pattern(name)

    def find(line: str, lowered: str) -> tuple[Span, Values] | None:
        if key not in lowered:
            return None
        if len(name) == 3 and name.isupper() and line.strip() != name and not _in_audit_log(name, line):
            return None
        match = re.search(pattern, line, flags)
        return (match.span(), {}) if match else None

    return find


def _in_audit_log(name: str, line: str) -> bool:
    """Whether a line is one of the security audit log or speaks of it, so that three letters may be an event."""
    if re.search(_AUDIT_CONTEXT, line):
        return True
    row = re.search(_AUDIT_ROW.format(name), line)
    return row is not None and re.search(_TIME, line[: row.start()]) is not None


def _name_pattern(name: str) -> tuple[str, int]:
    if ":" in name and " " not in name:
        # A fault code has any prefix, as prefixes are free; common words such as Client count only as a soap code.
        prefix, _, local = name.partition(":")
        if prefix == "soap":
            return rf"(?<![\w:])(?:soap[\w-]{{0,20}}|SOAP-ENV|env|s|S):{local}(?!\w)", 0
        return rf"(?<![\w:])(?:[\w-]{{1,40}}:)?{local}(?!\w)", 0
    if _SYSTEM_ID in name:
        return rf"(?<!\w){re.escape(name.partition(_SYSTEM_ID)[0])}{_ANY_SYSTEM_ID}", re.IGNORECASE
    sensitive = name.isalnum() and not name.islower()
    end = r"(?!\w)" if name[-1].isalnum() else ""
    return rf"(?<!\w){re.escape(name)}{end}", 0 if sensitive else re.IGNORECASE


class Wording:
    """The text of a message, taken apart at its variables.

    Matching looks for the fixed parts one after the other, so that no line can make it slow.
    """

    def __init__(self, message: Message) -> None:
        self._literals = lower(normal(re.sub(_VARIABLE, "\0", _unended(message.text)))).split("\0")
        names: list[str] = re.findall(_VARIABLE, message.text)
        self._variables = [name if name[-1].isalnum() else f"&{number}" for number, name in enumerate(names, 1)]
        words = sum(len(literal.split()) for literal in self._literals)
        self._stop = message.text.endswith(".") and not message.text.endswith("...") and not self._literals[-1]
        self._short = words < 5 and len(self._variables) < 3

    def find(self, line: str, lowered: str) -> tuple[Span, Values] | None:
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
                first = self._literals[0]
                start = lowered.rfind(first, 0, max(position, 0)) if first else _begins(line, position)
                end = start + len(first)
            if last and "<" in line[end:]:
                position = line.index("<", end)
            if position < 0:
                return None
            value = _value(line[end:position])
            values.append(value.removesuffix(".") if last and self._stop else value)
            end = position + len(literal)
        if self._short and not _stands_alone(line, start, end):
            return None
        return (start, end), {name: value for name, value in zip(self._variables, values, strict=True) if value}


def _begins(line: str, position: int) -> int:
    """Return where a value begins that stands before all fixed text: behind what sets it apart from a log's own columns."""
    marks = re.finditer(r":\s|[>|]|(?<!\w)[\"']", line[: max(position, 0)])
    return max((mark.end() for mark in marks), default=0)


def _value(written: str) -> str:
    """Return the value of a variable, without a closing quote that belongs to the text around it."""
    value = written.strip()
    return value if value[:1] == value[-1:] else value.rstrip("\"'")


def _unended(text: str) -> str:
    """Return a text without its full stop, which people leave out."""
    return text.removesuffix(".") if not text.endswith("...") else text


def _stands_alone(line: str, start: int, end: int) -> bool:
    """Whether a part of a line is set apart.

    That is the whole line, a part within quotes, tags or brackets or after a colon, or a column: it begins with a
    capital after something that is no word of a sentence, such as a time or a user.
    """
    before, after = line[:start].rstrip(), line[end:].lstrip()
    if after and after[0] not in "<\"'.)]|[{":
        return False
    if not before or before[-1] in ":>\"'([|-":
        return True
    word = before.rpartition(" ")[2]
    name = line[start].isupper() or ":" in line[start:end].partition(" ")[0]
    return name and (not word.isalpha() or word.isupper())
