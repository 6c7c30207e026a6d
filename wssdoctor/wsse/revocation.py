"""Certificate revocation lists (RFC 5280, section 5): what one says, and whose certificates it covers."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from wssdoctor.wsse import der
from wssdoctor.wsse.certificate import Certificate, CertificateError, decode_base64
from wssdoctor.wsse.distinguished_name import Name, from_der
from wssdoctor.wsse.x509_signature import Signed, read_signed

_PEM = re.compile(rb"-----BEGIN X509 CRL-----(.*?)-----END X509 CRL-----", re.DOTALL)
_REASONS = {
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
_UNDERSTOOD = {"2.5.29.20", "2.5.29.35", "2.5.29.46"}  # number, authority key, freshest


class Entry(msgspec.Struct, frozen=True):
    """One revoked certificate: since when, and why where the list says so."""

    since: datetime
    reason: str | None = None


class RevocationList(msgspec.Struct, frozen=True):
    """What a revocation list says. ``partial`` names critical extensions that may narrow what it covers."""

    issuer: Name
    this_update: datetime
    next_update: datetime | None
    revoked: dict[int, Entry]
    signed: Signed
    partial: tuple[str, ...] = ()

    def is_from(self, issuer: Certificate) -> bool:
        """Whether this certificate's key signed the list."""
        return self.issuer.same(issuer.subject) and self.signed.verifies_with(issuer.public_key)


def load_revocation_lists(data: bytes) -> tuple[RevocationList, ...]:
    """Read a file of revocation lists in PEM or DER. Raises CertificateError."""
    blocks = [decode_base64(body) for body in _PEM.findall(data)] if b"-----BEGIN " in data else [data]
    if not blocks:
        raise CertificateError("no X509 CRL block in this PEM file")
    try:
        return tuple(_read(der.only(block)) for block in blocks)
    except der.DerError as error:
        raise CertificateError(f"not a certificate revocation list: {error}") from None


def _read(found: der.Node) -> RevocationList:
    body, algorithm, value = der.children(found, 3)[:3]
    fields = der.children(der.expect(body, der.SEQUENCE), 3)
    if fields[0].tag == der.INTEGER:
        del fields[0]
    times = [field for field in fields if field.tag in (der.UTC_TIME, der.GENERALIZED_TIME)]
    entries = [field for field in fields[2:] if field.tag == der.SEQUENCE]
    if len(fields) < 3 or not times:
        raise der.DerError("the list lacks its issuer or its time")
    critical = _critical([field for field in fields if field.tag == 0xA0])
    revoked = dict(map(_entry, der.children(entries[0]))) if entries else {}
    return RevocationList(
        issuer=from_der(fields[1]),
        this_update=der.time(times[0]),
        next_update=der.time(times[1]) if len(times) > 1 else None,
        revoked=revoked,
        signed=read_signed(body, algorithm, value),
        partial=tuple(sorted(critical - _UNDERSTOOD)),
    )


def _critical(wrapped: list[der.Node]) -> set[str]:
    found = set()
    for wrapper in wrapped:
        for extension in der.children(der.children(wrapper, 1)[0]):
            kind, *flags, _ = der.children(extension, 2)
            if flags and any(flags[0].value):
                found.add(der.object_identifier(kind))
    return found


def _entry(found: der.Node) -> tuple[int, Entry]:
    serial, since, *extensions = der.children(der.expect(found, der.SEQUENCE), 2)
    reason = None
    for extension in der.children(extensions[0]) if extensions else []:
        kind, *_, value = der.children(extension, 2)
        if der.object_identifier(kind) == "2.5.29.21":
            code = der.node(der.expect(value, der.OCTET_STRING).value)
            reason = _REASONS.get(int.from_bytes(code.value))
    return der.integer(serial), Entry(der.time(since), reason)
