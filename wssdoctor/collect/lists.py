"""The lists that are read, each by its reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from wssdoctor.collect import bindings, checklists, icf, mappings, users
from wssdoctor.collect.findings import Findings, Parameter
from wssdoctor.collect.placement import strust
from wssdoctor.collect.table import Record, Table
from wssdoctor.collect.values import MAX_RECORDS, own


def read(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read a recognised list to its end."""
    findings.tables.add(table.name)
    _READERS[table.name](table, records, findings)
    for _ in records:  # a reader may stop early; secrets are counted to the end
        pass
    if table.may_have_gaps:
        what = f"{table.rows} rows of {table.name} are what SE16 shows at most by default, so some may be missing"
        hint = "raise Maximum No. of Hits"
        if table.complete is not None:
            what, hint = f"{table.name} has more than the {table.rows} rows that were asked for", "export it with SE16"
        findings.note(f"{what}; {hint}", table.source.place())
        if table.name == "ICFSECPASSWD":
            findings.tables.discard(table.name)
            findings.node_users.clear()


def _ticket_issuers(table: Table, records: Iterator[Record], findings: Findings) -> None:
    issuers: dict[str, None] = {}
    client = next((name for name in ("CLNT", "SYSCLIENT", "SYSCLNT") if name in table.has), None)
    line = None
    for record in records:
        if len(issuers) < MAX_RECORDS and own(record, table, findings):
            line = line or record.line
            issuers[f"{record.cells['SYSID']}/{record.cells[client]}" if client else record.cells["SYSID"]] = None
    findings.state("saml_trust", (), table.source.place(line), table.dated, ticket_issuers=sorted(issuers))


def _parameters(table: Table, records: Iterator[Record], findings: Findings) -> None:
    cut = first_cut = 0
    for record in records:
        cells = record.cells
        column = "USER_VALUE" if cells.get("USER_VALUE") else "DEFAULT_VALUE"
        value = cells.get(column, "")
        if table.cut(record, column) or table.cut(record, "PARAMETER"):
            cut += 1
            first_cut = first_cut or record.line
        elif ("=" not in cells["PARAMETER"] and "/" in cells["PARAMETER"]) or cells["PARAMETER"].isupper():
            findings.parameters.append(Parameter(cells["PARAMETER"], value, 3, table.source.place(record.line)))
    if cut:
        what = f"{cut} parameters are cut off and left out: widen the columns or export a spreadsheet"
        findings.note(what, table.source.place(first_cut))


def _components(table: Table, records: Iterator[Record], findings: Findings) -> None:
    for record in records:
        release = record.cells["RELEASE"]
        if record.cells["COMPONENT"] == "SAP_BASIS" and re.fullmatch("[0-9]{3}", release):
            findings.state("system", (), table.source.place(record.line), table.dated, release=release)


def _identities(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read the identities of STRUST. That one is registered does not say that its PSE exists."""
    for record in records:
        target = strust(record.cells["PSE_CONTEXT"], record.cells["PSE_APPLIC"])
        if target is not None:
            application, identity = target
            place = table.source.place(record.line)
            findings.state("pses", target, place, table.dated, application=application, identity=identity or None)


_READERS: Mapping[str, Callable[[Table, Iterator[Record], Findings], None]] = {
    "USR02": users.read,
    "USREXTID": mappings.read_external_ids,
    "USRCERTRULE": mappings.read_rules,
    "USRCERTMAP": mappings.read_certificate_users,
    "ICFSERVICE": icf.read_services,
    "ICFSERVLOC": icf.read_activity,
    "ICFSECPASSWD": icf.read_users,
    "SRT_RTC_DATA": bindings.read,
    "TWPSSO2ACL": _ticket_issuers,
    "RSPARAM": _parameters,
    "CVERS": _components,
    "SECSTORE": checklists.read_secure_storage,
    "SRT_ADMIN": checklists.read_administration,
    "RSICFCHK": checklists.read_logon_data,
    "STRUST": _identities,
}
