"""The logon data in the HTTP side of a request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from msgspec import Struct

from wssdoctor.capture.capture import Request, all_headers, header

_FORWARDED = ("ssl_client_cert", "x-ssl-client-cert", "x-forwarded-client-cert")
"""Header fields in which what ends TLS hands the client's certificate on."""


class Credential(Struct, frozen=True):
    """One piece of logon data in an HTTP request, as SICF names its kind."""

    kind: str
    shown: str
    """What may be shown of it: the header's name, never its value."""


class Logon(Struct, frozen=True):
    """User and password of an HTTP request; its representation leaves the password out."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Logon({self.user!r})"


def logon(http: Request) -> Logon | None:
    """Return user and password of the fields sap-user and sap-password, else of Basic (RFC 7617); None without any."""
    fields = {name.lower(): value for name, value in (*http.headers, *http.query)}
    if "sap-user" in fields:
        return Logon(fields["sap-user"], fields.get("sap-password", ""))
    for value in all_headers(http.headers, "authorization"):
        scheme, _, written = value.strip().partition(" ")
        if scheme.lower() == "basic":
            try:
                octets = base64.b64decode(written.strip(), validate=True)
            except binascii.Error:
                return Logon("", "")
            user, _, password = octets.decode("utf-8", "replace").partition(":")
            return Logon(user, password)
    return None


def is_forwarded(http: Request) -> bool:
    """Whether a header hands a client certificate on."""
    return any(header(http.headers, name) for name in _FORWARDED)


def credentials(http: Request) -> Iterator[Credential]:
    """Yield the logon data of an HTTP request in the order of ICF's standard sequence."""
    fields = {name.lower() for name, _ in (*http.query, *http.headers)}
    if fields & {"sap-user", "sap-alias"}:
        yield Credential("fields", "sap-user")
    if http.client_certificate:
        yield Credential("client-certificate", "the client certificate of TLS")
    for name in _FORWARDED:
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
