"""What verify found: frozen, picklable, free of secrets; JSON and text are made of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from wssdoctor.wsse.fault import Fault

Verdict = Literal["accept", "reject", "undecided"]
Mark = Literal["ok", "broken", "unprotected", "absent", "unknown"]


class PartReport(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the message: a header block, a token, Body.

    ``mark`` is ok (read and, where demanded, protected), broken (a fault names it), unprotected (read, neither signed
    nor encrypted), absent (demanded but not there) or unknown (could not be judged).
    """

    part: str
    mark: Mark
    signed: bool = False
    encrypted: bool = False
    line: int | None = None
    xpath: str | None = None


class ReferenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One ds:Reference. Digests in base64; ``ok`` of None means that there was nothing to digest."""

    uri: str | None
    part: str
    transforms: tuple[str, ...]
    digest_method: str
    digest_sent: str
    digest_computed: str | None
    ok: bool | None


class SignatureReport(msgspec.Struct, frozen=True, kw_only=True):
    """One ds:Signature. ``value_ok`` of None means that it could not be judged."""

    part: str
    method: str | None
    canonicalization: str | None
    key: str | None
    signer: str | None
    value_ok: bool | None
    references: tuple[ReferenceReport, ...]
    line: int | None = None
    xpath: str | None = None


class TokenReport(msgspec.Struct, frozen=True, kw_only=True):
    """One token: kind, what it says in a few words, and whether it holds."""

    token: str
    says: str
    mark: Mark
    line: int | None = None
    xpath: str | None = None


class Digested(msgspec.Struct, frozen=True):
    """Octets that were signed or digested, under a name that fits a file."""

    name: str
    octets: bytes


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The result for one message. ``faults``: the root first; ``missing``: what kept parts from being judged."""

    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    parts: tuple[PartReport, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()
    tokens: tuple[TokenReport, ...] = ()
    missing: tuple[str, ...] = ()
    digested: tuple[Digested, ...] = ()
    """Only when asked for."""
