"""What the HTTP side of a captured request says, as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from wssdoctor.check.check import Inapplicable, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.provider.credential import credentials, is_forwarded, logon
from wssdoctor.wsse import document, names
from wssdoctor.wsse.message import Message

if TYPE_CHECKING:
    from wssdoctor.provider.request import Request
_TO = tuple(f"{{{namespace}}}To" for namespace in names.ADDRESSING)


class AsCaptured(Struct, frozen=True):
    """How far a capture can be taken for what was sent."""

    exact: bool
    """Whether it is a raw HTTP message rather than an envelope from some tool."""
    accepted: bool
    """Whether the captured response is one of success."""


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


def _logon(request: Request) -> Finding:
    """Return user and password of HTTP."""
    http = request.capture.request
    if http is None:
        return Missing("request.credentials")
    found = logon(http)
    return request.known("request.logon", found) if found else Inapplicable("the request carries no user and password")


def _client_certificate(request: Request) -> Finding:
    """Return the certificate (DER) with which the client came through TLS; empty where it came with none."""
    http = request.capture.request
    if http is None:
        return Missing("request.client_certificate")
    if is_forwarded(http):
        return NotModelled("a client certificate that a reverse proxy hands on")
    if http.client_certificate is None and http.scheme != "http":
        return Missing("request.client_certificate")
    return request.known("request.client_certificate", http.client_certificate or b"")


def _as_captured(request: Request) -> Finding:
    seen = request.observed
    accepted = seen is not None and bool(seen.accepted)
    return request.known("capture.as_captured", AsCaptured(request.capture.request is not None, accepted))


def _arrival(request: Request) -> Finding:
    time = request.capture.time
    if time is None:
        return Missing("time.arrival")
    return request.known("time.arrival", time.moment)


FACTS: Mapping[str, Callable[[Request], Finding]] = {
    "request.method": _method,
    "request.scheme": _scheme,
    "request.path": _path,
    "request.client": _client,
    "request.content_type": _content_type,
    "request.credentials": _credentials,
    "request.logon": _logon,
    "request.client_certificate": _client_certificate,
    "capture.as_captured": _as_captured,
    "time.arrival": _arrival,
}
