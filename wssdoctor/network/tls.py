"""How the server's certificate is verified: by the system's authorities, or by those of a file."""

from __future__ import annotations

import ssl
from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place


def verifying(authorities: Path | None = None) -> ssl.SSLContext:
    """Return a context that verifies chain, dates and host name. Raises ``InputError`` for an unusable file."""
    try:
        context = ssl.create_default_context(cadata=None if authorities is None else _text(authorities))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it holds no certificate in PEM"
        place = Place(file=str(authorities))
        raise InputError.because("the authorities cannot be read", place=place, why=why) from None
    # From Python 3.13 on, authorities without a key usage and the like are refused. Those of companies often are of that
    # kind, and neither browsers nor SAP refuse them: the verdict must not depend on the Python that happens to be there.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if authorities is not None:
        # A company often has only the certificate of its issuing authority at hand, not the root's.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _text(authorities: Path) -> str:
    """Return the file's PEM blocks. Raises ``ValueError`` without one."""
    text = authorities.read_text("latin-1")
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError("no certificate")
    return text[text.index("-----BEGIN CERTIFICATE-----") :].encode("ascii", "ignore").decode()


_UNKNOWN_AUTHORITY = (18, 19, 20, 21)
"""Codes of OpenSSL (X509_V_ERR_...): self-signed, or no issuer that is trusted."""


def remedy(error: ssl.SSLError) -> str:
    """Say what to do about a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _UNKNOWN_AUTHORITY:
        return "give the authority's certificate with --ca, after you have made sure that it is the right one"
    return "'wssdoctor probe URL' shows the certificate and what the server speaks"


def reason(error: ssl.SSLError) -> str:
    """Say in words why a handshake failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or "the certificate does not verify"
    return (error.reason or str(error)).replace("_", " ").lower()
