"""Distinguished names: read from certificates and text, written as RFC 4514, compared, differences named.

Producers write one and the same name in many ways: RFC 4514, RFC 2253 as Java does, RFC 1779 with quotation
marks and blanks, .NET's form, OpenSSL's ``/C=DE/O=...``, and from either end. Comparison is by parsed
sequences of relative distinguished names (RFC 5280, section 7.1), never by text.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from wssdoctor.wsse import der

_KEYWORDS = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.42": "GIVENNAME",
    "2.5.4.46": "DNQUALIFIER",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "EMAILADDRESS",
}
_IDENTIFIERS = {keyword: identifier for identifier, keyword in _KEYWORDS.items()} | {
    "S": "2.5.4.8",
    "SP": "2.5.4.8",
    "E": "1.2.840.113549.1.9.1",
    "EMAIL": "1.2.840.113549.1.9.1",
    "TITLE": "2.5.4.12",
    "SURNAME": "2.5.4.4",
    "G": "2.5.4.42",
    "GN": "2.5.4.42",
    "USERID": "0.9.2342.19200300.100.1.1",
}
_SPECIAL = re.compile(r'([,+"\\<>;])')
_TYPE = re.compile(r"\s*(?:OID\.)?([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*", re.IGNORECASE)
_SLASHED = re.compile(r"/(?=(?:OID\.)?(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)=)", re.IGNORECASE)
_HEX_PAIRS = re.compile(r"(?:\\[0-9A-Fa-f]{2})+")
_LONGEST = 8192
REVERSED = "only the order is reversed"
"""What ``difference`` says of a name that is written from the other end."""

Attribute = tuple[str, str]
"""Type as dotted object identifier, and value as text."""


class Name(msgspec.Struct, frozen=True):
    """A distinguished name: a sequence of RDNs in the certificate's order (the country usually first)."""

    rdns: tuple[tuple[Attribute, ...], ...]

    def __str__(self) -> str:
        """Write RFC 4514: the last RDN first, keywords where there are some, special characters escaped."""
        return ",".join("+".join(_written(*attribute) for attribute in rdn) for rdn in reversed(self.rdns))

    @property
    def key(self) -> tuple[frozenset[Attribute], ...]:
        """What two equal names share: types and values with case and runs of blanks made alike."""
        return _key(self)

    def same(self, other: Name) -> bool:
        """Whether both name the same entry (RFC 5280, section 7.1)."""
        return self.rdns == other.rdns or self.key == other.key

    @property
    def parent(self) -> Name:
        """The name without its last RDN: the entry that this one stands under."""
        return Name(self.rdns[:-1])


@lru_cache(maxsize=1024)
def _key(name: Name) -> tuple[frozenset[Attribute], ...]:
    return tuple(frozenset((kind, " ".join(value.casefold().split())) for kind, value in rdn) for rdn in name.rdns)


def from_der(found: der.Node) -> Name:
    """Read the Name of a certificate. Raises DerError."""
    rdns = []
    for rdn in der.children(der.expect(found, der.SEQUENCE)):
        attributes: list[Attribute] = []
        for attribute in der.children(der.expect(rdn, der.SET)):
            kind, value = der.children(der.expect(attribute, der.SEQUENCE), 2)[:2]
            text = der.text(value)
            attributes.append((der.object_identifier(kind), f"#{value.encoded.hex()}" if text is None else text))
        rdns.append(tuple(attributes))
    return Name(tuple(rdns))


