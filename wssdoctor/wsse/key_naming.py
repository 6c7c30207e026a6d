"""Writing into a message whose key it is signed with, in the way in which it named another key.

Sources: WSS X.509 token profile 1.1.1 (section 3), SOAP Message Security 1.1.1 (section 7), XML Signature 1.1
(section 4.5).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import load_der_x509_certificate

from wssdoctor.wsse import der, names
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of
from wssdoctor.wsse.identifier import Identifiers

_KEY_NAME = f"{{{names.DS}}}KeyName"
_CURVES = {
    "secp192r1": "1.2.840.10045.3.1.1",
    "secp224r1": "1.3.132.0.33",
    "secp256r1": "1.2.840.10045.3.1.7",
    "secp384r1": "1.3.132.0.34",
    "secp521r1": "1.3.132.0.35",
}


def name_certificate(
    key_info: Element, certificate: Certificate, identifiers: Identifiers, chain: Sequence[Certificate] = ()
) -> list[str]:
    """Let every X.509 way in which a KeyInfo names its key name this certificate; return what was changed.

    ``chain`` are the authorities above it, for tokens that carry them. A KeyName stays: it may mean any key.
    Raises ``ValueError`` for a way that cannot be written anew.
    """
    naming = _Naming(certificate, tuple(chain), identifiers)
    changed = [change for element in list(key_info.iter("*")) if (change := naming.write(element))]
    if not changed and child_of(key_info, _KEY_NAME) is None:
        raise ValueError("KeyInfo names its key in a way that cannot be written anew")
    return changed


class _Naming:
    """One certificate, to be written in any form."""

    def __init__(self, certificate: Certificate, chain: tuple[Certificate, ...], identifiers: Identifiers) -> None:
        self._certificate = certificate
        self._chain = chain
        self._identifiers = identifiers

    def write(self, element: Element) -> str:
        """Write one way of naming, if the element is one; return what it is called."""
        certificate = self._certificate
        match namespace_of(element), local_name(element):
            case names.WSSE, "Reference":
                return self._referred(element)
            case names.WSSE, "BinarySecurityToken":
                return self._token(element)
            case names.WSSE, "KeyIdentifier":
                return self._key_identifier(element)
            case names.DS, "X509IssuerSerial":
                _set(element, "X509IssuerName", str(certificate.issuer))
                _set(element, "X509SerialNumber", str(certificate.serial))
                return "X509IssuerSerial"
            case names.DS, "X509SKI":
                element.text = _text(_identifier(certificate))
                return "X509SKI"
            case names.DS, "X509Certificate":
                return self._sent_certificate(element)
            case names.DS, "X509SubjectName":
                element.text = str(certificate.subject)
                return "X509SubjectName"
            case names.DS, "RSAKeyValue":
                return _rsa_key_value(element, certificate)
            case names.DS11, "ECKeyValue":
                return _ec_key_value(element, certificate)
        return ""

    def _referred(self, reference: Element) -> str:
        found = self._identifiers.find((reference.get("URI") or "").removeprefix("#"))
        if len(found) != 1 or local_name(found[0]) != "BinarySecurityToken":
            raise ValueError("the signature's key is that of a token which is no BinarySecurityToken")
        return self._token(found[0])

    def _token(self, token: Element) -> str:
        match token.get("ValueType"):
            case kind if kind is None or kind in names.X509_CERTIFICATE:
                octets = self._certificate.der
            case names.X509_PKI_PATH:
                octets = der.sequence([one.der for one in (*reversed(self._chain), self._certificate)])
            case names.X509_PKCS7:
                certificates = [load_der_x509_certificate(one.der) for one in (self._certificate, *self._chain)]
                octets = pkcs7.serialize_certificates(certificates, serialization.Encoding.DER)
            case other:
                raise ValueError(f"a token of type {other} cannot be written anew")
        token.text = _text(octets)
        return "BinarySecurityToken"

    def _key_identifier(self, element: Element) -> str:
        match element.get("ValueType") or names.X509_SKI:
            case names.X509_SKI:
                octets = _identifier(self._certificate)
            case names.THUMBPRINT_SHA1:
                octets = self._certificate.thumbprint
            case names.X509_V3:
                octets = self._certificate.der
            case other:
                raise ValueError(f"a KeyIdentifier of type {other} cannot be written anew")
        element.text = _text(octets)
        return "KeyIdentifier"

    def _sent_certificate(self, element: Element) -> str:
        """The first of an X509Data is the key's own; further ones are those above it, as far as they are known."""
        before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
        sent = (self._certificate, *self._chain)
        if before < len(sent):
            element.text = _text(sent[before].der)
        else:
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
        return "X509Certificate"


def _rsa_key_value(element: Element, certificate: Certificate) -> str:
    public = certificate.public_key
    if not isinstance(public, rsa.RSAPublicKey):  # what is wrong is the pair of message and key
        raise ValueError("KeyInfo holds an RSAKeyValue, and the key is none of RSA")  # noqa: TRY004
    numbers = public.public_numbers()
    _set(element, "Modulus", _text(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)))
    _set(element, "Exponent", _text(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)))
    return "RSAKeyValue"


def _ec_key_value(element: Element, certificate: Certificate) -> str:
    public = certificate.public_key
    curve, point = (child_of(element, f"{{{names.DS11}}}{name}") for name in ("NamedCurve", "PublicKey"))
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name not in _CURVES:
        raise ValueError("KeyInfo holds an ECKeyValue, and the key is not on a curve that has a name for it")
    if curve is None or point is None:
        raise ValueError("ECKeyValue lacks NamedCurve or PublicKey")
    curve.set("URI", f"urn:oid:{_CURVES[public.curve.name]}")
    form = serialization.PublicFormat.UncompressedPoint
    point.text = _text(public.public_bytes(serialization.Encoding.X962, form))
    return "ECKeyValue"


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
