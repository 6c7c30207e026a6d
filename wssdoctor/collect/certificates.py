"""Certificates in PEM, DER, PKCS#7 and PKCS#12. Private keys are dropped and counted."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from typing import Any

from wssdoctor.collect.findings import Findings, LooseCertificate
from wssdoctor.collect.placement import HOW, is_list, pse
from wssdoctor.collect.source import Source
from wssdoctor.evidence import Place
from wssdoctor.wsse import der
from wssdoctor.wsse.outline import outline

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----")
_CERTIFICATES = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
_MOST = 2000


def is_pem(head: bytes) -> bool:
    """Whether the file holds PEM blocks."""
    return b"-----BEGIN " in head


def is_pkcs12(data: bytes) -> bool:
    """Whether this is a PKCS#12 container (RFC 7292, section 4)."""
    try:
        version, content = der.children(der.only(data), 2)[:2]
        return der.integer(version) == 3 and der.object_identifier(der.children(content, 1)[0]).startswith(
            "1.2.840.113549.1.7."
        )
    except der.DerError:
        return False


def read(source: Source, data: bytes, findings: Findings) -> bool:
    """Read PEM, DER or PKCS#7; False if it is none of them."""
    from wssdoctor.wsse.certificate import CertificateError, load_certificates

    if is_pem(data):
        _private_keys(source, data, findings)
        data = b"".join(
            match[0] + b"\n" for match in _BLOCK.finditer(data) if match[1] in (*_CERTIFICATES, b"PKCS7", b"CMS")
        )
        if not data:
            return False
    try:
        found = [certificate.der for certificate in load_certificates(data)]
    except (CertificateError, ValueError):
        return False
    findings.recognised.append((source.name, f"{len(found)} certificate{'s' * (len(found) != 1)}"))
    place(source, found, findings)
    return True


def _private_keys(source: Source, data: bytes, findings: Findings) -> None:
    count = len(re.findall(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----", data))
    findings.drop("private keys", count, source.place())


def read_pkcs12(source: Source, data: bytes, pins: Sequence[str], findings: Findings) -> None:
    """Read the certificates of a PKCS#12 container. Raises ``InputError`` where no password opens it."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    for pin in (None, b"", *(pin.encode() for pin in pins)):
        try:
            bundle = load_pkcs12(data, pin)
        except ValueError:
            continue
        findings.drop("private keys", int(bundle.key is not None), source.place())
        listed = [each.certificate.public_bytes(Encoding.DER) for each in bundle.additional_certs]
        own = [bundle.cert.certificate.public_bytes(Encoding.DER)] if bundle.cert else []
        findings.recognised.append((source.name, f"PKCS#12 with {len(own) + len(listed)} certificates"))
        place(source, own or listed, findings)
        return
    hint = (
        "give it: wssdoctor collect --pin or --pin-file, or the variable WSSDOCTOR_PIN; or export the certificate alone"
    )
    raise source.refused("no password that was given opens this PKCS#12 container", hint)


def place(source: Source, found: Iterable[bytes], findings: Findings) -> None:
    """State certificates for the PSE that the file's name tells, or keep them for a later match."""
    where, target = source.place(), pse(source.name)
    known = list(found)[:_MOST]
    if target is None:
        findings.certificates += [LooseCertificate(pem(each), where) for each in known]
        return
    if is_list(source.name):
        state_pse(findings, target, where, part=[{"pem": pem(each)} for each in known])
    elif len(known) == 1:
        state_pse(findings, target, where, own={"pem": pem(known[0])})
    else:
        findings.note(f"several certificates, and nothing says which is the PSE's own: {HOW}", where)


def state_pse(
    findings: Findings,
    target: tuple[str, str],
    where: Place,
    own: dict[str, Any] | None = None,
    trusted: list[dict[str, Any]] | None = None,
    chain: list[dict[str, Any]] | None = None,
    part: list[dict[str, Any]] | None = None,
) -> None:
    """State a PSE's own certificate, the issuers that it keeps for it, and its certificate list or a part of it."""
    application, identity = target
    facts: dict[str, Any] = {"application": application, "identity": identity or None, "exists": True}
    findings.state(
        "pses", target, where, **facts, own_certificate=own, own_chain=chain, trusted=trusted, trusted_part=part
    )


def pem(encoded: bytes) -> str:
    """Write a certificate in PEM (RFC 7468)."""
    text = base64.b64encode(encoded).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))


def identity(certificate: dict[str, Any]) -> tuple[Any, ...]:
    """Return what two statements about one certificate share: names in comparable form, and validity; empty if not given."""
    if "pem" in certificate:
        try:
            found = outline(certificate["pem"].encode())
        except ValueError:
            return (certificate["pem"],)
        return _comparable(str(found.subject)), _comparable(str(found.issuer)), found.not_before, found.not_after
    names = _comparable(certificate.get("subject", "")), _comparable(certificate.get("issuer", ""))
    return *names, certificate.get("not_before"), certificate.get("not_after")


def alike(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    """Whether two identities may be of one certificate: equal in all that both give."""
    return all(one == other for one, other in zip(first, second, strict=False) if one and other)


def _comparable(name: str) -> Any:
    from wssdoctor.wsse.distinguished_name import parse

    try:
        return parse(name).key
    except ValueError:
        return "".join(name.split()).casefold()
