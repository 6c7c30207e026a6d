"""What the provider answers to a request that it refuses: modelled, each with the basis of the model."""

from __future__ import annotations

from typing import Literal

import msgspec


class LogEntry(msgspec.Struct, frozen=True):
    """An entry to look for. The basis of what the entries mean is note 320991 and the audit log's event texts."""

    log: Literal["SM20", "dev_w", "SRT_UTIL"]
    entry: str
    """The event or message with what tells it from others."""


class Answer(msgspec.Struct, frozen=True):
    """A modelled answer. Public sources do not give SAP's fault texts, so none is stated."""

    id: str
    status: int
    messages: tuple[str, ...]
    """Ids of messages and log entries to be expected, as the knowledge base names them."""
    basis: Literal["sap", "community", "inferred"]
    fault: str | None = None
    """The SOAP fault code, if the answer is a SOAP fault."""
    logs: tuple[LogEntry, ...] = ()
    """What the provider's logs should then hold."""


_FAILED_AUTHENTICATION = "wsse:FailedAuthentication"
Basis = Literal["sap", "community", "inferred"]


def _trace(code: int) -> LogEntry:
    return LogEntry("dev_w", f"DyISigni: return code={code} (see Note 320991)")


def _logon(identifier: str, code: int, basis: Basis = "sap", *more: str) -> Answer:
    """A failed logon of ICF: HTTP 401, audit event AU2 with the code of SAP note 320991."""
    logs = (LogEntry("SM20", f"AU2, logon failed: reason {code}, type H"), _trace(code))
    messages = ("HTTP-401", f"LOGON-RC-{code}", "AU2", "SCLNT_HTTP410", *more)
    return Answer(identifier, 401, messages, basis, logs=logs)


def _delayed(identifier: str, code: int, *more: str) -> Answer:
    """A failed delayed logon in the SOAP runtime: a SOAP fault, audit event BUD after a good logon of type H."""
    logs = (
        LogEntry("SM20", "AU1, logon of the technical user: type H"),
        LogEntry("SM20", f"BUD, WS: delayed logon failed: reason {code}"),
        _trace(code),
    )
    messages = ("HTTP-500", "BUD", f"LOGON-RC-{code}", *more)
    return Answer(identifier, 500, messages, "inferred", _FAILED_AUTHENTICATION, logs)


def _fault(identifier: str, code: str, *messages: str) -> Answer:
    logs = tuple(LogEntry("SRT_UTIL", message) for message in messages if message.startswith("WSS"))
    if code.startswith("ws"):
        logs = (*logs, LogEntry("SM20", "BUD, WS: delayed logon failed"))
    return Answer(identifier, 500, ("HTTP-500", *messages), "inferred", code, logs)


ACCEPTED = Answer(
    "accepted",
    200,
    (),
    "sap",
    logs=(LogEntry("SM20", "BUE, WS: delayed logon successful"), LogEntry("SM20", "CUV, WS: call successful")),
)
"""Security is passed; what the application answers is not modelled."""

ANSWERS: dict[str, Answer] = {
    answer.id: answer
    for answer in (
        ACCEPTED,
        Answer("tls-library-missing", 0, ("SSSLERR_LIB_NOT_FOUND",), "inferred"),
        Answer("tls-handshake-failed", 0, ("SSSLERR_PEER_CERT_UNTRUSTED",), "inferred"),
        Answer("icf-not-found", 404, ("HTTP-404",), "community"),
        Answer("icf-inactive", 403, ("HTTP-403",), "community"),
        Answer("icf-https-demanded", 403, ("HTTP-403",), "community"),
        _logon("system-not-prepared", 1, "sap", "WSS031"),
        _logon("logon-wrong-credentials", 1),
        _logon("logon-locked", 2),
        _logon("logon-user-type", 7),
        _logon("logon-validity", 8),
        _logon("logon-certificate-34", 34),
        _logon("logon-certificate-35", 35),
        _logon("logon-certificate-36", 36),
        _logon("logon-password", 50),
        Answer("method-not-allowed", 405, ("HTTP-405",), "inferred"),
        Answer("unsupported-media-type", 415, ("HTTP-415",), "community"),
        _fault("soap-malformed", "soap:Client"),
        _fault("must-understand", "soap:MustUnderstand"),
        _fault("unexpected-token", "wsse:UnsupportedSecurityToken", "WSS037"),
        _fault("token-missing", "wsse:InvalidSecurity", "WSS039"),
        _fault("message-expired", "wsu:MessageExpired", "WSS021"),
        _fault("invalid-security", "wsse:InvalidSecurity"),
        _fault("password-type", "wsse:UnsupportedSecurityToken"),
        _fault("crypto-library-missing", _FAILED_AUTHENTICATION, "SSF_API_NOSECTK"),
        _fault("pse-missing", _FAILED_AUTHENTICATION, "WSS010"),
        _fault("saml-not-trusted", _FAILED_AUTHENTICATION, "WSS022"),
        _fault("saml-expired", _FAILED_AUTHENTICATION),
        _fault("saml-not-accepted", _FAILED_AUTHENTICATION),
        _fault("saml-confirmation", _FAILED_AUTHENTICATION, "WSS028"),
        _fault("secure-conversation", "wsse:InvalidSecurity"),
        _fault("context-unknown", "wsc:BadContextToken"),
        _fault("algorithm-mismatch", "wsse:UnsupportedAlgorithm", "WSS034"),
        _fault("algorithm-unsupported", "wsse:UnsupportedAlgorithm", "WSS019"),
        _fault("signature-error", "wsse:FailedCheck", "WSS010"),
        _fault("digest-error", "wsse:FailedCheck", "WSS026", "WSS010"),
        _fault("part-not-signed", "wsse:FailedCheck", "WSS020"),
        _fault("signer-untrusted", "wsse:FailedCheck", "WSS019", "WSS010"),
        _fault("decryption-failed", "wsse:FailedCheck"),
        _fault("message-replayed", "wsse:FailedCheck"),
        _fault("nonce-replayed", "wsse:InvalidSecurity"),
        _delayed("delayed-logon-wrong-credentials", 1),
        _delayed("delayed-logon-locked", 2),
        _delayed("delayed-logon-user-type", 7),
        _delayed("delayed-logon-validity", 8),
        _delayed("delayed-logon-password", 50),
        _delayed("delayed-logon-34", 34),
        _delayed("delayed-logon-35", 35),
        _delayed("delayed-logon-36", 36),
        _delayed("delayed-logon-41", 41, "WSS023", "SAML011"),
        _delayed("delayed-logon-42", 42, "SAML011"),
        Answer(
            "not-authorized",
            500,
            ("HTTP-500", "CUW"),
            "inferred",
            "soap:Server",
            (
                LogEntry("SM20", "BUE, WS: delayed logon successful"),
                LogEntry("SM20", "CUW, WS: call failed"),
            ),
        ),
    )
}
