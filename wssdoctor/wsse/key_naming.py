"""Writing into a message whose key it is signed with, in the way in which it named another key.

Sources: WSS X.509 token profile 1.1.1 (section 3), SOAP Message Security 1.1.1 (section 7), XML Signature 1.1
(section 4.5).
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import rsa

from wssdoctor.wsse import names
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of
from wssdoctor.wsse.identifier import Identifiers

_X509_TOKENS = (names.X509_V3, None)


def name_certificate(key_info: Element, certificate: Certificate, identifiers: Identifiers) -> list[str]:
    """Let every X.509 way in which a KeyInfo names its key name this certificate; return what was changed.

    Raises ``ValueError`` for a way that cannot be written anew.
    """
    changed: list[str] = []
    for element in list(key_info.iter("*")):
        change = _written(element, certificate, identifiers)
        if change:
            changed.append(change)
    if not changed:
        raise ValueError("KeyInfo names its key in a way that cannot be written anew")
    return changed


def _written(element: Element, certificate: Certificate, identifiers: Identifiers) -> str:
    match namespace_of(element), local_name(element):
        case names.WSSE, "Reference":
            return _token(element, certificate, identifiers)
        case names.WSSE, "KeyIdentifier":
            return _key_identifier(element, certificate)
        case names.DS, "X509IssuerSerial":
            _set(element, "X509IssuerName", str(certificate.issuer))
            _set(element, "X509SerialNumber", str(certificate.serial))
            return "X509IssuerSerial"
        case names.DS, "X509SKI":
            element.text = _text(_identifier(certificate))
            return "X509SKI"
        case names.DS, "X509Certificate":
            element.text = _text(certificate.der)
            return "X509Certificate"
        case names.DS, "X509SubjectName":
            element.text = str(certificate.subject)
            return "X509SubjectName"
        case names.DS, "RSAKeyValue":
            public = certificate.public_key
            if not isinstance(public, rsa.RSAPublicKey):  # what is wrong is the pair of message and key
                raise ValueError(  # noqa: TRY004
                    "KeyInfo holds an RSAKeyValue, and the key is none of RSA"
                )
            numbers = public.public_numbers()
            _set(element, "Modulus", _text(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)))
            _set(element, "Exponent", _text(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)))
            return "RSAKeyValue"
    return ""


def _token(reference: Element, certificate: Certificate, identifiers: Identifiers) -> str:
    found = identifiers.find((reference.get("URI") or "").removeprefix("#"))
    if len(found) != 1 or local_name(found[0]) != "BinarySecurityToken":
        raise ValueError("the signature's key is that of a token which is no BinarySecurityToken")
    if found[0].get("ValueType") not in _X509_TOKENS:
        raise ValueError(f"a token of type {found[0].get('ValueType')} cannot be written anew")
    found[0].text = _text(certificate.der)
    return "BinarySecurityToken"


def _key_identifier(element: Element, certificate: Certificate) -> str:
    match element.get("ValueType") or names.X509_SKI:
        case names.X509_SKI:
            octets = _identifier(certificate)
        case names.THUMBPRINT_SHA1:
            octets = certificate.thumbprint
        case names.X509_V3:
            octets = certificate.der
        case other:
            raise ValueError(f"a KeyIdentifier of type {other} cannot be written anew")
    element.text = _text(octets)
    return "KeyIdentifier"


def _identifier(certificate: Certificate) -> bytes:
    if certificate.key_identifier is None:
        raise ValueError("the message names its key by SubjectKeyIdentifier, which the certificate does not carry")
    return certificate.key_identifier


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _set(parent: Element, name: str, text: str) -> None:
    child = child_of(parent, f"{{{names.DS}}}{name}")
    if child is None:
        raise ValueError(f"{local_name(parent)} lacks {name}")
    child.text = text
