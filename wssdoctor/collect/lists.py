"""What each list of an AS ABAP says: users, mappings, bindings, ticket issuers, parameters, checks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping

from wssdoctor.collect import icf
from wssdoctor.collect.findings import Findings, Parameter
from wssdoctor.collect.table import Record, Table
from wssdoctor.evidence import Place

MAX_RECORDS = 20_000
"""Users or mappings that one description takes; more are not kept, so memory stays flat."""

HIT_LIMITS = frozenset({100, 200, 500, 1000, 5000, 10_000})
"""Numbers of rows at which SE16 and SE16N usually stop."""

Records = Iterator[Record]
_DELAY = re.compile(r"DELAY_LOGON|DELAY_L_[A-Z][A-Z0-9]{2}")
_GREEN = ("@08@", "@5B@", "@01@")
_RED = ("@0A@", "@5C@", "@02@")
_GOOD_WORDS = frozenset({"ok", "green", "grün", "readable", "lesbar", "yes", "ja", "successful", "erfolgreich", "s"})
_BAD_WORDS = frozenset({"error", "fehler", "red", "rot", "unreadable", "not readable", "nicht lesbar", "failed", "e"})
_METHODS = {
    "sapsp:None": "none",
    "sapsp:HTTPBasic": "basic",
    "sapsp:HTTPX509": "client-certificate",
    "sapsp:HTTPSSO2": "sso-ticket",
    "wsse:UsernameToken": "username-token",
    "wsse:X509v3": "x509-signature",
    "wsse:SAMLAssertion": "saml",
}
_CONVERTED_TYPES = {
    "dialog": "A",
    "system": "B",
    "communication": "C",
    "communications data": "C",
    "kommunikation": "C",
    "reference": "L",
    "referenz": "L",
    "service": "S",
}


def read(table: Table, records: Records, findings: Findings) -> None:
    """Read a recognised list to its end."""
    findings.tables.add(table.name)
    _READERS[table.name](table, records, findings)
    for _ in records:  # a reader may stop early; secrets are counted to the end
        pass
    if table.rows in HIT_LIMITS:
        what = f"{table.rows} rows of {table.name} are what SE16 shows at most by default, so some may be missing"
        findings.note(f"{what}; raise Maximum No. of Hits", table.source.place())
        if table.name == "ICFSECPASSWD":
            findings.tables.discard(table.name)
            findings.node_users.clear()


def _own(record: Record, table: Table, findings: Findings) -> bool:
    """Whether a row belongs to the client that is described."""
    client = record.cells.get("MANDT", "")
    if len(client) != 3 or not client.isdigit():
        return True
    if findings.client is None:
        findings.clients.setdefault(client, table.source.place(record.line))
        return True
    return client == findings.client


def _users(table: Table, records: Records, findings: Findings) -> None:
    kept = 0
    for record in records:
        cells = record.cells
        name = cells["BNAME"].upper()
        technical = _DELAY.fullmatch(name) is not None
        if (
            not name
            or not _own(record, table, findings)
            or (findings.users and not technical | (name in findings.users))
        ):
            continue
        if not technical:
            kept += 1
            if kept > MAX_RECORDS:
                continue
        place = table.source.place(record.line)
        kind = cells.get("USTYP", "")
        lock, failed = _number(cells.get("UFLAG", "")), _number(cells.get("LOCNT", ""))
        facts = {
            "exists": True,
            "type": kind if kind in ("A", "B", "C", "L", "S") else _type(kind),
            "lock": lock,
            "valid_from": _day(cells.get("GLTGV"), dt.date(1900, 1, 1)),
            "valid_to": _day(cells.get("GLTGB"), dt.date(9999, 12, 31)),
        }
        _unreadable(table, record, facts, findings)
        if technical:
            findings.state("technical_user", (), place, table.dated, name=name, failed_logons=failed, **facts)
        else:
            state = "deactivated" if cells.get("CODVN") == "X" else None
            findings.state("users", (name,), place, table.dated, name=name, password_state=state, **facts)
    if kept > MAX_RECORDS:
        what = f"{kept} users, of which the first {MAX_RECORDS} were kept; name those that callers use with --user"
        findings.note(what, table.source.place())


def _unreadable(table: Table, record: Record, facts: Mapping[str, object], findings: Findings) -> None:
    """Say which cells hold something else than the field can hold: never guessed, never silently left out."""
    pairs = (("USTYP", "type"), ("UFLAG", "lock"), ("GLTGV", "valid_from"), ("GLTGB", "valid_to"))
    bad = [name for name, fact in pairs if record.cells.get(name, "") and facts[fact] is None]
    if bad:
        findings.note(f"not understood in {', '.join(bad)}; the fact is left out", table.source.place(record.line))


def _number(text: str) -> int | None:
    digits = text.replace(".", "").replace(",", "") if len(text) < 8 else ""
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) < 256 else None


def _type(text: str) -> str | None:
    if text[1:2] == " " and text[:1] in "ABCLS":
        return text[:1]
    return _CONVERTED_TYPES.get(text.lower())


def _day(text: str | None, open_end: dt.date) -> dt.date | None:
    """Read a date in any of SAP's forms; an initial one is unlimited; None where no column gives it."""
    if text is None:
        return None
    digits = re.sub(r"[./-]", "", text)
    if not digits.strip("0 "):
        return open_end
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    order = (0, 4, 6) if digits == text or text[4:5] in "./-" else (4, 2, 0) if "." in text else (4, 0, 2)
    year, month, day = (int(digits[at : at + (4 if index == 0 else 2)]) for index, at in enumerate(order))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _mappings(table: Table, records: Records, findings: Findings) -> None:
    found: list[tuple[str, str, str, bool | None, int]] = []
    count, cut_line, cut = 0, 0, set()
    active = "STATUS" in table.has
    typed = "TYPE" in table.has
    single = findings.client
    for record in records:
        cells = record.cells
        if "MANDT" in cells and single != cells["MANDT"] and not _own(record, table, findings):
            continue
        count += 1
        if count > MAX_RECORDS:
            continue
        external = cells["EXTID"]
        if external.endswith(("...", "…")) or "EXTID" in record.full:
            cut.add(external)
            cut_line = cut_line or record.line
        state = cells["STATUS"].lower() in ("x", "1", "true", "ja", "yes") if active else None
        found.append((cells["TYPE"] if typed else "", external, cells["BNAME"], state, record.line))
    place = table.source.place()
    if count > MAX_RECORDS:
        what = f"{count} mappings are more than a description takes ({MAX_RECORDS}); none was kept"
        findings.note(f"{what}: export USREXTID with a selection of users or external IDs", place)
        return
    if len(cut) > 1 or any(text.endswith(("...", "…")) for text in cut):
        what = f"column EXTID is cut off in {len(cut)} rows, so no mapping was kept"
        findings.note(f"{what}: widen the column or export a spreadsheet", table.source.place(cut_line))
        return
    if table.rows in HIT_LIMITS:
        return  # a mapping that is not in the list would be taken for one that does not exist
    findings.state("external_ids", (), place, table.dated, complete=True)
    for kind, external, user, state, line in found:
        where = table.source.place(line)
        if kind not in ("DN", "SA", "NT", "LD", "ID"):
            findings.note(f"external ID of type {kind or 'unknown'} left out", where)
            continue
        values = {"type": kind, "external_id": external, "user": user, "active": state}
        findings.state("external_ids", (kind, external, user), where, table.dated, **values)


