"""The headers of a request, of HTTP and of SOAP, as paragraphs: what each says, and what it is to the logon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wssdoctor.capture.capture import Headers
from wssdoctor.check.check import Known
from wssdoctor.provider.request import Request
from wssdoctor.tui.lines import Paragraph, Span, blank, fit, labelled, line, prose, span
from wssdoctor.tui.rows import count
from wssdoctor.tui.secrets import hide_in_header, hide_in_target
from wssdoctor.wsse import document
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.item import id_of
from wssdoctor.wsse.message import HeaderBlock

_NAME = 22
_MEANS = {
    "authorization": "ICF logs on with this before the SOAP message is read",
    "mysapsso2": "a logon ticket; ICF logs on with it before the SOAP message is read",
    "cookie": "may hold a logon ticket (MYSAPSSO2) or a session",
    "content-type": "SOAP 1.1 is text/xml, SOAP 1.2 application/soap+xml",
    "soapaction": "the operation, in SOAP 1.1",
    "host": "ICF chooses the virtual host by it",
    "sap-client": "the client of the logon by ICF",
    "ssl_client_cert": "a client certificate that a proxy handed on; the ICM must trust that proxy",
    "x-forwarded-proto": "a proxy ended TLS before the system",
}
"""What some headers of a request are to a logon."""
_TYPES = {
    "text/xml": "SOAP 1.1",
    "application/soap+xml": "SOAP 1.2",
    "multipart/related": "a message with attachments",
}
"""What some content types of a request stand for."""
_MEANS_BACK = {
    "date": "the clock of the one who answered",
    "www-authenticate": "the logon that the server asks for",
    "set-cookie": "a session or a logon ticket began",
    "sap-server": "an ICF service of the system answered, no proxy",
    "server": "who answered",
}
"""What some headers of a response tell of a logon."""


def paragraphs(request: Request) -> list[Paragraph]:
    """Say the headers of a request, and those of its response."""
    http, response = request.capture.request, request.capture.response
    said = [_heading("HTTP request")]
    if http is None:
        said.append(prose("The capture holds no HTTP request, only the message.", "muted", indent=3))
        if request.capture.content_type:
            said.append(labelled("Content-Type", request.capture.content_type, indent=3, column=_NAME))
    else:
        said.append(Paragraph((span(f"{http.method} {hide_in_target(http.target)} {http.version}", "strong"),), 3, 5))
        said += _http(http.headers, _MEANS)
    said += [blank(), _heading("SOAP header"), *_soap(request)]
    if request.capture.attachments:
        said += [blank(), _heading("Attachments")]
    for one in request.capture.attachments:
        about = f"{one.content_type}, {len(one.content)} bytes"
        said.append(labelled(one.content_id or "no Content-ID", about, indent=3, column=_NAME))
    if response is not None:
        said += [blank(), _heading("HTTP response, captured")]
        said.append(Paragraph((span(f"{response.status} {response.reason}", "strong"),), 3, 5))
        said += _http(response.headers, _MEANS_BACK)
    return said


def _heading(text: str) -> Paragraph:
    return Paragraph((Span(text, "heading"),), 1, 1)


def _http(headers: Headers, means: Mapping[str, str]) -> Iterator[Paragraph]:
    for name, value in headers:
        told = means.get(name.lower())
        if told and name.lower() == "content-type":
            told = _TYPES.get(value.partition(";")[0].strip().lower(), told)
        remark = span(f"   · {told}" if told else "", "muted")
        yield Paragraph(line(span(f"{name}: ", "accent"), span(hide_in_header(name, value)), remark), 3, 5)


def _soap(request: Request) -> Iterator[Paragraph]:
    if isinstance(request.message, DocumentError):
        yield prose("The envelope is not well-formed, so it has no headers that can be read.", "fail", indent=3)
        return
    version = request.find("message.soap_version")
    if isinstance(version, Known):
        yield labelled("SOAP", str(version.value), indent=3, column=_NAME + 4)
    if not request.message.headers:
        yield prose("The message has no SOAP header: no token, no Timestamp, no signature.", "warn", indent=3)
    unprocessed = request.find("message.unprocessed_headers")
    refused = unprocessed.value if isinstance(unprocessed, Known) else ()
    own = request.security
    for block in request.message.headers:
        yield from _block(
            block,
            request.capture.first_line,
            refused=block.xpath in refused,
            read=own is not None and own.element is block.element,
        )


def _block(block: HeaderBlock, first_line: int, *, refused: bool, read: bool) -> Iterator[Paragraph]:
    name = _name(block.element)
    marks = []
    if block.must_understand:
        marks.append("mustUnderstand")
    if block.actor:
        marks.append(f"for {block.actor}")
    where = f"line {block.line + first_line - 1}" if block.line else ""
    glyph, tone = ("✗", "fail") if refused else ("·", "muted")
    yield Paragraph(
        line(
            Span(f"{glyph} ", "fail" if refused else "muted"),
            span(fit(name, _NAME + 2)),
            span("  ".join(one for one in (where, *marks) if one), tone if refused else "muted"),  # type: ignore[arg-type]
        ),
        3,
        5,
    )
    if refused:
        yield prose(
            "The provider does not process it and must understand it: it refuses the message.", "fail", indent=5
        )
    if name.endswith(":Security") or name == "Security":
        what = "the provider reads this one" if read else "not for this provider: it reads the one without actor"
        yield prose(f"{what}; {count(len(block.element), 'child').replace('childs', 'children')}", "muted", indent=5)
        for child in block.element.iterchildren("*"):
            number = document.line_of(child)
            place = f"line {number + first_line - 1}" if number else ""
            yield Paragraph(
                line(span(fit(_name(child), _NAME)), span(f"{place:<10} {id_of(child) or 'no Id'}", "muted")), 7, 9
            )


def _name(element: document.Element) -> str:
    local = document.local_name(element)
    return f"{element.prefix}:{local}" if element.prefix else local
