"""The facts of one request: declared like those of a description, read from the capture and its message."""

from __future__ import annotations

from collections.abc import Mapping

from wssdoctor.description.fact import Declaration
from wssdoctor.evidence import Sensitivity

_RAW = "capture the raw HTTP request with its headers (ICF recorder, SoapUI raw tab, a proxy), not only the envelope"
_PLAIN = (
    "lend the provider's private key for this run with --key FILE (PEM or PKCS#12), or state the secret of the security "
    "context; or capture the message before the sender encrypts it"
)
_URL = "put a line '# url: https://host/path' before the request line of the capture file"
_STRUST = "STRUST -> Environment -> Display SSF Version"
_CERTIFICATE = (
    "put a line '# client-certificate: ' with the certificate in base64, or none, before the request line of the capture "
    "file; 'wssdoctor lab --tls --save FOLDER' writes it"
)
_TIME = "put a line '# time: 2026-11-20T10:00:00Z' before the request line, or give --at"


def _declare(path: str, meaning: str, obtain: str, sensitivity: Sensitivity = Sensitivity.PUBLIC) -> Declaration:
    return Declaration(path, meaning, "the captured request", obtain, sensitivity, "")


REQUEST_FACTS: Mapping[str, Declaration] = {
    one.path: one
    for one in (
        _declare("request.method", "Method of the HTTP request", _RAW),
        _declare("request.scheme", "Whether the request came over http or https", _URL),
        _declare("request.path", "Path of the request", f"{_RAW}; or {_URL}", Sensitivity.IDENTIFYING),
        _declare("request.client", "Client that the request asks for (sap-client)", _RAW),
        _declare("request.content_type", "Content-Type header", _RAW),
        _declare("request.credentials", "Logon data in the HTTP request", _RAW),
        _declare("request.logon", "User and password in the HTTP request", _RAW, Sensitivity.SECRET),
        _declare("request.client_certificate", "Client certificate of TLS", _CERTIFICATE, Sensitivity.IDENTIFYING),
        _declare("request.node", "The service node that the path leads to", "describe the node under icf.nodes"),
        _declare("message.envelope", "Whether the envelope is well-formed", "a captured envelope"),
        _declare("message.soap_version", "SOAP version of the envelope", "a captured envelope"),
        _declare("message.unprocessed_headers", "mustUnderstand headers that nobody processes", "a captured envelope"),
        _declare("message.tokens", "Kinds of security tokens in the message", "a captured envelope"),
        _declare("message.security_header", "The wsse:Security header for this receiver", "a captured envelope"),
        _declare("message.timestamp", "The wsu:Timestamp", "a captured envelope"),
        _declare("message.username_token", "The UsernameToken", "a captured envelope", Sensitivity.IDENTIFYING),
        _declare("capture.as_captured", "How far the capture is what was sent", _RAW),
        _declare("message.operation", "The operation that is called", "a captured envelope"),
        _declare("message.algorithms", "The algorithms of signatures and encryption", "a captured envelope"),
        _declare("message.recipients", "For whom the message was encrypted", "a captured envelope"),
        _declare("message.assertion", "The SAML assertion", "a captured envelope", Sensitivity.IDENTIFYING),
        _declare("message.context_token", "The security context token", "a captured envelope"),
        _declare("message.signed", "Whether the message is signed", "a captured envelope"),
        _declare("message.plain_text", "What is encrypted in the message, in plain text", _PLAIN),
        _declare("message.verification", "What the forensics of the message found", "a captured envelope"),
        _declare("message.signature_faults", "What is wrong with signatures", "a captured envelope"),
        _declare("message.integrity", "Digests and values that do not hold", "a captured envelope"),
        _declare("message.seen_before", "Earlier messages with the same signature value", "all captures of one case"),
        _declare("message.nonce_seen_before", "Earlier messages with the same nonce", "all captures of one case"),
        _declare("saml_trust.model", "The trust model that counts for the assertion", "read WSS_SETUP"),
        _declare("saml_trust.accepted_issuers", "Issuers that count in the trust model", "describe saml_trust"),
        _declare("signer.path", "The path from the signer's certificate to the trust list", "describe the PSE"),
        _declare("issuer.path", "The path from the SAML issuer's certificate to the trust", "describe the SAML trust"),
        _declare("certificate.mapping", "The users that the certificate is mapped to", "describe external_ids"),
        _declare(
            "logon.certificate_mapping", "The users that the client certificate is mapped to", "describe external_ids"
        ),
        _declare("logon.user", "The user whom ICF logs on", "describe the mappings", Sensitivity.IDENTIFYING),
        _declare("caller.user", "The user as whom the call goes on", "describe the mappings", Sensitivity.IDENTIFYING),
        _declare("saml.mapping", "The users that the assertion is mapped to", "describe the mappings"),
        _declare("context", "The security context that the message names", "describe security_contexts"),
        _declare("context.expires", "When the security context expires", "describe security_contexts"),
        _declare("token.user", "The user that the token stands for", "describe the mappings", Sensitivity.IDENTIFYING),
        _declare("binding.suite", "The algorithm suite that counts", "state bindings[].algorithm_suite"),
        _declare("encryption.opened", "What the lent keys open of the message", _PLAIN),
        _declare("encryption.own_keys", "Certificates of the keys that decrypt messages", "describe the PSE"),
        _declare("request.logon_client", "Client of a logon for which the request names none", _RAW),
        _declare(
            "crypto_library.for_tls", "Whether the cryptographic library can be used, where TLS needs it", _STRUST
        ),
        _declare("crypto_library.for_signatures", "The same, where certificates are judged or keys used", _STRUST),
        _declare(
            "clock.for_message",
            "By how much the clocks differ, where the message names a time",
            "compare the clocks of both hosts; state clock.offset_seconds",
        ),
        _declare("time.arrival", "Time of arrival by the consumer's clock", _TIME),
        _declare("time.day", "Day of arrival by either clock", _TIME),
        _declare("time.provider", "Time of arrival by the provider's clock", f"{_TIME}; state clock.offset_seconds"),
    )
}
"""Every fact of a request, by path."""
