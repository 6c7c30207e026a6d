"""A system on loopback that speaks the documented protocols of ADT's data preview and of SOAP-RFC, as far as they are read."""

from __future__ import annotations

import base64
import re
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from lxml import etree

from tests.collect import exports, known
from tests.network.serving import Quiet

PASSWORD = "Geheim-4711 ä"
_AUTHORIZATION = "Basic " + base64.b64encode(f"LOOKER:{PASSWORD}".encode()).decode()
_PREVIEW = "http://www.sap.com/adt/dataPreview"
TABLES: dict[str, exports.Rows] = {
    **{name: known.TABLES[name] for name in ("USR02", "ICFSERVICE", "ICFSERVLOC", "ICFSECPASSWD", "USREXTID", "USRCERTRULE", "USRCERTMAP", "TWPSSO2ACL")},
    "SRT_RTC_DATA": [{"CLIENT": "100", "PROP_STATE": "D", **row} for row in known.TABLES["SRT_RTC_DATA"]],
    "CVERS": [{"COMPONENT": "SAP_BASIS", "RELEASE": "750"}],
}  # fmt: skip
OWN, _ = exports.certificate("Own")
PARTNER, _ = exports.certificate("Partner")


class AbapSystem(Quiet):
    """Behaves as the class attributes say; a test makes a subclass to change one."""

    tables: ClassVar[dict[str, exports.Rows]] = TABLES
    token = "token=="
    lose_token_once = False
    old_discovery = False
    adt_status = 200
    soap_status = 200
    denied: frozenset[str] = frozenset()
    statements: ClassVar[list[str]] = []
    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self.paths.append(self.path)
        path = urlsplit(self.path).path
        if self.headers["Authorization"] != _AUTHORIZATION:
            self.reply(401, b"<html>Logon failed</html>", WWW_Authenticate='Basic realm="x"')
        elif self.adt_status != 200:
            self.reply(self.adt_status)
        elif path != "/sap/bc/adt/discovery" if self.old_discovery else path != "/sap/bc/adt/core/discovery":
            self.reply(404)
        elif self.headers["X-CSRF-Token"].lower() == "fetch":
            self.reply(200, b"<app:service/>", X_CSRF_Token=self.token, Set_Cookie="SAP_SESSIONID=abc; path=/; secure")
        else:
            self.reply(403, b"", X_CSRF_Token="Required")

    def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
        self.paths.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        path = urlsplit(self.path).path
        if self.headers["Authorization"] != _AUTHORIZATION:
            self.reply(401, b"<html>Logon failed</html>")
        elif path == "/sap/bc/adt/datapreview/freestyle":
            self._preview(body.decode())
        elif path == "/sap/bc/soap/rfc":
            self._call(body)
        else:
            self.reply(404)

    def _preview(self, statement: str) -> None:
        if self.headers["X-CSRF-Token"] != self.token or "SAP_SESSIONID" not in (self.headers["Cookie"] or ""):
            self.reply(403, b"CSRF token validation failed", X_CSRF_Token="Required")
            return
        if type(self).lose_token_once:
            type(self).lose_token_once, type(self).token = False, "another=="
            self.reply(403, b"", X_CSRF_Token="Required")
            return
        self.statements.append(statement)
        limit = int(parse_qs(urlsplit(self.path).query)["rowNumber"][0])
        columns, table, where = _parsed(statement)
        if table in self.denied:
            self.reply(403, _exception(f"No authorization for {table}"))
        elif table not in self.tables and table != "DD03L":
            self.reply(400, _exception(f"Table {table} is unknown"))
        else:
            rows = _chosen(self.tables, table, where)[:limit]
            self.reply(200, _table(table, columns, rows), Content_Type="application/xml")

    def _call(self, body: bytes) -> None:
        if self.soap_status != 200:
            self.reply(self.soap_status, b"<html/>")
            return
        call = etree.fromstring(body)[0][0]
        function = etree.QName(call).localname
        given = {etree.QName(child).localname: child for child in call}
        if function == "RFC_READ_TABLE":
            self.reply(*_read_table(self, given))
        elif function == "SSFR_GET_ALL_STRUST_IDENTITIES":
            pairs = (("WSSE", "DFAULT"), ("SSLS", "DFAULT"), ("SSLC", "ANONYM"), ("SMIM", "X"))
            self.reply(200, _response(function, f"<ET_STRUST_IDENTITIES>{''.join(f'<item><PSE_CONTEXT>{one}</PSE_CONTEXT><PSE_APPLIC>{two}</PSE_APPLIC></item>' for one, two in pairs)}</ET_STRUST_IDENTITIES>"))  # fmt: skip
        else:
            self.reply(200, _response(function, _strust(function, given["IS_STRUST_IDENTITY"])))


def _parsed(statement: str) -> tuple[list[str], str, str]:
    match = re.fullmatch(r"SELECT (.+?) FROM (\w+)(?: WHERE (.+))?", statement)
    assert match, statement
    return match[1].split(", "), match[2], match[3] or ""


def _chosen(tables: dict[str, exports.Rows], table: str, where: str) -> exports.Rows:
    if table == "DD03L":
        asked = re.findall(r"TABNAME = '(\w+)'", where)
        return [{"TABNAME": name, "FIELDNAME": field} for name in asked if name in tables for field in tables[name][0]]
    rows = tables[table]
    if table == "USR02" and where:
        names = re.findall(r"BNAME = '([^']+)'", where)
        return [row for row in rows if row["BNAME"].startswith("DELAY_L") or row["BNAME"] in names]
    if "NOT LIKE '%Password'" in where:
        return [row for row in rows if not row["PROP_NAME"].endswith("Password")]
    return rows


