"""Finding messages in what people paste: ids in any usual writing, and message texts with their variables filled in.

A log may be long. It is read in blocks; a block is cut into words once, and only where one of the words that messages
cannot do without is found, the line around it is looked at. What was seen often enough is not looked for any more,
so that memory stays flat.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from msgspec import Struct

from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.number import NUMBERED, named
from wssdoctor.knowledge.wording import ANY_END, Finder, Key, Span, Values, finders, lower, normal

MAX_LINE = 20_000
"""Characters around a word that are looked at in a longer line."""
MOST = 100
"""How often one message is kept."""
SHORT = 4_000
"""Bytes of a text that may be what somebody says."""
_BLOCK = 1 << 18
_WORDS = bytes(
    code + 32 if 65 <= code <= 90 else code if (chr(code).isalnum() and code < 128) or code == 95 else 32
    for code in range(256)
)
"""Bytes of words in lower case, everything else as blanks."""


class Recognised(Struct, frozen=True):
    """A message that a line of text names."""

    line: int
    """Counted from 1."""
    id: str
    text: str
    """The part of the line that names it, with single blanks."""
    placeholders: dict[str, str] = {}
    """The values of the message's variables, where its text was found."""


class Scan(Struct, frozen=True):
    """What a text or a log names."""

    found: tuple[Recognised, ...]
    """Each message once a line, in the order in which they stand there; the first ``MOST`` of each message."""
    often: frozenset[str]
    """The messages that may stand there more often than that."""
    lines: int
    """How many lines were read."""
    words: frozenset[str]
    """The ids of causes that the text holds as words."""
    short: str
    """The text itself, if it is short enough to be what somebody says."""


def recognise(text: str, base: Base) -> tuple[Recognised, ...]:
    """Return the messages that a text names: each once a line, in the order in which they stand there."""
    return scan(BytesIO("\n".join(text.splitlines()).encode("utf-8", "replace")), base).found