def parse(text: str) -> Name:
    """Read a name from text, in any of the usual forms. Raises ValueError saying what is wrong with it."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise ValueError(f"a name of {len(text)} characters")
    if text.startswith("/"):
        return Name(tuple((_slashed_attribute(part),) for part in _SLASHED.split(text)[1:]))
    rdns: list[tuple[Attribute, ...]] = []
    attributes: list[Attribute] = []
    position = 0
    while position < len(text):
        found = _TYPE.match(text, position)
        if found is None:
            raise ValueError(f"no attribute type at character {position + 1} of {text!r}")
        value, position = _value(text, found.end())
        attributes.append((_identifier(found[1]), value))
        separator, position = text[position : position + 1], position + 1
        if separator != "+":
            rdns.append(tuple(attributes))
            attributes = []
    if attributes:
        raise ValueError(f"{text!r} ends with '+'")
    return Name(tuple(reversed(rdns)))


def difference(observed: Name, expected: Name) -> str | None:
    """Say in a few words how two names differ; None when they are the same.

    Knows the order from the other end, another order, other attribute types, and else lists what differs.
    """
    if observed.same(expected):
        return None
    if observed.key == tuple(reversed(expected.key)):
        return REVERSED
    if sorted(map(sorted, observed.key)) == sorted(map(sorted, expected.key)):
        return "the same parts in another order"
    ours = {attribute for rdn in expected.key for attribute in rdn}
    theirs = {attribute for rdn in observed.key for attribute in rdn}
    if {value for _, value in ours} == {value for _, value in theirs}:
        return "the same values under other attribute types"
    unequal = ", ".join(_written(*attribute) for attribute in sorted(theirs - ours))
    missing = ", ".join(_written(*attribute) for attribute in sorted(ours - theirs))
    return (
        "; ".join(part for part in (unequal and f"has {unequal}", missing and f"lacks {missing}") if part)
        or "some parts are there twice"
    )


def _identifier(keyword: str) -> str:
    if keyword[0].isdigit():
        return keyword
    try:
        return _IDENTIFIERS[keyword.upper()]
    except KeyError:
        raise ValueError(f"unknown attribute type {keyword!r}") from None


def _slashed_attribute(part: str) -> Attribute:
    keyword, _, value = part.partition("=")
    return _identifier(keyword.upper().removeprefix("OID.")), value


def _value(text: str, position: int) -> tuple[str, int]:
    """Read an attribute value; give it and the position of the separator (or the end) after it."""
    characters: list[str] = []
    kept = 0  # characters before this index are not trailing blanks
    if text[position : position + 1] == '"':
        position += 1
        while position < len(text):
            if text[position] == '"':
                position += 1
                if text[position : position + 1] != '"':  # .NET doubles a mark inside
                    break
            elif text[position] == "\\":
                piece, position = _escaped(text, position)
                characters.append(piece)
                continue
            characters.append(text[position])
            position += 1
        else:
            raise ValueError(f"a quotation mark is not closed in {text!r}")
        while position < len(text) and text[position].isspace():
            position += 1
        if position < len(text) and text[position] not in ",;+":
            raise ValueError(f"characters after a quoted value in {text!r}")
        return "".join(characters), position
    if text[position : position + 1] == "#":
        return _hexadecimal(text, position)
    while position < len(text) and text[position] not in ",;+":
        if text[position] == "\\":
            piece, position = _escaped(text, position)
            characters.append(piece)
            kept = len(characters)
            continue
        characters.append(text[position])
        if not text[position].isspace():
            kept = len(characters)
        position += 1
    return "".join(characters[:kept]), position


def _escaped(text: str, position: int) -> tuple[str, int]:
    pairs = _HEX_PAIRS.match(text, position)
    if pairs:
        return bytes.fromhex(pairs[0].replace("\\", "")).decode("utf-8", "replace"), pairs.end()
    if position + 1 >= len(text):
        raise ValueError(f"{text!r} ends within an escape")
    return text[position + 1], position + 2


def _hexadecimal(text: str, position: int) -> tuple[str, int]:
    end = position + 1
    while end < len(text) and text[end] not in ",;+":
        end += 1
    digits = text[position + 1 : end].strip()
    try:
        value = der.text(der.node(bytes.fromhex(digits)))
    except ValueError:
        raise ValueError(f"not a value in hexadecimal DER: #{digits[:40]}") from None
    return (f"#{digits.lower()}" if value is None else value), end


def _is_encoded(value: str) -> bool:
    """Whether a value is DER in hexadecimal, as it is kept when it is no character string."""
    if not value.startswith("#"):
        return False
    try:
        return der.text(der.only(octets := bytes.fromhex(value[1:]), octets[0])) is None
    except (ValueError, IndexError):
        return False


def _written(kind: str, value: str) -> str:
    if _is_encoded(value):
        return f"{kind}={value}"
    escaped = _SPECIAL.sub(r"\\\1", value).replace("\0", r"\00")
    if escaped.startswith("#"):
        escaped = "\\" + escaped
    if escaped.startswith(" "):
        escaped = r"\20" + escaped[1:]
    if escaped.endswith(" "):
        escaped = escaped[:-1] + r"\20"
    return f"{_KEYWORDS.get(kind, kind)}={escaped}"
