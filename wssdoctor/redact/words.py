"""The words that this program itself uses. Any other word in a text that comes from outside is foreign."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from wssdoctor.knowledge.folders import files, home

_WORD = re.compile(r"[A-Za-z]+")
_OURS = (
    "capture",
    "check",
    "consumer",
    "description",
    "diagnosis",
    "knowledge",
    "provider",
    "redact",
    "report",
    "ticket",
    "wsse",
)
"""Rooms whose texts may stand in a report."""


@cache
def own_words() -> frozenset[str]:
    """Return the words of the program's code and of its knowledge, in lower case."""
    package = Path(__file__).parents[1]
    found: set[str] = set()
    code = (path for room in _OURS for kind in ("py", "j2") for path in (package / room).glob(f"**/*.{kind}"))
    for path in (*code, *files(home())):
        found.update(word.lower() for word in _WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)


def is_own(text: str) -> bool:
    """Whether every word of a text is one of our own; a text without any word is not."""
    words = _WORD.findall(text)
    return bool(words) and all(word.lower() in own_words() for word in words)


def is_ordinary(value: str) -> bool:
    """Whether a value cannot be told from the words and numbers of a report."""
    return is_own(value) or re.fullmatch(r"[\d\W_]{0,6}", value) is not None
