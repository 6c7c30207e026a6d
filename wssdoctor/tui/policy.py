"""What the endpoint demands beside what a message has, as paragraphs. Verdicts are those of the replay's checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.description.facts import Facts
from wssdoctor.evidence import Place
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Situation
from wssdoctor.tui.articles import GLYPHS
from wssdoctor.tui.lines import Paragraph, Span, blank, file_name, fit, labelled, prose, span
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.verification import Verification

_WORST_FIRST = (Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)


_NOT_VERIFIED = "unknown: not verified"
_TITLE = 18
_COLUMN = 3 + _TITLE
"""Cells before what is demanded."""


class Demand(Struct, frozen=True):
    """One thing that the endpoint demands, what the message has, and whether that will do."""

    title: str
    required: str
    place: Place | None
    """Where the demand stands."""
    has: str
    outcome: Outcome | None
    """The worst outcome of the checks about it; none where nothing was replayed."""
    says: tuple[str, ...] = ()
    """What failed or could not be answered."""


def demands(facts: Facts, request: Request, found: Verification | None, replay: Replay | None) -> tuple[Demand, ...]:
    """Hold a message against its endpoint; what nobody gave or modelled is said to be unknown."""
    situation = Situation(facts, request)

    def find(path: str) -> Finding:
        return situation.find(path, Subject())

    def demand(title: str, required: str, has: str, *checks: str) -> Demand:
        text, place = _required(find(required))
        results = [one for one in replay.results if one.check in checks] if replay else []
        return Demand(title, text, place, has, _worst(results), _says(results))

    timestamp = find("message.timestamp")
    lifetime = "none"
    if isinstance(timestamp, Known):
        lifetime = f"{timestamp.value.created_text or 'no Created'} to {timestamp.value.expires_text or 'no Expires'}"
    assertion = find("message.assertion")
    kinds = ", ".join(assertion.value.kinds) or "none" if isinstance(assertion, Known) else _unknown(assertion)
    rows = [
        demand("Transport", "bindings[].transport", _told(find("request.scheme")), "transport.guarantee"),
        demand(
            "Token",
            "bindings[].authentication",
            _told(find("message.tokens")),
            "binding.token-present",
            "binding.no-unexpected-token",
        ),
        demand("Signed parts", "bindings[].signed_parts", _signed(found), "signature.parts-signed"),
        demand(
            "Algorithms",
            "binding.suite",
            _algorithms(find("message.algorithms")),
            "binding.algorithm-suite",
            "signature.algorithms-supported",
        ),
        demand(
            "Clock tolerance",
            "wss_setup.time_tolerance_seconds",
            f"Timestamp {lifetime}" if lifetime != "none" else "no Timestamp",
            "timestamp.readable",
            "timestamp.not-expired",
            "timestamp.not-in-future",
        ),
    ]
    encrypted = _encrypted(found)
    if encrypted not in ("none", _NOT_VERIFIED):
        rows.append(
            demand(
                "Encryption", "encryption.own_keys", encrypted, "encryption.for-this-provider", "encryption.readable"
            )
        )
    method = find("bindings[].authentication")
    if isinstance(assertion, Known) or (isinstance(method, Known) and method.value == "saml"):
        rows.append(
            demand(
                "Subject confirmed",
                "bindings[].saml_confirmation",
                kinds,
                "saml.confirmation-supported",
                "saml.confirmation-expected",
                "saml.confirmed",
            )
        )
    return tuple(rows)


def paragraphs(facts: Facts, request: Request, found: Verification | None, replay: Replay | None) -> list[Paragraph]:
    """Say what is demanded and what came."""
    if isinstance(request.message, DocumentError):
        return [prose("The envelope is not well-formed, so nothing in it meets any demand.", "fail", indent=1)]
    binding = Situation(facts, request).find("bindings[].path", Subject())
    said: list[Paragraph] = []
    if isinstance(binding, Known):
        where = span(f"  {_at(binding.place)}", "muted")
        said.append(Paragraph((Span("Endpoint", "heading"), Span("  "), span(binding.value, "strong"), where), 1, 3))
    else:
        text = "No endpoint of the description fits this request, so what is demanded is unknown."
        said.append(prose(text, "unknown", indent=1))
        said.append(labelled("Missing", _unknown(binding), "unknown"))
    said.append(blank())
    for one in sorted(demands(facts, request, found, replay), key=lambda one: one.outcome is not Outcome.FAILED):
        said += _demand(one)
    note = "Demands come from the binding in the description, else from its authentication method or WSS_SETUP."
    return [*said, blank(), prose(note, "muted", indent=1)]


def _demand(one: Demand) -> Iterator[Paragraph]:
    glyph, tone = GLYPHS[one.outcome] if one.outcome else ("·", "muted")
    where = f"   {_at(one.place)}" if one.place else ""
    demanded = (Span("demanded  ", "muted"), span(one.required), span(where, "muted"))
    yield Paragraph((Span(f"{glyph} ", tone), span(fit(one.title, _TITLE), "strong"), *demanded), 1, _COLUMN + 10)
    has = span(one.has, tone if one.outcome is Outcome.FAILED else "text")
    yield Paragraph((Span("message   ", "muted"), has), _COLUMN, _COLUMN + 10)
    for text in one.says:
        yield Paragraph((Span("so        ", "muted"), span(text, tone)), _COLUMN, _COLUMN + 10)


def _required(found: Finding) -> tuple[str, Place | None]:
    if isinstance(found, Known):
        return _told(found), found.place
    return _unknown(found), None


def _told(found: Finding) -> str:
    """Say the value of a fact in words."""
    if not isinstance(found, Known):
        return _unknown(found)
    value = found.value
    if found.path.endswith("tolerance_seconds"):
        return f"{value} seconds at most between the clocks"
    name = getattr(value, "name", None)  # a suite
    if isinstance(name, str):
        return name
    if isinstance(value, tuple):
        return ", ".join(str(getattr(one, "subject", one)) for one in value) or "none"
    return str(value)


def _unknown(found: Finding) -> str:
    if isinstance(found, Missing):
        return f"unknown: {found.path} was not given"
    if isinstance(found, Inapplicable):
        return f"nothing: {found.why}"
    return f"unknown: {found.what} is not modelled yet" if isinstance(found, NotModelled) else "unknown"


def _algorithms(found: Finding) -> str:
    if not isinstance(found, Known):
        return _unknown(found)
    return ", ".join(dict.fromkeys(f"{one.use} {one.short}" for one in found.value)) or "none"


def _signed(found: Verification | None) -> str:
    if found is None:
        return _NOT_VERIFIED
    sent = [one for signature in found.signatures if not signature.inner for one in signature.references]
    broken = [f"{one.part} (its digest differs)" for one in sent if one.ok is False]
    return ", ".join(dict.fromkeys([*(one.part for one in found.parts if one.signed), *broken])) or "none"


def _encrypted(found: Verification | None) -> str:
    if found is None:
        return _NOT_VERIFIED
    return ", ".join(dict.fromkeys(one.part for one in found.parts if one.encrypted)) or "none"


def _worst(results: Sequence[Result]) -> Outcome | None:
    return next((one for one in _WORST_FIRST if any(result.outcome is one for result in results)), None)


def _says(results: Sequence[Result]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            one.says for one in results if one.says and one.outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN)
        )
    )


def _at(place: Place) -> str:
    return f"{file_name(place.file)}:{place.line}" if place.file and place.line else ""
