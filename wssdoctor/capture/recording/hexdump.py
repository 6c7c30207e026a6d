"""Hex dumps of HTTP: ICM traces of level 3, ``curl --trace``, ``hexdump -C``.

A line is an offset, groups of hexadecimal digits and, in most tools, the same octets as characters. The characters
prove where the digits end. Lines of several threads (``[Thr 1234]``) are kept apart. The layout of ICM traces is not
published: what is accepted follows from the general form of such dumps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.capture.recording import stream
from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.capture.source import Source

_LINE = re.compile(
    rb"(?:\[Thr\s+(\d{1,20})\]\s*)?(?:\*\*\*\s*)?(?:0x)?[0-9a-fA-F]{1,16}:?[ \t]+"
    rb"(?:(?:0x)?[0-9a-fA-F]{4,16}:?[ \t]+(?=[0-9a-fA-F ]{2,80}[|*]))?"
    rb"((?:[0-9a-fA-F]{2}){1,8}(?:[ \t-]{1,2}(?:[0-9a-fA-F]{2}){1,8})*)[ \t]{1,60}(\S.*)?\r?"
)
_MINIMUM = 4
"""Lines that make a dump."""


def recognised(source: Source) -> bool:
    """Whether the file holds the dump of an HTTP request."""
    start = source.data[:65536]
    found = sum(1 for line in start.split(b"\n")[:2000] if _octets(line) is not None)
    return found >= _MINIMUM


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the requests of each thread with their responses, in the order of the threads. Needs whole dumps."""
    threads: dict[bytes, bytearray] = {}
    for line in source.data.split(b"\n"):
        found = _octets(line)
        if found is not None:
            threads.setdefault(found[0], bytearray()).extend(found[1])
    number = 0
    for octets in threads.values():
        data = bytes(octets)
        begin = re.search(rb"(?:POST|PUT) \S+ HTTP/1\.[01]\r?\n", data)
        for request, response in stream.both(data[begin.start() :] if begin else b"", source.name):
            number += 1
            yield Exchange(str(number), request, response)
    if not number:
        raise source.refusal(
            "The dump holds no whole HTTP request.",
            hint="Set trace level 3 before the call, and save the trace from the request line to the end of the body.",
        )


def _octets(line: bytes) -> tuple[bytes, bytes] | None:
    """Return the thread and the octets of a line of a dump; None for any other line."""
    match = _LINE.fullmatch(line + b" ") if len(line) <= 400 else None
    if match is None:
        return None
    digits = re.sub(rb"[ \t-]", b"", match[2])
    octets = bytes.fromhex(digits.decode("ascii"))
    shown = (match[3] or b"").strip()
    if not shown or _shows(shown, octets):
        return match[1] or b"", octets
    return None


def _shows(shown: bytes, octets: bytes) -> bool:
    """Whether the column of characters is that of the octets."""
    text = shown.strip(b"|*") if shown[:1] in b"|*" else shown
    printable = bytes(octet if 0x20 < octet < 0x7F else 0x2E for octet in octets)
    return re.sub(rb"[ .]", b"", text) == re.sub(rb"[ .]", b"", printable)
