"""DER (ITU-T X.690): reads enough for certificates, revocation lists and the bundles that carry them.

It looks at octets that strangers sent, so every length is held against what is there, and nesting is left to
the caller, who only descends where the format says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

SEQUENCE, SET = 0x30, 0x31
BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x01, 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18

_STRINGS = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString, which everybody writes as Latin-1
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


class DerError(ValueError):
    """The octets are not the DER that was expected; the text says what and at which octet."""


class Node(NamedTuple):
    """One element: its tag octet and where header, content and end stand in ``data``."""

    data: bytes
    tag: int
    start: int
    content: int
    end: int

    @property
    def value(self) -> bytes:
        """The content octets."""
        return self.data[self.content : self.end]

    @property
    def encoded(self) -> bytes:
        """Header and content."""
        return self.data[self.start : self.end]


def node(data: bytes, start: int = 0, limit: int | None = None) -> Node:
    """Read the element that begins at ``start`` and must end by ``limit``. Raises DerError."""
    if limit is None:
        limit = len(data)
    if start + 2 > limit:
        raise DerError(f"octet {start}: the data ends within an element")
    tag, length, content = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        raise DerError(f"octet {start}: tags of several octets do not occur here")
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise DerError(f"octet {start}: indefinite or oversized length, which is BER and not DER")
        length = int.from_bytes(data[content : content + count])
        content += count
    if content + length > limit:
        raise DerError(f"octet {start}: an element of {length} octets reaches beyond the end of the data")
    return Node(data, tag, start, content, content + length)


def only(data: bytes, tag: int = SEQUENCE) -> Node:
    """Read the one element that makes up all of ``data``. Raises DerError."""
    found = expect(node(data), tag)
    if found.end != len(data):
        raise DerError(f"octet {found.end}: {len(data) - found.end} octets too many after the element")
    return found


def expect(found: Node, tag: int) -> Node:
    """Give the node back if it has this tag. Raises DerError."""
    if found.tag != tag:
        raise DerError(f"octet {found.start}: tag {found.tag:#04x} where {tag:#04x} was expected")
    return found


def children(parent: Node, least: int = 0) -> list[Node]:
    """Read the elements inside a constructed one; fewer than ``least`` are an error. Raises DerError."""
    result, position = [], parent.content
    while position < parent.end:
        child = node(parent.data, position, parent.end)
        result.append(child)
        position = child.end
    if len(result) < least:
        raise DerError(f"octet {parent.start}: {len(result)} elements where at least {least} were expected")
    return result


def integer(found: Node) -> int:
    """Read an INTEGER of any size and sign."""
    return int.from_bytes(expect(found, INTEGER).value, signed=True)


def bits(found: Node) -> bytes:
    """Read a BIT STRING of whole octets, as keys and signatures are."""
    value = expect(found, BIT_STRING).value
    if not value:
        raise DerError(f"octet {found.start}: an empty BIT STRING lacks its count of unused bits")
    return value[1:]


def object_identifier(found: Node) -> str:
    """Read an OBJECT IDENTIFIER in dotted form."""
    value = expect(found, OBJECT_IDENTIFIER).value
    if not value or value[-1] & 0x80 or len(value) > 64:
        raise DerError(f"octet {found.start}: not an object identifier")
    arcs, arc = [], 0
    for octet in value:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def text(found: Node) -> str | None:
    """Read a character string of any of the kinds that names use; None for another kind of value."""
    encoding = _STRINGS.get(found.tag)
    return None if encoding is None else found.value.decode(encoding, "replace")


def time(found: Node) -> datetime:
    """Read UTCTime or GeneralizedTime, also without seconds or with an offset. Raises DerError."""
    digits = found.value.decode("ascii", "replace")
    if found.tag == UTC_TIME:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    elif found.tag != GENERALIZED_TIME:
        raise DerError(f"octet {found.start}: tag {found.tag:#04x} where a time was expected")
    zone = UTC
    try:
        if digits.endswith("Z"):
            digits = digits[:-1]
        elif len(digits) > 5 and digits[-5] in "+-":
            offset = timedelta(hours=int(digits[-4:-2]), minutes=int(digits[-2:]))
            zone = timezone(-offset if digits[-5] == "-" else offset)
            digits = digits[:-5]
        digits = digits.partition(".")[0]
        year, month, day, hour, minute = int(digits[:4]), *(int(digits[i : i + 2]) for i in range(4, 12, 2))
        return datetime(year, month, day, hour, minute, int(digits[12:14] or 0), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DerError(f"octet {found.start}: not a time: {digits[:20]!r}") from None


def sequence(items: Iterable[bytes]) -> bytes:
    """Write a SEQUENCE of what is in DER already."""
    content = b"".join(items)
    size = len(content)
    if size < 0x80:
        return bytes((SEQUENCE, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((SEQUENCE, 0x80 | len(length))) + length + content
