"""What was found to be secret or identifying, and the placeholder that stands for it everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from wssdoctor.evidence import Sensitivity
from wssdoctor.redact.level import Level
from wssdoctor.redact.words import is_ordinary, is_own

STANDARD = frozenset({"*", "SAP*", "DDIC", "DELAY_LOGON", "DFAULT", "ANONYM", "true", "false", "none"})
"""Names that SAP gives itself: they identify nobody."""

_SHORTEST_SECRET, _SHORTEST_NAME = 4, 2
"""Characters from which on a value is looked for in texts."""
_TOKEN = re.compile(r"[^\W_]+")


class Known(msgspec.Struct, frozen=True):
    """A value with its placeholder."""

    value: str
    placeholder: str
    sensitivity: Sensitivity

    def __repr__(self) -> str:
        return f"Known({self.placeholder})"


class Register:
    """Values and placeholders of one redaction. The same value has the same placeholder everywhere."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.replaced: Counter[str] = Counter()
        """How often something was replaced, by kind of placeholder."""
        self.left_out: Counter[str] = Counter()
        """What was left out altogether, by what it is."""
        self._known: dict[str, Known] = {}
        self._numbers: Counter[str] = Counter()
        self._by_token: dict[str, list[Known]] = {}

    def begin(self) -> None:
        """Forget the counts, so that a second pass with all values known counts anew."""
        self.replaced.clear()
        self.left_out.clear()

    def name(self, kind: str, value: str) -> str:
        """Return what stands for a value that identifies: a placeholder, unless names are kept."""
        value = value.strip()
        if not value or value in STANDARD or self.level is Level.NAMES:
            return value
        return self._placed(kind, value, Sensitivity.IDENTIFYING)

    def secret(self, kind: str, value: str) -> str:
        """Return the placeholder of a secret value; an empty one stays empty."""
        return self._placed(kind, value, Sensitivity.SECRET) if value.strip() else ""

    def drop(self, what: str, count: int = 1) -> None:
        """Note that something was left out."""
        self.left_out[what] += count

    def known(self) -> tuple[Known, ...]:
        """Return every value with its placeholder, in the order in which they were found."""
        return tuple(self._known.values())

    def private_map(self) -> dict[str, str]:
        """Return the identifying values by placeholder, for the owner alone. Secrets are not in it."""
        return {
            one.placeholder: one.value for one in self._known.values() if one.sensitivity is Sensitivity.IDENTIFYING
        }

    def count(self, placeholder: str) -> str:
        """Note one more replacement, and return the placeholder."""
        self.replaced[placeholder.strip("<>").rpartition("-")[0]] += 1
        return placeholder

    def spans(self, text: str) -> Iterator[tuple[int, int, Known]]:
        """Yield where known values stand in a text as words of their own, the longest at each place."""
        position = 0
        for token in _TOKEN.finditer(text):
            for one in self._by_token.get(token.group().casefold(), ()):
                first = _TOKEN.search(one.value)
                start = token.start() - (first.start() if first else 0)
                end = start + len(one.value)
                if start < position or not _bounded(text, start, end):
                    continue
                there = text[start:end]
                secret = one.sensitivity is Sensitivity.SECRET
                if there == one.value or (
                    not secret and there.casefold() == one.value.casefold() and not is_own(one.value)
                ):
                    yield start, end, one
                    position = end
                    break

    def _placed(self, kind: str, value: str, sensitivity: Sensitivity) -> str:
        key = value if sensitivity is Sensitivity.SECRET else value.casefold()
        found = self._known.get(key)
        if found is None:
            self._numbers[kind] += 1
            found = self._known[key] = Known(value, f"<{kind}-{self._numbers[kind]}>", sensitivity)
            token = _TOKEN.search(value)
            if token is not None and _tells(found):
                same = self._by_token.setdefault(token.group().casefold(), [])
                same.append(found)
                same.sort(key=lambda one: -len(one.value))
        return self.count(found.placeholder)


def _tells(one: Known) -> bool:
    """Whether a value in a text can only be this one: the number 1 as a secret is not looked for."""
    if one.sensitivity is Sensitivity.SECRET:
        return len(one.value) >= _SHORTEST_SECRET and not is_ordinary(one.value)
    return len(one.value) >= _SHORTEST_NAME and not one.value.isdigit()


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the span."""
    before = start == 0 or (start > 0 and not (text[start - 1].isalnum() and text[start].isalnum()))
    after = end >= len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
    return start >= 0 and end <= len(text) and before and after
