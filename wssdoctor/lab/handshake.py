"""Connections on which no whole request came: the handshake failed, or what came is no HTTP, or too much of it."""

from __future__ import annotations

import datetime as dt
import ssl

from msgspec import Struct

HANDSHAKE_SECONDS = 15.0
"""How long a client may take for the handshake."""

_NOT_TRUSTED = "the client does not trust the certificate of the lab; let it trust the one named at the start"
_CLIENT_SAID = {
    "TLSV1_ALERT_UNKNOWN_CA": ("lab-not-trusted", _NOT_TRUSTED),
    "SSLV3_ALERT_BAD_CERTIFICATE": ("lab-not-trusted", _NOT_TRUSTED),
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": ("lab-not-trusted", _NOT_TRUSTED),
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": ("lab-not-trusted", "the client found the certificate of the lab expired"),
    "SSLV3_ALERT_HANDSHAKE_FAILURE": ("no-shared-cipher", "the client broke off: no version, cipher or key in common"),
    "TLSV1_ALERT_PROTOCOL_VERSION": (
        "protocol-version",
        "the client does not speak the version of TLS that was chosen",
    ),
    "TLSV1_ALERT_ACCESS_DENIED": ("refused-by-client", "the client refused the connection"),
}
_LAB_SAID = {
    "HTTP_REQUEST": ("plain-http", "plain HTTP came to a port that speaks TLS; call it with https://"),
    "HTTPS_PROXY_REQUEST": ("plain-http", "a request to a proxy came to a port that speaks TLS"),
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": (
        "certificate-required",
        "a client certificate is demanded and none came; the client sends none, or has none that fits",
    ),
    "UNSUPPORTED_PROTOCOL": ("protocol-version", "the client offers no version of TLS from 1.2 on"),
    "VERSION_TOO_LOW": ("protocol-version", "the client offers no version of TLS from 1.2 on"),
    "UNKNOWN_PROTOCOL": ("protocol-version", "the client offers a version that is unknown"),
    "NO_SHARED_CIPHER": ("no-shared-cipher", "client and lab have no cipher suite in common"),
    "NO_SHARED_SIGNATURE_ALGORITHMS": ("no-shared-cipher", "client and lab have no signature algorithm in common"),
    "NO_SUITABLE_SIGNATURE_ALGORITHM": ("no-shared-cipher", "client and lab have no signature algorithm in common"),
    "NO_SUITABLE_KEY_SHARE": ("no-shared-cipher", "client and lab have no group for the key exchange in common"),
    "NO_SUITABLE_GROUPS": ("no-shared-cipher", "client and lab have no group for the key exchange in common"),
    "WRONG_VERSION_NUMBER": ("no-tls", "what came is no TLS"),
}
# X509_V_ERR_... of OpenSSL
_VERIFIED = {
    9: ("certificate-not-yet-valid", "the client certificate is not valid yet"),
    10: ("certificate-expired", "the client certificate has expired"),
    18: ("unknown-authority", "the client certificate is self-signed, and not in the list of the SSL server PSE"),
    19: ("unknown-authority", "the client's chain ends at a root that is not in the list of the SSL server PSE"),
    20: ("unknown-authority", "the issuer of the client certificate is not in the list of the SSL server PSE"),
    21: (
        "unknown-authority",
        "the client certificate came alone, and its issuer is not in the list of the SSL server PSE",
    ),
    23: ("certificate-revoked", "the client certificate is revoked"),
    26: (
        "certificate-purpose",
        "the client certificate may not be used for client authentication (extended key usage)",
    ),
}


class Handshake(Struct, frozen=True):
    """What happened to one connection, and why no whole request came on it."""

    moment: dt.datetime
    client: str
    what: str
    """What failed: the handshake, the connection, or the reading of a request."""
    reason: str
    """A stable id."""
    says: str
    number: int = 0
    """Counted with the requests, from 1 since the lab began."""


def explained(error: BaseException, unknown: tuple[str, ...] = ()) -> tuple[str, str]:
    """Return the reason and the words for a handshake that failed; ``unknown`` are facts of the trust that nobody gave."""
    if isinstance(error, ssl.SSLCertVerificationError):
        found = _VERIFIED.get(error.verify_code)
        if found is None:
            return "certificate-refused", f"the client certificate does not verify: {error.verify_message}"
        if found[0] == "unknown-authority" and unknown:
            return found[0], f"no client certificate can be accepted, because {', '.join(unknown)} is not described"
        return found
    if isinstance(error, ssl.SSLError):
        name = error.reason or ""
        found = _CLIENT_SAID.get(name) or _LAB_SAID.get(name)
        if found is not None:
            return found
        told = name.replace("_", " ").lower() or str(error)[:200]
        return ("refused-by-client" if "ALERT" in name else "tls-error"), told
    if isinstance(error, TimeoutError) or "took longer" in str(error):
        return "handshake-timeout", f"the handshake did not come to its end within {HANDSHAKE_SECONDS:g} s"
    return "client-left", "the client left during the handshake; it may not trust the certificate of the lab"
