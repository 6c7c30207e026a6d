"""Every client calls the healthy system and each sick one: what the model predicts, and what the client's user sees.

A fault is injected where it arises. What changes the description changes the lab; what the caller does wrong, the
client itself does where it can; and what changes on the way, a proxy in front of the lab changes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeAlias

from msgspec import Struct

from tests.lab.clients import system
from tests.lab.clients.catalogue import TLS, Kind, Program
from tests.lab.clients.client import Client, Seen
from tests.lab.clients.seen import reduced
from tests.lab.serving import now, served
from tests.signed import node
from wssdoctor.capture.capture import Capture, Response
from wssdoctor.check.result import Subject
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.patch import apply
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Patch, RequestEdit
from wssdoctor.lab.answer import HttpAnswer
from wssdoctor.lab.provider import Answered, Provider
from wssdoctor.lab.server import Arrival
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.request import Request

_HANDSHAKE = 0
"""The status of an answer before HTTP: the lab's transport has no sick TLS."""


Where: TypeAlias = Literal["", "system", "caller", "proxy"]
"""Where a fault is injected; nowhere for the healthy system."""
_SOAP_11 = {"Sender": "Client", "Receiver": "Server"}
_SOAP_12 = {code: name for name, code in _SOAP_11.items()}


class Wire(Struct, frozen=True):
    """An answer as it goes over the wire, without its prose."""

    status: int
    code: str
    """The local name of the fault code."""
    says: str = ""

    @classmethod
    def of(cls, answer: HttpAnswer) -> Wire:
        response = Response(answer.status, answer.reason, answer.headers, answer.body)
        code = (fault_code(response) or "").rpartition(":")[2]
        code = _SOAP_11.get(code, code)
        text = answer.body.decode("utf-8", "replace")
        for start, end in (("<faultstring>", "</faultstring>"), ('<env:Text xml:lang="en">', "</env:Text>")):
            if start in text:
                return cls(answer.status, code, text.partition(start)[2].partition(end)[0])
        return cls(answer.status, code)

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


class Cell(Struct, frozen=True):
    """One client with one kind of security, and one fault of one cause; no cause for the healthy system."""

    client: str
    kind: str
    cause: str
    fault: int
    how: Where
    predicted: Wire
    wire: Wire
    seen: Seen
    refused_by: str = ""
    """The check that decided."""
    page_text: str = ""
    """How the client shows an answer that is no SOAP fault, where it does not tell the status."""

    @property
    def same(self) -> bool:
        """Whether the answer is the predicted one, and the client shows it, or shows any page as it does this one."""
        return self.answered and (self.shown or self.page)

    @property
    def page(self) -> bool:
        """Whether the client shows an answer that is no SOAP fault, without its status."""
        return (
            not self.wire.code
            and not self.seen.accepted
            and not self.shown
            and bool(self.page_text)
            and self.page_text in self.seen.shown
        )

    @property
    def answered(self) -> bool:
        """Whether the lab gave the predicted answer to the real message."""
        return (self.predicted.status, self.predicted.code) == (self.wire.status, self.wire.code)

    @property
    def shown(self) -> bool:
        """Whether what the client shows tells the answer: its fault code or text, or else its HTTP status."""
        if self.wire.status == 200:
            return self.seen.accepted
        if self.seen.accepted:
            return False
        code = self.wire.code
        told = [code, _SOAP_12.get(code, code), _unescaped(self.wire.says)] if code else [str(self.wire.status)]
        return any(one in self.seen.shown for one in told if one)

    def told(self, base: Base) -> tuple[tuple[str, str], ...]:
        """What the user of the client sees of a refused call, with the cause if one is known; nothing if it is accepted."""
        if self.seen.accepted:
            return ()
        known = base.cause_of(self.refused_by)
        cause = self.cause or (known.id if known else "")
        return ((reduced(self.seen.shown, self.wire.says), cause),)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class _Sick(Provider):
    """A provider with a proxy before it that does to each message what a fault does to requests."""

    def __init__(self, facts: Facts, edits: tuple[RequestEdit, ...] = (), twice: bool = False) -> None:
        super().__init__(facts, keys=system.keys())
        self._edits = edits
        self._twice = twice

    def answer(self, capture: Capture, now: dt.datetime) -> Answered | HttpAnswer:
        if self._twice:
            super().answer(capture, now)
        if self._edits:
            arriving = Case(self.facts, (Request.of(capture),), now)
            capture = apply(Patch(request=self._edits), arriving, Subject(), [capture.name]).requests[0].capture
        return super().answer(capture, now)


class _Swapped(Provider):
    """Whatever provider is set: one server for all."""

    def __init__(self) -> None:
        self.now: Provider = _Sick(system.facts())

    @property
    def facts(self) -> Facts:
        return self.now.facts

    def refreshed(self) -> bool:
        return False

    def answer(self, capture: Capture, now: dt.datetime) -> Answered | HttpAnswer:
        return self.now.answer(capture, now)


