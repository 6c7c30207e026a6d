"""What verify found: frozen, picklable, free of secrets; JSON and text are made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

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
    value: str | None = None
    """The SignatureValue in base64; None where it cannot be read."""
    certificate: bytes | None = None
    """The signer's certificate in DER."""
    sent_certificates: tuple[bytes, ...] = ()
    """Further certificates that came along, in DER."""
    inner: bool = False
    """Whether it stands inside an assertion: it proves what an issuer said, not what the sender did."""


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
    """What the receiver digests."""
    signed: bytes | None = None
    """What the sender digested, where that is something else and could be found."""


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a message beside its faults."""

    parts: tuple[PartReport, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()
    tokens: tuple[TokenReport, ...] = ()


class Verification(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The result for one message. ``faults``: the root first; ``missing``: what kept parts from being judged.

    ``parts``, ``signatures`` and ``tokens`` are worked out when one of them is first read, because many callers ask for
    the verdict only; until then the message's tree is kept. A copy made by pickle has them.
    """

    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    missing: tuple[str, ...] = ()
    digested: tuple[Digested, ...] = ()
    """Only when asked for."""
    reports: Reports | Callable[[], Reports] = Reports()

    @property
    def parts(self) -> tuple[PartReport, ...]:
        """The parts of the message, each with a mark."""
        return self._told().parts

    @property
    def signatures(self) -> tuple[SignatureReport, ...]:
        """The signatures of the message and of its assertions."""
        return self._told().signatures

    @property
    def tokens(self) -> tuple[TokenReport, ...]:
        """The tokens of the message, and what was encrypted."""
        return self._told().tokens

    def _told(self) -> Reports:
        reports = self.reports
        if not isinstance(reports, Reports):
            reports = reports()
            msgspec.structs.force_setattr(self, "reports", reports)  # lets the message's tree go
        return reports

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verification) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def __reduce__(self) -> tuple[Callable[..., Verification], tuple[Any, ...]]:
        return _restored, self._content()

    def __repr__(self) -> str:
        return f"<Verification {self.verdict}, {len(self.faults)} faults>"

    def _content(self) -> tuple[Any, ...]:
        return self.verdict, self.faults, self.missing, self.digested, self._told()


def _restored(
    verdict: Verdict,
    faults: tuple[Fault, ...],
    missing: tuple[str, ...],
    digested: tuple[Digested, ...],
    reports: Reports,
) -> Verification:
    return Verification(verdict=verdict, faults=faults, missing=missing, digested=digested, reports=reports)
