"""Function modules by SOAP, ``/sap/bc/soap/rfc``, and tables by RFC_READ_TABLE.

A row may be 512 characters long, values may hold any delimiter: rows are cut by offset and length. Text that is cut by
the work area ends where its column ends, so columns that do not fit are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias
from urllib.parse import urlencode

import msgspec
from lxml import etree

from wssdoctor.collect.columns import SECRETS, column
from wssdoctor.collect.live.selection import Selection, checked, present
from wssdoctor.collect.live.tables import Refused, Rows
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.network.client import Client
from wssdoctor.network.exchange import Request
from wssdoctor.wsse.document import DocumentError, Element, local_name, parse_document

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FUNCTIONS = "urn:sap-com:document:sap:rfc:functions"
ROW_WIDTH = 512
_RESOURCE = "/sap/bc/soap/rfc"

Parameter: TypeAlias = "str | dict[str, str] | list[dict[str, str]]"
"""A field, a structure, or a table; an empty table must be sent for it to come back."""


class Field(msgspec.Struct, frozen=True):
    """Where a column stands in a row."""

    name: str
    offset: int
    length: int


class SoapRfc:
    """Calls function modules of one client, and reads tables with them."""

    def __init__(self, client: Client, sap_client: str | None = None, language: str | None = None) -> None:
        self.origin = client.to.origin
        self._client = client
        given = {"sap-client": sap_client or "", "sap-language": language or ""}
        query = urlencode({name: value for name, value in given.items() if value})
        self._resource = f"{_RESOURCE}?{query}" if query else _RESOURCE
        self._fields: dict[str, tuple[Field, ...]] = {}

    def requests(self, selections: Iterable[Selection]) -> list[Request]:
        """Return what will be sent for tables, in order."""
        return [each for wanted in selections for each in (self._describe(wanted), self._select(wanted))]

    def columns(self, selection: Selection) -> tuple[str, ...]:
        """Return the wanted columns that fit into a row. Raises ``Refused``."""
        answer = self.call(self._describe(selection))
        fields = _fields(answer)
        wanted = present(selection, [each.name for each in fields])
        if wanted is None:
            raise Refused("the table has none of the columns that are understood")
        lengths = {each.name: each.length for each in fields}
        if sum(lengths[name] for name in wanted.columns) > ROW_WIDTH:
            raise Refused(f"its columns are longer than the {ROW_WIDTH} characters of a row; export it with SE16")
        return wanted.columns

    def rows(self, selection: Selection) -> Rows:
        """Return rows. Raises ``Refused``."""
        answer = self.call(self._select(selection))
        fields = _fields(answer)
        if tuple(each.name for each in fields) != selection.columns:
            raise Refused("other columns came back than were asked for")
        found = []
        for item in _items(answer, "DATA"):
            row = _text(item, "WA")
            if len(row) > ROW_WIDTH:
                raise Refused(f"a row is longer than {ROW_WIDTH} characters")
            found.append([row[each.offset : each.offset + each.length] for each in fields])
        return Rows(selection.columns, found, len(found) < selection.limit)

    def call(self, request: Request) -> Element:
        """Send a call and return the element that holds its results.

        Raises ``Refused`` for a fault, and ``InputError`` where function modules cannot be called at all.
        """
        answer = self._client.send(request)
        if answer.status == 401:
            hint = "check user, password and client; nothing is tried again, so that the user is not locked"
            self._stop("the logon failed (401)", hint)
        if answer.status in (403, 404):
            hint = "it is usually switched off; use --adt, or export lists with SE16"
            self._stop(f"the service {_RESOURCE} is not there or not active ({answer.status})", hint)
        try:
            root = parse_document(answer.body)
        except DocumentError as error:
            problem = error.problems[0]
            raise Refused(
                f"HTTP {answer.status}: no XML that can be read: {problem.why or problem.what}"[:300]
            ) from None
        body = root.find(f"{{{SOAP}}}Body")
        result = next(body.iterchildren(etree.Element), None) if body is not None else None
        if result is None:
            raise Refused(f"HTTP {answer.status}: the answer is no SOAP message")
        if local_name(result) == "Fault" or answer.status != 200:
            raise Refused(_fault(result))
        return result

    def request(self, function: str, parameters: dict[str, Parameter], purpose: str) -> Request:
        """Build a call of a function module."""
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
        call = etree.SubElement(
            etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{FUNCTIONS}}}{function}", nsmap={"rfc": FUNCTIONS}
        )
        for name, value in parameters.items():
            _fill(etree.SubElement(call, name), value)
        headers = (("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", FUNCTIONS))
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        return Request("POST", self._resource, purpose, headers, body)

    def _describe(self, selection: Selection) -> Request:
        parameters = _read_table(selection, (), (), {"NO_DATA": "X"})
        return self.request(
            "RFC_READ_TABLE", parameters, f"RFC_READ_TABLE: names and lengths of {selection.table}'s columns, no data"
        )

    def _select(self, selection: Selection) -> Request:
        checked(selection)
        parameters = _read_table(selection, selection.conditions, selection.columns, {"ROWCOUNT": str(selection.limit)})
        return self.request("RFC_READ_TABLE", parameters, f"RFC_READ_TABLE: {selection.text}")

    def _stop(self, why: str, hint: str = "") -> None:
        what = "the system cannot be asked by SOAP"
        raise InputError.because(what, place=Place(file=self.origin), why=why, hint=hint)


def _read_table(
    selection: Selection, conditions: Sequence[str], columns: Sequence[str], more: dict[str, Parameter]
) -> dict[str, Parameter]:
    return {
        "QUERY_TABLE": selection.table,
        "DELIMITER": "",
        **more,
        "OPTIONS": [{"TEXT": line} for line in conditions],
        "FIELDS": [{"FIELDNAME": name} for name in columns],
        "DATA": [],
    }


def _fill(element: Element, value: Parameter) -> None:
    if isinstance(value, str):
        element.text = value
    elif isinstance(value, dict):
        for name, text in value.items():
            etree.SubElement(element, name).text = text
    else:
        for row in value:
            _fill(etree.SubElement(element, "item"), row)


def _fields(answer: Element) -> tuple[Field, ...]:
    found = []
    for item in _items(answer, "FIELDS"):
        name, offset, length = (_text(item, part).strip() for part in ("FIELDNAME", "OFFSET", "LENGTH"))
        if (
            not (offset.isascii() and offset.isdigit() and length.isascii() and length.isdigit())
            or len(offset + length) > 12
        ):
            raise Refused("the lengths of the columns did not come back")
        if column(name) not in SECRETS:
            found.append(Field(name, int(offset), int(length)))
    if not found:
        raise Refused("the columns of the table did not come back")
    return tuple(found)


def _items(answer: Element, name: str) -> Iterable[Element]:
    parent = next((child for child in answer.iterchildren(etree.Element) if local_name(child) == name), None)
    return () if parent is None else parent.iterchildren(etree.Element)


def _text(item: Element, name: str) -> str:
    return next((child.text or "" for child in item.iterchildren(etree.Element) if local_name(child) == name), "")


def _fault(fault: Element) -> str:
    """Return what a fault says: its text, and the ABAP exception in its detail."""
    texts = [" ".join(part.split()) for part in map(str, fault.itertext()) if part.strip()]
    return f"the call was refused: {'; '.join(dict.fromkeys(texts))[:300] or 'without a word'}"
