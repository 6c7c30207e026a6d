"""The document of a probe, read back: clock, host, certificates and policies as they were seen from outside."""

from __future__ import annotations

import ipaddress
from typing import Any

import msgspec

from wssdoctor.collect.findings import Findings, LooseCertificate
from wssdoctor.collect.source import Source
from wssdoctor.network.observation import Observation
from wssdoctor.typed import looked_at

_MARK = b'"wssdoctor.probe/'


def is_observation(head: bytes) -> bool:
    """Whether a file is the document of a probe."""
    return head.lstrip().startswith(b"{") and _MARK in head[:200]


def read(source: Source, findings: Findings) -> None:
    """Read the document of a probe. Raises ``InputError`` where it is damaged."""
    try:
        seen = msgspec.json.decode(source.whole(), type=looked_at(Observation))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise source.refused(f"it is no document of a probe: {str(error)[:200]}") from None
    findings.recognised.append((source.name, f"probe of {seen.url}"))
    place = source.place()
    if not _is_address(seen.host):
        findings.state("system", (), place, seen.at, host=seen.host)
    if seen.clock is not None:
        middle = (seen.clock.ahead_at_least_seconds + seen.clock.ahead_at_most_seconds) / 2
        findings.state("clock", (), place, seen.at, offset_seconds=round(middle))
        what = "the clock was compared with that of the computer that ran the probe"
        findings.note(f"{what}; run it where the consumer runs", place)
    for certificate in seen.tls.certificates if seen.tls is not None else ():
        findings.certificates.append(LooseCertificate(certificate.pem, place))
    for binding in seen.bindings:
        values: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in msgspec.structs.asdict(binding).items()
        }
        findings.state("bindings", (binding.path,), place, seen.at, **values)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
