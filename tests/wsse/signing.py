"""Signs messages for tests, as XML Signature 1.1 says: exclusive canonicalisation, SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from wssdoctor.wsse import names

_HMAC = names.DS_MORE + "hmac-sha256"
_RSA = names.DS_MORE + "rsa-sha256"


def _c14n(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def sign(
    root: etree._Element,
    targets: dict[str, etree._Element],
    place: etree._Element,
    key: rsa.RSAPrivateKey | bytes,
    key_info: str,
    *,
    enveloped: bool = False,
    index: int | None = None,
) -> etree._Element:
    """Put a ds:Signature over ``targets`` (by Id) into ``place`` and return it."""
    transforms = f'<ds:Transform Algorithm="{names.ENVELOPED}"/>' if enveloped else ""
    references = "".join(
        f'<ds:Reference URI="#{identifier}"><ds:Transforms>{transforms}<ds:Transform Algorithm="{names.EXCLUSIVE}"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{names.SHA256}"/><ds:DigestValue>'
        f"{base64.b64encode(hashlib.sha256(_c14n(element)).digest()).decode()}</ds:DigestValue></ds:Reference>"
        for identifier, element in targets.items()
    )
    method = _HMAC if isinstance(key, bytes) else _RSA
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{names.DS}" xmlns:wsse="{names.WSSE}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{names.EXCLUSIVE}"/><ds:SignatureMethod Algorithm="{method}"/>'
        f"{references}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo>{key_info}</ds:KeyInfo></ds:Signature>"
    )
    place.insert(len(place) if index is None else index, signature)
    octets = _c14n(signature[0])
    if isinstance(key, bytes):
        value = hmac.digest(key, octets, "sha256")
    else:
        value = key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    signature[1].text = base64.b64encode(value).decode()
    return signature


def by_id(root: etree._Element, identifier: str) -> etree._Element:
    """Find an element by any of its identifying attributes."""
    return next(each for each in root.iter("*") if any(each.get(name) == identifier for name in names.ID_ATTRIBUTES))


def x509_data(der: bytes) -> str:
    return f"<ds:X509Data><ds:X509Certificate>{base64.b64encode(der).decode()}</ds:X509Certificate></ds:X509Data>"
