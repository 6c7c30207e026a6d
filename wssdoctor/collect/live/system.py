"""A system that is asked: what would be sent, and the asking itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.live import strust, tables
from wssdoctor.collect.live.adt import Adt
from wssdoctor.collect.live.selection import Selection
from wssdoctor.collect.live.soap_rfc import SoapRfc
from wssdoctor.network.client import Client
from wssdoctor.network.exchange import Request


class System(msgspec.Struct, frozen=True):
    """One way into one system."""

    requests: tuple[Request, ...]
    """All that would be sent, in order."""
    read: Callable[[Findings], None]
    """Asks. Raises ``InputError`` where the system cannot be asked at all."""


def by_adt(
    client: Client, selections: Sequence[Selection], now: dt.datetime, sap_client: str | None, language: str | None
) -> System:
    """Ask by the data preview of ADT."""
    adt = Adt(client, sap_client, language)

    def read(findings: Findings) -> None:
        adt.prepare(selections)
        tables.read(adt, selections, findings, now)

    return System(tuple(adt.requests(selections)), read)


def by_soap_rfc(
    client: Client, selections: Sequence[Selection], now: dt.datetime, sap_client: str | None, language: str | None
) -> System:
    """Ask by function modules over SOAP; these give certificates too."""
    rfc = SoapRfc(client, sap_client, language)

    def read(findings: Findings) -> None:
        tables.read(rfc, selections, findings, now)
        strust.read(rfc, findings)

    return System((*rfc.requests(selections), *strust.requests(rfc)), read)
