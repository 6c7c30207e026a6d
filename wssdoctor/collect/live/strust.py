"""Certificates of STRUST by its function modules (SSFR_...), called by SOAP. No private key is asked for."""

from __future__ import annotations

import binascii
from typing import Any

from lxml import etree

from wssdoctor.collect.certificates import pem, state_pse
from wssdoctor.collect.findings import Findings, Note
from wssdoctor.collect.live.soap_rfc import SoapRfc
from wssdoctor.collect.live.tables import Refused
from wssdoctor.collect.placement import strust
from wssdoctor.evidence import Place
from wssdoctor.network.exchange import Request
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, local_name
from wssdoctor.wsse.outline import outline

_IDENTITIES = "SSFR_GET_ALL_STRUST_IDENTITIES"
_OWN, _LIST = "SSFR_GET_OWNCERTIFICATE", "SSFR_GET_CERTIFICATELIST"
_MOST = 100
_MISSING = ("E", "031")
"""Type and number of the message that a PSE does not exist."""


def requests(system: SoapRfc) -> list[Request]:
    """Return what will be sent; the last two once for each PSE that matters here."""
    every = {"PSE_CONTEXT": "each of WSSE, SSLS, SSLC, PROG", "PSE_APPLIC": "each that is listed"}
    return [_identities(system), _one(system, _OWN, every), _one(system, _LIST, every)]


def read(system: SoapRfc, findings: Findings) -> None:
    """Read own certificate and certificate list of each PSE. What is refused is told and stays unknown."""
    place = Place(file=f"{system.origin} STRUST")
    try:
        identities = _rows(system.call(_identities(system)), "ET_STRUST_IDENTITIES")
    except Refused as refusal:
        findings.unrecognised.append(Note(str(refusal), place))
        return
    count = 0
    for identity in identities[:_MOST]:
        target = strust(identity.get("PSE_CONTEXT", ""), identity.get("PSE_APPLIC", ""))
        if target is None:
            continue
        where = Place(file=f"{system.origin} STRUST {identity['PSE_CONTEXT']}/{identity['PSE_APPLIC']}")
        try:
            count += _pse(system, target, identity, where, findings)
        except Refused as refusal:
            findings.unrecognised.append(Note(str(refusal), where))
    findings.recognised.append((str(place), f"{count} PSEs"))


def _pse(system: SoapRfc, target: tuple[str, str], identity: dict[str, str], where: Place, findings: Findings) -> bool:
    """State one PSE; a PSE that is registered and missing is stated as missing. Raises ``Refused``."""
    answer = system.call(_one(system, _OWN, identity))
    own = _certificates(answer, "EV_CERTIFICATE")
    if not own:
        _missing(answer, target, where, findings)
        return False
    listed = system.call(_one(system, _LIST, identity))
    trusted: list[dict[str, Any]] | None = [{"pem": each} for each in _certificates(listed, "ET_CERTIFICATELIST")]
    if not trusted and _messages(listed):
        findings.note(f"the certificate list was not given: {_messages(listed)[0][2]}", where)
        trusted = None
    state_pse(findings, target, where, own={"pem": own[0]}, trusted=trusted)
    return True


def _missing(answer: Element, target: tuple[str, str], where: Place, findings: Findings) -> None:
    messages = _messages(answer)
    if any(message[:2] == _MISSING for message in messages):
        application, name = target
        findings.state("pses", target, where, application=application, identity=name or None, exists=False)
    else:
        findings.note(f"its certificate was not given: {messages[0][2] if messages else 'no word why'}", where)


def _messages(answer: Element) -> list[tuple[str, str, str]]:
    """Return type, number and text of the error messages (structure BAPIRET2)."""
    found = _rows(answer, "ET_BAPIRET2")
    return [
        (row.get("TYPE", ""), row.get("NUMBER", "").zfill(3), row.get("MESSAGE", "")[:200])
        for row in found
        if row.get("TYPE") in ("E", "A")
    ]


def _certificates(answer: Element, name: str) -> list[str]:
    """Return the certificates of a parameter, which are base64 of their DER. Raises ``Refused``."""
    found = []
    for child in answer.iterchildren(etree.Element):
        if local_name(child) != name:
            continue
        for element in [child] if len(child) == 0 else list(child):
            text = "".join(map(str, element.itertext())).strip()
            if not text:
                continue
            try:
                encoded = decode_base64(text)
                outline(encoded)
            except (CertificateError, ValueError, binascii.Error):
                raise Refused(f"{name} holds no certificate that can be read") from None
            found.append(pem(encoded))
    return found


def _rows(answer: Element, name: str) -> list[dict[str, str]]:
    return [
        {local_name(field): (field.text or "").strip() for field in item.iterchildren(etree.Element)}
        for child in answer.iterchildren(etree.Element)
        if local_name(child) == name
        for item in child.iterchildren(etree.Element)
    ]


def _identities(system: SoapRfc) -> Request:
    parameters: dict[str, Any] = {"ET_STRUST_IDENTITIES": [], "ET_BAPIRET2": []}
    return system.request(_IDENTITIES, parameters, f"{_IDENTITIES}: which PSEs there are")


def _one(system: SoapRfc, function: str, identity: dict[str, str]) -> Request:
    chosen = {name: identity.get(name, "") for name in ("PSE_CONTEXT", "PSE_APPLIC")}
    purpose = f"{function}: PSE_CONTEXT {chosen['PSE_CONTEXT']}, PSE_APPLIC {chosen['PSE_APPLIC']}"
    parameters: dict[str, Any] = {"IS_STRUST_IDENTITY": chosen, "ET_BAPIRET2": []}
    if function == _LIST:
        parameters["ET_CERTIFICATELIST"] = []
    return system.request(function, parameters, purpose)
