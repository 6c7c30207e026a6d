"""The certificate with which the lab speaks TLS: one that is given, or one that is made."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

LIFETIME = dt.timedelta(days=365)


class Identity(Struct, frozen=True):
    """Files of a certificate and its key."""

    chain: Path
    key: Path
    made: bool
    """Whether it was made just now, so that no client trusts it yet."""
    kept: bool
    """Whether the files stay when the lab ends."""

    def explained(self) -> str:
        """Say how clients come to trust it."""
        if not self.made:
            return f"certificate: {self.chain}"
        stays = "it stays for later runs" if self.kept else "for this run only; --cert FILE --cert-key FILE keep one"
        return (
            f"certificate made for this lab: {self.chain} ({stays}). Clients trust it with:\n"
            f"  curl --cacert {self.chain}\n"
            f"  wssdoctor send --ca {self.chain}\n"
            f"  Python requests, zeep: session.verify = '{self.chain}'\n"
            f"  Node.js: NODE_EXTRA_CA_CERTS={self.chain}\n"
            f"  Java: keytool -importcert -noprompt -alias lab -file {self.chain} -keystore lab.p12 -storepass changeit, "
            "then -Djavax.net.ssl.trustStore=lab.p12"
        )


@contextmanager
def identity(tls: bool, chain: Path | None, key: Path | None, listen: str) -> Iterator[Identity | None]:
    """Yield the certificate to speak TLS with; None without TLS.

    Where files are named and neither is there, they are made. Raises ``InputError`` where only one is, or they cannot be.
    """
    if not tls:
        yield None
    elif chain is not None and key is not None:
        there = [file for file in (chain, key) if file.exists()]
        if len(there) == 1:
            raise InputError.because(
                "Certificate and key belong together, and one of them is not there.",
                place=Place(file=str(chain if there[0] is key else key)),
                hint="Name two files that are there, or two that are not: then they are made.",
            )
        if not there:
            try:
                _make(chain, key, listen)
            except OSError as error:
                why = error.strerror or type(error).__name__
                raise InputError.because(
                    "The certificate cannot be written.", place=Place(file=str(chain)), why=why
                ) from None
        yield Identity(chain, key, made=not there, kept=True)
    else:
        with tempfile.TemporaryDirectory(prefix="wssdoctor-lab-") as folder:
            chain, key = Path(folder) / "lab.pem", Path(folder) / "lab.key"
            _make(chain, key, listen)
            yield Identity(chain, key, made=True, kept=False)


def _make(chain: Path, key: Path, listen: str) -> None:
    """Write a self-signed certificate for the names of this machine, and its key for its owner alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wssdoctor lab")])
    now = dt.datetime.now(dt.UTC)
    addresses = {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}
    names = {"localhost", socket.gethostname()}
    try:
        addresses.add(ipaddress.ip_address(listen))
    except ValueError:
        names.add(listen)
    alternatives: list[x509.GeneralName] = [x509.DNSName(one) for one in sorted(names)]
    alternatives += [x509.IPAddress(one) for one in sorted(addresses, key=str)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(private, hashes.SHA256())
    )
    octets = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(octets)
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
