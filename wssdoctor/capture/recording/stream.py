"""Octets of a connection, cut into requests and responses."""

from __future__ import annotations

from collections.abc import Iterator

from wssdoctor.capture.capture import Request
from wssdoctor.capture.http import is_request, is_response, read_request, read_response
from wssdoctor.capture.source import Source
from wssdoctor.errors import InputError


def requests(data: bytes, name: str | None) -> Iterator[tuple[Request, bytes]]:
    """Yield each request with its octets, up to where the stream makes no sense any more (it was cut or is not HTTP)."""
    source, position = Source(name, data), 0
    while is_request(data, position):
        try:
            request, _, end = read_request(source, position, None)
        except InputError:
            return
        yield request, data[position:end]
        position = _next(data, end)


def responses(data: bytes, name: str | None) -> Iterator[bytes]:
    """Yield the octets of each response, up to where the stream makes no sense any more."""
    source, position = Source(name, data), 0
    while is_response(data, position):
        try:
            response, end = read_response(source, position, None)
        except InputError:
            return
        if response is None:
            return
        yield data[position:end]
        position = _next(data, end)


def both(data: bytes, name: str | None) -> Iterator[tuple[bytes, bytes]]:
    """Yield requests with the response that follows each, from octets of both directions one after the other."""
    source, position = Source(name, data), 0
    while is_request(data, position):
        try:
            _, _, end = read_request(source, position, None)
            answered, behind = read_response(source, end, None)
        except InputError:
            return
        yield data[position:end], data[end:behind] if answered is not None else b""
        position = _next(data, behind)


def _next(data: bytes, position: int) -> int:
    while data[position : position + 1] in (b"\r", b"\n"):
        position += 1
    return position
