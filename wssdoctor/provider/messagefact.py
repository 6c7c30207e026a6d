"""What the message of a captured request says, as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wssdoctor.check.check import Inapplicable, Missing
from wssdoctor.check.engine import Finding
from wssdoctor.provider.algorithms import used_in
from wssdoctor.provider.decryption import ENCRYPTED_DATA
from wssdoctor.provider.recipient import recipients
from wssdoctor.wsse import names
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.item import Timestamp, UsernameToken
from wssdoctor.wsse.message import SecurityHeader, parse
from wssdoctor.wsse.saml_assertion import read_saml_assertion

if TYPE_CHECKING:
    from wssdoctor.provider.request import Request

PLAIN_TEXT = "message.plain_text"
_PROCESSED = tuple(
    f"{{{namespace}}}" for namespace in (names.WSSE, *names.ADDRESSING, "http://schemas.xmlsoap.org/ws/2005/02/rm")
)


def _envelope(request: Request) -> Finding:
    """Return nothing for a well-formed envelope, else the error with its place in the file."""
    if not isinstance(request.message, DocumentError):
        return request.known("message.envelope", None)
    http = request.capture.request
    if http is not None and http.method != "POST" and not request.capture.envelope.strip():
        return Inapplicable(f"a {http.method} without body carries no message")
    place = request.message.problems[0].place
    return request.known("message.envelope", request.message, line=place.line if place else None)


def _soap_version(request: Request) -> Finding:
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    return request.known("message.soap_version", request.message.soap_version or "")


def _unprocessed_headers(request: Request) -> Finding:
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    ours = [
        block.xpath
        for block in request.message.headers
        if block.must_understand
        and not block.qname.startswith(_PROCESSED)
        and (not block.actor or block.actor == names.ACTOR_NEXT)
    ]
    return request.known("message.unprocessed_headers", tuple(ours))


def _security_header(request: Request) -> Finding:
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    own = request.security
    if own is None:
        return request.known("message.security_header", None)
    return request.known("message.security_header", own, own.xpath, own.line)


def _tokens(request: Request) -> Finding:
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    own = request.security
    if own is None:
        return request.known("message.tokens", ())
    if request.header_hides:
        return Missing(PLAIN_TEXT)
    return request.known("message.tokens", _kinds_of_tokens(own), own.xpath, own.line)


def _kinds_of_tokens(header: SecurityHeader) -> tuple[str, ...]:
    """Return the authentication methods that the tokens of a security header stand for, in the binding's words."""
    kinds = []
    if header.username_tokens:
        kinds.append("username-token")
    if header.assertions:
        kinds.append("saml")
    if header.security_context_tokens:
        kinds.append("secure-conversation")
    if header.signatures and not header.security_context_tokens:
        kinds.append("x509-signature")
    return tuple(kinds)


def _operation(request: Request) -> Finding:
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    if request.message.body is not None and request.message.body.find(ENCRYPTED_DATA) is not None:
        return Missing(PLAIN_TEXT)
    return request.known("message.operation", (request.message.operation or "").rpartition("}")[2])


def _algorithms(request: Request) -> Finding:
    own = request.security
    if own is None or isinstance(request.message, DocumentError):
        return Inapplicable("the message carries no security header")
    sent = (
        parse(request.capture.envelope) if request.keys else request.message
    )  # what was encrypted names its algorithm
    used = tuple(dict.fromkeys((*used_in(own, request.message.root), *used_in(own, sent.root))))
    return (
        request.known("message.algorithms", used)
        if used
        else Inapplicable("the message is neither signed nor encrypted")
    )


def _recipients(request: Request) -> Finding:
    own = request.security
    if own is None or not own.encrypted_keys:
        return Inapplicable("the message carries no encrypted key")
    if request.encrypted_anew:
        return Inapplicable("it stands for a message that was encrypted for the provider's certificate")
    return request.known("message.recipients", recipients(own), own.encrypted_keys[0].xpath, own.encrypted_keys[0].line)


def _assertion(request: Request) -> Finding:
    own = request.security
    readable = [one for one in own.assertions if not one.encrypted] if own is not None else []
    if not readable:
        return _absent(request, "the message carries no SAML assertion that can be read")
    first = readable[0]
    return request.known("message.assertion", read_saml_assertion(first.element), first.xpath, first.line)


def _context_token(request: Request) -> Finding:
    own = request.security
    if own is None or not own.security_context_tokens:
        return _absent(request, "the message carries no security context token")
    first = own.security_context_tokens[0]
    return request.known("message.context_token", first, first.xpath, first.line)


def _timestamp(request: Request) -> Finding:
    own = request.security
    if own is None or not own.timestamps:
        return _absent(request, "the message carries no Timestamp")
    found: Timestamp = own.timestamps[0]
    return request.known("message.timestamp", found, found.xpath, found.line)


def _username_token(request: Request) -> Finding:
    own = request.security
    if own is None or not own.username_tokens:
        return _absent(request, "the message carries no UsernameToken")
    found: UsernameToken = own.username_tokens[0]
    return request.known("message.username_token", found, found.xpath, found.line)


def _signed(request: Request) -> Finding:
    own = request.security
    if own is None or not own.signatures:
        return Inapplicable("the message is not signed")
    return request.known("message.signed", True, own.signatures[0].xpath, own.signatures[0].line)


def _plain_text(request: Request) -> Finding:
    """Return the number of parts that were decrypted; missing where some part stays hidden."""
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    if next(request.message.root.iter(ENCRYPTED_DATA), None) is not None:
        return Missing(PLAIN_TEXT)
    before = parse(request.capture.envelope).root.iter(ENCRYPTED_DATA) if request.keys else ()
    count = sum(1 for _ in before)
    return request.known(PLAIN_TEXT, count) if count else Inapplicable("nothing in the message is encrypted")


def _absent(request: Request, why: str) -> Finding:
    """Say that the header lacks something, unless what it holds is encrypted: then nobody knows."""
    return Missing(PLAIN_TEXT) if request.header_hides else Inapplicable(why)


FACTS: Mapping[str, Callable[[Request], Finding]] = {
    "message.envelope": _envelope,
    "message.soap_version": _soap_version,
    "message.unprocessed_headers": _unprocessed_headers,
    "message.security_header": _security_header,
    "message.tokens": _tokens,
    "message.operation": _operation,
    "message.algorithms": _algorithms,
    "message.recipients": _recipients,
    "message.assertion": _assertion,
    "message.context_token": _context_token,
    "message.timestamp": _timestamp,
    "message.username_token": _username_token,
    "message.signed": _signed,
    PLAIN_TEXT: _plain_text,
}
