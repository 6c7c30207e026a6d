"""How much is taken out."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Levels of redaction. Secrets, private keys and the content of bodies are taken out at each of them."""

    NAMES = "names"
    """Names of hosts, users, systems and partners are kept."""
    DEFAULT = "default"
    """Names become placeholders; of certificates serial number, validity and fingerprint are kept."""
    STRICT = "strict"
    """Names of elements in bodies, serial numbers, fingerprints and digests become placeholders too."""
