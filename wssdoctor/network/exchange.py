"""A request and its answer, as bytes and header fields."""

from __future__ import annotations

import msgspec


class Request(msgspec.Struct, frozen=True):
    """What is sent. Credentials are no part of it: the client adds them."""

    method: str
    resource: str
    """Path and query."""
    purpose: str
    """Why it is sent, for the person who has to allow it."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str, value: str) -> Request:
        """Return the request with one more header field."""
        return msgspec.structs.replace(self, headers=(*self.headers, (name, value)))


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header field of a name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")
