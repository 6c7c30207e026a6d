"""Public documents as JSON: one document, UTF-8, indented, with a line end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.report.report import Report
from wssdoctor.typed import looked_at

_MOST_BYTES = 256 * 1024 * 1024


def to_json(document: msgspec.Struct) -> bytes:
    """Return a document as JSON. The odd bytes of a file name that is not UTF-8 become question marks."""
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:  # half a surrogate pair: an undecodable byte of a file name
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(document)))
    return msgspec.json.format(encoded, indent=2) + b"\n"


def read_report(path: Path) -> Report:
    """Read a report that was written as JSON. Raises ``InputError`` for what is none, or too large."""
    place = Place(file=str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError.because(f"cannot read {path}", place=place, why=error.strerror or "") from None
    if len(data) > _MOST_BYTES:
        raise InputError.because(f"{path} is larger than {_MOST_BYTES // 2**20} MiB", place=place)
    try:
        return msgspec.json.decode(data, type=looked_at(Report))
    except (msgspec.DecodeError, RecursionError) as error:
        hint = "wssdoctor check SYSTEM --format json -o FILE writes one"
        raise InputError.because(
            f"{path} is no report of this version", place=place, why=str(error), hint=hint
        ) from None


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(child) for child in value]
    return value
