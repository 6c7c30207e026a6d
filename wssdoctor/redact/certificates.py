"""What is kept of certificates: subject and issuer with placeholders, serial number, validity, fingerprint."""

from __future__ import annotations

import base64
import binascii
import hashlib

from wssdoctor.redact.level import Level
from wssdoctor.redact.texts import Texts


class Certificates:
    """Collects the certificates of a case, each once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._lines: dict[str, str] = {}
        self._whole: dict[str, bytes] = {}

    def pem_or_der(self, data: bytes) -> str | None:
        """Return the placeholder of a certificate, or None for what is none."""
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization

        try:
            read = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
            found = read(data)
            subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
            serial = f"{found.serial_number:x}"
        except Exception:
            return None
        register = self._texts.register
        fingerprint = hashlib.sha256(found.public_bytes(serialization.Encoding.DER)).hexdigest()
        self._whole[fingerprint] = found.public_bytes(serialization.Encoding.PEM)
        strict = register.level is Level.STRICT
        number = list(self._lines).index(fingerprint) if fingerprint in self._lines else len(self._lines)
        placeholder = f"<certificate-{number + 1}>"
        self._lines[fingerprint] = "\n".join(
            (
                placeholder,
                f"  subject      {self._texts.distinguished_name(subject)}",
                f"  issuer       {self._texts.distinguished_name(issuer)}",
                f"  serial       {register.name('serial', serial) if strict else serial}",
                f"  valid        {found.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ} to {found.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
                f"  SHA-256      {register.name('fingerprint', fingerprint) if strict else fingerprint}",
            )
        )
        return register.count(placeholder)

    def base64(self, text: str) -> str | None:
        """Return the placeholder of a certificate in base64, or None for what is none."""
        try:
            return self.pem_or_der(base64.b64decode("".join(text.split()), validate=True))
        except (binascii.Error, ValueError):
            return None

    def whole(self) -> bytes:
        """Return the certificates themselves as PEM, in the order of their placeholders. They hold names."""
        return b"".join(self._whole.values())

    def text(self) -> str:
        """Return what is kept of all certificates."""
        return "\n\n".join(self._lines.values()) + "\n" if self._lines else ""
