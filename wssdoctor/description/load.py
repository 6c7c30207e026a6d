"""Reading a description: decode, resolve certificates, keep every place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from wssdoctor import yamlfile
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.description import Description
from wssdoctor.description.facts import Facts
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.wsse.outline import outline
from wssdoctor.yamlnode import compose

MAX_CERTIFICATE_BYTES = 256 * 1024


def load(path: Path) -> Facts:
    """Read a system description and the certificates that it names.

    Raises ``InputError`` with all problems of the file, each with its line and column.
    """
    decoded = yamlfile.load(path, Description)
    return _with_certificates(decoded, path.parent, str(path))


def loads(text: bytes, name: str, folder: Path | None = None) -> Facts:
    """Read a description from bytes; certificates are looked for in ``folder``."""
    decoded = yamlfile.decode(compose(text, name), Description, name)
    return _with_certificates(decoded, folder or Path(), name)


def empty(name: str = "(no description)") -> Facts:
    """Return the description of which nothing is known."""
    return Facts(Description(format="1"), {}, name)


def _with_certificates(decoded: yamlfile.Decoded[Description], folder: Path, name: str) -> Facts:
    places = dict(decoded.places)
    problems: list[Problem] = []

    def resolved(value: Any, here: str) -> Any:
        """Return a record in which every certificate, however deep, is read."""
        if isinstance(value, Certificate):
            return _resolved(value, here, folder, places, problems)
        if isinstance(value, tuple):
            return tuple(resolved(item, f"{here}[{index}]") for index, item in enumerate(value))
        if isinstance(value, msgspec.Struct):
            parts = {field: (part, f"{here}.{field}" if here else field) for field, part in _given(value)}
            return msgspec.structs.replace(value, **{field: resolved(*found) for field, found in parts.items()})
        return value

    description = resolved(decoded.record, "")
    if problems:
        raise InputError(*problems)
    return Facts(description, places, name)


def _given(record: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    for field in record.__struct_fields__:
        value = getattr(record, field)
        if isinstance(value, msgspec.Struct | tuple):
            yield field, value


def _resolved(
    certificate: Certificate, here: str, folder: Path, places: dict[str, Place], problems: list[Problem]
) -> Certificate:
    """Fill subject, issuer and validity from the certificate itself, where it was given."""
    if certificate.file is UNSET and certificate.pem is UNSET:
        return certificate
    key = "file" if isinstance(certificate.file, str) else "pem"
    place = places[f"{here}.{key}"]
    stated = [
        name
        for name in ("subject", "issuer", "not_before", "not_after", "names")
        if getattr(certificate, name) is not UNSET
    ]
    if stated or (certificate.file is not UNSET and certificate.pem is not UNSET):
        what = f"{here}: give the certificate once, as file, as pem, or by its fields"
        problems.append(Problem(what, place, "two statements about one certificate can contradict each other"))
        return certificate
    try:
        data = _bytes(certificate, folder)
        facts = _read(data)
    except OSError as error:
        problems.append(Problem(f"{here}: cannot read {certificate.file}", place, error.strerror or str(error)))
        return certificate
    except ValueError as error:
        hint = "STRUST: double-click the certificate, Export, Base64"
        problems.append(Problem(f"{here}: not a certificate in PEM or DER form", place, str(error)[:120], hint))
        return certificate
    for name in facts:
        places[f"{here}.{name}"] = msgspec.structs.replace(place, fact=f"{here}.{name}")
    return msgspec.structs.replace(certificate, **facts)


def _bytes(certificate: Certificate, folder: Path) -> bytes:
    if isinstance(certificate.file, str):
        with (folder / certificate.file).open("rb") as stream:
            return stream.read(MAX_CERTIFICATE_BYTES)
    return str(certificate.pem).encode("ascii", "replace")


def _read(data: bytes) -> dict[str, Any]:
    """Return the certificate in PEM form, and what it says."""
    found = outline(data)
    names = {} if found.names is None else {"names": found.names}
    return {
        "pem": found.pem,
        "subject": str(found.subject),
        "issuer": str(found.issuer),
        "not_before": found.not_before,
        "not_after": found.not_after,
        **names,
    }
