"""SICF from its tables: paths rebuilt from GUIDs, activity and stored users taken from the nodes above.

ICFSERVICE holds the tree, ICFSERVLOC what is active, ICFSECPASSWD (formerly ICFSERVICE itself) the stored users.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.collect.findings import Findings, Service
from wssdoctor.collect.table import Record, Table

ROOT = "FFFFFFFFFFFFFFFFFFFFFFFFF"
"""The parent GUID of a virtual host."""
HOST = "default_host"
SOAP = "/sap/bc/srt/"
"""Services of the SOAP runtime stand below this path."""
MAX_SERVICES = 200_000
_DEPTH = 32
_NAME_WIDTH = 15


def read_services(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read ICFSERVICE."""
    for record in records:
        cells = record.cells
        if len(findings.services) >= MAX_SERVICES:
            findings.note(f"more than {MAX_SERVICES} services; the rest is not read", table.source.place(record.line))
            return
        service = Service(
            cells["ICF_NAME"].upper(),
            cells["ICFPARGUID"],
            cells["ICFNODGUID"],
            cells.get("ORIG_NAME", ""),
            cells.get("ICF_MANDT"),
            cells.get("ICF_USER"),
            cells["SSLFLAG"].upper() == "X" if "SSLFLAG" in cells else None,
            cells.get("OBLUSRFLAG", "").upper() == "X",
            table.source.place(record.line),
        )
        findings.services.append(service)


def read_activity(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read ICFSERVLOC."""
    for record in records:
        cells = record.cells
        if len(findings.active) < MAX_SERVICES:
            active = cells["ICFACTIVE"].lower() in ("x", "1", "true", "ja", "yes")
            key = cells["ICF_NAME"].upper(), cells["ICFPARGUID"]
            findings.active[key] = active, table.source.place(record.line)


def read_users(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read ICFSECPASSWD, its passwords excepted."""
    for record in records:
        cells = record.cells
        if len(findings.node_users) < MAX_SERVICES:
            key = cells["ICF_NAME"].upper(), cells["ICFPARGUID"]
            findings.node_users[key] = cells["ICF_USER"], table.source.place(record.line)


def join(findings: Findings) -> None:
    """State the endpoints below the SOAP runtime, after all files were read."""
    by_guid: dict[str, Service] = {service.guid: service for service in findings.services if service.guid}
    parents = {service.parent for service in findings.services}
    broken: list[Service] = []
    for service in findings.services:
        if service.guid in parents:
            continue
        chain = _chain(service, by_guid)
        if chain is None:
            broken.append(service)
            continue
        names = [_name(each) for each in chain]
        path = "/" + "/".join(name for name in names[1:] if name)
        if not path.startswith(SOAP):
            continue
        if "" in names:
            what = f"a name in {path} may be cut off at {_NAME_WIDTH} characters; export ICFSERVICE with ORIG_NAME"
            findings.note(what, service.place)
            continue
        _state(path, chain, findings)
    if broken:
        what = f"{len(broken)} services have no path, because nodes above them are not in the export"
        findings.note(f"{what}; export ICFSERVICE without a selection", broken[0].place)


def _chain(service: Service, by_guid: dict[str, Service]) -> list[Service] | None:
    """Return the nodes from the virtual host down to this one; None where one is missing or they run in a circle."""
    chain = [service]
    while chain[-1].parent != ROOT and chain[-1].name.lower() != HOST:
        above = by_guid.get(chain[-1].parent)
        if above is None or len(chain) > _DEPTH:
            return None
        chain.append(above)
    return chain[::-1]


def _name(service: Service) -> str:
    """Return the readable name; empty where only a name that may be cut off is known."""
    if service.shown_name:
        return service.shown_name.lower()
    return "" if len(service.name) >= _NAME_WIDTH else service.name.lower()


def _state(path: str, chain: list[Service], findings: Findings) -> None:
    service = chain[-1]
    key = (path,)
    findings.state("icf.nodes", key, service.place, path=path, exists=True, https_required=service.https)
    if service.required_logon_data:
        findings.state("icf.nodes", key, service.place, logon_procedure="service-data-required")
    states = [findings.active.get((each.name, each.parent)) for each in chain]
    inactive = next((state for state in states if state is not None and not state[0]), None)
    if inactive is not None:
        findings.state("icf.nodes", key, inactive[1], active=False)
    elif None not in states:
        own = states[-1]
        findings.state("icf.nodes", key, own[1] if own else service.place, active=True)
    known = "ICFSECPASSWD" in findings.tables
    # Without ICFSECPASSWD a user of a node above may be overridden by one that is not seen.
    for each in reversed(chain) if known else (service,):
        user, place = findings.node_users.get((each.name, each.parent), (each.user or "", each.place))
        if user:
            client = each.client if each.client and re.fullmatch("[0-9]{3}", each.client) else None
            findings.state("icf.nodes", key, place, stored_user=user, stored_client=client)
            return
    if known and all(each.user is not None for each in chain):
        findings.state("icf.nodes", key, service.place, stored_user="", stored_client="")
