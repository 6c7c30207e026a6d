"""What a bundle says of itself: ``wssdoctor.ticket/1``."""

from __future__ import annotations

import hashlib
from typing import Literal

from msgspec import Struct

from wssdoctor.knowledge.folders import files, home
from wssdoctor.redact.level import Level

SCHEMA: Literal["wssdoctor.ticket/1"] = "wssdoctor.ticket/1"

MANIFEST = "manifest.json"


class Member(Struct, frozen=True):
    """One file of the bundle."""

    name: str
    size: int
    """Octets."""
    sha256: str
    """Of the octets, in hexadecimal."""


class Count(Struct, frozen=True):
    """How often something was replaced or left out."""

    what: str
    count: int


class Manifest(Struct, frozen=True):
    """What is in a bundle, what made it, and what was taken out."""

    schema: Literal["wssdoctor.ticket/1"]
    version: str
    """Of the program."""
    knowledge: str
    """SHA-256 of the shipped knowledge."""
    level: Level
    members: tuple[Member, ...]
    replaced: tuple[Count, ...]
    """By kind of placeholder."""
    left_out: tuple[Count, ...]
    unsearchable: int
    """Values that are ordinary words or very short, so that the scan for leaks cannot look for them."""


def knowledge_version() -> str:
    """Return the SHA-256 of the shipped knowledge, file by file."""
    digest = hashlib.sha256()
    for path in files(home()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def member(name: str, data: bytes) -> Member:
    """Describe a file of the bundle."""
    return Member(name, len(data), hashlib.sha256(data).hexdigest())
