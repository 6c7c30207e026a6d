"""The certificates of the outbound calls of the healthy landscape: a root, an issuing authority, and what that issued."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_MARK = "wssdoctor sample - not for use"
_BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(2056, 1, 1, tzinfo=dt.UTC)
_NAMES = {
    "partner.pem": ("partner.example.com", ["partner.example.com", "www.partner.example.com"]),
    "billing.pem": ("Billing services", ["*.example.net"]),
    "client.pem": ("ERP client", []),
    "encryption.pem": ("Stock WS-Security", []),
}
"""File, common name and DNS names of each certificate that the issuing authority issued."""

Issuer = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def write(folder: Path) -> None:
    """Write all certificates, unless every one is there already. Private keys are thrown away at once."""
    if all((folder / name).exists() for name in ("root.pem", "issuing.pem", *_NAMES)):
        return
    root_key, issuing_key = _key(), _key()
    root = _certificate("Sample Root CA", root_key, None, [], authority=True)
    issuing = _certificate("Sample Issuing CA", issuing_key, (root, root_key), [], authority=True)
    (folder / "root.pem").write_bytes(_pem(root))
    (folder / "issuing.pem").write_bytes(_pem(issuing))
    for file, (common_name, names) in _NAMES.items():
        issued = _certificate(common_name, _key(), (issuing, issuing_key), names, authority=False)
        (folder / file).write_bytes(_pem(issued))


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    pairs = (
        (NameOID.ORGANIZATION_NAME, "Example"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, _MARK),
        (NameOID.COMMON_NAME, common_name),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def _certificate(
    common_name: str, key: ec.EllipticCurvePrivateKey, issuer: Issuer | None, names: list[str], *, authority: bool
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
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    subject, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    head = f"A sample of wssdoctor, not for use. No private key exists.\nsubject: {subject}\nissuer: {issuer}\n"
    return head.encode() + certificate.public_bytes(serialization.Encoding.PEM)


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "healthy" / "outbound")
