"""The logon data in the HTTP side of a request."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wssdoctor.capture.capture import Request, all_headers, header


class Credential(Struct, frozen=True):
    """One piece of logon data in an HTTP request, as SICF names its kind."""

    kind: str
    shown: str
    """What may be shown of it: the header's name, never its value."""


def credentials(http: Request) -> Iterator[Credential]:
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
