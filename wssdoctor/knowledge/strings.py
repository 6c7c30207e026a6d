"""The texts in a record: all of them by path, and those that nobody should have to read on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

MAX_LENGTH = 4000
"""Characters of one text; the longest of the shipped records has a quarter of it."""
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of writing, so that a text reads otherwise than it is."""


def strings(value: Any, path: str = "", *, keys: bool = False) -> Iterator[tuple[str, str]]:
    """Yield every text in a record or a part of it with its path, with ``keys`` also those of dictionaries."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            if keys:
                yield path, str(key)
            yield from strings(child, f"{path}.{key}", keys=keys)
    elif isinstance(value, tuple | list):
        for index, child in enumerate(value):
            yield from strings(child, f"{path}[{index}]", keys=keys)
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from strings(getattr(value, name), f"{path}.{name}" if path else name, keys=keys)


def refused(text: str) -> str:
    """Say why a text has no place in a record; nothing where it may stay."""
    if len(text) > MAX_LENGTH:
        return f"it is {len(text)} characters long, {MAX_LENGTH} are allowed"
    if text.isascii() and text.isprintable():
        return ""
    for character in text:
        if (unicodedata.category(character) in ("Cc", "Cs") and character != "\n") or character in _DIRECTIONS:
            return f"it holds the control character U+{ord(character):04X}"
    return ""
