"""What the recording server answers. Scripted: no SAP system was asked.

Status codes follow SAP's public descriptions (HTTP 401 for a failed ICF logon, 403 for an inactive node or for plain
HTTP where SSL is demanded) and SOAP 1.1 (500 with a fault). Codes and texts of faults are those of OASIS WSS SOAP
Message Security 1.1.1, section 12, because SAP's own are not public. Bodies are as small as the protocols allow.
"""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

_REASONS = {200: "OK", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_SOAP = {
    "1.1": ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8"),
    "1.2": ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8"),
}
_FAULTS = {
    "wsse:FailedAuthentication": "The security token could not be authenticated or authorized",
    "wsse:InvalidSecurity": "An error was discovered processing the <wsse:Security> header",
    "wsse:UnsupportedSecurityToken": "An unsupported token was provided",
    "wsu:MessageExpired": "The message has expired",
}


def success(operation: str, fields: dict[str, str], version: str = "1.1") -> bytes:
    """Answer an operation with the fields of its response."""
    children = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    body = f'<{operation}Response xmlns="urn:example:sales">{children}</{operation}Response>'
    return _soap(200, body, version)


def fault(code: str, date: dt.datetime | None = None) -> bytes:
    """Answer with a SOAP 1.1 fault; ``date`` is the server's clock where the answer tells it."""
    text = _FAULTS[code].replace("<", "&lt;").replace(">", "&gt;")
    name = "wsu" if code.startswith("wsu:") else "wsse"
    space = f'xmlns:{name}="{_WSU if name == "wsu" else _WSSE}"'
    body = f"<soap:Fault {space}><faultcode>{code}</faultcode><faultstring>{text}</faultstring></soap:Fault>"
    return _soap(500, body, "1.1", date)


def page(status: int) -> bytes:
    """Answer with a page that says no more than its status."""
    title = f"{status} {_REASONS[status]}"
    return _http(status, "text/html; charset=utf-8", f"<html><head><title>{title}</title></head></html>")


def _soap(status: int, body: str, version: str, date: dt.datetime | None = None) -> bytes:
    namespace, content_type = _SOAP[version]
    envelope = f'<soap:Envelope xmlns:soap="{namespace}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    return _http(status, content_type, envelope, date)


def _http(status: int, content_type: str, body: str, date: dt.datetime | None = None) -> bytes:
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        f"content-type: {content_type}",
        f"content-length: {len(content)}",
    ]
    if date is not None:
        lines.append(f"date: {format_datetime(date, usegmt=True)}")
    return "\r\n".join([*lines, "", ""]).encode() + content
