"""Public documents as JSON: one document, UTF-8, indented, with a line end."""

from __future__ import annotations

from typing import Any

import msgspec


def to_json(document: msgspec.Struct) -> bytes:
    """Return a document as JSON. The odd bytes of a file name that is not UTF-8 become question marks."""
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:  # half a surrogate pair: an undecodable byte of a file name
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(document)))
    return msgspec.json.format(encoded, indent=2) + b"\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(child) for child in value]
    return value
