"""Who an identity from outside is: USREXTID with its view VUSREXTID, and the rules and exceptions of CERTRULE."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.table import Record, Table
from wssdoctor.collect.values import MAX_RECORDS, marked, own
from wssdoctor.description.day import day

_TYPES = frozenset({"DN", "SA", "NT", "LD", "ID"})
_ATTRIBUTES: Mapping[str, str] = {
    **{name.lower(): name for name in ("CN", "OU", "O", "UID", "E", "SERIALNUMBER")},
    **dict.fromkeys(("email", "e-mail", "emailaddress"), "E"),
}
_LOGIN_AS: Mapping[str, str] = {
    **dict.fromkeys(("user", "user name", "username", "user id", "benutzer", "benutzername", "benutzer-id"), "user"),
    **dict.fromkeys(("alias", "user alias", "benutzeralias"), "alias"),
    **dict.fromkeys(("e-mail", "email", "e-mail address", "e-mail-adresse"), "e-mail"),
}
_NO_DAY = dt.date(1, 1, 1)


def read_external_ids(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read USREXTID. A list that may have gaps states nothing: a mapping not in it would be taken for a missing one."""
    found: list[tuple[str, str, str, bool | None, int, dict[str, Any]]] = []
    count, cut_line = 0, 0
    cut: set[str] = set()
    active, typed = "STATUS" in table.has, "TYPE" in table.has
    more = bool({"MIN_DATE", "ISSUER"} & table.has)
    single = findings.client
    for record in records:
        cells = record.cells
        if "MANDT" in cells and single != cells["MANDT"] and not own(record, table, findings):
            continue
        count += 1
        if count > MAX_RECORDS:
            continue
        external = cells["EXTID"]
        if "EXTID" in record.full or external.endswith(("...", "…")):
            cut_line = cut_line or record.line
            cut.add("" if table.cut(record, "EXTID") else external)
        state = marked(cells["STATUS"]) if active else None
        extra = _extra(cells) if more else {}
        found.append((cells["TYPE"] if typed else "", external, cells["BNAME"], state, record.line, extra))
    place = table.source.place()
    if count > MAX_RECORDS:
        what = f"{count} mappings are more than a description takes ({MAX_RECORDS}); none was kept"
        findings.note(f"{what}: export USREXTID with a selection of users or external IDs", place)
        return
    # One value may be the longest of a list as wide as it; two that end at the same column were cut.
    if len(cut) > 1 or "" in cut:
        what = "column EXTID is cut off, so no mapping was kept"
        findings.note(f"{what}: widen the column or export a spreadsheet", table.source.place(cut_line))
        return
    if table.may_have_gaps:
        return
    findings.state("external_ids", (), place, table.dated, complete=True)
    for kind, external, user, state, line, extra in found:
        where = table.source.place(line)
        if kind not in _TYPES:
            findings.note(f"external ID of type {kind or 'unknown'} left out", where)
            continue
        values = {"type": kind, "external_id": external, "user": user, "active": state, **extra}
        findings.state("external_ids", (kind, external, user), where, table.dated, **values)


def _extra(cells: Mapping[str, str]) -> dict[str, Any]:
    beginning = day(cells.get("MIN_DATE"), _NO_DAY)
    return {"min_date": None if beginning == _NO_DAY else beginning, "issuer": cells.get("ISSUER") or None}


def read_rules(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read USRCERTRULE, the active rules of CERTRULE. Its codes are not published, so only texts are understood."""
    rules: list[tuple[int, dict[str, Any], int]] = []
    for record in records:
        cells = record.cells
        if not own(record, table, findings):
            continue
        attribute = _ATTRIBUTES.get(cells["CERTATTRIBUTE"].lower())
        login_as = _LOGIN_AS.get(cells["LOGONWITH"].lower())
        cut = [name for name in ("SUBJECTFLT", "ISSUERFLT") if table.cut(record, name)]
        if attribute is None or login_as is None or cut or len(rules) >= MAX_RECORDS:
            why = f"{cut[0]} is cut off in this rule" if cut else "this rule is not understood"
            what = f"{why}, so no rule was kept; save the list of transaction CERTRULE"
            findings.note(what, table.source.place(record.line))
            return
        values = {
            "attribute": attribute,
            "login_as": login_as,
            "subject_filter": cells.get("SUBJECTFLT") or None,
            "issuer_filter": cells.get("ISSUERFLT") or None,
            "active": marked(cells["STATUS"]) if "STATUS" in cells else True,
        }
        index = cells.get("CERTINDEX", "").strip()
        rules.append((int(index) if index.isascii() and index.isdigit() else 0, values, record.line))
    findings.state("certificate_rules", (), table.source.place(), table.dated, complete=True)
    for _, values, line in sorted(rules, key=lambda one: one[0]):  # the first usable one counts
        key = tuple(str(value or "") for value in values.values())
        findings.state("certificate_rules", key, table.source.place(line), table.dated, **values)


def read_certificate_users(table: Table, records: Iterator[Record], findings: Findings) -> None:
    """Read USRCERTMAP, the explicit mappings of CERTRULE."""
    found: list[tuple[str, str | None, str, int]] = []
    for record in records:
        if not own(record, table, findings):
            continue
        cut = [name for name in ("SUBJECT", "ISSUER") if name in record.cells and table.cut(record, name)]
        if cut or len(found) >= MAX_RECORDS:
            what = f"column {cut[0] if cut else 'SUBJECT'} is cut off, so no mapping was kept: widen it or export a spreadsheet"
            findings.note(what, table.source.place(record.line))
            return
        cells = record.cells
        found.append((cells["SUBJECT"], cells.get("ISSUER") or None, cells["BNAME"], record.line))
    if table.may_have_gaps:
        return
    findings.state("certificate_users", (), table.source.place(), table.dated, complete=True)
    for subject, issuer, user, line in found:
        values = {"subject": subject, "issuer": issuer, "user": user}
        findings.state("certificate_users", (subject, issuer or ""), table.source.place(line), table.dated, **values)
