"""The HTTP answers of the modelled provider: ICF's error pages, SOAP faults, and the echo of an accepted call.

SAP's own texts are not public, so each says that it is modelled, and why the request was refused.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from lxml import etree
from msgspec import Struct

from wssdoctor.capture.capture import Headers
from wssdoctor.check.check import Inapplicable
from wssdoctor.provider.messagefact import PLAIN_TEXT
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.document import local_name, namespace_of
from wssdoctor.wsse.message import Message

LAB = "urn:wssdoctor:lab"
"""Namespace of what only the lab says."""
_PREFIXES = {
    "wsse": names.WSSE,
    "wsu": names.WSU,
    "wsc": "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512",
}
_SOAP_12_CODES = {"Client": "Sender", "Server": "Receiver", "MustUnderstand": "MustUnderstand"}
_MAXIMUM_ECHO = 256 * 1024
_REASONS = {
    200: "OK",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class HttpAnswer(Struct, frozen=True):
    """What goes back to the client."""

    status: int
    headers: Headers
    body: bytes
    says: str = ""
    """What a document is that was asked for."""
    why: str = ""
    """Why an error page of ICF stands in its place."""

    @property
    def reason(self) -> str:
        """The reason phrase of the status."""
        return _REASONS.get(self.status, "")


def page(status: int, says: str, realm: str = "") -> HttpAnswer:
    """Make an error page of ICF."""
    title = f"{status} {_REASONS.get(status, '')}".strip()
    body = (
        f"<!DOCTYPE html><html><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>"
        f"<p>{escape(says)}</p><p>Modelled by wssdoctor lab.</p></body></html>\n"
    )
    headers: Headers = (("Content-Type", "text/html; charset=utf-8"),)
    if status == 401:
        headers = (*headers, ("WWW-Authenticate", f'Basic realm="{realm}"'))
    return HttpAnswer(status, headers, body.encode("utf-8", "replace"), why=says)


def fault(request: Request, code: str, says: str, stage: str, check: str) -> HttpAnswer:
    """Make a SOAP fault in the version of the request; ``code`` is written with a prefix (``wsse:FailedCheck``)."""
    prefix, _, local = code.rpartition(":")
    detail = (
        f'<lab:Refused xmlns:lab="{LAB}" stage="{escape(stage)}" check="{escape(check)}">{_clean(says)}</lab:Refused>'
    )
    declared = f' xmlns:{prefix}="{_PREFIXES[prefix]}"' if prefix in _PREFIXES else ""
    if _version(request) == "1.2":
        outer = _SOAP_12_CODES.get(local, "Sender")
        inner = f"<env:Subcode><env:Value>{prefix}:{local}</env:Value></env:Subcode>" if declared else ""
        inside = (
            f"<env:Fault{declared}><env:Code><env:Value>env:{outer}</env:Value>{inner}</env:Code>"
            f'<env:Reason><env:Text xml:lang="en">{_clean(says)}</env:Text></env:Reason>'
            f"<env:Detail>{detail}</env:Detail></env:Fault>"
        )
    else:
        named = f"{prefix}:{local}" if declared else f"env:{local}"
        inside = (
            f"<env:Fault{declared}><faultcode>{named}</faultcode><faultstring>{_clean(says)}</faultstring>"
            f"<detail>{detail}</detail></env:Fault>"
        )
    return _envelope(request, 500, inside)


def echo(request: Request, user: str | None) -> HttpAnswer:
    """Answer an accepted call with what clients of a document/literal service expect: an empty response of the operation.

    As whom it was accepted, and the payload that came unless it came encrypted, stand in the header: clients read past
    what they do not know there.
    """
    payload, response = b"", ""
    if isinstance(request.message, Message) and request.message.body is not None:
        first = next(request.message.body.iterchildren("*"), None)
        if first is not None:
            plain = isinstance(request.find(PLAIN_TEXT), Inapplicable)
            payload = etree.tostring(first, with_tail=False) if plain else b""
            payload = payload if len(payload) <= _MAXIMUM_ECHO else b""
            response = f'<n0:{local_name(first)}Response xmlns:n0="{_clean(namespace_of(first))}"/>'
    accepted = f'<lab:Accepted xmlns:lab="{LAB}"><lab:User>{_clean(user or "")}</lab:User><lab:Echo>'
    return _envelope(request, 200, response, accepted.encode() + payload + b"</lab:Echo></lab:Accepted>")


def body(request: Request, inside: str) -> HttpAnswer:
    """Make a SOAP answer of status 200 in the version of the request."""
    return _envelope(request, 200, inside)


def _envelope(request: Request, status: int, inside: str, header: bytes = b"") -> HttpAnswer:
    twelve = _version(request) == "1.2"
    namespace = names.SOAP12 if twelve else names.SOAP11
    media = "application/soap+xml" if twelve else "text/xml"
    written = (
        f'<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="{namespace}"><env:Header>'.encode()
        + header
        + f"</env:Header><env:Body>{inside}</env:Body></env:Envelope>".encode("utf-8", "replace")
    )
    return HttpAnswer(status, (("Content-Type", f"{media}; charset=utf-8"),), written)


def _version(request: Request) -> str:
    """The version of the envelope, or of the Content-Type where the envelope cannot be read."""
    if isinstance(request.message, Message) and request.message.soap_version:
        return request.message.soap_version
    media_type = request.capture.root_type or request.capture.content_type or ""
    return "1.2" if media_type.lower().startswith("application/soap+xml") else "1.1"


def _clean(text: str) -> str:
    return escape("".join(one if one.isprintable() else " " for one in text))
