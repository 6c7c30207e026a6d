"""The described system, answering: each request is replayed as at now, and answered as the model predicts."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct, to_builtins

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.edit import set_target_path
from wssdoctor.check.check import Known
from wssdoctor.check.result import Result, Subject
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import load
from wssdoctor.diagnosis.assumption import assumed
from wssdoctor.diagnosis.case import Case
from wssdoctor.errors import InputError
from wssdoctor.lab import security_context, wsdl
from wssdoctor.lab.answer import HttpAnswer, body, echo, fault, page
from wssdoctor.lab.password import UNCOMPARED, is_uncompared, with_passwords
from wssdoctor.lab.security_context import IssuedContext
from wssdoctor.lab.signature_store import SignatureStore
from wssdoctor.provider.answer import ANSWERS
from wssdoctor.provider.decryption import NO_KEYS, Keys, keys_for
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.replayer import Replayer
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Situation
from wssdoctor.provider.stage import Stage

MAXIMUM_CONTEXTS = 1000
"""Security contexts that are kept; the oldest go first."""
_FORGET_AFTER = 10_000
"""Requests after which what was remembered of certificates is forgotten, so that memory stays flat."""


class Answered(Struct, frozen=True):
    """One request and what became of it."""

    request: Request
    replay: Replay
    answer: HttpAnswer
    assumed: tuple[str, ...] = ()
    """Facts that nobody gave, for which the answer takes the value of a healthy system."""
    issued: bool = False
    """Whether a security context was issued."""

    @property
    def why(self) -> Result | None:
        """The failure that decided."""
        return next((one for one in self.replay.failed if one.answer), None)


class Provider:
    """A described system that answers requests. Changes of the description count from the next request on."""

    def __init__(
        self,
        facts: Facts,
        system: Path | None = None,
        keys: Keys = NO_KEYS,
        passwords: Mapping[str, str] | None = None,
    ) -> None:
        """Behave as these facts say; ``system`` is the file that they come from, which is read again when it changes.

        ``keys`` decrypt what clients encrypt for the provider, beside the secrets of security contexts. With the
        ``passwords`` of users, by name, those that clients send are compared.
        """
        self._passwords = dict(passwords or {})
        self._lent = keys
        self._keys: Keys | None = None
        self._system = system
        self._stamp = _stamp(system)
        self._facts = with_passwords(facts, self._passwords)
        self._store = SignatureStore()
        self._contexts: deque[IssuedContext] = deque(maxlen=MAXIMUM_CONTEXTS)
        self._with_contexts: Facts | None = None
        self._replayer = Replayer()
        self._answered = 0

    @classmethod
    def of(cls, system: Path, keys: Keys = NO_KEYS, passwords: Mapping[str, str] | None = None) -> Provider:
        """Behave as a description says. Raises ``InputError`` where it cannot be read."""
        return cls(load(system), system, keys, passwords)

    @property
    def facts(self) -> Facts:
        """The description as it is now, with the security contexts that were issued."""
        if self._with_contexts is None:
            contexts = [*to_builtins(self._facts.items("security_contexts") or ()), *map(_described, self._contexts)]
            self._with_contexts = (
                change(self._facts, {"security_contexts": contexts}) if self._contexts else self._facts
            )
        return self._with_contexts

    def refreshed(self) -> bool:
        """Read the description again if its file has changed; whether it has.

        Raises ``InputError`` where it cannot be read now; the last good one goes on counting.
        """
        stamp = _stamp(self._system)
        if self._system is None or stamp == self._stamp:
            return False
        self._stamp = stamp
        self._facts = with_passwords(load(self._system), self._passwords)
        self._with_contexts = self._keys = None
        return True

    def _with_secrets(self) -> Keys:
        if self._keys is None:
            described = keys_for(self._lent.private, self.facts)
            self._keys = Keys(self._lent.private, (*self._lent.shared, *described.shared))
        return self._keys

    def wsdl(self, path: str, capture: Capture, origin: str) -> HttpAnswer:
        """Answer a request for the WSDL of the endpoint at this path, as far as transport and ICF node let it through.

        ``origin`` is how clients reach the lab: ``http://localhost:8000``.
        """
        asked = set_target_path(capture, quote(path))
        request = Request.of(asked)
        replay = self._replayer.replay(self.facts, request, self._store)
        refusing = next((one for one in replay.failed if one.stage in (Stage.TRANSPORT, Stage.ICF_NODE)), None)
        answer = ANSWERS.get(refusing.answer or "") if refusing is not None else None
        if refusing is not None and answer is not None:
            return page(answer.status or 503, refusing.says)
        subject = Situation(self.facts, request).selected("bindings", Subject())
        if not isinstance(subject, Subject):
            return page(404, "No endpoint is described at this path.")
        binding = self.facts.value(subject.path)
        operations = wsdl.operations(binding, self.facts)
        written = wsdl.wsdl(binding, operations, f"{origin}{quote(binding.path)}")
        says = "the WSDL of the endpoint, made from the description; a real system asks for a logon first"
        return HttpAnswer(200, (("Content-Type", "text/xml; charset=utf-8"),), written, says)

    def answer(self, capture: Capture, now: dt.datetime) -> Answered | HttpAnswer:
        """Answer a request that arrives now. Where XML is refused outright, there is nothing to replay."""
        try:
            request = Request.of(capture, keys=self._with_secrets())
        except InputError as error:
            problem = error.problems[0]
            return page(500, f"{problem.what}: {problem.why}" if problem.why else problem.what)
        self._answered += 1
        if self._answered % _FORGET_AFTER == 0:
            self._replayer = Replayer()
        asked = security_context.requested(request.message)
        facts = self.facts if asked is None else _bootstrap(self.facts, request)
        replay = self._replayer.replay(facts, request, self._store)
        missing: tuple[str, ...] = ()
        if replay.verdict == "undecided":
            missing = _missing(replay)
            replay = self._replayer.replay(assumed(Case(facts, (request,), now)).facts, request, self._store)
        if is_uncompared(replay):
            missing = (*missing, UNCOMPARED)
        status = replay.predicted.status if replay.predicted is not None else 503
        if status not in (401, 403, 404):
            self._store.remember(request, now)
        if asked is not None and replay.verdict == "accepted":
            context = security_context.issued(asked, replay.user or "", now)
            self._contexts.append(context)
            self._with_contexts = self._keys = None
            return Answered(request, replay, body(request, context.answer), missing, issued=True)
        return Answered(request, replay, _http(request, replay, self._facts), missing)


def _http(request: Request, replay: Replay, facts: Facts) -> HttpAnswer:
    predicted = replay.predicted
    if predicted is None:
        return page(503, f"The model cannot decide at the stage {replay.stage}.")
    if predicted.status == 200:
        if request.is_probe:
            return fault(request, "soap:Client", "security is passed; the operation is unknown", "application", "probe")
        return echo(request, replay.user)
    why = next(one for one in replay.failed if one.answer)
    if predicted.fault is None:
        system = facts.description.system
        realm = f"{getattr(system, 'sid', '') or 'SAP'}/{getattr(system, 'client', '') or '000'}"
        return page(predicted.status or 503, why.says, realm.replace('"', ""))
    messages = [one for one in predicted.messages if not one.startswith(("HTTP-", "LOGON-", "AU", "BU", "CU"))]
    says = f"{' '.join(messages)} {why.says}".strip()
    return fault(request, predicted.fault, says, str(why.stage), why.check)


def _missing(replay: Replay) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for one in replay.results for path in one.missing))


def _bootstrap(facts: Facts, request: Request) -> Facts:
    """Return the facts in which the binding takes the token that negotiates a context, as its bootstrap policy says."""
    situation = Situation(facts, request)
    binding = situation.selected("bindings", Subject())
    tokens = situation.find("message.tokens", Subject())
    if not isinstance(binding, Subject) or not isinstance(tokens, Known) or not tokens.value:
        return facts
    bootstrap: dict[str, Any] = {f"{binding.path}.authentication": tokens.value[0]}
    if tokens.value[0] != "x509-signature":  # the transport protects it (SAP Help: Secure Conversation needs SSL)
        bootstrap[f"{binding.path}.signed_parts"] = []
    return change(facts, bootstrap)


def _described(context: IssuedContext) -> Mapping[str, Any]:
    return {
        "identifier": context.identifier,
        "user": context.user,
        "expires": f"{context.expires:%Y-%m-%dT%H:%M:%SZ}",
        "secret": context.secret,
    }


def _stamp(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