def scan(stream: BinaryIO, base: Base) -> Scan:
    """Read a text to its end and return what it names. Bytes that are no UTF-8 are read as replacement characters."""
    eye = _Eye(base)
    start = b""
    for block in _blocks(stream):
        start += block[: SHORT + 1 - len(start)]
        eye.look(block)
    found = sorted(eye.found, key=lambda one: (one[0], one[1]))
    short = start.decode("utf-8", "replace") if len(start) <= SHORT else ""
    return Scan(tuple(one[2] for one in found), frozenset(eye.often), eye.lines, frozenset(eye.causes), short)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes in blocks that end at a line; a line without end is cut where a block is full."""
    decoder: codecs.IncrementalDecoder | None = None
    start = stream.read(_BLOCK)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        start = decoder.decode(start).encode("utf-8", "replace")
    rest = start
    while rest:
        more = stream.read(_BLOCK)
        if decoder is not None:
            more = decoder.decode(more).encode("utf-8", "replace")
        end = rest.rfind(b"\n") + 1 if more else len(rest)
        if not end and len(rest) < 4 * _BLOCK:
            rest += more
            continue
        end = end or len(rest)
        yield rest[:end]
        rest = rest[end:] + more


class _Eye:
    """Looks at one block after the other."""

    def __init__(self, base: Base) -> None:
        self.found: list[tuple[int, int, Recognised]] = []
        self.often: set[str] = set()
        self.causes: set[str] = set()
        self.lines = 0
        self._base = base
        self._words = {word.encode(): keys for word, keys in base.words.items()}
        self._stems = {word: word[:-1] for word in self._words if word.endswith(ANY_END.encode())}
        """The words of which only the beginning is known."""
        self._keys: dict[bytes, tuple[tuple[Key, frozenset[bytes]], ...]] = {}
        self._patterns: dict[str, re.Pattern[bytes]] = {}
        self._alive: frozenset[bytes] = frozenset()
        """The words that are still looked for, found out once there is a second block."""
        self._numbers: dict[tuple[str, bytes], str] = {}
        self._finders: dict[str, tuple[Finder, ...]] = {}
        self._seen: dict[str, int] = {}
        self._cause_words = {cause.encode() for cause in base.causes}

    def look(self, block: bytes) -> None:
        """Look at a block that ends with a line."""
        here: dict[tuple[int, str], tuple[int, Recognised]] = {}
        lines: dict[tuple[int, int], tuple[str, str]] = {}
        looked: dict[str, set[tuple[int, int]]] = {}
        plain = block.translate(_WORDS)
        held = plain.split()
        if self.lines and not self._alive:
            self._alive = self._needed()
        for word, stem in self._stems.items():
            if (word in self._alive or not self.lines) and (plain.startswith(stem) or b" " + stem in plain):
                held.append(word)
        words = self._alive.intersection(held) if self.lines else frozenset(held)
        keys = {
            key: None
            for word in words.intersection(self._words)
            for key, beside in self._led_to(word)
            if beside <= words and self._wanted(key)
        }
        lowered = block.lower() if keys else b""
        for key in keys:
            before = looked.setdefault(key.finder, set())
            for place in self._places(lowered, key):
                if place in before:
                    continue
                before.add(place)
                line = lines.get(place)
                if line is None:
                    written = normal(block[slice(*place)].decode("utf-8", "replace"))
                    line = lines[place] = written, lower(written)
                self._line(*line, place[0], key.finder, here)
        if here:
            self._keep(block, here)
        if len(block) < MAX_LINE:
            self.causes.update(word.decode() for word in self._cause_words.intersection(block.split()))
        self.lines += block.count(b"\n") + (not block.endswith(b"\n"))

    def _places(self, lowered: bytes, key: Key) -> Iterator[tuple[int, int]]:
        """Yield the lines, or the parts of very long lines, that a key opens."""
        if not key.pattern:
            yield from _lines(lowered, key.part.encode())
            return
        pattern = self._patterns.get(key.part)
        if pattern is None:
            pattern = self._patterns[key.part] = re.compile(key.part.encode())
        if key.names:
            for match in pattern.finditer(lowered):
                name = self._named(key, match[1])
                if name and name not in self.often:
                    yield _around(lowered, match.start())
        else:
            yield from _matching(lowered, pattern)

    def _named(self, key: Key, digits: bytes) -> str:
        """Return the message that a number names, looked up once."""
        known = self._numbers.get((key.names, digits))
        if known is None:
            known = self._numbers[key.names, digits] = named(key, digits.decode(), self._base) or ""
        return known

    def _line(
        self, line: str, lowered: str, start: int, finder: str, here: dict[tuple[int, str], tuple[int, Recognised]]
    ) -> None:
        for name, span, values in self._matches(finder, line, lowered):
            known = here.get((start, name))
            if name in self.often or not (known is None or (values and not known[1].placeholders)):
                continue
            one = Recognised(0, name, line[slice(*span)].strip(), values)
            if not (values and self.often and self._hidden(one, span[0], line, lowered)):
                here[start, name] = (span[0], one)

    def _hidden(self, one: Recognised, position: int, line: str, lowered: str) -> bool:
        """Whether a message that is no longer kept says more of a line."""
        return any(
            _says_more(Recognised(0, name, line[slice(*span)].strip(), values), one)
            for finder in (*NUMBERED, *self.often)
            for name, span, values in self._matches(finder, line, lowered)
            if name in self.often and span[0] == position
        )

    def _matches(self, identifier: str, line: str, lowered: str) -> Iterator[tuple[str, Span, Values]]:
        if identifier in NUMBERED:
            for name, span in NUMBERED[identifier](line, lowered, self._base):
                yield name, span, {}
            return
        looking = self._finders.get(identifier)
        if looking is None:
            looking = self._finders[identifier] = finders(self._base.messages[identifier])
        for find in looking:
            match = find(line, lowered)
            if match is not None:
                yield identifier, *match
                return

    def _keep(self, block: bytes, here: Mapping[tuple[int, str], tuple[int, Recognised]]) -> None:
        number = self.lines + 1
        before = 0
        often = len(self.often)
        beside: dict[tuple[int, int], list[Recognised]] = {}
        for (start, _), (position, one) in here.items():
            beside.setdefault((start, position), []).append(one)
        for (start, name), (position, one) in sorted(here.items(), key=lambda item: (item[0][0], item[1][0])):
            number += block.count(b"\n", before, start)
            before = start
            if one.placeholders and any(_says_more(other, one) for other in beside[start, position]):
                continue
            seen = self._seen[name] = self._seen.get(name, 0) + 1
            if seen <= MOST:
                found = Recognised(number, one.id, one.text, one.placeholders)
                self.found.append((number, position, found))
            else:
                self.often.add(name)
        if len(self.often) > often:
            self._alive = frozenset()

    def _led_to(self, word: bytes) -> tuple[tuple[Key, frozenset[bytes]], ...]:
        """Return the keys of a word, each with the other words that it needs."""
        known = self._keys.get(word)
        if known is None:
            known = tuple((key, frozenset(map(str.encode, key.beside))) for key in self._words[word])
            self._keys[word] = known
        return known

    def _wanted(self, key: Key) -> bool:
        return (key.only or key.finder) not in self.often

    def _needed(self) -> frozenset[bytes]:
        """Return the words without which nothing is found that is still looked for."""
        needed = ((word, *beside) for word in self._words for key, beside in self._led_to(word) if self._wanted(key))
        return frozenset(chain.from_iterable(needed))


def _says_more(other: Recognised, one: Recognised) -> bool:
    """Whether the fixed text of a message covers what begins a variable of one that begins at the same place."""
    value = next(iter(one.placeholders.values()))
    return not other.placeholders and 0 <= one.text.find(value) < len(other.text)


def _lines(block: bytes, part: bytes) -> Iterator[tuple[int, int]]:
    """Yield the lines, or the parts of very long lines, in which something stands."""
    position = block.find(part)
    while position >= 0:
        start, end = _around(block, position)
        yield start, end
        position = block.find(part, end)


def _matching(block: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the lines, or the parts of very long lines, in which a pattern matches."""
    match = pattern.search(block)
    while match is not None:
        start, end = _around(block, match.start())
        yield start, end
        match = pattern.search(block, end)


