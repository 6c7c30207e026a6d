"""The calls that are recorded: who calls what, when, with which security header, and what is answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from answers import fault, page, success

DAY = dt.datetime(2026, 11, 19, tzinfo=dt.UTC)
PASSWORD = "sample-Passw0rd"
"""Of every user of the sample."""


@dataclass(frozen=True)
class Token:
    """A UsernameToken, and the wsu:Timestamp beside it."""

    user: str
    digest: bool = False
    created: dt.timedelta | None = dt.timedelta()
    """When the Timestamp was created, seen from the arrival of the request; none: no Timestamp."""
    lifetime: dt.timedelta = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Call:
    """One call of an operation."""

    file: str
    clock: str
    """Time of day of its arrival, UTC, by the clock of the one who recorded it."""
    service: str
    """Name of the ICF node: zorder_in."""
    operation: str
    fields: dict[str, str]
    token: Token | None
    answer: bytes | None
    """None: the answer was not recorded."""
    scheme: Literal["http", "https"] = "https"
    query: str = ""
    version: Literal["1.1", "1.2"] = "1.1"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def arrival(self) -> dt.datetime:
        """When it arrived."""
        hour, minute, second = map(int, self.clock.split(":"))
        return DAY.replace(hour=hour, minute=minute, second=second)

    @property
    def url(self) -> str:
        """Where it goes."""
        port = 44300 if self.scheme == "https" else 8000
        path = f"/sap/bc/srt/xip/sap/{self.service}/100/{self.service}/{self.service}"
        return f"{self.scheme}://erp.example.com:{port}{path}{self.query}"


_NEW = {"Customer": "0000101744", "Material": "PUMP-P-2000", "Quantity": "4"}
_CREATED = success("CreateOrder", {"OrderNumber": "0000004711"})
_READ = success("ReadOrder", {"OrderNumber": "0000004711", "Status": "released"})
_ORDER = {"OrderNumber": "0000004711"}

SAMPLE = (
    Call("01-order-create.http", "08:12:03", "zorder_in", "CreateOrder", _NEW, Token("WS_ORDER"), _CREATED),
    Call("02-order-read.http", "08:14:41", "zorder_in", "ReadOrder", _ORDER, Token("WS_SHOP", created=None), _READ),
    Call(
        "03-order-change.http",
        "09:47:20",
        "zorder_in",
        "ChangeOrder",
        {**_ORDER, "Quantity": "6"},
        Token("WS_ORDER", created=-dt.timedelta(hours=3, minutes=25, seconds=8)),
        fault("wsu:MessageExpired", DAY.replace(hour=9, minute=47, second=20)),
    ),
    Call(
        "04-order-create-branch.http",
        "09:51:37",
        "zorder_in",
        "CreateOrder",
        {**_NEW, "Customer": "0000101801"},
        Token("WS_ORDER"),
        page(401),
        # What an outgoing proxy adds when it is told to log on for the branch: branch:sample-Passw0rd
        headers={"Via": "1.1 proxy.branch.example.com", "Authorization": "Basic YnJhbmNoOnNhbXBsZS1QYXNzdzByZA=="},
    ),
    Call(
        "05-order-cancel.http",
        "10:02:15",
        "zorder_in",
        "CancelOrder",
        {**_ORDER, "Reason": "duplicate"},
        Token("WS_SHOP", digest=True),
        fault("wsse:UnsupportedSecurityToken"),
    ),
    Call(
        "06-invoice-post.http",
        "10:08:49",
        "zinvoice_in",
        "PostInvoice",
        {**_ORDER, "Amount": "1299.00", "Currency": "EUR"},
        Token("WS_INVOICE"),
        page(401),
    ),
    Call(
        "07-stock-query.http",
        "10:15:02",
        "zstock_in",
        "QueryStock",
        {"Material": "PUMP-P-2000", "Plant": "1000"},
        Token("WS_SHOP"),
        page(403),
    ),
    Call(
        "08-order-create-night.http",
        "02:30:00",
        "zorder_in",
        "CreateOrder",
        {**_NEW, "Quantity": "120"},
        Token("WS_BATCH"),
        fault("wsse:FailedAuthentication"),
    ),
    Call(
        "09-shipment-notify.http",
        "10:22:31",
        "zshipment_in",
        "NotifyShipment",
        {**_ORDER, "Carrier": "0000300012"},
        Token("WS_ORDER"),
        page(403),
        scheme="http",
    ),
    Call(
        "10-order-read-portal.http",
        "10:31:54",
        "zorder_in",
        "ReadOrder",
        _ORDER,
        Token("WS_SHOP"),
        page(401),
        query="?sap-client=200",
    ),
    Call(
        "11-order-read-monitor.http",
        "10:35:00",
        "zorder_in",
        "ReadOrder",
        _ORDER,
        None,
        fault("wsse:InvalidSecurity"),
    ),
    Call(
        "12-order-create-supplier.http",
        "10:40:26",
        "zorder_in",
        "CreateOrder",
        {**_NEW, "Customer": "0000102200"},
        Token("WS_SUPPLIER"),
        fault("wsse:FailedAuthentication"),
    ),
    Call(
        "13-order-create-handheld.http",
        "10:45:11",
        "zorder_in",
        "CreateOrder",
        {**_NEW, "Quantity": "1"},
        Token("WS_SHOP", created=dt.timedelta(minutes=9, seconds=58)),  # the handheld's clock is ahead
        fault("wsu:MessageExpired", DAY.replace(hour=10, minute=45, second=11)),
    ),
)
"""The calls of the built-in sample."""

HEALTHY = (
    Call("01-order-create.http", "08:12:03", "zorder_in", "CreateOrder", _NEW, Token("WS_ORDER"), _CREATED),
    Call("02-order-read.http", "08:14:41", "zorder_in", "ReadOrder", _ORDER, Token("WS_ORDER", created=None), None),
    Call(
        "03-order-read-soap12.http",
        "08:16:09",
        "zorder_in",
        "ReadOrder",
        _ORDER,
        Token("WS_ORDER"),
        success("ReadOrder", {"OrderNumber": "0000004711", "Status": "released"}, "1.2"),
        query="?sap-client=100",
        version="1.2",
    ),
)
"""The calls of the system with nothing wrong."""