def _bindings(table: Table, records: Records, findings: Findings) -> None:
    """Join the rows of each binding; its path is the property whose value is a path of the SOAP runtime."""
    bindings: dict[str, dict[str, tuple[str, Place]]] = {}
    for record in records:
        cells = record.cells
        if not _own(record, table, findings) or cells.get("STATE", "A") not in ("A", ""):
            continue
        name, value = cells["PROP_NAME"].rpartition("/")[2], cells["PROP_VALUE"]
        place = table.source.place(record.line)
        properties = bindings.setdefault(cells["BINDING_KEY"], {})
        if value.lower().startswith("/sap/bc/srt/"):
            properties["path"] = value, place
        elif name in ("AuthenticationMethod", "TLSType"):
            properties[name] = value, place
        if len(bindings) > MAX_RECORDS:
            findings.note(f"more than {MAX_RECORDS} bindings; the rest is not read", place)
            return
    for properties in bindings.values():
        if "path" not in properties:
            where = next((place for _, place in properties.values()), table.source.place())
            findings.note("a binding without a path; add its WSDL to the folder", where)
            continue
        path = properties["path"][0].rstrip("/").lower()
        findings.state("bindings", (path,), properties["path"][1], table.dated, path=path)
        method, place = properties.get("AuthenticationMethod", ("", table.source.place()))
        if method in _METHODS:
            findings.state("bindings", (path,), place, table.dated, authentication=_METHODS[method])
        elif method:
            findings.note(f"authentication method {method} is none that is modelled", place)
        transport, place = properties.get("TLSType", ("", table.source.place()))
        if transport in ("sapsp:HTTP", "sapsp:HTTPS"):
            value = transport.removeprefix("sapsp:").lower()
            findings.state("bindings", (path,), place, table.dated, transport=value)


