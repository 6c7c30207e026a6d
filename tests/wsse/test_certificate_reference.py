from __future__ import annotations

import base64
import hashlib

import pytest

from tests.wsse.pki import client, root
from wssdoctor.wsse import names
from wssdoctor.wsse.certificate_reference import CertificateReference, read_key_identifier, read_x509_data
from wssdoctor.wsse.document import parse_document


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def x509_data(inner: str) -> tuple[CertificateReference, ...]:
    source = f'<ds:X509Data xmlns:ds="{names.DS}" xmlns:d11="{names.DS11}">{inner}</ds:X509Data>'
    return read_x509_data(parse_document(source.encode()))


def issuer_serial(issuer: object, serial: object) -> str:
    return (
        f"<ds:X509IssuerSerial><ds:X509IssuerName>{issuer}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{serial}</ds:X509SerialNumber></ds:X509IssuerSerial>"
    )


def key_identifier(kind: str, text: str, encoding: str = names.BASE64_BINARY) -> CertificateReference | None:
    source = (
        f'<wsse:KeyIdentifier xmlns:wsse="{names.WSSE}" ValueType="{kind}" EncodingType="{encoding}">{text}'
        "</wsse:KeyIdentifier>"
    )
    return read_key_identifier(parse_document(source.encode()))


def test_every_way_to_name_a_certificate() -> None:
    certificate, other = client().certificate, root().certificate
    sha256 = hashlib.sha256(certificate.der).digest()
    references = [
        *x509_data(issuer_serial(certificate.issuer, certificate.serial)),
        *x509_data(f"<ds:X509SKI>{b64(certificate.key_identifier)}</ds:X509SKI>"),
        *x509_data(f"<ds:X509SubjectName>{certificate.subject}</ds:X509SubjectName>"),
        *x509_data(f'<d11:X509Digest Algorithm="{names.SHA256}">{b64(sha256)}</d11:X509Digest>'),
        key_identifier(names.THUMBPRINT_SHA1, b64(certificate.thumbprint)),
        key_identifier(names.THUMBPRINT_SHA1, certificate.thumbprint.hex(), names.HEX_BINARY),
        key_identifier(names.X509_SKI, b64(certificate.key_identifier)),
    ]
    assert len(references) == 7
    for reference in references:
        assert reference is not None
        assert reference.matches(certificate)
        assert not reference.matches(other)
        assert reference.malformed is None
    assert key_identifier(names.ENCRYPTED_KEY_SHA1, "AA==") is None


def test_near_misses() -> None:
    certificate = client().certificate
    backwards = ",".join(reversed(str(certificate.issuer).split(",")))
    other = str(certificate.issuer).replace("Issuing", "Another")
    serial_hex = f"{certificate.serial:x}"
    cases = [
        (x509_data(issuer_serial(backwards, certificate.serial))[0], "issuer-name-reversed"),
        (x509_data(issuer_serial(other, certificate.serial))[0], "issuer-name-spelled-differently"),
        (key_identifier(names.X509_SKI, b64(certificate.thumbprint)), "key-identifier-of-another-kind"),
        (key_identifier(names.THUMBPRINT_SHA1, b64(certificate.key_identifier)), "key-identifier-of-another-kind"),
    ]
    for reference, reason in cases:
        assert reference is not None
        assert not reference.matches(certificate)
        near = reference.near_miss(certificate)
        assert near is not None
        assert near[1] == reason
        assert reference.near_miss(root().certificate) is None
    if serial_hex.isdigit():
        (reference,) = x509_data(issuer_serial(certificate.issuer, serial_hex))
        assert reference.near_miss(certificate) is not None


@pytest.mark.parametrize(
    "inner",
    [
        issuer_serial("CN=x", "ab12"),
        issuer_serial("CN=x", ""),
        issuer_serial("CN=x", "9" * 200),
        issuer_serial("nonsense", "1"),
        "<ds:X509SKI>*</ds:X509SKI>",
        "<ds:X509SubjectName>x</ds:X509SubjectName>",
        '<d11:X509Digest Algorithm="urn:x">AA==</d11:X509Digest>',
    ],
)
def test_what_cannot_be_read_names_nothing(inner: str) -> None:
    (reference,) = x509_data(inner)
    assert reference.malformed
    assert not reference.matches(client().certificate)
    assert str(reference)