class Bench:
    """The lab and one client before it, for a ``with``."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._stack = ExitStack()
        self._swapped = _Swapped()
        self._late = dt.timedelta()
        self._urls: dict[bool, str] = {}
        self._arrivals: dict[bool, list[Arrival]] = {}
        self._client: Client

    def __enter__(self) -> Self:
        material, building = self._folder / "material", self._folder / self._program.name
        if not material.exists():
            system.write(material)
        building.mkdir(exist_ok=True)
        for tls in (False, True) if any(one.method == TLS for one in self._program.kinds) else (False,):
            identity = (material / "server.pem", material / "server.key") if tls else None
            port, heard = self._stack.enter_context(
                served(system.facts(), lambda: now() + self._late, self._swapped, identity)
            )
            self._urls[tls] = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
            self._arrivals[tls] = heard
        self._client = self._stack.enter_context(self._program.start(material, building))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def call(self, kind: Kind, options: Mapping[str, str] | None = None, name: str = "") -> tuple[Arrival, Seen]:
        """Call the lab as it is now; the last request counts, as some clients begin with one without logon data."""
        tls = kind.method == TLS
        heard = self._arrivals[tls]
        heard.clear()
        url = f"{self._urls[tls]}{node(system.SERVICES[kind.method])}"
        seen = self._client.call(name or kind.name, url, **(options or {}))
        deadline = time.monotonic() + 10
        while not heard:  # the lab tells of an arrival after it has answered
            if time.monotonic() > deadline:
                raise AssertionError(f"{kind.name} did not reach the lab: {seen.shown}")
            time.sleep(0.001)
        return heard[-1], seen

    def healthy(self, kind: Kind) -> tuple[Cell, Arrival]:
        """Call the healthy system."""
        self._swapped.now, self._late = _Sick(_facts(kind)), dt.timedelta()
        arrival, seen = self.call(kind)
        wire = Wire.of(arrival.answer)
        decided = _decided(arrival)
        wanted = wire if kind.refused and kind.refused == decided else Wire(200, "")
        return Cell(self._program.name, kind.name, "", 0, "", wanted, wire, seen, decided, self._program.page), arrival

    def sick(self, kind: Kind, arrival: Arrival, base: Base, *, first_only: bool = False) -> Iterator[Cell]:
        """Call a system with each fault of each cause that the message of this arrival meets, or with the first one."""
        request = Request.of(arrival.capture, keys=system.keys())
        case = Case(_facts(kind), (request,), arrival.moment)
        for cause in base.causes.values():
            for number, fault in enumerate(cause.faults):
                cell = self._sick(kind, case, cause.id, number, fault)
                if cell is not None:
                    yield cell
                    if first_only:
                        break

    def _sick(self, kind: Kind, case: Case, cause: str, number: int, fault: Patch) -> Cell | None:
        names = [request.name for request in case.requests]
        try:
            sick = apply(fault, case, Subject(), names)
        except ValueError:  # the message has no place for it
            return None
        predicted = _Predicting(sick.facts).predict(sick.requests[0], case.moment)
        if predicted is None or predicted.status in (200, _HANDSHAKE):
            return None
        edits, options, late, name = _split(kind, fault.request)
        twice = "signature_store" in fault.facts  # the store of a running provider fills by what comes
        self._swapped.now, self._late = _Sick(_facts(kind) if twice else sick.facts, edits, twice), late
        got, seen = self.call(kind, options, name)
        how: Where = "proxy" if edits or twice else "caller" if fault.request else "system"
        wire = Wire.of(got.answer)
        return Cell(
            self._program.name, kind.name, cause, number, how, predicted, wire, seen, _decided(got), self._program.page
        )


def _facts(kind: Kind) -> Facts:
    return change(system.facts(), kind.facts) if kind.facts else system.facts()


def _decided(arrival: Arrival) -> str:
    answered = arrival.answered
    return answered.why.check if isinstance(answered, Answered) and answered.why is not None else ""


class _Predicting(Provider):
    """What the lab will answer to a request, without one."""

    def predict(self, request: Request, moment: dt.datetime) -> Wire | None:
        """The answer; nothing where no HTTP answer comes, or where the model cannot decide."""
        from wssdoctor.provider.replay import replay

        predicted = replay(self.facts, request).predicted
        if predicted is None:
            return None
        return Wire(predicted.status, (predicted.fault or "").rpartition(":")[2])


_DIGESTS = {"username-text": "username-digest", "WSSecurity-text": "WSSecurity-digest"}


def _split(
    kind: Kind, edits: tuple[RequestEdit, ...]
) -> tuple[tuple[RequestEdit, ...], dict[str, str], dt.timedelta, str]:
    """Tell what a proxy does, what the caller does, how late the message comes, and as which kind it is sent."""
    left, options, late, name = [], {}, dt.timedelta(), ""
    for one in edits:
        if one.do == "set-password":
            options["password"] = one.value
        elif one.do == "set-digest":
            options["digest"] = one.value
        elif one.do == "age-assertion":
            options["age"] = "-old"
        elif one.do == "restamp":
            late = dt.timedelta(seconds=float(one.value))
        elif one.do == "set-confirmation" and kind.method == "saml":
            name = f"{kind.name.partition('-')[0]}-{one.value}"
        elif (one.do, one.value) == ("spoil", "subject-confirmation") and kind.method == "saml":
            name = f"{kind.name.partition('-')[0]}-bearer"
        elif one.do == "set-password-type" and kind.name in _DIGESTS:
            name = _DIGESTS[kind.name]
        else:
            left.append(one)
    return tuple(left), options, late, name
