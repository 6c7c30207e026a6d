"""The certificates of the sample: a small authority and what it issued. Private keys are thrown away at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_MARK = "wssdoctor sample - not for use"
_BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(2056, 1, 1, tzinfo=dt.UTC)
NAMES = {"server.pem": "erp.example.com", "wsse.pem": "ERP WS-Security", "partner.pem": "Partner"}
"""File and common name of each certificate that the authority issued."""


def write(folder: Path) -> None:
    """Write ca.pem and the certificates of NAMES; existing files stay, so that a second run changes nothing."""
    wanted = {"ca.pem", *NAMES}
    if all((folder / name).exists() for name in wanted):
        return
    authority_key = _key()
    authority = _certificate("Sample CA", authority_key, None)
    (folder / "ca.pem").write_bytes(_pem(authority))
    for file, common_name in NAMES.items():
        (folder / file).write_bytes(_pem(_certificate(common_name, _key(), (authority, authority_key))))


def throwaway_server(host: str, folder: Path) -> tuple[Path, Path]:
    """Write certificate and key for a recording server that a client trusts by the certificate itself."""
    key = _key()
    certificate, secret = folder / "recorder.pem", folder / "recorder.key"
    certificate.write_bytes(_pem(_certificate(host, key, None)))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return certificate, secret


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common_name: str) -> x509.Name:
    attributes = ((NameOID.ORGANIZATION_NAME, "Example"), (NameOID.ORGANIZATIONAL_UNIT_NAME, _MARK))
    pairs = (*attributes, (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def _certificate(
    common_name: str, key: rsa.RSAPrivateKey, issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None
) -> x509.Certificate:
    subject = _name(common_name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if "." in common_name:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    subject, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    head = f"A sample of wssdoctor, not for use. No private key exists.\nsubject: {subject}\nissuer: {issuer}\n"
    return head.encode() + certificate.public_bytes(serialization.Encoding.PEM)
