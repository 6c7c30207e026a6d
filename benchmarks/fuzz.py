"""Throws damaged messages at the verifier: it must answer each, soon and without an exception.

    python -m benchmarks.fuzz --count 1000000 --seed 1

Starts from the messages in tests/data/messages and damages octets, markup, base64, DER and text. Prints what went wrong
and how to see it again; exit code 1 if anything did.
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import yaml

from wssdoctor.wsse.context import context_from_data
from wssdoctor.wsse.verifier import Verifier

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "messages"
SLOW = 5.0
"""Seconds that one message may take."""
_BASE64 = re.compile(rb">([A-Za-z0-9+/=\s]{16,})<")
_VALUE = re.compile(rb'="([^"]*)"')
_ELEMENT = re.compile(rb"<([\w:]+)[^<>]*>[^<]*</\1>")
_PIECES = (
    b"", b"\0", b"&#0;", b"&#x80;", b"&amp;", b"<", b">", b"]]>", b"<![CDATA[", b"<!-- -->", b"<?x y?>", b"\xc2\xa0",
    b"\xe2\x82\xac", b"\xff", b"\r", b"\n", b"#", b"''", b'"', b"-1", b"99999999999999999999", b"%", b"cid:x",
    b"urn:x", b"../x", b"xmlns:x='urn:x y'", b"9999-12-31T23:59:59Z", b"0000-00-00T00:00:00Z", b"A" * 5000,
)  # fmt: skip


def sources() -> list[tuple[str, bytes, Verifier]]:
    """Give each message with a verifier for its context."""
    entries = yaml.safe_load((FOLDER / "manifest.yaml").read_text())["messages"]
    return [
        (entry["id"], (FOLDER / entry["file"]).read_bytes(), Verifier(context_from_data(entry["context"], FOLDER)))
        for entry in entries
    ]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Damage octets in one to four ways."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_WAYS)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) or 1)
    return data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_PIECES) + data[at:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randrange(200) :]


def _base64(data: bytes, chance: random.Random) -> bytes:
    found = list(_BASE64.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    try:
        octets = bytearray(base64.b64decode(match[1]))
    except ValueError:
        return data
    for _ in range(chance.randint(1, 6)):
        if octets:
            octets[chance.randrange(len(octets))] = chance.choice(
                (0, 1, 0x30, 0x7F, 0x80, 0x84, 0xFF, chance.randrange(256))
            )
    if chance.random() < 0.2:
        del octets[chance.randrange(len(octets) + 1) :]
    return data[: match.start(1)] + base64.b64encode(bytes(octets)) + data[match.end(1) :]


def _value(data: bytes, chance: random.Random) -> bytes:
    found = list(_VALUE.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    new = chance.choice((chance.choice(found)[1], chance.choice(_PIECES).replace(b'"', b"").replace(b"<", b"")))
    return data[: match.start(1)] + new + data[match.end(1) :]


def _element(data: bytes, chance: random.Random) -> bytes:
    found = list(_ELEMENT.finditer(data))
    if not found:
        return data
    match, other = chance.choice(found), chance.choice(found)
    new = chance.choice((b"", match[0] * 2, other[0], b"<w>" + match[0] + b"</w>"))
    return data[: match.start()] + new + data[match.end() :]


_WAYS = (_flip, _insert, _cut, _base64, _value, _value, _element, _element)


def run(count: int, seed: int) -> Iterator[str]:
    """Verify ``count`` damaged messages; yield a line for each that raises or takes too long."""
    known = sources()
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        name, data, verifier = chance.choice(known)
        hostile = damaged(data, chance)
        start = time.monotonic()
        try:
            verifier.verify(hostile)
        except Exception:
            yield f"seed {seed}, number {number}, {name}: {traceback.format_exc(limit=-3)}"
        took = time.monotonic() - start
        if took > SLOW:
            yield f"seed {seed}, number {number}, {name}: {took:.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description="Throw damaged messages at the verifier.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start, wrong = time.monotonic(), 0
    for line in run(arguments.count, arguments.seed):
        wrong += 1
        print(line, flush=True)
    took = time.monotonic() - start
    print(f"{arguments.count} messages in {took:.0f} s, {wrong} went wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
