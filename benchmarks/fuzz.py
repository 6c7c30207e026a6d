"""Throws altered messages, certificates and texts at every reader of the wsse room and counts what comes back.

    python -m benchmarks.fuzz [--count 1000000] [--seed 1] [--limit 1.0]

Inputs start from the messages in tests/data and from certificates made here, and are altered by seeded chance, so that
a run can be repeated. Each reader may answer, or refuse with its own kind of error; anything else is a defect and is
printed with the input. An input that takes longer than the limit (seconds) counts as a hang.
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.wsse import pki
from wssdoctor.wsse import Verifier
from wssdoctor.wsse.canonical import METHODS, canonicalize
from wssdoctor.wsse.certificate import (
    CertificateError,
    decode_base64,
    load_certificates,
    load_der,
    load_pkcs7,
    load_pki_path,
)
from wssdoctor.wsse.context import context_from_data
from wssdoctor.wsse.distinguished_name import parse as parse_name
from wssdoctor.wsse.document import DocumentError, parse_document
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.message import read_message
from wssdoctor.wsse.revocation import load_revocation_lists
from wssdoctor.wsse.timestamp import parse_datetime

DATA = Path(__file__).parents[1] / "tests" / "data"
_VALUE = re.compile(rb"\"[^\"<]*\"|>[^<>]+<")
_ELEMENT = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?(?:/>|>[^<>]*</\1>)")
_PIECES = (
    b"",
    b"#",
    b"-1",
    b"9" * 40,
    b"AAAA",
    b"*",
    b" ",
    b"\0",
    b"&#13;",
    "ü€".encode(),
    b"<!--x-->",
    b"<![CDATA[x]]>",
)


class Target(msgspec.Struct):
    """A reader, the errors that it may raise, and what it starts from."""

    name: str
    read: Callable[[bytes], object]
    refuses: tuple[type[BaseException], ...]
    seeds: list[bytes]
    share: float
    """Part of all inputs that go to it."""
    markup: bool = True


def altered(seed: bytes, chance: random.Random, *, markup: bool) -> bytes:
    """Change a few octets, or pieces of markup."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not data:
            break
        kind = chance.choice((0, 1, 2, 3, 3, 3, 4, 4, 5, 5) if markup else (0, 1, 2))
        at = chance.randrange(len(data))
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randint(1, 12)]
        elif kind == 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 6)))
        else:
            pattern = _VALUE if kind == 3 else _ELEMENT
            found = pattern.search(data, at) or pattern.search(data)
            if found is None:
                continue
            start, end = found.span()
            if kind == 3:
                data[start + 1 : end - 1] = chance.choice(_PIECES)
            elif kind == 4:
                del data[start:end]
            else:
                data[end:end] = data[start:end]
    return bytes(data)


def targets() -> list[Target]:
    """All readers with their seeds."""
    messages: list[bytes] = []
    verifiers: dict[bytes, Verifier] = {}
    for folder in ("messages", "corpus"):
        manifest = DATA / folder / "manifest.yaml"
        if not manifest.exists():
            continue
        for entry in yaml.load(manifest.read_bytes(), Loader=yaml.CSafeLoader)["messages"]:
            source = (DATA / folder / entry["file"]).read_bytes()
            if len(source) < 20_000 and source not in verifiers:
                verifiers[source] = Verifier(context_from_data(entry["context"], DATA / folder))
                messages.append(source)
    by_length = {source: verifiers[source] for source in messages}

    def canonical(data: bytes) -> None:
        root = parse_document(data)
        for element in (root, *list(root.iter("*"))[:6]):
            for method in METHODS.values():
                canonicalize(element, method)

    certificates = [
        pki.client().der,
        pkcs7.serialize_certificates([pki.client().x509, pki.root().x509], Encoding.DER),
        pki.client().pem,
    ]

    def asn1(data: bytes) -> None:
        for load in (load_der, load_pki_path, load_pkcs7, load_certificates, load_revocation_lists):
            try:
                found: Any = load(data)
            except CertificateError:
                continue
            for each in found if isinstance(found, tuple) else (found,):
                repr(each)

    def texts(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        parse_datetime(text)
        with suppress(ValueError):
            str(parse_name(text))
        decode_base64(data)

    def whole(data: bytes) -> None:
        latest[0].verify(data)

    latest = [next(iter(by_length.values()))]

    class Chosen(list[bytes]):
        """Seeds of whole messages: choosing one also chooses its receiver."""

        def __getitem__(self, index: Any) -> Any:
            source = super().__getitem__(index)
            latest[0] = by_length[source]
            return source

    names = [str(pki.client().certificate.subject).encode(), b"2026-03-01T12:00:00.5+01:00", b'CN="a ""b""", O=x\\2C y']
    return [
        Target("parser", lambda data: read_message(parse_document(data)), (DocumentError,), messages, 0.35),
        Target("canonicalisation", canonical, (DocumentError, FaultFound), messages, 0.05),
        Target("ASN.1", asn1, (), certificates, 0.35, markup=False),
        Target(
            "base64, names, dates",
            texts,
            (CertificateError,),
            [*names, base64.encodebytes(certificates[0])],
            0.2,
            False,
        ),
        Target("verify", whole, (), Chosen(messages), 0.05),
    ]


def run(target: Target, count: int, seed: int, limit: float) -> bool:
    """Give one reader its inputs and print a row; False if one broke it or took too long."""
    chance = random.Random(f"{target.name} {seed}")
    refused = broken = slow = 0
    longest, started = 0.0, time.perf_counter()
    for _ in range(count):
        data = altered(chance.choice(target.seeds), chance, markup=target.markup)
        start = time.perf_counter()
        try:
            target.read(data)
        except target.refuses:
            refused += 1
        except Exception as error:
            broken += 1
            print(f"DEFECT {target.name}: {error!r:.200}\n  input {data[:4000]!r}")
        took = time.perf_counter() - start
        longest = max(longest, took)
        if took > limit:
            slow += 1
            print(f"SLOW {target.name}: {took:.2f} s\n  input {data[:4000]!r}")
    spent = time.perf_counter() - started
    print(
        f"{target.name:22}{count:>9} inputs {refused:>9} refused {broken:>4} defects {slow:>4} slow"
        f"   longest {longest * 1000:7.1f} ms   {spent:6.0f} s"
    )
    return not (broken or slow)


def main() -> int:
    parser = argparse.ArgumentParser(description="Throw altered input at every reader of the wsse room.")
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs over all readers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds that one input may take")
    arguments = parser.parse_args()
    good = [
        run(target, max(int(arguments.count * target.share), 1), arguments.seed, arguments.limit)
        for target in targets()
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
