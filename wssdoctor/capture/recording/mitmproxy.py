"""mitmproxy's flow files: tagged netstrings, one dictionary a flow (https://tnetstrings.info)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from wssdoctor.capture.recording.exchange import Exchange, request_text, response_text
from wssdoctor.capture.source import Source

_LENGTH = re.compile(rb"(\d{1,10}):")
_MAXIMUM_DEPTH = 30


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the HTTP flows in their order. Raises InputError where the file is broken or cut."""
    position, number = 0, 0
    while position < len(source.data):
        start = position
        try:
            flow, position = _value(source.data, position, 0)
            number += 1
            if isinstance(flow, dict) and _text(flow.get("type")) == "http" and isinstance(flow.get("request"), dict):
                yield _exchange(str(number), flow)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise source.refusal(
                f"Flow {number + 1} cannot be read.", start, why=str(error)[:100], hint="Save the flows again."
            ) from None


def _exchange(label: str, flow: dict[str, Any]) -> Exchange:
    sent, answered = flow["request"], flow.get("response")
    scheme = _text(sent.get("scheme")) or "http"
    host = _text(sent.get("authority")) or f"{_text(sent.get('host'))}:{int(sent.get('port') or 0)}"
    url = f"{scheme}://{host}{_text(sent.get('path'))}"
    began = sent.get("timestamp_start")
    response = b""
    if isinstance(answered, dict):
        response = response_text(
            int(answered["status_code"]),
            _text(answered.get("reason")),
            _headers(answered),
            answered.get("content") or b"",
            decoded=False,
        )
    return Exchange(
        label,
        request_text(_text(sent["method"]), url, _headers(sent), sent.get("content") or b"", decoded=False),
        response,
        url=url,
        moment=datetime.fromtimestamp(began, UTC) if isinstance(began, float) else None,
    )


def _headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_text(name), _text(value)) for name, value in message.get("headers") or ()]


def _text(value: bytes | str | None) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""


def _value(data: bytes, start: int, depth: int) -> tuple[Any, int]:
    """Decode one netstring; return its value and where it ends."""
    length = _LENGTH.match(data, start)
    if length is None or depth > _MAXIMUM_DEPTH:
        raise ValueError("no length where one is expected" if length is None else "nested too deeply")
    begin, end = length.end(), length.end() + int(length[1])
    if end >= len(data):
        raise ValueError("it is cut")
    payload, kind = data[begin:end], data[end : end + 1]
    match kind:
        case b",":
            return payload, end + 1
        case b";":
            return payload.decode("utf-8", "replace"), end + 1
        case b"#":
            return int(payload), end + 1
        case b"^":
            return float(payload), end + 1
        case b"!":
            return payload == b"true", end + 1
        case b"~":
            return None, end + 1
        case b"]":
            return list(_items(payload, depth + 1)), end + 1
        case b"}":
            items = list(_items(payload, depth + 1))
            return dict(zip(map(_text, items[::2]), items[1::2], strict=True)), end + 1
    raise ValueError(f"unknown kind of value {kind!r}")


def _items(payload: bytes, depth: int) -> Iterator[Any]:
    position = 0
    while position < len(payload):
        value, position = _value(payload, position, depth)
        yield value
