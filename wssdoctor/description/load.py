"""Reading a description: decode, resolve certificates, keep every place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from wssdoctor import yamlfile
from wssdoctor.description.description import Description
from wssdoctor.description.facts import Facts
from wssdoctor.description.identity import SamlTrust
from wssdoctor.description.pse import Certificate, Pse
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.wsse.outline import outline, pem

MAX_CERTIFICATE_BYTES = 256 * 1024


def load(path: Path) -> Facts:
    """Read a system description and the certificates that it names.

    Raises ``InputError`` with all problems of the file, each with its line and column.
    """
    decoded = yamlfile.load(path, Description)
    return _with_certificates(decoded, path.parent, str(path))


def loads(text: bytes, name: str, folder: Path | None = None) -> Facts:
    """Read a description from bytes; certificates are looked for in ``folder``."""
    decoded = yamlfile.decode(yamlfile.compose(text, name), Description, name)
    return _with_certificates(decoded, folder or Path(), name)


def empty(name: str = "(no description)") -> Facts:
    """Return the description of which nothing is known."""
    return Facts(Description(format="1"), {}, name)


def _with_certificates(decoded: yamlfile.Decoded[Description], folder: Path, name: str) -> Facts:
    description, places = decoded.record, dict(decoded.places)
    problems: list[Problem] = []

    def listed(certificates: tuple[Certificate, ...] | UnsetType, here: str) -> tuple[Certificate, ...] | UnsetType:
        if certificates is UNSET:
            return UNSET
        return tuple(
            _resolved(entry, f"{here}[{number}]", folder, places, problems) for number, entry in enumerate(certificates)
        )

    def resolved(pse: Pse, here: str) -> Pse:
        own = pse.own_certificate
        if isinstance(own, Certificate):
            own = _resolved(own, f"{here}.own_certificate", folder, places, problems)
        return replace(pse, own_certificate=own, trusted=listed(pse.trusted, f"{here}.trusted"))

    if isinstance(description.pses, tuple):
        pses = tuple(resolved(pse, f"pses[{index}]") for index, pse in enumerate(description.pses))
        description = replace(description, pses=pses)
    trust = description.saml_trust
    if isinstance(trust, SamlTrust) and isinstance(trust.providers, tuple):
        providers = tuple(
            replace(one, certificates=listed(one.certificates, f"saml_trust.providers[{index}].certificates"))
            for index, one in enumerate(trust.providers)
        )
        description = replace(description, saml_trust=replace(trust, providers=providers))
    if problems:
        raise InputError(*problems)
    return Facts(description, places, name)


def _resolved(
    certificate: Certificate, here: str, folder: Path, places: dict[str, Place], problems: list[Problem]
) -> Certificate:
    """Fill subject, issuer and validity from the certificate itself, where it was given; keep it as PEM."""
    if certificate.file is UNSET and certificate.pem is UNSET:
        return certificate
    key = "file" if isinstance(certificate.file, str) else "pem"
    place = places[f"{here}.{key}"]
    stated = [
        name for name in ("subject", "issuer", "not_before", "not_after") if getattr(certificate, name) is not UNSET
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
    return replace(certificate, **facts)


def _bytes(certificate: Certificate, folder: Path) -> bytes:
    if isinstance(certificate.file, str):
        with (folder / certificate.file).open("rb") as stream:
            return stream.read(MAX_CERTIFICATE_BYTES)
    return str(certificate.pem).encode("ascii", "replace")


def _read(data: bytes) -> dict[str, str | dt.datetime]:
    found = outline(data)
    return {
        "pem": pem(data),
        "subject": str(found.subject),
        "issuer": str(found.issuer),
        "not_before": found.not_before,
        "not_after": found.not_after,
    }
