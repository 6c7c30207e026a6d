"""Making foreign text harmless: one line, every invisible character visible, the length bounded and said.

Captures, descriptions and exports come from strangers. Their text may hold escape sequences that reprogram a terminal,
or marks of writing direction that make a text read as another. Every renderer sends such text through ``shown``.
"""

from __future__ import annotations

import re
import unicodedata

LIMIT = 300
"""Characters that one foreign text may take, unless a renderer says otherwise."""

_HARMFUL = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences begin here
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers without a glyph
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, writing direction, invisible operators
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # filler, variation selectors, byte order mark, annotation
    "\ud800-\udfff"  # halves of surrogate pairs: undecodable bytes of a file name
    "\U000e0000-\U000e0fff"  # tags and further variation selectors
    "]"
)
_PICTURES = 0x2400
_DELETE = 0x7F


def shown(text: str, limit: int = LIMIT) -> str:
    """Return a text as one harmless line; what is cut off is counted.

    Control characters become their symbols (U+2400 and following), all other harmful ones their number: ``<U+202E>``.
    """
    cut = len(text) - limit
    kept = _HARMFUL.sub(_visible, text[:limit] if cut > 0 else text)
    return f"{kept}... ({cut} more characters)" if cut > 0 else kept


def cells(text: str) -> int:
    """Return how many columns of a terminal a shown text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else f"<U+{code:04X}>"
