"""What xenc:EncryptedKey and xenc:EncryptedData share: method and cipher data (XML Encryption, section 3.1)."""

from __future__ import annotations

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.scope import Scope

_XENC = f"{{{names.XENC}}}"


def method_of(element: Element) -> str | None:
    """Give the algorithm of an EncryptedKey or EncryptedData."""
    method = element.find(_XENC + "EncryptionMethod")
    return method.get("Algorithm") if method is not None else None


def short(algorithm: str | None) -> str:
    """Name an algorithm in words: the last part of its identifier."""
    return (algorithm or "an unnamed algorithm").rpartition("#")[2] or str(algorithm)


def cipher_octets(element: Element, scope: Scope, where: str) -> bytes:
    """Give the encrypted octets of an EncryptedKey or EncryptedData, also from a MIME part or another element.

    Raises FaultFound: decryption-failed for what is no base64, mtom-part-missing, encrypted-reference-unresolved.
    """
    value = element.find(f"{_XENC}CipherData/{_XENC}CipherValue")
    if value is not None:
        include = value.find(f"{{{names.XOP}}}Include")
        if include is not None:
            return _referenced(include.get("href", ""), element, scope, where)
        try:
            return decode_base64(text_of(value))
        except CertificateError as error:
            fault = "key-unwrap-failed" if where == "EncryptedKey" else "decryption-failed"
            evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(value)),)
            raise FaultFound(
                Fault(fault, where, "the CipherValue is not base64", "cipher-value-not-base64", evidence)
            ) from None
    reference = element.find(f"{_XENC}CipherData/{_XENC}CipherReference")
    if reference is not None:
        return _referenced(reference.get("URI", ""), element, scope, where)
    evidence = (Located("no CipherValue and no CipherReference", scope.place(element)),)
    raise FaultFound(
        Fault("encrypted-reference-unresolved", where, f"the {where} has no CipherData", evidence=evidence)
    )


def _referenced(uri: str, element: Element, scope: Scope, where: str) -> bytes:
    if uri.startswith("cid:"):
        part = scope.attachment(uri)
        if part is not None:
            return part
        evidence: tuple[Evidence, ...] = (Compared("URI", "a MIME part", uri, scope.place(element)),)
        raise FaultFound(Fault("mtom-part-missing", where, f"the MIME part {uri!r} is not there", evidence=evidence))
    found = scope.identifiers.find(uri[1:]) if uri.startswith("#") else []
    if len(found) == 1:
        try:
            return decode_base64(text_of(found[0]))
        except CertificateError:
            pass
    evidence = (Compared("URI", "an element that holds base64", uri, scope.place(element)),)
    raise FaultFound(
        Fault(
            "encrypted-reference-unresolved",
            where,
            f"the CipherReference {uri!r} leads to no octets",
            evidence=evidence,
        )
    )


def unknown_algorithm(element: Element, algorithm: str | None, where: str, scope: Scope) -> Fault:
    """Say that the algorithm of an EncryptedKey or EncryptedData is not known."""
    evidence = (Compared("Algorithm", "one that is known", algorithm or "none", scope.place(element)),)
    says = f"the encryption algorithm {algorithm} is not known" if algorithm else "no encryption algorithm is named"
    return Fault("algorithm-unknown", where, says, evidence=evidence)
