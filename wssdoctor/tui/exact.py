"""The envelope exactly as it was sent, in pieces short enough to be seen, each with its place in the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from wssdoctor.capture.capture import Capture
from wssdoctor.tui.secrets import HIDDEN, secret_ranges

MOST = 1_000_000
"""Characters of a message that are shown; what is left out is counted."""
PIECE = 1000
"""Characters after which a long line is broken, before the next tag if one is near."""

_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_START_TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|(<[^\s!?/<>\"'][^<>\"']*+(?:\"[^\"]*\"[^<>\"']*+|'[^']*'[^<>\"']*+)*+>)",
    re.DOTALL,
)


class Piece(Struct, frozen=True):
    """A line, or a part of one that is long."""

    text: str
    number: int | None
    """The line in the file; none for what continues a line."""
    start: int
    """Where it begins in the envelope's text."""


def envelope_text(capture: Capture) -> str:
    """Return the envelope as text; bytes that are none in its encoding are written as hexadecimal escapes."""
    return _decoded(capture.envelope)[0]


def byte_at(capture: Capture, offset: int) -> int:
    """Return the byte of the envelope at which a character of its text stands."""
    text, encoding = _decoded(capture.envelope)
    return len(text[:offset].encode(encoding, "replace"))


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith((b"<\0", b"\0<")):
        encoding = "utf-16-le" if data.startswith(b"<\0") else "utf-16-be"
    else:
        declared = _DECLARED.match(data[:300])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return data.decode(encoding, "backslashreplace"), encoding
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "backslashreplace"), "utf-8"


def element_starts(text: str) -> list[int]:
    """Return where the start tag of each element stands in a well-formed text, in document order."""
    return [match.start(1) for match in _START_TAG.finditer(text) if match[1]]


def pieces(text: str, first_line: int) -> Iterator[Piece]:
    """Split at line feeds, and long lines before a tag where one is near; passwords are hidden."""
    secrets = secret_ranges(text)
    position = 0
    for number, line in enumerate(text[:MOST].split("\n"), first_line):
        start = position
        end = position + len(line)
        first = True
        while first or start < end:
            stop = _stop(text, start, end, secrets)
            yield Piece(_hidden(text, start, stop, secrets), number if first else None, start)
            start, first = max(stop, start + 1), False
        position = end + 1
    if len(text) > MOST:
        yield Piece(f"... {len(text) - MOST} more characters are not shown", None, MOST)


def _stop(text: str, start: int, end: int, secrets: list[tuple[int, int]]) -> int:
    if end - start <= PIECE:
        return end
    stop = text.rfind("<", start + PIECE // 2, start + PIECE)
    stop = stop if stop > 0 else start + PIECE
    around = bisect_right(secrets, (stop, 0)) - 1  # a break inside a secret would show where it ends
    return min(max(stop, secrets[around][1]), end) if around >= 0 else stop


def _hidden(text: str, start: int, stop: int, secrets: list[tuple[int, int]]) -> str:
    """Return a part of the text; a secret is shown as such where it begins, and not at all where it goes on."""
    parts = []
    position = start
    first = max(bisect_right(secrets, (start, start)) - 1, 0)
    for before, after in secrets[first : bisect_left(secrets, (stop, 0))]:
        if after <= start:
            continue
        parts += [text[position : max(before, start)], HIDDEN if before >= start else ""]
        position = min(after, stop)
    return "".join((*parts, text[position:stop]))
