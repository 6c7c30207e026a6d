"""Make the keys, certificates and revocation lists of the corpus: test material, worth nothing anywhere else."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import NameOID
from kit import KEYS

VALID = (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2049, 1, 1, tzinfo=dt.UTC))
PAST = (dt.datetime(2014, 1, 1, tzinfo=dt.UTC), dt.datetime(2019, 12, 31, tzinfo=dt.UTC))
FUTURE = (dt.datetime(2040, 1, 1, tzinfo=dt.UTC), dt.datetime(2049, 1, 1, tzinfo=dt.UTC))

serial = iter(range(0x2201, 0x2300))
Key: TypeAlias = rsa.RSAPrivateKey | dsa.DSAPrivateKey | ec.EllipticCurvePrivateKey
made: dict[str, tuple[x509.Certificate, Key]] = {}


def dn(cn: str, unit: str = "Test Material") -> x509.Name:
    """Return a subject whose organisation says what the certificate is."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "wssdoctor Test Material"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, cn),
        ]
    )


def new_key(kind: str) -> Key:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    if kind.startswith("dsa"):
        return dsa.generate_private_key(int(kind[3:]))
    return ec.generate_private_key({"ec256": ec.SECP256R1(), "ec384": ec.SECP384R1(), "ec521": ec.SECP521R1()}[kind])


def make(
    name: str,
    issuer: str | None,
    *,
    subject: x509.Name | None = None,
    kind: str = "rsa2048",
    ca: bool = False,
    validity: tuple[dt.datetime, dt.datetime] = VALID,
    ski: bool = True,
    signing: bool = True,
    number: int | None = None,
) -> None:
    """Make one certificate, signed by `issuer` (itself when None), and write it with its key."""
    key = new_key(kind)
    subject = subject or dn(name, "PKI" if ca else "Clients")
    issuer_cert, issuer_key = made[issuer] if issuer else (None, key)
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_cert.subject if issuer_cert else subject)
        .public_key(public)
        .serial_number(number or next(serial))
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=ca)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca and signing,
                content_commitment=False,
                key_encipherment=not ca,
                data_encipherment=not ca,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if ski:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    if issuer:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    cert = builder.sign(issuer_key, hashes.SHA256())
    made[name] = cert, key
    (KEYS / f"{name}.crt.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (KEYS / f"{name}.key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def revoke(issuer: str, *names: str) -> None:
    """Write the issuer's revocation list with these certificates."""
    cert, key = made[issuer]
    builder = x509.CertificateRevocationListBuilder().issuer_name(cert.subject)
    builder = builder.last_update(VALID[0]).next_update(VALID[1])
    for name in names:
        entry = x509.RevokedCertificateBuilder().serial_number(made[name][0].serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(dt.datetime(2024, 3, 1, tzinfo=dt.UTC)).build())
    (KEYS / f"{issuer}.crl.pem").write_bytes(
        builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )


def main() -> None:
    """Make everything anew."""
    KEYS.mkdir(parents=True, exist_ok=True)
    odd = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Müller, Söhne & "Co" + Partner; <Test>'),
            x509.NameAttribute(NameOID.COMMON_NAME, "#Zwischenstelle = 1"),
        ]
    )
    make("root-ca", None, ca=True)
    make("inter-ca", "root-ca", ca=True)
    make("odd-ca", "root-ca", subject=odd, ca=True)
    make("expired-ca", "root-ca", ca=True, validity=PAST)
    make("stranger-ca", None, ca=True)
    make("lookalike-ca", None, subject=made["inter-ca"][0].subject, ca=True)
    make("client", "inter-ca")
    make("client-root", "root-ca")
    make("client-4096", "inter-ca", kind="rsa4096")
    make("client-1024", "inter-ca", kind="rsa1024")
    for curve in ("ec256", "ec384", "ec521"):
        make(f"client-{curve}", "inter-ca", kind=curve)
    make("client-dsa", "inter-ca", kind="dsa2048")
    make("client-noski", "inter-ca", ski=False)
    make("client-odd", "odd-ca", number=0x00FF123456789ABCDEF0123456789ABCDEF01234)
    make("client-expired", "inter-ca", validity=PAST)
    make("client-notyet", "inter-ca", validity=FUTURE)
    make("client-revoked", "inter-ca")
    make("client-expiredca", "expired-ca")
    make("client-stranger", "stranger-ca")
    make("client-lookalike", "lookalike-ca", subject=made["client"][0].subject)
    make("client-self", None)
    make("client-other", "inter-ca")
    make("client-encipher", "inter-ca", signing=False)
    make("server", "inter-ca")
    make("server2", "inter-ca")
    make("sts", "root-ca")
    make("sts-expired", "root-ca", validity=PAST)
    make("sts-stranger", "stranger-ca")
    revoke("inter-ca", "client-revoked")
    revoke("root-ca")


if __name__ == "__main__":
    main()
