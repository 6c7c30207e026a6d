"""What the provider sees of one captured request: the HTTP side and the SOAP side, as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from wssdoctor.capture.capture import Capture, all_headers, header
from wssdoctor.capture.capture import Request as HttpRequest
from wssdoctor.capture.moment import http_date
from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.provider.algorithms import used_in
from wssdoctor.provider.decryption import ENCRYPTED_DATA, NO_KEYS, Keys, opened
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.passed import passed
from wssdoctor.provider.recipient import recipients
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.wsse import document, names
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Message, SecurityHeader, Timestamp, UsernameToken, parse
from wssdoctor.wsse.saml_assertion import read_saml_assertion

T = TypeVar("T")

_ADDRESSING = ("http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing")
_TO = tuple(f"{{{namespace}}}To" for namespace in _ADDRESSING)
_PROBE = f"{{{names.PROBE}}}"
_PROCESSED = tuple(
    f"{{{namespace}}}" for namespace in (names.WSSE, *_ADDRESSING, "http://schemas.xmlsoap.org/ws/2005/02/rm")
)
PLAIN_TEXT = "message.plain_text"
_SIGNATURE_VALUE = f"{{{names.DS}}}SignatureValue"


class Observed(Struct, frozen=True):
    """What the captured response says."""

    status: int
    fault: str | None
    probe: bool = False
    """Whether the request was a probe, or sent again as one, which is answered with a fault even behind security."""
    passed: bool | None = None
    """Whether a probe passed security; None where its answer does not tell."""

    @property
    def accepted(self) -> bool | None:
        """Whether the request passed security; None where the answer to a probe does not tell."""
        return self.passed if self.probe else 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it is an error, and not one that a probe gets behind security."""
        return self.status >= 400 and not (self.probe and self.passed is not False)


