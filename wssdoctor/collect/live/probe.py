"""A look at a server from outside: what it tells, put into one document."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import Any

import msgspec

from wssdoctor.collect import wsdl
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.source import Origin
from wssdoctor.network.look import clock, look
from wssdoctor.network.observation import Observation, SeenBinding, SeenCertificate, Tls
from wssdoctor.network.target import Target
from wssdoctor.wsse.document import DocumentError, local_name, namespace_of, parse_document
from wssdoctor.wsse.outline import outline

_MOST_CERTIFICATES = 20


def probe(to: Target, verifying: ssl.SSLContext, *, wsdl_too: bool = False) -> Observation:
    """Look at a server. Raises ``InputError`` where it cannot be reached."""
    if wsdl_too and "wsdl" not in to.query.lower():
        to = msgspec.structs.replace(to, query="wsdl" if not to.query else f"{to.query}&wsdl")
    at = dt.datetime.now(dt.UTC)
    shaken, seen = look(to, verifying)
    notes: list[str] = []
    tls = None
    if shaken is not None:
        found = [_certificate(each, notes) for each in shaken.chain[:_MOST_CERTIFICATES]]
        certificates = tuple(each for each in found if each is not None)
        tls = Tls(shaken.version, shaken.cipher, not shaken.why, shaken.why, certificates)
    bindings = _bindings(to, seen.body, notes) if "wsdl" in to.query.lower() and seen.status == 200 else ()
    if "wsdl" in to.query.lower() and seen.status != 200:
        notes.append(
            f"the WSDL is not given to everyone (HTTP {seen.status}); download it after a logon and add the file"
        )
    header = seen.header
    return Observation(
        schema="wssdoctor.probe/1",
        url=f"{to.origin}{to.resource}",
        host=to.host,
        at=at,
        tls=tls,
        clock=clock(seen),
        status=seen.status,
        challenge=header("www-authenticate")[:200],
        location=header("location")[:500],
        server=header("server")[:200],
        bindings=bindings,
        notes=tuple(notes),
    )


def _certificate(der: bytes, notes: list[str]) -> SeenCertificate | None:
    try:
        found = outline(der)
    except ValueError:
        notes.append("a certificate of the chain cannot be read")
        return None
    return SeenCertificate(
        str(found.subject), str(found.issuer), found.not_before, found.not_after, found.names or (), found.pem
    )


def _bindings(to: Target, body: bytes, notes: list[str]) -> tuple[SeenBinding, ...]:
    """Read the WSDL by the reader of exported ones."""
    try:
        root = parse_document(body)
    except DocumentError as error:
        notes.append(f"the WSDL cannot be read: {error.problems[0].why or error.problems[0].what}"[:300])
        return ()
    if (namespace_of(root), local_name(root)) != (wsdl.WSDL, "definitions"):
        notes.append("the answer is no WSDL")
        return ()
    findings = Findings()
    wsdl.read(Origin(f"{to.origin}{to.resource}"), root, findings)
    notes += [each.what for each in findings.notes]
    facts: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in findings.statements:
        value = tuple(each.value) if isinstance(each.value, list) else each.value
        facts.setdefault(each.key, {})[each.name] = value
    return tuple(SeenBinding(**found) for found in facts.values())
