"""The forms in which a value may hide in a file."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

ENCODED_FROM = 6
"""Octets from which on a value is looked for in encoded form: shorter ones would be found everywhere by chance."""


def folded(value: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms that are looked for without regard to upper and lower case, each in lower case with its name."""
    octets = value.encode("utf-8", "surrogateescape")
    for cased in (value, value.lower(), value.upper()):  # octets know no case beyond ASCII
        yield "plain", cased.encode("utf-8", "surrogateescape").lower()
    if len(octets) < ENCODED_FROM:
        return
    yield "hex", octets.hex().encode()
    yield "percent-encoded", quote(octets, safe="").lower().encode()
    yield "form-encoded", quote_plus(octets).lower().encode()
    yield "fully percent-encoded", "".join(f"%{octet:02x}" for octet in octets).encode()
    for name, form in (
        ("JSON", json.dumps(value)[1:-1]),
        ("JSON", json.dumps(value, ensure_ascii=False)[1:-1]),
        ("fully escaped JSON", "".join(f"\\u{ord(character):04x}" for character in value)),
        ("XML", html.escape(value)),
        ("XML", html.escape(value, quote=False)),
        ("decimal references", "".join(f"&#{ord(character)};" for character in value)),
        ("hexadecimal references", "".join(f"&#x{ord(character):x};" for character in value)),
    ):
        yield name, form.lower().encode("utf-8", "surrogateescape")
    for name in ("utf-16-le", "utf-16-be"):
        yield name, value.encode(name, "surrogatepass").lower()


def exact(value: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms that are looked for as they are: base64 at its three alignments, in both alphabets."""
    octets = value.encode("utf-8", "surrogateescape")
    wide = [value.encode(name, "surrogatepass") for name in ("utf-16-le", "utf-16-be")]
    for piece in (octets, *wide) if len(octets) >= ENCODED_FROM else ():
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + piece)
            core = encoded[-(-8 * shift // 6) : 8 * (shift + len(piece)) // 6]
            yield "base64", core
            yield "base64url", core.translate(bytes.maketrans(b"+/", b"-_"))
