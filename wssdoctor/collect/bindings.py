"""SRT_RTC_DATA, the runtime cache of SOAMANAGER: one row for each property of a binding."""

from __future__ import annotations

from collections.abc import Iterator

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table
from wssdoctor.collect.values import MAX_RECORDS, own
from wssdoctor.evidence import Place

_METHODS = {
    "sapsp:None": "none",
    "sapsp:HTTPBasic": "basic",
    "sapsp:HTTPX509": "client-certificate",
    "sapsp:HTTPSSO2": "sso-ticket",
    "wsse:UsernameToken": "username-token",
    "wsse:X509v3": "x509-signature",
    "wsse:SAMLAssertion": "saml",
}
_CONFIRMATIONS = {
    "sapsp:SenderVouchesWithXMLSignature": "sender-vouches",
    "urn:oasis:names:tc:SAML:1.0:cm:sender-vouches": "sender-vouches",
    "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key": "holder-of-key",
    "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key": "holder-of-key",
}
_CONFIRMATION = "AuthenticationMethod.SAML.SubjectConfirmationMethod"
_NAMES = ("AuthenticationMethod", "TLSType", _CONFIRMATION)


def read(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Join the rows of each binding; its path is the property whose value is a path of the SOAP runtime."""
    bindings: dict[str, dict[str, dict[str, Place]]] = {}
    secrets = 0
    for record in records:
        cells = record.cells
        if not own(record, table, findings) or cells.get("STATE", "A") not in ("A", ""):
            continue
        name, value = cells["PROP_NAME"].rpartition("/")[2], cells["PROP_VALUE"]
        if value and (cells.get("PROP_STATE") == "E" or name.lower().endswith(("password", ".pin"))):
            secrets += 1
            continue
        place = table.source.place(record.line)
        is_path = value.lower().startswith("/sap/bc/srt/")
        if (is_path or name in _NAMES) and table.cut(record, "PROP_VALUE"):
            findings.note(f"the value of {name} is cut off and left out: widen the column", place)
            continue
        properties = bindings.setdefault(cells["BINDING_KEY"], {})
        if is_path:
            properties.setdefault("path", {}).setdefault(value.rstrip("/").lower(), place)
        elif name in _NAMES:
            properties.setdefault(name, {}).setdefault(value, place)
        if len(bindings) > MAX_RECORDS:
            findings.note(f"more than {MAX_RECORDS} bindings; the rest is not read", place)
            break
    findings.drop("properties of bindings that hold passwords", secrets, table.source.place())
    lost = []
    for properties in bindings.values():
        if "path" in properties:
            for path in properties["path"]:
                _state(path, properties, table, findings)
        elif properties:
            lost.append(next(iter(next(iter(properties.values())).values())))
    if lost:
        what = (
            f"{len(lost)} configurations have no path (consumers have none); add the WSDL of an endpoint that matters"
        )
        findings.note(what, lost[0])


def _state(path: str, properties: dict[str, dict[str, Place]], table: Table, findings: Findings) -> None:
    """State one endpoint; values that exclude each other become a contradiction."""
    key = (path,)
    findings.state("bindings", key, properties["path"][path], table.dated, path=path)
    for method, place in properties.get("AuthenticationMethod", {}).items():
        if method in _METHODS:
            findings.state("bindings", key, place, table.dated, authentication=_METHODS[method])
        elif method:
            findings.note(f"authentication method {method} is none that is modelled", place)
    for transport, place in properties.get("TLSType", {}).items():
        if transport in ("sapsp:HTTP", "sapsp:HTTPS"):
            value = transport.removeprefix("sapsp:").lower()
            findings.state("bindings", key, place, table.dated, transport=value)
    found = properties.get(_CONFIRMATION, {})
    known = sorted({_CONFIRMATIONS[value] for value in found if value in _CONFIRMATIONS})
    if known and all(value in _CONFIRMATIONS for value in found):
        findings.state("bindings", key, next(iter(found.values())), table.dated, saml_confirmation=known)
