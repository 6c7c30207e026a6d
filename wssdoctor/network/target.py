"""The one server that a command may talk to, from the URL that the user gave."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

_PORTS = {"http": 80, "https": 443}
_LONGEST = 2048


class Target(msgspec.Struct, frozen=True):
    """Scheme, host and port, and what follows them."""

    scheme: str
    host: str
    port: int
    path: str
    """Begins with a slash."""
    query: str

    @property
    def authority(self) -> str:
        """Host and port as in a Host field; the port is left out where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The server's URL, without path (RFC 6454, section 6.2)."""
        return f"{self.scheme}://{self.authority}"

    @property
    def resource(self) -> str:
        """Path and query, as they stand in a request line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_secure(self) -> bool:
        """Whether what is sent is encrypted."""
        return self.scheme == "https"


def target(url: str) -> Target:
    """Read a URL. Raises ``InputError`` for one that is none, and for one that holds a password."""
    place = Place(file=url if "@" not in url else "the URL")
    hint = "give it as https://erp.example.com:44300"
    if len(url) > _LONGEST or not url.isprintable() or not url.isascii() or " " in url:
        raise InputError.because("the URL cannot be used", why="it is too long or holds odd characters", hint=hint)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError.because("the URL cannot be used", place=place, why=str(error), hint=hint) from None
    if parts.username is not None or parts.password is not None:
        what = "the URL holds a user or a password"
        raise InputError.because(
            what, hint="leave both out; they are asked for", why="command lines are seen by others"
        )
    if parts.scheme.lower() not in _PORTS or not host or port == 0:
        raise InputError.because(
            "the URL cannot be used", place=place, why="it needs http or https and a host", hint=hint
        )
    scheme = parts.scheme.lower()
    return Target(scheme, host, port or _PORTS[scheme], parts.path or "/", parts.query)


def only_host(url: str) -> Target:
    """Read a URL that names a server alone. Raises ``InputError`` as ``target`` does, and for a path or query."""
    found = target(url)
    if found.resource != "/":
        why = "the path is that of each request"
        raise InputError.because("the URL names more than a host", why=why, hint=f"give {found.origin} alone")
    return found


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its address or its reserved name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
