"""The fault of a captured response: its code, read from SOAP 1.1 or 1.2."""

from __future__ import annotations

from wssdoctor.capture.capture import Response
from wssdoctor.errors import InputError
from wssdoctor.wsse import names
from wssdoctor.wsse.document import parse_document, text_of


def fault_code(response: Response) -> str | None:
    """Return the fault code as written (``soap:Server``), or nothing where the body is no SOAP fault."""
    try:
        root = parse_document(response.content)
    except InputError:
        return None
    for path in (f".//{{{names.SOAP11}}}Fault/faultcode", f".//{{{names.SOAP12}}}Fault//{{{names.SOAP12}}}Value"):
        element = root.find(path)
        if element is not None:
            return text_of(element).strip()[:80]
    return None