class Request:
    """A captured request with its message taken apart once. Nothing in it changes."""

    def __init__(
        self,
        capture: Capture,
        message: Message | DocumentError,
        signed_as: Request | None = None,
        keys: Keys = NO_KEYS,
        hiding: tuple[Fault, ...] = (),
        *,
        encrypted_anew: bool = False,
    ) -> None:
        self.capture = capture
        self.message = message
        """In plain text, as far as ``keys`` open it."""
        self.keys = keys
        self.hiding = hiding
        """Why parts stay encrypted although keys were lent."""
        self.encrypted_anew = encrypted_anew
        """Whether it stands for a message that its sender encrypted for the certificate that the provider has now."""
        self._signed_as = signed_as
        self._found: dict[str, Finding] = {}

    def __reduce__(self) -> tuple[Callable[..., Request], tuple[Capture, Request | None, Keys, bool]]:
        return Request.of, (self.capture, self._signed_as, self.keys, self.encrypted_anew)

    @classmethod
    def of(
        cls,
        capture: Capture,
        signed_as: Request | None = None,
        keys: Keys = NO_KEYS,
        encrypted_anew: bool = False,
    ) -> Request:
        """Take a capture apart. Raises ``InputError`` for XML that is refused, or that a bare capture cannot hold.

        ``signed_as`` is the request that the sender would have made into this one: it would have signed the change.
        ``keys`` decrypt what is encrypted for the provider. ``encrypted_anew``: see there.
        """
        try:
            plain = opened(capture, parse(capture.envelope), keys)
            original = signed_as.signed_as if signed_as else None
            hiding = () if encrypted_anew else plain.faults
            return cls(capture, plain.message, original, keys, hiding, encrypted_anew=encrypted_anew)
        except DocumentError as error:
            # A complete HTTP request with a broken body is a case; a broken file is no capture.
            if capture.request is None or error.fault != "xml-not-well-formed":
                raise _located(error, capture) from None
            return cls(capture, error)

    @property
    def name(self) -> str:
        """The capture's file as the user named it."""
        return self.capture.name

    @property
    def signed_as(self) -> Request:
        """The request whose signatures count for this one: itself, unless it stands for a message signed anew."""
        return self._signed_as or self

    @cached_property
    def signature_values(self) -> tuple[str, ...]:
        """The values of the header's signatures, without blanks; a message signed anew has values never seen."""
        if self._signed_as is not None or self.security is None:
            return ()
        values = (one.element.findtext(_SIGNATURE_VALUE) for one in self.security.signatures)
        return tuple(["".join(value.split()) for value in values if value])

    @cached_property
    def nonces(self) -> tuple[str, ...]:
        """The nonces of the header's UsernameTokens, without blanks."""
        tokens = self.security.username_tokens if self.security is not None else ()
        return tuple(["".join(one.nonce.split()) for one in tokens if one.nonce and one.nonce.strip()])

    @property
    def provider_clock(self) -> dt.datetime | None:
        """The provider's own clock, where the captured response tells it in its Date header."""
        response = self.capture.response
        date = header(response.headers, "date") if response is not None else None
        return http_date(date) if date is not None else None

    def find(self, path: str) -> Finding:
        """Find a fact of the request by its path; each is worked out once."""
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = _FACTS[path](self)
        return found

    @cached_property
    def observed(self) -> Observed | None:
        """What the captured response says; nothing where none was captured."""
        response = self.capture.response
        if response is None:
            return None
        code = fault_code(response)
        if self.is_probe or self.capture.sent is not None:
            return Observed(response.status, code, probe=True, passed=passed(response, code))
        return Observed(response.status, code)

    @property
    def is_probe(self) -> bool:
        """Whether its payload is the one that no service knows."""
        return isinstance(self.message, Message) and (self.message.operation or "").startswith(_PROBE)

    @cached_property
    def header_hides(self) -> bool:
        """Whether something in the security header is encrypted and stays so."""
        own = self.security
        return own is not None and next(own.element.iter(ENCRYPTED_DATA), None) is not None

    @cached_property
    def security(self) -> SecurityHeader | None:
        """The first security header without actor, which the provider processes."""
        if isinstance(self.message, DocumentError):
            return None
        own = [one for one in self.message.security if not one.actor or one.actor == names.ACTOR_NEXT]
        return own[0] if own else None

    def place(self, xpath: str | None = None, line: int | None = None) -> Place:
        """Return a place in the capture; lines of the envelope are counted in the file."""
        return Place(file=self.name, line=line + self.capture.first_line - 1 if line else None, xpath=xpath)

    def known(self, path: str, value: T, xpath: str | None = None, line: int | None = None) -> Known[T]:
        """Make a fact of this request."""
        return Known(path, value, self.place(xpath, line), REQUEST_FACTS[path].sensitivity)


def _located(error: DocumentError, capture: Capture) -> InputError:
    """Say in which file the XML is refused, with the line counted in the file."""
    problem = error.problems[0]
    line = problem.place.line if problem.place and problem.place.line else 1
    column = problem.place.column if problem.place else None
    place = Place(file=capture.name, line=line + capture.first_line - 1, column=column)
    return InputError(Problem(problem.what, place, problem.why, problem.hint))


def _method(request: Request) -> Finding:
    """Return the method of a request for a message; that of a WSDL is asked for with GET."""
    http = request.capture.request
    if http is None:
        return Inapplicable("only the envelope was captured")
    if http.method == "GET" and any(name.lower().startswith("wsdl") for name, _ in http.query):
        return NotModelled("a request for the WSDL")
    return request.known("request.method", http.method)


def _scheme(request: Request) -> Finding:
    http = request.capture.request
    if http is None or http.scheme is None:
        return Missing("request.scheme")
    return request.known("request.scheme", http.scheme)


def _path(request: Request) -> Finding:
    """Return the path of the request line, or of the WS-Addressing header To where only an envelope was captured."""
    http = request.capture.request
    if http is not None:
        return request.known("request.path", unquote(http.path), line=None)
    if isinstance(request.message, Message):
        for block in request.message.headers:
            if block.qname in _TO:
                path = urlsplit(document.text_of(block.element).strip()).path
                if path:
                    return request.known("request.path", path, block.xpath, block.line)
    return Missing("request.path")


