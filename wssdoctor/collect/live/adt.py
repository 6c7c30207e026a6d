"""Tables by the data preview of ABAP Development Tools (ADT), ``/sap/bc/adt/datapreview``.

The protocol as open-source clients of ADT speak it: a token against forged requests is fetched with a GET, sent with
every POST, and fetched again once where the server has lost it.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from wssdoctor.collect.live import preview
from wssdoctor.collect.live.selection import Selection, checked
from wssdoctor.collect.live.tables import Refused, Rows
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.network.client import Client
from wssdoctor.network.exchange import Answer, Request

_TOKEN = "X-CSRF-Token"  # noqa: S105 - the name of a header field
_DISCOVERY = ("/sap/bc/adt/core/discovery", "/sap/bc/adt/discovery")
"""The second one for systems that do not have the first."""
_FREESTYLE = "/sap/bc/adt/datapreview/freestyle"
_COLUMNS_LIMIT = 5000


class Adt:
    """Reads tables of one client."""

    def __init__(self, client: Client, sap_client: str | None = None, language: str | None = None) -> None:
        self.origin = client.to.origin
        self._client = client
        self._query = {
            **({"sap-client": sap_client} if sap_client else {}),
            **({"sap-language": language} if language else {}),
        }
        self._token = ""
        self._columns: dict[str, tuple[str, ...]] | None = None

    def requests(self, selections: Iterable[Selection]) -> list[Request]:
        """Return what will be sent, in order."""
        wanted = list(selections)
        return [self._fetch(_DISCOVERY[0]), *(self._select(each) for each in (_dictionary(wanted), *wanted))]

    def prepare(self, selections: Iterable[Selection]) -> None:
        """Log on and ask which columns the tables have. Raises ``InputError`` where ADT cannot be used."""
        try:
            found = self.rows(_dictionary(selections))
        except Refused as refusal:
            self._stop(str(refusal), "the user needs S_ADT_RES, and S_TABU_NAM for the tables")
        if not {"TABNAME", "FIELDNAME"} <= set(found.columns):
            self._stop("the dictionary of tables was not given")
        table, field = found.columns.index("TABNAME"), found.columns.index("FIELDNAME")
        columns: dict[str, list[str]] = {}
        for row in found.rows:
            columns.setdefault(row[table].strip(), []).append(row[field].strip())
        self._columns = {name: tuple(fields) for name, fields in columns.items()}

    def columns(self, selection: Selection) -> tuple[str, ...]:
        """Return the columns of a table. Raises ``Refused``."""
        if self._columns is None or selection.table not in self._columns:
            raise Refused("this release has no such table")
        return self._columns[selection.table]

    def rows(self, selection: Selection) -> Rows:
        """Return rows. Raises ``Refused``, and ``InputError`` where ADT cannot be used at all."""
        if not self._token:
            self._fetch_token()
        request = self._select(selection)
        answer = self._client.send(request.header(_TOKEN, self._token))
        if _lost_token(answer):
            self._fetch_token()
            answer = self._client.send(request.header(_TOKEN, self._token))
        self._logged_on(answer)
        if answer.status == 404:
            self._stop("the data preview is not available (404)", "export lists with SE16 instead")
        if answer.status != 200:
            raise Refused(f"HTTP {answer.status}: {preview.exception(answer.body) or 'without an explanation'}")
        return preview.rows(answer.body, selection.limit)

    def _fetch_token(self) -> None:
        for resource in _DISCOVERY:
            answer = self._client.send(self._fetch(resource))
            self._logged_on(answer)
            if answer.status != 404:
                break
        if answer.status == 404:
            hint = "activate /sap/bc/adt in SICF, or export lists with SE16"
            self._stop("ADT is not available (404)", hint)
        self._token = answer.header(_TOKEN)
        if answer.status != 200 or not self._token:
            why = preview.exception(answer.body) or "no token came back"
            self._stop(f"HTTP {answer.status} to the request for a token: {why}")

    def _logged_on(self, answer: Answer) -> None:
        if answer.status == 401:
            hint = "check user, password and client; nothing is tried again, so that the user is not locked"
            self._stop("the logon failed (401)", hint)

    def _stop(self, why: str, hint: str = "") -> None:
        raise InputError.because("the system cannot be asked by ADT", place=Place(file=self.origin), why=why, hint=hint)

    def _fetch(self, resource: str) -> Request:
        headers = ((_TOKEN, "Fetch"), ("Accept", "application/*"))
        return Request("GET", self._resource(resource), "log on and fetch a token; again where it is lost", headers)

    def _select(self, selection: Selection) -> Request:
        resource = self._resource(_FREESTYLE, rowNumber=str(selection.limit))
        headers = (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Accept", "application/xml, application/vnd.sap.adt.datapreview.table.v1+xml"),
        )
        return Request("POST", resource, selection.text, headers, selection.text.encode())

    def _resource(self, path: str, **parameters: str) -> str:
        query = urlencode({**parameters, **self._query})
        return f"{path}?{query}" if query else path


def _dictionary(selections: Iterable[Selection]) -> Selection:
    tables = [each.table for each in selections]
    conditions = [
        f"{'OR' if number else 'AS4LOCAL = ' + repr('A') + ' AND ('} TABNAME = '{table}'"
        for number, table in enumerate(tables)
    ]
    return checked(Selection("DD03L", ("TABNAME", "FIELDNAME"), (*conditions, ")"), _COLUMNS_LIMIT))


def _lost_token(answer: Answer) -> bool:
    """Whether the server no longer knows the token (403 with Required) or its session (400)."""
    if answer.status == 403:
        return answer.header(_TOKEN).lower() == "required" or b"CSRF" in answer.body[:4096]
    return answer.status == 400 and b"ession timed out" in answer.body[:4096]