def _around(block: bytes, position: int) -> tuple[int, int]:
    """Return where the line around a position begins and ends, or a part of it where it is very long."""
    start = block.rfind(b"\n", 0, position) + 1
    end = block.find(b"\n", position + 1)
    end = len(block) if end < 0 else end
    if end - start > MAX_LINE:
        return max(start, position - MAX_LINE // 2), min(end, position + MAX_LINE // 2)
    return start, end


def suggest(written: str, base: Base) -> tuple[str, ...]:
    """Return up to three known ids that are nearest to one that nobody knows, nearest first."""
    import difflib

    written = _plain(written[:80])
    names = {_plain(message.id): message.id for message in base.messages.values()}
    names |= {_plain(alias): message.id for message in base.messages.values() for alias in message.aliases}
    names |= {_plain(identifier): identifier for identifier in (*base.causes, *base.remedies)}
    near = difflib.get_close_matches(written, names, n=len(names), cutoff=0.6)
    best = difflib.SequenceMatcher(None, written, near[0]).ratio() if near else 0.0

    def distance(name: str) -> tuple[bool, float, int]:
        likeness = difflib.SequenceMatcher(None, written, name).ratio()
        return _shape(name) != _shape(written), round(best - likeness, 2), abs(_number(name) - _number(written))

    return tuple(dict.fromkeys(names[name] for name in sorted(near, key=distance)))[:3]


def _number(plain: str) -> int:
    """Return the number at the end of an id; ids of one class that are equally like differ by it."""
    digits = re.search(r"\d{1,6}$", plain)
    return int(digits[0]) if digits else 0


def _shape(plain: str) -> str:
    """Return an id without the values of its digits: a wrong number of a class is nearer to the class than to a code."""
    return re.sub(r"\d", "0", plain)


def _plain(written: str) -> str:
    return re.sub(r"[\W_]", "", written).lower()
