"""A scanner that has nothing in common with the one under test: it decodes whatever can be decoded, and looks."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator

_RUN = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){4,}")


def everything(data: bytes, depth: int = 2) -> Iterator[bytes]:
    """Yield the octets and all that can be made of them."""
    yield data
    text = data.decode("latin-1")
    for made in (
        html.unescape(text),
        urllib.parse.unquote_plus(text),
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text),
        re.sub(r"\s+", "", text),
    ):
        if made != text:
            yield made.encode("utf-8", "replace")
    yield data.replace(b"\0", b"")
    if depth == 0:
        return
    for source in {data, re.sub(rb"\s+", b"", data)}:
        for run in _RUN.findall(source):
            for start in range(4):
                piece = run[start:].translate(bytes.maketrans(b"-_", b"+/"))
                yield base64.b64decode(piece + b"A" * (-len(piece) % 4)).replace(b"\0", b"")
        for run in _HEX.findall(source):
            for start in range(2):
                piece = run[start:]
                yield binascii.unhexlify(piece[: len(piece) // 2 * 2]).replace(b"\0", b"")
    for match in re.finditer(rb"\x1f\x8b\x08", data):
        try:
            yield from everything(zlib.decompressobj(31).decompress(data[match.start() :]), depth - 1)
        except zlib.error:
            continue


def members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the archive as it is, and each file with its name."""
    yield "(archive)", archive
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for info in opened.infolist():
            yield info.filename, info.filename.encode() + b"\n" + opened.read(info)


def found(data: bytes, needles: dict[str, str]) -> list[str]:
    """Return the kinds of needles that are seen in any form, whatever the case of their letters."""
    kinds = {}
    for form in everything(data):
        lower = form.lower()
        for kind, needle in needles.items():
            if needle.lower().encode() in lower:
                kinds[kind] = lower[max(0, lower.find(needle.lower().encode()) - 20) :][:80]
    return [f"{kind}: {near!r}" for kind, near in kinds.items()]
