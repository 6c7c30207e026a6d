"""The fault of a captured response: its code, read from SOAP 1.1 or 1.2."""

from __future__ import annotations

from wssdoctor.capture.capture import Response
from wssdoctor.errors import InputError
from wssdoctor.wsse import names
from wssdoctor.wsse.document import parse_document, text_of

_CODE_12 = f"{{{names.SOAP12}}}Body/{{{names.SOAP12}}}Fault/{{{names.SOAP12}}}Code"
_CODES = (
    f"{{{names.SOAP11}}}Body/{{{names.SOAP11}}}Fault/faultcode",
    f"{_CODE_12}/{{{names.SOAP12}}}Subcode/{{{names.SOAP12}}}Value",
    f"{_CODE_12}/{{{names.SOAP12}}}Value",
)
"""A Fault deeper inside is payload. In SOAP 1.2 the subcode says what WS-Security's own code says in 1.1."""


def fault_code(response: Response) -> str | None:
    """Return the fault code as written (``soap:Server``), or nothing where the body is no SOAP fault."""
    try:
        root = parse_document(response.content)
    except InputError:
        return None
    for path in _CODES:
        element = root.find(path)
        if element is not None:
            return text_of(element).strip()[:80]
    return None
