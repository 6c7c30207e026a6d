"""The URL of an endpoint, taken apart."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

_PORTS = {"http": 80, "https": 443}


class Url(msgspec.Struct, frozen=True):
    """Scheme, host, port and path; query and fragment do not choose the endpoint's place."""

    scheme: str
    host: str
    port: int
    path: str


def parse(text: str) -> Url | None:
    """Take a URL apart; nothing for a text that no HTTP client can call."""
    if not text.isprintable() or " " in text.strip():
        return None
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or port == 0:
        return None
    return Url(scheme, host, port or _PORTS[scheme], parts.path or "/")
