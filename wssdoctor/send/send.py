"""Sending one capture again: made fresh or as it is, to one host, with the answer judged."""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec import Struct

from wssdoctor.capture.capture import Capture, CaptureTime, Headers, Response, Scheme
from wssdoctor.capture.edit import replace_envelope, set_header, with_request
from wssdoctor.capture.sent import MAXIMUM_ERROR, Outcome, Seen, SentAgain
from wssdoctor.capture.target import Target as RequestTarget
from wssdoctor.description.facts import Facts
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.provider.answer import Answer
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.replay import replay
from wssdoctor.provider.request import Request
from wssdoctor.send.outcome import as_predicted, outcome
from wssdoctor.send.wire import SendError, Way, exchange
from wssdoctor.wsse import names
from wssdoctor.wsse.handshake import Handshake, established, identifier_in
from wssdoctor.wsse.material import Material, SecurityContext
from wssdoctor.wsse.renewal import renewed

_CREDENTIALS = frozenset({"authorization", "cookie", "mysapsso2", "proxy-authorization", "sap-password", "sap-user"})
_PROBE_ACTION = f'"{names.PROBE}"'


class Ready(Struct, frozen=True):
    """A request as it would be sent."""

    capture: Capture
    """Made fresh, or as it was captured."""
    before: Capture
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    handshake: Handshake | None = None
    """Where it asks for a security context: what the consumer gives to its key."""


class Sent(Struct, frozen=True):
    """What became of one request."""

    name: str
    moment: dt.datetime
    outcome: Outcome
    capture: Capture
    """What was sent, with the answer."""
    ready: Ready
    error: str = ""
    """Why no answer came."""
    predicted: Answer | None = None
    """What the model of the described system answers to the same request at the same time."""
    to: str = ""
    """The host."""
    carried_out: tuple[str, ...] = ()
    """Remedies that the prediction takes for carried out."""
    unsent: bool = False
    """Whether it was held back, because the handshake before it set up no security context."""

    @property
    def as_predicted(self) -> bool | None:
        """Whether the answer is the predicted one; None where there is none, or it does not tell."""
        response = self.capture.response
        return as_predicted(self.predicted, response) if self.predicted and response else None

    @property
    def saved(self) -> Capture:
        """What was sent with its answer, and the record of its sending: evidence for a later check."""
        before, response = self.ready.before, self.capture.response
        record = SentAgain(
            of=before.name.encode("utf-8", "replace").decode(),
            fingerprint=before.fingerprint,
            to=self.to,
            outcome=self.outcome,
            before=_seen(before.response),
            predicted=Seen(self.predicted.status, self.predicted.fault) if self.predicted else None,
            as_predicted=self.as_predicted,
            carried_out=self.carried_out,
            error=self.error[:MAXIMUM_ERROR],
        )
        return msgspec.structs.replace(self.capture, response=response, sent=record)


def ready(capture: Capture, way: Way, material: Material | None) -> Ready:
    """Make a request ready for a host. Without material it stays byte for byte what was captured.

    Logon data of HTTP go along only to the host for which they were captured. Raises ``InputError`` for a capture that
    holds no HTTP request, or that cannot be made fresh.
    """
    request = capture.request
    if request is None:
        raise InputError.because(
            "The capture has no HTTP request, only its body.",
            place=Place(file=capture.name),
            hint="Capture the request with its request line and header.",
        )
    pieces = RequestTarget.of(request.target)
    path = str(RequestTarget(None, None, pieces.path or "/", pieces.query))
    changed: list[str] = []
    kept: tuple[str, ...] = ()
    handshake: Handshake | None = None
    headers: Headers = request.headers
    named = (request.host or "").lower()
    if named not in (way.to.authority.lower(), f"{way.to.host}:{way.to.port}".lower()):
        headers = tuple(field for field in headers if field[0].lower() not in _CREDENTIALS)
        if len(headers) < len(request.headers):
            changed.append("HTTP logon data left out: they were captured for another host")
    now = with_request(capture, msgspec.structs.replace(request, target=path, headers=headers))
    if material is not None:
        try:
            fresh = renewed(capture.envelope, material, {one.content_id: one.content for one in capture.attachments})
        except InputError as error:
            raise InputError(
                *[msgspec.structs.replace(one, place=Place(file=capture.name)) for one in error.problems]
            ) from None
        now = replace_envelope(now, fresh.envelope, fresh.attachments, fresh.left_out)
        changed += fresh.changed
        kept, handshake = fresh.kept, fresh.handshake
        if material.probe and handshake is None and now.request is not None:
            now = with_request(now, msgspec.structs.replace(now.request, headers=_probing(now.request.headers)))
    return Ready(now, capture, tuple(changed), kept, handshake)


def _probing(headers: Headers) -> Headers:
    """Name the probe in SOAPAction too, so that no operation is chosen by it."""
    return tuple(
        (name, _PROBE_ACTION if name.lower() == "soapaction" else _without_action(value)) for name, value in headers
    )


def _without_action(value: str) -> str:
    pieces = [one for one in value.split(";") if not one.strip().lower().startswith("action=")]
    return ";".join(pieces)


def context_of(sent: Sent, material: Material) -> dict[str, SecurityContext]:
    """Give the security context that a handshake set up, by the identifier of the one that was captured.

    Decryption keys of the material open a proof key that the provider encrypted.

    Where the captured answer is not at hand, it is that of any capture that follows (``*``).
    """
    handshake, response = sent.ready.handshake, sent.capture.response
    if handshake is None or response is None:
        return {}
    found = established(handshake, _content(response), material.decryption_keys)
    return {captured_context(sent.ready): found} if found is not None else {}


def captured_context(one: Ready) -> str:
    """Give the identifier of the security context that a captured handshake set up; ``*`` where it is not known."""
    response = one.before.response
    return (identifier_in(_content(response)) if response is not None else None) or "*"


def _content(response: Response) -> bytes:
    try:
        return response.content
    except InputError:  # coded in a way that cannot be undone
        return b""


def _seen(response: Response | None) -> Seen | None:
    return Seen(response.status, fault_code(response)) if response is not None else None


def send(one: Ready, way: Way, now: dt.datetime, facts: Facts | None = None, carried_out: tuple[str, ...] = ()) -> Sent:
    """Send a request and judge the answer; ``facts`` describe the system after ``carried_out``, for a prediction."""
    request = one.capture.request
    assert request is not None
    time = CaptureTime(now, "given")
    sent = set_header(one.capture, "Host", way.to.authority)
    assert sent.request is not None
    own = way.client.certificate if way.client is not None and way.to.is_secure else b""
    scheme: Scheme = "https" if way.to.is_secure else "http"
    sent = with_request(sent, msgspec.structs.replace(sent.request, scheme=scheme, client_certificate=own), time)
    sent = msgspec.structs.replace(sent, response=None)
    predicted = replay(facts, Request.of(sent)).predicted if facts is not None else None
    told = Sent(one.before.name, now, Outcome.NO_ANSWER, sent, one, "", predicted, way.to.origin, carried_out)
    try:
        response = exchange(way, request.method, request.target, request.headers, request.body)
    except SendError as error:
        return msgspec.structs.replace(told, error=str(error))
    found = outcome(one.before.response, response)
    return msgspec.structs.replace(told, outcome=found, capture=msgspec.structs.replace(sent, response=response))
