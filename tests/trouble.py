"""One fault in a healthy landscape, what people then see, and somebody who looks up whatever an interview asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from msgspec import UNSET, Struct
from msgspec.structs import replace

from tests import signed
from tests.landscape import MOMENT
from wssdoctor.capture.capture import Response
from wssdoctor.check.result import Subject
from wssdoctor.consumer.outbound import CALLS, Outbound
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.finding import find
from wssdoctor.diagnosis.interview import Interview, begin
from wssdoctor.diagnosis.patch import apply, filled
from wssdoctor.diagnosis.question import plain
from wssdoctor.diagnosis.run import Run
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.request import Request

Hidden: TypeAlias = Literal["its facts", "everything"]
_TELLING = {
    "exists": (".active", ".lock", ".own_certificate", ".trusted", ".own_chain"),
    "password": (".sent_password_current",),
}
"""Facts that say the same as a hidden one, and so are hidden with it."""


class Trouble(Struct, frozen=True):
    """A fault of a cause, injected into a landscape that one request meets."""

    cause: str
    number: int
    landscape: str
    healthy: Case
    sick: Case
    run: Run
    changed: tuple[str, ...]
    """Paths of the facts that the fault sets."""

    @property
    def name(self) -> str:
        request = self.sick.requests[0].name.rpartition("/")[2] if self.sick.requests else "calls"
        return f"{self.cause}-{self.number} {self.landscape} {request}"

    @property
    def messages(self) -> tuple[str, ...]:
        """What people see: of a request everything that is predicted, of a call the most telling message alone."""
        seen = [message for one in self.run.replays if one.predicted is not None for message in one.predicted.messages]
        called = [one.predicted.messages[0] for one in self.run.calls if one.predicted is not None]
        return tuple(dict.fromkeys((*seen, *called)))

    def observed(self, hidden: Hidden, base: Base) -> Interview:
        """Begin an interview about it with the answer known, and with some or all facts hidden."""
        requests = tuple(_answered(*pair) for pair in zip(self.sick.requests, self.run.replays, strict=True))
        facts = empty() if hidden == "everything" else self._without_its_facts()
        return begin(Case(facts, requests, MOMENT), base, Evidence(messages=self.messages))

    def _without_its_facts(self) -> Facts:
        known = [path for path in (*self.changed, *self._telling) if self.sick.facts.value(path) is not UNSET]
        return change(self.sick.facts, dict.fromkeys(known, UNSET))

    @property
    def _telling(self) -> tuple[str, ...]:
        """Facts that say the same as those that the fault sets, or would contradict them."""
        return tuple(
            path.rpartition(".")[0] + other
            for path in self.changed
            for other in _TELLING.get(path.rpartition(".")[2], ())
        )

    def reply(self, interview: Interview) -> Interview:
        """Answer the question of an interview by looking into the sick system."""
        question = interview.question
        assert question is not None
        if question.cause is not None:
            confirmed = {finding.cause for finding in find(self.run, interview.base) if finding.status == "confirmed"}
            return interview.said(question.cause in confirmed)
        values = {}
        for wanted in question.facts:
            path = self._path(wanted.path, interview)
            value = UNSET if path is None else self._seen(path)
            if value is not UNSET:
                values[wanted.path] = plain(value)
        return interview.answered(values)

    def _seen(self, path: str) -> Any:
        """Return what one sees of a fact: nothing of what does not exist, nothing that the fault makes untrue."""
        record, _, name = path.rpartition(".")
        absent = record and name != "exists" and self.sick.facts.value(f"{record}.exists") is False
        return UNSET if absent or path in self._telling else self.sick.facts.value(path)

    def _path(self, path: str, interview: Interview) -> str | None:
        """Return where the sick description has a fact that the interview counts in its own way."""
        assumed = interview.assumed
        facts = self.sick.facts
        item, several, rest = path.partition("].")
        if not several:
            return path
        each = item.partition("[")[0]
        if each == CALLS:
            call = self._call()
            return f"{call.path}.{rest}" if call else None
        index: int | None = None
        if each == "pses":
            wanted = (assumed.value(f"{item}].application"), assumed.value(f"{item}].identity"))
            if str(wanted[0]).startswith("ssl-client"):
                call = self._call()
                chosen = Outbound(facts, MOMENT).selected("pses", call) if call else None
                return f"{chosen.path}.{rest}" if isinstance(chosen, Subject) else None
            index = _index(facts, "pses", "application", wanted[0])
        elif each in ("icf.nodes", "bindings", "saml_trust.providers"):
            name = "name" if each == "saml_trust.providers" else "path"
            index = _index(facts, each, name, assumed.value(f"{item}].{name}"))
        elif each == "users":
            index = _index(facts, each, "name", assumed.value(f"{item}].name"))
            if index is None:
                index = _index(facts, each, "name", next((one.user for one in run(self.healthy).replays), None))
        else:
            index = 0 if facts.items(each) else None
        return None if index is None else f"{each}[{index}].{rest}"

    def _call(self) -> Subject | None:
        """Return the call that fails."""
        return next((one.subject for one in self.run.calls if one.verdict == "fails"), None)


def _index(facts: Facts, each: str, name: str, value: Any) -> int | None:
    column = facts.column(each, name) or ()
    return column.index(value) if value in column else None


def _answered(request: Request, replay: Any) -> Request:
    """Give a request the answer that the model predicts, as if it had been captured."""
    status = replay.predicted.status if replay.predicted else 200
    fault = replay.predicted.fault if replay.predicted else None
    body = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>{fault}'
        "</faultcode></s:Fault></s:Body></s:Envelope>"
        if fault
        else ""
    )
    capture = replace(request.capture, response=Response(status, "", (), body.encode()))
    return Request.of(capture, None if request.signed_as is request else request, request.keys, request.encrypted_anew)


def troubles(base: Base) -> Iterator[Trouble]:
    """Yield every fault of every cause in every landscape, with every request or call, where it shows."""
    cases = {landscape: signed.case(landscape) for landscape in signed.LANDSCAPES}
    for cause in sorted(base.causes):
        for number, fault in enumerate(base.causes[cause].faults):
            for landscape, whole in cases.items():
                of_calls = any(path.startswith((CALLS, "consumer.", "pses[ssl-client")) for path in fault.facts)
                if of_calls and landscape != "username-token":
                    continue
                for requests in ((),) if of_calls else ((request,) for request in whole.requests):
                    healthy = replace(whole, requests=requests)
                    names = [request.name for request in requests]
                    try:
                        sick = apply(fault, healthy, Subject(), names)
                        changed = tuple(filled(fault, healthy, Subject(), names))
                    except ValueError:
                        continue  # it speaks of tokens that this message does not carry
                    found = run(sick)
                    confirmed = [finding.cause for finding in find(found, base) if finding.status == "confirmed"]
                    if cause in confirmed:
                        yield Trouble(cause, number, landscape, healthy, sick, found, changed)
