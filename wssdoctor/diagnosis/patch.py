"""Applying a patch of the knowledge base to a case: a fault that makes it sick, an effect that makes it well.

The request edits and placeholders that records may use are the closed lists here.
"""

from __future__ import annotations

import base64
import datetime as dt
import difflib
import hashlib
import math
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Literal, TypeAlias, cast

import msgspec
from msgspec import UNSET, to_builtins
from msgspec.structs import replace

from wssdoctor.capture import edit as http
from wssdoctor.capture.capture import Capture
from wssdoctor.check.check import Known
from wssdoctor.check.result import Subject
from wssdoctor.consumer.outbound import CALLS, Outbound
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.outbound_placeholder import OUTBOUND_PLACEHOLDERS, OutboundCall
from wssdoctor.errors import InputError
from wssdoctor.knowledge.record import Patch, RequestEdit
from wssdoctor.provider.icf_logon import technical_user_name
from wssdoctor.provider.request import Request
from wssdoctor.provider.saml import supported_confirmations
from wssdoctor.provider.signed_by import described, issuer_certificate, signer_certificate
from wssdoctor.provider.situation import MESSAGE_AUTHENTICATION, Situation
from wssdoctor.wsse import edit as message

Asked: TypeAlias = Situation | OutboundCall
"""Where a placeholder finds what it stands for."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_STEP = re.compile(r"(.+?)\[(\*|[a-z-]*)\](?:\.|$)(.*)")


def apply(patch: Patch, case: Case, subject: Subject, captures: Collection[str]) -> Case:
    """Return the case with the patch applied.

    ``[]`` in a path is the subject, or the items that the named captures meet; ``[*]`` is every item, ``[wsse]`` every
    PSE of that application, ``[basic]`` every call of that authentication, and ``[+]`` at the end adds an item. Edits
    change the named captures.
    Raises ``ValueError`` for a patch that does not fit the case, such as a header edit of a bare envelope.
    """
    captures = frozenset(captures)  # a finding may concern thousands
    values = filled(patch, case, subject, captures)
    facts = change(case.facts, values) if values else case.facts
    if not patch.request:
        return replace(case, facts=facts)
    requests = tuple(
        case.memory.recall(
            (request, patch.request, case.moment), case.facts, partial(_edited, request, patch.request, case.moment)
        )
        if request.name in captures
        else request
        for request in case.requests
    )
    return replace(case, facts=facts, requests=requests)


def filled(patch: Patch, case: Case, subject: Subject, captures: Collection[str]) -> dict[str, Any]:
    """Return the facts that a patch sets in a case, by concrete path, with placeholders filled in; see ``apply``."""
    concerned = [request for request in case.requests if request.name in captures]
    values: dict[str, Any] = {}
    for path, value in patch.facts.items():
        for concrete, situation in _targets(path, case, subject, concerned):
            wanted = _filled(value, situation, case.moment, concrete)
            if concrete.endswith("[+]"):
                concrete = concrete.removesuffix("[+]")
                wanted = [*to_builtins(case.facts.items(concrete) or ()), wanted]
            values[concrete] = wanted
    return values


def _targets(path: str, case: Case, subject: Subject, concerned: list[Request]) -> list[tuple[str, Asked]]:
    """Return the concrete paths that a general path stands for, each with the situation that placeholders ask."""
    facts, replayer = case.facts, case.memory.replayer
    outbound = Outbound(facts, case.moment)
    first: Asked = replayer.situation(facts, concerned[0] if concerned else None)
    of_calls = subject.path.startswith(CALLS) or path.startswith(CALLS)
    if of_calls:
        first = OutboundCall(outbound, subject)
    step = _STEP.fullmatch(path)
    if step is None:
        return [(path, first)]
    each, which, rest = step.groups()
    if which:
        chosen_items = [
            index
            for index, item in enumerate(facts.items(each) or ())
            if which in ("*", getattr(item, "application", None), getattr(item, "authentication", None))
        ]
        return [
            (
                f"{each}[{index}].{rest}".rstrip("."),
                OutboundCall(outbound, Subject(path=f"{CALLS}[{index}]")) if each == CALLS else first,
            )
            for index in chosen_items
        ]
    if subject.path:
        chosen = first.selected(each, subject)
        return [(f"{chosen.path}.{rest}".rstrip("."), first)] if isinstance(chosen, Subject) else []
    found: dict[str, Asked] = {}
    for request in (None,) if of_calls else concerned or (None,):
        situation: Asked = first if of_calls else replayer.situation(facts, request)
        chosen = situation.selected(each, Subject())
        if isinstance(chosen, Subject):
            found.setdefault(f"{chosen.path}.{rest}".rstrip("."), situation)
    return list(found.items())


def _filled(value: Any, situation: Asked, moment: dt.datetime, path: str) -> Any:
    """Put values in the place of placeholders."""
    if isinstance(value, list):
        return [_filled(item, situation, moment, path) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, situation, moment, f"{path}.{key}") for key, item in value.items()}
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole:
        return _placeholder(whole.group(1), situation, moment, path)
    return _PLACEHOLDER.sub(lambda match: str(_placeholder(match.group(1), situation, moment, path)), value)


def _placeholder(name: str, situation: Asked, moment: dt.datetime, path: str) -> Any:
    if name in DAYS:
        day = moment.astimezone(dt.UTC) + dt.timedelta(days=DAYS[name])
        return f"{day:%Y-%m-%dT%H:%M:%SZ}" if path.endswith(_INSTANTS) else f"{day:%Y-%m-%d}"
    if isinstance(situation, OutboundCall) and name in OUTBOUND_PLACEHOLDERS:
        value = OUTBOUND_PLACEHOLDERS[name](situation)
    elif isinstance(situation, Situation) and name in PLACEHOLDERS:
        value = PLACEHOLDERS[name](situation)
    else:
        raise ValueError(f"no such placeholder here: {{{name}}}")
    if value is None:
        raise ValueError(f"the case does not say what {{{name}}} is")
    return value


def _known(situation: Situation, path: str) -> Any:
    found = situation.find(path, Subject())
    return found.value if isinstance(found, Known) else None


def _technical_user(situation: Situation) -> str | None:
    release, sid = _known(situation, "system.release"), _known(situation, "system.sid")
    if sid is None:
        return None
    return technical_user_name(release or "7.50", sid)


def _node_path(situation: Situation) -> str | None:
    """Return the described path that is most like the one called."""
    paths = [item.path for item in situation.facts.items("icf.nodes") or ()]
    called = _known(situation, "request.path") or ""
    return next(iter(difflib.get_close_matches(called, paths, n=1, cutoff=0.0)), None)


def _content_type(situation: Situation) -> str:
    return {"1.2": "application/soap+xml; charset=utf-8"}.get(
        _known(situation, "message.soap_version"), "text/xml; charset=utf-8"
    )


def _token_sent(situation: Situation) -> str | None:
    return next(iter(_known(situation, "message.tokens") or ()), None)


def _saml_issuer(situation: Situation) -> str:
    """Return the issuer of the assertion that came, or words for it where none was captured."""
    header = situation.request.security if situation.request else None
    issuers = [one.issuer for one in header.assertions if one.issuer] if header else []
    return issuers[0] if issuers else "(the issuer)"


def _of_assertion(situation: Situation, name: str) -> Any:
    assertion = _known(situation, "message.assertion")
    return getattr(assertion, name) if assertion is not None else None


def _suite_digest(situation: Situation) -> str | None:
    suite = _known(situation, "binding.suite")
    return None if suite is None else suite.accepted["digest"][0].rpartition("#")[2]


def _top_certificates(situation: Situation) -> list[Any]:
    """Return the trusted certificates of the WS-Security PSE that nobody else issued."""
    for pse in situation.facts.items("pses") or ():
        if pse.application == "wsse" and isinstance(pse.trusted, tuple):
            return [msgspec.to_builtins(one) for one in pse.trusted if one.subject == one.issuer]
    return []


def _other_certificate(situation: Situation) -> Any:
    """Return the own certificate of a PSE that is not the one of WS-Security, as a renewed one would be."""
    own = {pse.application: pse.own_certificate for pse in situation.facts.items("pses") or ()}
    mine = own.pop("wsse", UNSET)
    others = (one for one in own.values() if one is not UNSET and one.pem is not UNSET and one != mine)
    found = next(others, None)
    return None if found is None else to_builtins(found)


def _supported_confirmation(situation: Situation) -> str | None:
    """Return a confirmation method that the endpoint expects and the release supports, where an assertion came."""
    assertion = _known(situation, "message.assertion")
    if assertion is None:
        return None
    expected = _known(situation, "bindings[].saml_confirmation") or ()
    supported = supported_confirmations(assertion.version)
    return next((one for one in expected if one in supported), supported[0])


def _just_before(situation: Situation) -> str | None:
    time = situation.request.capture.time if situation.request else None
    return None if time is None else f"{time.moment - dt.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"


def _tolerance_needed(situation: Situation) -> int | None:
    offset = situation.facts.value("clock.offset_seconds")
    return None if offset is UNSET else math.ceil(abs(offset))


_INSTANTS = ("not_after", "not_before", "expires", "seen_at")
"""Facts that are instants rather than days."""
DAYS: Mapping[str, int] = {"yesterday": -1, "tomorrow": 1, "in_one_year": 365, "last_year": -365}

PLACEHOLDERS: Mapping[str, Callable[[Situation], Any]] = {
    "technical_user_name": _technical_user,
    "client": lambda situation: _known(situation, "system.client"),
    "node_path": _node_path,
    "content_type": _content_type,
    "token_sent": _token_sent,
    "user_password": lambda situation: _known(situation, "users[].password") or "(the current password)",
    "saml_issuer": _saml_issuer,
    "saml_audience": lambda situation: next(
        (one for allowed in _of_assertion(situation, "audiences") or () for one in allowed), None
    ),
    "saml_confirmation": lambda situation: next(iter(_of_assertion(situation, "kinds") or ()), None),
    "saml_external_name": lambda situation: (
        f"{_of_assertion(situation, 'issuer')}::{_of_assertion(situation, 'name_id')}"
    ),
    "signer_certificate": lambda situation: described(signer_certificate(situation)),
    "signer_issuer": lambda situation: str(found.issuer) if (found := signer_certificate(situation)) else None,
    "signer_subject": lambda situation: str(found.subject) if (found := signer_certificate(situation)) else None,
    "issuer_certificate": lambda situation: described(issuer_certificate(situation)),
    "signature_value": lambda situation: (
        next(iter(situation.request.signature_values), None) if situation.request else None
    ),
    "suite_digest": _suite_digest,
    "other_certificate": _other_certificate,
    "supported_confirmation": _supported_confirmation,
    "some_user": lambda situation: next(iter(situation.facts.column("users", "name") or ()), None),
    "top_certificates": _top_certificates,
    "just_before": _just_before,
    "binding_path": lambda situation: _known(situation, "bindings[].path"),
    "binding_authentication": lambda situation: _known(situation, "bindings[].authentication"),
    "time_tolerance_needed": _tolerance_needed,
}
"""What a text value in braces stands for; beside these, the days ``yesterday``, ``tomorrow``, ``in_one_year``,
``last_year``."""


def _edited(request: Request, edits: tuple[RequestEdit, ...], moment: dt.datetime, facts: Facts) -> Request:
    situation = Situation(facts, request)
    capture = request.capture
    try:
        for one in edits:
            if one.do not in EDITS:
                raise ValueError(f"no such edit: {one.do}")
            value = str(_filled(one.value, situation, moment, ""))
            capture = EDITS[one.do](capture, replace(one, value=value), situation)
        anew = request.encrypted_anew or any(one.do == "encrypt-anew" for one in edits)
        if capture == request.capture and not anew and not any(one.do == "sign-anew" for one in edits):
            return request
        in_transit = any(one.do in _IN_TRANSIT for one in edits)
        return Request.of(capture, None if in_transit else request, request.keys, anew)
    except InputError as error:
        raise ValueError(error.problems[0].what) from None


def _aged(capture: Capture, one: RequestEdit, _: Situation) -> Capture:
    if capture.time is None:
        return capture
    issued = capture.time.moment - dt.timedelta(seconds=float(one.value))
    return _envelope(lambda envelope: message.age_assertion(envelope, issued), capture)


def _envelope(edit: Callable[[bytes], bytes], capture: Capture) -> Capture:
    return http.replace_envelope(capture, edit(capture.envelope))


def _restamp(capture: Capture, one: RequestEdit, _: Situation) -> Capture:
    if capture.time is None:
        return capture  # nothing about its times can be judged before or after
    created = capture.time.moment - dt.timedelta(seconds=float(one.value))
    return _envelope(lambda envelope: message.restamp(envelope, created), capture)


def _set_nonce(capture: Capture, one: RequestEdit, _: Situation) -> Capture:
    """Set the nonce; without a value, replace each by one that no other message has, the same in every run."""
    fresh = hashlib.sha256(capture.name.encode() + b"\0" + capture.envelope).digest()[:16]
    nonce = one.value or base64.b64encode(fresh).decode()
    return _envelope(lambda envelope: message.set_nonce(envelope, nonce, added=bool(one.value)), capture)


def _add_token(capture: Capture, one: RequestEdit, situation: Situation) -> Capture:
    if one.value in (_known(situation, "message.tokens") or ()) or one.value not in MESSAGE_AUTHENTICATION:
        return capture  # it is there, or the endpoint expects none in the message
    if one.value == "saml":
        issuer = _saml_issuer(situation)
        return _envelope(lambda envelope: message.add_assertion(envelope, issuer), capture)
    users = situation.facts.items("users") or ()
    if one.value != "username-token" or not users:
        raise ValueError(f"a token of kind {one.value} cannot be made here")
    password = users[0].password if isinstance(users[0].password, str) else "(the current password)"
    return _envelope(lambda envelope: message.add_username_token(envelope, users[0].name, password), capture)


def _keep_token(capture: Capture, one: RequestEdit, _: Situation) -> Capture:
    """Remove the tokens of other kinds that can be removed."""
    if one.value != "username-token":
        capture = _envelope(message.remove_username_token, capture)
    return capture if one.value == "saml" else _envelope(message.remove_assertions, capture)


EDITS: Mapping[str, Callable[[Capture, RequestEdit, Situation], Capture]] = {
    "set-header": lambda capture, one, _: http.set_header(capture, one.name, one.value),
    "remove-header": lambda capture, one, _: http.remove_header(capture, one.name),
    "set-scheme": lambda capture, one, _: http.set_scheme(capture, cast("Literal['http', 'https']", one.value)),
    "set-client": lambda capture, one, _: http.set_query(capture, "sap-client", one.value),
    "set-path": lambda capture, one, _: http.set_target_path(capture, one.value),
    "restamp": _restamp,
    "set-password-type": lambda capture, one, _: _envelope(
        lambda envelope: message.set_password_type(envelope, one.value), capture
    ),
    "set-password": lambda capture, one, _: _envelope(
        lambda envelope: message.set_password(envelope, one.value), capture
    ),
    "remove-username-token": lambda capture, *_: _envelope(message.remove_username_token, capture),
    "add-token": _add_token,
    "keep-token": _keep_token,
    "set-must-understand": lambda capture, one, _: _envelope(
        lambda envelope: message.set_must_understand(envelope, one.value == "true"), capture
    ),
    "add-mandatory-header": lambda capture, *_: _envelope(message.add_mandatory_header, capture),
    "release-headers": lambda capture, *_: _envelope(message.release_headers, capture),
    "spoil": lambda capture, one, _: _envelope(lambda envelope: message.spoil(envelope, one.value), capture),
    "spoil-signature": lambda capture, one, _: _envelope(lambda envelope: message.spoil(envelope, one.value), capture),
    "alter-body": lambda capture, *_: _envelope(message.alter_body, capture),
    "set-digest": lambda capture, one, _: _envelope(lambda envelope: message.set_digest(envelope, one.value), capture),
    "age-assertion": _aged,
    "sign-anew": lambda capture, *_: capture,
    "encrypt-anew": lambda capture, *_: capture,
    "damage-encryption": lambda capture, *_: _envelope(message.damage_encryption, capture),
    "set-nonce": _set_nonce,
    "set-confirmation": lambda capture, one, _: _envelope(
        lambda envelope: message.set_confirmation(envelope, one.value), capture
    ),
    "set-method": lambda capture, one, _: http.set_method(capture, one.value),
    "break-xml": lambda capture, *_: _envelope(message.break_xml, capture),
}
"""The edits that a patch may make to a captured request."""
_IN_TRANSIT = frozenset(("alter-body", "break-xml", "spoil-signature", "damage-encryption"))
"""Edits that happen to a message on its way; all others its sender makes, who signs the message anew."""
