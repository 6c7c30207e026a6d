"""The HTTP side of the lab: an ASGI application, and how it is served."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import format_datetime
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from wssdoctor.capture.capture import Capture, CaptureTime, Request, Response, Scheme
from wssdoctor.capture.edit import render, with_request
from wssdoctor.description.facts import Facts
from wssdoctor.errors import InputError
from wssdoctor.lab import wsdl
from wssdoctor.lab.answer import HttpAnswer, page
from wssdoctor.lab.handshake import Handshake
from wssdoctor.lab.provider import Answered, Provider

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Clock: TypeAlias = Callable[[], dt.datetime]

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")

MAXIMUM_BODY = 64 * 1024 * 1024
"""Octets that a request may have."""
MAXIMUM_HELD = 256 * 1024 * 1024
"""Octets that all bodies may have together while they come in."""
BODY_SECONDS = 30.0
"""How long a client may take for its body."""


class Arrival(Struct, frozen=True):
    """What happened to one request: when, the capture with the answer, and how it was judged."""

    moment: dt.datetime
    client: str
    capture: Capture
    answered: Answered | HttpAnswer
    number: int = 0
    """Counted from 1 since the lab began."""

    @property
    def is_call(self) -> bool:
        """Whether an endpoint was called, rather than asked for its WSDL."""
        return not self.answer.says

    @property
    def answer(self) -> HttpAnswer:
        """What was sent back."""
        return self.answered if isinstance(self.answered, HttpAnswer) else self.answered.answer


Occurrence: TypeAlias = Arrival | Handshake
"""What happens to a lab: a request came, or a connection on which none could come."""
Heard: TypeAlias = Callable[[Occurrence], None]


def now() -> dt.datetime:
    """Return the time by the clock of this machine."""
    return dt.datetime.now(dt.UTC)


class _Came:
    """How much of a body came."""

    octets = 0


class _Refused(NamedTuple):
    """Why a body is not taken, and with which status."""

    status: int
    reason: str
    says: str


class Application:
    """The ASGI application. ``heard`` is called with each event, ``said`` with a line about the description."""

    def __init__(
        self,
        provider: Provider,
        heard: Heard,
        said: Callable[[str], None],
        scheme: Scheme | None = None,
        clock: Clock = now,
    ) -> None:
        """``scheme`` is what counts as the transport, where something before the lab ends TLS.

        ``clock`` is the consumer's.
        """
        self._provider = provider
        self._heard = heard
        self.say = said
        self._scheme = scheme
        self._clock = clock
        self._number = 0
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        came = _Came()
        try:
            octets = await asyncio.wait_for(self._body(receive, came), BODY_SECONDS)
        except TimeoutError:
            await self._refused(scope, send, 408, "body-timeout", _late(scope, came.octets))
            return
        except asyncio.CancelledError:  # the server ends and waited long enough
            await _send(send, page(503, "The lab ends."))
            return
        if octets is None:
            return
        if isinstance(octets, _Refused):
            await self._refused(scope, send, *octets)
            return
        now = self._clock()
        self.described()
        try:
            capture = _capture(scope, octets, self._scheme, now, f"request-{self._number + 1:05d}.http")
        except InputError as error:
            problem = error.problems[0]
            await self._refused(scope, send, 500, "body-unreadable", f"{problem.what} {problem.why}".strip())
            return
        self._number += 1
        path = wsdl.requested(capture)
        if path is not None:
            answered: Answered | HttpAnswer = self._provider.wsdl(path, capture, _origin(scope))
        else:
            answered = self._provider.answer(capture, now)
        arrival = Arrival(now, (scope.get("client") or ("",))[0], capture, answered, self._number)
        offset = self._provider.facts.value("clock.offset_seconds")
        clock = now + dt.timedelta(seconds=offset if isinstance(offset, int | float) else 0)
        await _send(send, arrival.answer, clock)
        self._heard(arrival)

    def described(self) -> Facts:
        """Return the description as it is now; where it changed, it is read again."""
        try:
            if self._provider.refreshed():
                self.say("the description was read again")
        except InputError as error:
            self.say(f"the changed description is not used: {error}")
        return self._provider.facts

    def refuse(self, client: str, what: str, reason: str, says: str) -> None:
        """Tell of a connection on which no whole request came."""
        self._number += 1
        self._heard(Handshake(self._clock(), client, what, reason, says, self._number))

    async def _refused(self, scope: Scope, send: Send, status: int, reason: str, says: str) -> None:
        await _send(send, page(status, says))
        what = f"{scope['method']} {scope['path']} -> {status}"
        self.refuse((scope.get("client") or ("",))[0], what, reason, says)

    async def _body(self, receive: Receive, came: _Came) -> bytes | _Refused | None:
        """Return the body; why it is refused where it is too large, None where the client went away."""
        pieces: list[bytes] = []
        try:
            while True:
                event = await receive()
                if event["type"] != "http.request":
                    return None
                piece = event.get("body", b"")
                pieces.append(piece)
                came.octets += len(piece)
                self._held += len(piece)
                if came.octets > MAXIMUM_BODY:
                    return _Refused(413, "body-too-large", f"The request has more than {MAXIMUM_BODY} octets.")
                if self._held > MAXIMUM_HELD:
                    return _Refused(503, "too-many-bodies", "The lab holds too many large requests at a time.")
                if not event.get("more_body"):
                    return b"".join(pieces)
        finally:
            self._held -= came.octets


def _capture(scope: Scope, octets: bytes, scheme: Scheme | None, now: dt.datetime, name: str) -> Capture:
    query = scope.get("query_string", b"")
    target = scope.get("raw_path", b"/") + (b"?" + query if query else b"")
    headers = tuple((one.decode("latin-1").title(), two.decode("latin-1")) for one, two in scope["headers"])
    request = Request(
        scope["method"],
        target.decode("latin-1"),
        "HTTP/1.1",
        headers,
        octets,
        scheme or scope["scheme"],
        _certificate(scope),
    )
    empty = Capture(name=name, request=None, response=None, envelope=b"", content_type=None)
    return with_request(empty, request, CaptureTime(now, "given"))


def _late(scope: Scope, came: int) -> str:
    """Say what may be wrong with a body that does not come to its end."""
    late = f"The body did not come to its end within {BODY_SECONDS:g} s: {came} octets came"
    fields = {name: value.decode("latin-1")[:40] for name, value in scope["headers"]}
    length = fields.get(b"content-length")
    if length is None:
        return f"{late}, and the last chunk is missing."
    late += f", and Content-Length promises {length}."
    if b"content-encoding" in fields:
        late += " The client may count the octets before they were compressed, as node-soap does with forceGzip."
    return late


def _origin(scope: Scope) -> str:
    """Return how the client reached the lab."""
    named = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    host, port = scope.get("server") or ("localhost", 80)
    return f"{scope['scheme']}://{named if _HOST.fullmatch(named) else f'{host}:{port}'}"


def _certificate(scope: Scope) -> bytes | None:
    """Return the certificate with which the client came through TLS, as ``Request.client_certificate`` has it."""
    tls = scope.get("extensions", {}).get("tls")
    if tls is None:
        return None
    chain = tls["client_cert_chain"]
    return ssl.PEM_cert_to_DER_cert(chain[0]) if chain else b""


async def _send(send: Send, answer: HttpAnswer, clock: dt.datetime | None = None) -> None:
    headers = [*answer.headers, ("Content-Length", str(len(answer.body))), ("Server", "wssdoctor lab")]
    headers.append(("Date", format_datetime(clock or dt.datetime.now(dt.UTC), usegmt=True)))
    encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.body})


def recorded(arrival: Arrival) -> Capture:
    """Return the capture with the answer that was sent."""
    answer = arrival.answer
    headers = (*answer.headers, ("Content-Length", str(len(answer.body))))
    response = Response(answer.status, answer.reason, headers, answer.body)
    return msgspec.structs.replace(arrival.capture, response=response)


def octets_of(arrival: Arrival) -> bytes:
    """Return the capture with the answer as text that ``check`` reads."""
    return render(recorded(arrival))


def file_of(arrival: Arrival) -> str:
    """Return the name of its file: those that come later come later in the order of names."""
    return f"{arrival.moment:%Y%m%dT%H%M%S}-{arrival.capture.name}"
