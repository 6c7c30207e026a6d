"""What the caller sees of a call that fails: modelled, each with the basis of the model."""

from __future__ import annotations

from typing import Literal

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """What is seen in the caller's error log and in its ICM trace."""

    id: str
    messages: tuple[str, ...]
    """Ids of messages and codes to be expected, as the knowledge base names them; most telling first."""
    basis: Literal["sap", "community", "inferred"]
    status: int | None = None
    """The HTTP status that the peer or the proxy answers; nothing where it does not come to that."""


_SSL = ("SCLNT_HTTP407",)
"""The class SCLNT_HTTP says only that SSL failed; dev_icm names the code of the SSL layer."""

ANSWERS: dict[str, Answer] = {
    answer.id: answer
    for answer in (
        Answer("url-unusable", ("HTTPIO_PLG_CANCELED",), "sap"),
        Answer("wsdl-not-readable", ("HTTP-401",), "community", 401),
        Answer("token-not-created", ("WSS024",), "inferred"),
        Answer("client-pse-not-named", ("WSS040",), "sap"),
        Answer("encryption-certificate-missing", ("WSS041",), "sap"),
        Answer("https-not-active", ("ICM_HTTP_SERVICE_UNAVAILABLE",), "inferred"),
        Answer("client-credential-missing", ("ICM_HTTP_SSL_CRED_NOT_FOUND", "SSSLERR_CRED_NOT_FOUND"), "sap"),
        Answer(
            "client-key-mismatch", ("1S540", "SSSLERR_CERT_PRIVKEY_MISMATCH", "SSSLERR_PSE_ERROR", *_SSL), "inferred"
        ),
        Answer("host-unknown", ("ICM_HTTP_HOST_UNKNOWN", "NIEHOST_UNKNOWN"), "sap"),
        Answer("proxy-refused", ("ICM_HTTP_PROXY_CONN_REFUSED", "NIECONN_REFUSED"), "inferred"),
        Answer("proxy-logon", ("ICM_HTTP_PROXY_UNAUTHORIZED", "SCLNT_HTTP426", "HTTP-407"), "inferred", 407),
        Answer("refused", ("ICM_HTTP_CONNECTION_REFUSED", "NIECONN_REFUSED", "ICM_HTTP_CONNECTION_FAILED"), "sap"),
        Answer("no-tls-on-port", ("SCLNT_HTTP407", "SSSLERR_SSL_CONNECT"), "sap"),
        Answer("tls-on-plain-port", ("ICM_HTTP_CONNECTION_BROKEN", "HTTP-400"), "inferred"),
        Answer("no-common-protocol", ("SSSLERR_SSL_READ", "SSSLERR_CONN_CLOSED", "SSSLERR_SSL_CONNECT", *_SSL), "sap"),
        Answer(
            "sni-missing",
            ("SSSLERR_SERVER_CERT_MISMATCH", "SCLNT_HTTP415", "SSSLERR_CONN_CLOSED", "SSSLERR_SSL_READ"),
            "community",
        ),
        Answer("peer-untrusted", ("SSSLERR_PEER_CERT_UNTRUSTED", "SCLNT_HTTP421"), "sap"),
        Answer("host-mismatch", ("SSSLERR_SERVER_CERT_MISMATCH", "SCLNT_HTTP415"), "sap"),
        Answer("peer-expired", ("ICM_HTTP_SSL_PEER_CERT_EXPIRED", "SSSLERR_PEER_CERT_UNTRUSTED"), "inferred"),
        Answer("client-certificate-missing", ("SSSLERR_NO_CLIENT_CERT", "SSSLERR_SSL_READ", "HTTP-403"), "sap"),
        Answer(
            "client-certificate-refused",
            ("SSSLERR_SSL_READ", "SSSLERR_CONN_CLOSED", "HTTP-403", *_SSL),
            "inferred",
        ),
        Answer("logon-failed", ("SCLNT_HTTP410", "HTTP-401"), "sap", 401),
        Answer("token-refused", ("wsse:FailedAuthentication", "HTTP-500"), "inferred", 500),
        Answer("method-refused", ("SCLNT_HTTP410", "HTTP-401", "HTTP-403"), "inferred", 401),
        Answer("not-found", ("HTTP-404",), "community", 404),
    )
}