def _ticket_issuers(table: Table, records: Records, findings: Findings) -> None:
    issuers: dict[str, None] = {}
    client = next((name for name in ("CLNT", "SYSCLIENT", "SYSCLNT") if name in table.has), None)
    line = None
    for record in records:
        if len(issuers) < MAX_RECORDS and _own(record, table, findings):
            line = line or record.line
            issuers[f"{record.cells['SYSID']}/{record.cells[client]}" if client else record.cells["SYSID"]] = None
    findings.state("saml_trust", (), table.source.place(line), table.dated, ticket_issuers=sorted(issuers))


def _parameters(table: Table, records: Records, findings: Findings) -> None:
    for record in records:
        cells = record.cells
        value = cells.get("USER_VALUE") or cells.get("DEFAULT_VALUE", "")
        if ("=" not in cells["PARAMETER"] and "/" in cells["PARAMETER"]) or cells["PARAMETER"].isupper():
            findings.parameters.append(Parameter(cells["PARAMETER"], value, 3, table.source.place(record.line)))


def _light(record: Record) -> bool | None:
    """Whether a check list shows green, red, or nothing that is understood."""
    texts = [record.cells.get(name, "") for name in ("STATUS", "RESULT")]
    if any(mark in text for text in texts for mark in _RED):
        return False
    words = {text.strip(" .!").lower() for text in texts}
    if words & _BAD_WORDS:
        return False
    if any(mark in text for text in texts for mark in _GREEN) or words & _GOOD_WORDS:
        return True
    return None


def _secure_storage(table: Table, records: Records, findings: Findings) -> None:
    seen = False
    for record in records:
        if not _own(record, table, findings) or not _DELAY.search(record.cells["IDENTIFIER"].upper()):
            continue
        seen, light, place = True, _light(record), table.source.place(record.line)
        findings.state("secure_storage", (), place, table.dated, entry_present=True, entry_readable=light)
        if light is None:
            findings.note("the light of this entry of SECSTORE is not understood", place)
    if not seen:
        findings.note("SECSTORE shows no entry that names the technical user", table.source.place())


def _administration(table: Table, records: Records, findings: Findings) -> None:
    """Read SRT_ADMIN's check list: green says that the user is there; red has several causes and states nothing."""
    for record in records:
        check = record.cells["CHECK"].lower()
        if not _own(record, table, findings) or not ("delay" in check and ("logon" in check or "user" in check)):
            continue
        place = table.source.place(record.line)
        if _light(record):
            findings.state("technical_user", (), place, table.dated, exists=True)
        else:
            findings.note("SRT_ADMIN finds the technical user wrong; it does not say in what", place)


def _logon_data(table: Table, records: Records, findings: Findings) -> None:
    """Read RSICFCHK: public services and those with logon data."""
    for record in records:
        cells = record.cells
        path = cells["PATH"].rstrip("/").lower().removeprefix("/default_host")
        if not path.startswith("/sap/bc/srt/"):
            continue
        user = cells.get("ICF_USER", cells.get("BNAME"))
        state = cells["ICFACTIVE"].lower() in ("x", "ja", "yes", "true") if "ICFACTIVE" in cells else None
        client = cells.get("ICF_MANDT", cells.get("MANDT"))
        facts = {"path": path, "exists": True, "active": state, "stored_user": user or None}
        facts["stored_client"] = client if client and re.fullmatch("[0-9]{3}", client) else None
        findings.state("icf.nodes", (path,), table.source.place(record.line), table.dated, **facts)


_READERS: Mapping[str, Callable[[Table, Records, Findings], None]] = {
    "USR02": _users,
    "USREXTID": _mappings,
    "ICFSERVICE": icf.read_services,
    "ICFSERVLOC": icf.read_activity,
    "ICFSECPASSWD": icf.read_users,
    "SRT_RTC_DATA": _bindings,
    "TWPSSO2ACL": _ticket_issuers,
    "RSPARAM": _parameters,
    "SECSTORE": _secure_storage,
    "SRT_ADMIN": _administration,
    "RSICFCHK": _logon_data,
}