def _client(request: Request) -> Finding:
    """Return the client that the request asks for (SAP Help: logon fields sap-client in query, header or form)."""
    http = request.capture.request
    if http is None:
        return Missing("request.client")
    for name, value in (*http.query, *http.headers):
        if name.lower() == "sap-client":
            return request.known("request.client", value.strip())
    return Inapplicable("the request names no client, so the default client or the node's client is used")


def _content_type(request: Request) -> Finding:
    if request.capture.request is None and request.capture.content_type is None:
        return Missing("request.content_type")
    return request.known("request.content_type", request.capture.root_type or request.capture.content_type or "")


def _credentials(request: Request) -> Finding:
    """Return the kinds of HTTP logon data, each with the user it names if it names one."""
    http = request.capture.request
    if http is None:
        return Missing("request.credentials")
    return request.known("request.credentials", tuple(credentials(http)))


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
    return request.known("message.tokens", kinds_of_tokens(own), own.xpath, own.line)


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


def _as_captured(request: Request) -> Finding:
    seen = request.observed
    accepted = seen is not None and bool(seen.accepted)
    return request.known("capture.as_captured", AsCaptured(request.capture.request is not None, accepted))


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


def _arrival(request: Request) -> Finding:
    time = request.capture.time
    if time is None:
        return Missing("time.arrival")
    return request.known("time.arrival", time.moment)


def kinds_of_tokens(header: SecurityHeader) -> tuple[str, ...]:
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


class AsCaptured(Struct, frozen=True):
    """How far a capture can be taken for what was sent."""

    exact: bool
    """Whether it is a raw HTTP message rather than an envelope from some tool."""
    accepted: bool
    """Whether the captured response is one of success."""


class Credential(Struct, frozen=True):
    """One piece of logon data in an HTTP request, as SICF names its kind."""

    kind: str
    shown: str
    """What may be shown of it: the header's name, never its value."""


def credentials(http: HttpRequest) -> Iterator[Credential]:
    """Yield the logon data of an HTTP request in the order of ICF's standard sequence."""
    fields = {name.lower() for name, _ in (*http.query, *http.headers)}
    if fields & {"sap-user", "sap-alias"}:
        yield Credential("fields", "sap-user")
    for name in ("ssl_client_cert", "x-ssl-client-cert", "x-forwarded-client-cert"):
        if header(http.headers, name):
            yield Credential("client-certificate", name)
    cookies = ";".join(all_headers(http.headers, "cookie")).split(";")
    cookie_names = {cookie.partition("=")[0].strip().upper() for cookie in cookies}
    if "MYSAPSSO2" in cookie_names:
        yield Credential("sso-ticket", "Cookie MYSAPSSO2")
    if header(http.headers, "mysapsso2"):
        yield Credential("assertion-ticket", "header MYSAPSSO2")
    schemes = [value.split(None, 1)[0].lower() for value in all_headers(http.headers, "authorization") if value.strip()]
    if "basic" in schemes:
        yield Credential("basic", "Authorization: Basic")
    if "negotiate" in schemes:
        yield Credential("spnego", "Authorization: Negotiate")


_FACTS: dict[str, Callable[[Request], Finding]] = {
    "request.method": _method,
    "request.scheme": _scheme,
    "request.path": _path,
    "request.client": _client,
    "request.content_type": _content_type,
    "request.credentials": _credentials,
    "message.envelope": _envelope,
    "message.soap_version": _soap_version,
    "message.unprocessed_headers": _unprocessed_headers,
    "message.security_header": _security_header,
    "message.tokens": _tokens,
    "capture.as_captured": _as_captured,
    "message.operation": _operation,
    "message.algorithms": _algorithms,
    "message.recipients": _recipients,
    "message.assertion": _assertion,
    "message.context_token": _context_token,
    "message.timestamp": _timestamp,
    "message.username_token": _username_token,
    "message.signed": _signed,
    PLAIN_TEXT: _plain_text,
    "time.arrival": _arrival,
}
