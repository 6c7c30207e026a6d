"""What the provider answers to a request that it refuses: modelled, each with the basis of the model."""

from __future__ import annotations

from typing import Literal

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """A modelled answer. Public sources do not give SAP's fault texts, so none is stated."""

    id: str
    status: int
    messages: tuple[str, ...]
    """Ids of messages and log entries to be expected, as the knowledge base names them."""
    basis: Literal["sap", "community", "inferred"]
    fault: str | None = None
    """The SOAP fault code, if the answer is a SOAP fault."""


_FAILED_AUTHENTICATION = "wsse:FailedAuthentication"


def _logon(identifier: str, code: int, basis: Literal["sap", "community", "inferred"] = "sap") -> Answer:
    """A failed logon of ICF: HTTP 401, audit event AU2 with the code of SAP note 320991."""
    return Answer(identifier, 401, ("HTTP-401", f"LOGON-RC-{code}", "AU2", "SCLNT_HTTP410"), basis)


def _delayed(identifier: str, code: int) -> Answer:
    """A failed delayed logon in the SOAP runtime: a SOAP fault, audit event BUD."""
    return Answer(identifier, 500, ("HTTP-500", "BUD", f"LOGON-RC-{code}"), "inferred", _FAILED_AUTHENTICATION)


def _fault(identifier: str, code: str, *messages: str) -> Answer:
    return Answer(identifier, 500, ("HTTP-500", *messages), "inferred", code)


ACCEPTED = Answer("accepted", 200, (), "sap")
"""Security is passed; what the application answers is not modelled."""

ANSWERS: dict[str, Answer] = {
    answer.id: answer
    for answer in (
        ACCEPTED,
        Answer("tls-handshake-failed", 0, ("SSSLERR_PEER_CERT_UNTRUSTED",), "inferred"),
        Answer("icf-not-found", 404, ("HTTP-404",), "community"),
        Answer("icf-inactive", 403, ("HTTP-403",), "community"),
        Answer("icf-https-demanded", 403, ("HTTP-403",), "community"),
        Answer("system-not-prepared", 401, ("HTTP-401", "LOGON-RC-1", "AU2", "SCLNT_HTTP410", "WSS031"), "sap"),
        _logon("logon-wrong-credentials", 1),
        _logon("logon-locked", 2),
        _logon("logon-user-type", 7),
        _logon("logon-validity", 8),
        Answer("unsupported-media-type", 415, ("HTTP-415",), "community"),
        _fault("soap-malformed", "soap:Client"),
        _fault("must-understand", "soap:MustUnderstand"),
        _fault("unexpected-token", "wsse:UnsupportedSecurityToken", "WSS037"),
        _fault("token-missing", "wsse:InvalidSecurity", "WSS039"),
        _fault("message-expired", "wsu:MessageExpired", "WSS021"),
        _fault("invalid-security", "wsse:InvalidSecurity"),
        _fault("password-type", "wsse:UnsupportedSecurityToken"),
        _fault("pse-missing", _FAILED_AUTHENTICATION, "WSS010"),
        _fault("saml-not-trusted", _FAILED_AUTHENTICATION, "WSS022"),
        _fault("secure-conversation", "wsse:InvalidSecurity"),
        _delayed("delayed-logon-wrong-credentials", 1),
        _delayed("delayed-logon-locked", 2),
        _delayed("delayed-logon-user-type", 7),
        _delayed("delayed-logon-validity", 8),
        _delayed("delayed-logon-password", 50),
        Answer("not-authorized", 500, ("HTTP-500", "CUW"), "inferred", "soap:Server"),
    )
}
