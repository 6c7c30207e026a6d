"""Names of cipher suites: IANA, SAP and OpenSSL write the same suite differently."""

from __future__ import annotations

from collections.abc import Iterable

_SILENT = ("TLS", "WITH", "CBC", "P256", "P384", "P521")
"""What some writings leave out. SAP's lists may name the curve."""


def common(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    """Return the suites of the first list that the second holds too, as the first writes them."""
    known = {_key(name) for name in second}
    return tuple(name for name in first if _key(name) in known)


def _key(name: str) -> str:
    """Return the same text for every writing: TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_AES128_CBC_SHA, AES128-SHA."""
    parts = [part for part in name.upper().replace("-", "_").split("_") if part and part not in _SILENT]
    return "".join(parts).removeprefix("RSA")
