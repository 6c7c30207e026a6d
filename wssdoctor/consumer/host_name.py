"""Does a certificate carry the host name that was called? RFC 6125, sections 6.4 and 6.5."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence


def matches(host: str, names: Sequence[str], common_name: str | None) -> bool:
    """Whether one of the names fits.

    ``names`` are those of the Subject Alternative Name. Only where it has none, the common name counts (6.4.4).
    An IP address must be named itself; no wildcard and no common name stands for it.
    """
    address = _address(host)
    if address is not None:
        return any(_address(name) == address for name in names)
    presented = names or ([common_name] if common_name else [])
    return any(_fits(host, name) for name in presented if _address(name) is None)


def _fits(host: str, name: str) -> bool:
    """Whether a DNS name fits; ``*`` counts only as the whole left-most label, for exactly one label (6.4.3)."""
    called, presented = _labels(host), _labels(name)
    if len(called) != len(presented) or not all(called):
        return False
    if presented[0] != "*":
        return called == presented
    return len(presented) > 2 and called[1:] == presented[1:]


def _labels(name: str) -> list[str]:
    """Split a name into labels in the form that DNS compares: A-labels in lower case, no dot at the end."""
    text = name.strip().rstrip(".").lower()
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError:
            return [text]
    return text.split(".")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip().strip("[]"))
    except ValueError:
        return None
