"""A key that verifies or decrypts, and where it came from."""

from __future__ import annotations

import msgspec

from wssdoctor.evidence import Place
from wssdoctor.wsse import document
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.x509_signature import PublicKey


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Either a public key (perhaps with its certificate) or a secret; the secret is never shown.

    ``where`` is the part that faults about this key name (BinarySecurityToken, KeyInfo, Assertion,
    DerivedKeyToken ...), ``how`` says in words how it was found. ``known`` if the receiver's context holds
    it, so that nothing is left to prove about it; a certificate still has dates. ``sent`` are further
    certificates that came along.
    """

    where: str
    how: str
    public: PublicKey | None = None
    secret: bytes | None = None
    certificate: Certificate | None = None
    sent: tuple[Certificate, ...] = ()
    known: bool = False
    place: Place | None = None
    element: Element | None = None
    """Where it was found, when ``place`` does not say so: worked out only when it is asked for."""

    @property
    def found_at(self) -> Place | None:
        """Line and XPath of what named it."""
        return self.place if self.place is not None or self.element is None else document.place(self.element)

    def __repr__(self) -> str:
        kind = "secret" if self.secret is not None else "public key"
        return f"Key({kind}, where={self.where!r}, how={self.how!r})"
