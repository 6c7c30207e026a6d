"""A request to reason with where none was captured: a plain UsernameToken, as most callers send it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from wssdoctor.capture.read import read_bytes
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names

NAME = "(the request)"
PATH = "/sap/bc/srt/service"
USER = "(THE CALLER)"

_HEAD = "# url: https://sap{path}\n# time: {time}\nPOST {path} HTTP/1.1\r\nHost: sap\r\nContent-Type: text/xml\r\n\r\n"
_ENVELOPE = (
    '<s:Envelope xmlns:s="{soap}"><s:Header><wsse:Security xmlns:wsse="{wsse}" xmlns:wsu="{wsu}"><wsu:Timestamp>'
    "<wsu:Created>{time}</wsu:Created><wsu:Expires>{until}</wsu:Expires></wsu:Timestamp><wsse:UsernameToken>"
    "<wsse:Username>{user}</wsse:Username><wsse:Password>-</wsse:Password></wsse:UsernameToken></wsse:Security>"
    '</s:Header><s:Body><o:Operation xmlns:o="urn:operation"/></s:Body></s:Envelope>'
)


@lru_cache(maxsize=16)
def usual_request(moment: dt.datetime) -> Request:
    """Return a request that a healthy system accepts at a moment."""
    time, until = (
        f"{(moment + dt.timedelta(minutes=minutes)).astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" for minutes in (0, 5)
    )
    head = _HEAD.format(path=PATH, time=time)
    body = _ENVELOPE.format(soap=names.SOAP11, wsse=names.WSSE, wsu=names.WSU, time=time, until=until, user=USER)
    return Request.of(read_bytes((head + body).encode(), NAME))
