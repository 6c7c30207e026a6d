"""Makes keys, certificates and revocation lists for tests. Everything lives only as long as the test run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from wssdoctor.wsse.certificate import Certificate, load_der
from wssdoctor.wsse.revocation import RevocationList, load_revocation_lists

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM

_KINDS = {
    "CN": NameOID.COMMON_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "C": NameOID.COUNTRY_NAME,
}


@cache
def rsa_key(label: str = "one", bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make an RSA key, the same for the same label within a run."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(label: str = "one") -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key, the same for the same label within a run."""
    return ec.generate_private_key(ec.SECP256R1())


def name(*parts: str) -> x509.Name:
    """Build a name from ``CN=x`` parts in the order of the certificate."""
    pairs = (part.split("=", 1) for part in parts)
    return x509.Name([x509.NameAttribute(_KINDS[kind], value) for kind, value in pairs])


class Issued:
    """A certificate with its key; ``issue`` makes one below it."""

    def __init__(self, certificate: x509.Certificate, key: Any, issuer: Issued | None = None) -> None:
        self.x509 = certificate
        self.key = key
        self.issuer = issuer

    @property
    def certificate(self) -> Certificate:
        return load_der(self.der)

    @property
    def der(self) -> bytes:
        return self.x509.public_bytes(DER)

    @property
    def pem(self) -> bytes:
        return self.x509.public_bytes(PEM)

    def key_pem(self, password: bytes | None = None) -> bytes:
        protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        octets: bytes = self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, protection)
        return octets

    def issue(self, *parts: str, **options: Any) -> Issued:
        return issue(self, *parts, **options)

    def revocation_list(self, *serials: int, next_update: datetime = NOW + YEAR) -> RevocationList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.x509.subject)
            .last_update(NOW - YEAR)
            .next_update(next_update)
        )
        for serial in serials:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(NOW - YEAR / 2)
                .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
                .build()
            )
        return load_revocation_lists(builder.sign(self.key, hashes.SHA256()).public_bytes(PEM))[0]


def issue(
    issuer: Issued | None,
    *parts: str,
    key: Any = None,
    ca: bool | None = False,
    path_length: int | None = None,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + YEAR,
    usage: tuple[str, ...] | None = None,
    identifiers: bool = True,
    serial: int | None = None,
    issuer_name: x509.Name | None = None,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Issued:
    """Issue a certificate; without an issuer it is self-signed."""
    subject = name(*parts)
    key = key or rsa_key(",".join(parts))
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name or (issuer.x509.subject if issuer else subject))
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length), critical=True)
    if identifiers:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    if usage is not None:
        flags = {
            "digital_signature": False,
            "content_commitment": False,
            "key_encipherment": False,
            "data_encipherment": False,
            "key_agreement": False,
            "key_cert_sign": False,
            "crl_sign": False,
            "encipher_only": False,
            "decipher_only": False,
        } | dict.fromkeys(usage, True)
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(signer, hashes.SHA256()), key, issuer)


@cache
def root() -> Issued:
    return issue(None, "C=DE", "O=Test", "OU=PKI", "CN=Root", ca=True)


@cache
def issuing() -> Issued:
    return root().issue("C=DE", "O=Test", "OU=PKI", "CN=Issuing", ca=True)


@cache
def client() -> Issued:
    return issuing().issue("C=DE", "O=Test", "OU=Clients", "CN=client")


@cache
def server() -> Issued:
    return root().issue("C=DE", "O=Test", "OU=Servers", "CN=server")
