"""How the parts of a message are called, and which part an element belongs to."""

from __future__ import annotations

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, local_name, namespace_of

_ENVELOPES = frozenset(f"{{{soap}}}Envelope" for soap in (names.SOAP11, names.SOAP12))
_HEADERS = frozenset(f"{{{soap}}}Header" for soap in (names.SOAP11, names.SOAP12))
_BODIES = frozenset(f"{{{soap}}}Body" for soap in (names.SOAP11, names.SOAP12))
_SECURITY_NAMESPACES = frozenset((names.WSSE, *names.WSSE_DRAFTS))
ASSERTIONS = frozenset((f"{{{names.SAML1}}}Assertion", f"{{{names.SAML2}}}Assertion"))


def part_of(element: Element) -> str:
    """Name the part that an element is or lies in: Body, Timestamp, Assertion, a header's local name, document ..."""
    below: Element | None = None
    current: Element | None = element
    while current is not None:
        if current.tag in ASSERTIONS:
            return "Assertion"
        if current.tag in _BODIES:
            return "Body"
        if current.tag in _HEADERS:
            return local_name(below) if below is not None else "Header"
        if below is not None and is_security(current):
            return local_name(below)
        below, current = current, current.getparent()
    if element.tag in _ENVELOPES or element.getparent() is None:
        return "document"
    return local_name(element)


def is_security(element: Element) -> bool:
    """Whether it is a wsse:Security header of any version."""
    return local_name(element) == "Security" and namespace_of(element) in _SECURITY_NAMESPACES


def is_body(element: Element) -> bool:
    """Whether it is a soap:Body by name, wherever it stands."""
    return element.tag in _BODIES
