"""Header fields of HTTP and MIME: name and value pairs in the order of the message."""

from __future__ import annotations

from typing import TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Names as written, values without surrounding blanks; octets above 127 stand as Latin-1 characters."""


def header(headers: Headers, name: str) -> str | None:
    """Return the value of the first field of this name, in any case; None when there is none."""
    name = name.lower()
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


def all_headers(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the values of all fields of this name, in any case and in their order."""
    name = name.lower()
    return tuple(value for key, value in headers if key.lower() == name)


def list_header(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the elements of a comma-separated field such as Content-Encoding, in lower case (RFC 9110, 5.6.1)."""
    elements = ",".join(all_headers(headers, name)).lower().split(",")
    return tuple(element.strip() for element in elements if element.strip())