def _table(name: str, columns: list[str], rows: exports.Rows) -> bytes:
    """Write the answer column by column; ``totalRows`` is 0 although there are rows, empty cells at the end are left out."""
    made = [f'<dataPreview:tableData xmlns:dataPreview="{_PREVIEW}"><dataPreview:totalRows>0</dataPreview:totalRows><dataPreview:name>{name}</dataPreview:name>']  # fmt: skip
    for column in columns:
        values = [row.get(column, "") for row in rows]
        while values and not values[-1]:
            values.pop()
        cells = "".join(f"<dataPreview:data>{escape(value)}</dataPreview:data>" for value in values)
        made.append(f'<dataPreview:columns><dataPreview:metadata dataPreview:name="{column}" dataPreview:type="C"/><dataPreview:dataSet>{cells}</dataPreview:dataSet></dataPreview:columns>')  # fmt: skip
    return "".join([*made, "</dataPreview:tableData>"]).encode()


def _exception(text: str) -> bytes:
    return f'<exc:exception xmlns:exc="http://www.sap.com/abapxml/types/communicationframework"><namespace id="com.sap.adt"/><type id="ExceptionResourceNoAccess"/><message lang="EN">{text}</message><localizedMessage lang="EN">{text}</localizedMessage><properties><entry key="T100KEY-ID">SADT</entry><entry key="T100KEY-NO">042</entry></properties></exc:exception>'.encode()  # fmt: skip


def _response(function: str, content: str) -> bytes:
    return f'<?xml version="1.0"?><soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body><n0:{function}.Response xmlns:n0="urn:sap-com:document:sap:rfc:functions">{content}</n0:{function}.Response></soap-env:Body></soap-env:Envelope>'.encode()  # fmt: skip


def _fault(name: str) -> bytes:
    return f'<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body><soap-env:Fault><faultcode>soap-env:Server</faultcode><faultstring>{name}</faultstring><detail><rfc:Error xmlns:rfc="urn:sap-com:document:sap:rfc:functions"><type>A</type></rfc:Error></detail></soap-env:Fault></soap-env:Body></soap-env:Envelope>'.encode()  # fmt: skip


def _read_table(system: AbapSystem, given: dict[str, etree._Element]) -> tuple[int, bytes]:
    table = given["QUERY_TABLE"].text or ""
    options = [item.findtext("TEXT") or "" for item in given["OPTIONS"]]
    assert all(len(line) <= 71 for line in options)
    if table in system.denied:
        return 500, _fault("NOT_AUTHORIZED")
    if table not in system.tables:
        return 500, _fault("TABLE_NOT_AVAILABLE")
    chosen = [item.findtext("FIELDNAME") or "" for item in given["FIELDS"]] or list(system.tables[table][0])
    rows = _chosen(system.tables, table, " ".join(options))
    widths = {name: max(len(row.get(name, "")) for row in system.tables[table]) or 1 for name in chosen}
    fields, offset = "", 0
    for name in chosen:
        fields += f"<item><FIELDNAME>{name}</FIELDNAME><OFFSET>{offset:06}</OFFSET><LENGTH>{widths[name]:06}</LENGTH><TYPE>C</TYPE><FIELDTEXT/></item>"
        offset += widths[name]
    data = ""
    if not (given["NO_DATA"].text if "NO_DATA" in given else ""):
        system.statements.append(f"{table}: {' '.join(chosen)} {' '.join(options)}")
        for row in rows[: int(given["ROWCOUNT"].text or 0)]:
            line = "".join(row.get(name, "").ljust(widths[name]) for name in chosen)
            data += f"<item><WA>{escape(line.rstrip())}</WA></item>"
    return 200, _response("RFC_READ_TABLE", f"<DATA>{data}</DATA><FIELDS>{fields}</FIELDS><OPTIONS/>")


def _strust(function: str, identity: etree._Element) -> str:
    pair = identity.findtext("PSE_CONTEXT"), identity.findtext("PSE_APPLIC")
    if pair == ("SSLS", "DFAULT"):
        return "<EV_CERTIFICATE/><ET_BAPIRET2><item><TYPE>E</TYPE><ID>1S</ID><NUMBER>031</NUMBER><MESSAGE>PSE is missing</MESSAGE></item></ET_BAPIRET2>"
    if pair == ("SSLC", "ANONYM"):
        return "<EV_CERTIFICATE/><ET_BAPIRET2><item><TYPE>E</TYPE><ID>1S</ID><NUMBER>001</NUMBER><MESSAGE>No authorization</MESSAGE></item></ET_BAPIRET2>"
    assert pair == ("WSSE", "DFAULT"), pair
    if function == "SSFR_GET_OWNCERTIFICATE":
        return f"<EV_CERTIFICATE>{base64.b64encode(exports.der_of(OWN)).decode()}</EV_CERTIFICATE><ET_BAPIRET2/>"
    return f"<ET_CERTIFICATELIST><item>{base64.b64encode(exports.der_of(PARTNER)).decode()}</item></ET_CERTIFICATELIST><ET_BAPIRET2/>"
