"""Applying a patch of the knowledge base to a case: a fault that makes it sick, an effect that makes it well.

The request edits and placeholders that records may use are the closed lists here.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, cast

from msgspec import UNSET
from msgspec.structs import replace

from wssdoctor.capture import edit as http
from wssdoctor.capture.capture import Capture
from wssdoctor.check.check import Known
from wssdoctor.check.result import Subject
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.errors import InputError
from wssdoctor.knowledge.record import Patch, RequestEdit
from wssdoctor.provider.icf_logon import technical_user_name
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Situation
from wssdoctor.wsse import edit as message

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_STEP = re.compile(r"(.+?)\[(\*?)\](?:\.|$)(.*)")


def apply(patch: Patch, case: Case, subject: Subject, captures: Collection[str]) -> Case:
    """Return the case with the patch applied.

    ``[]`` in a path is the subject, or the items that the named captures meet; edits change the named captures.
    Raises ``ValueError`` for a patch that does not fit the case, such as a header edit of a bare envelope.
    """
    concerned = [request for request in case.requests if request.name in captures]
    values: dict[str, Any] = {}
    for path, value in patch.facts.items():
        for concrete, situation in _targets(path, case.facts, subject, concerned):
            values[concrete] = _filled(value, situation, case, concrete)
    facts = change(case.facts, values) if values else case.facts
    if not patch.request:
        return replace(case, facts=facts)
    requests = tuple(
        _edited(request, patch.request, case) if request.name in captures else request for request in case.requests
    )
    return replace(case, facts=facts, requests=requests)


def _targets(path: str, facts: Facts, subject: Subject, concerned: list[Request]) -> list[tuple[str, Situation]]:
    """Return the concrete paths that a general path stands for, each with the situation that placeholders ask."""
    situations = [Situation(facts, request) for request in concerned] or [Situation(facts, None)]
    step = _STEP.fullmatch(path)
    if step is None:
        return [(path, situations[0])]
    each, every, rest = step.groups()
    if every:
        count = len(facts.items(each) or ())
        return [(f"{each}[{index}].{rest}".rstrip("."), situations[0]) for index in range(count)]
    if subject.path:
        chosen = situations[0].selected(each, subject)
        return [(f"{chosen.path}.{rest}".rstrip("."), situations[0])] if isinstance(chosen, Subject) else []
    found: dict[str, Situation] = {}
    for situation in situations:
        chosen = situation.selected(each, Subject())
        if isinstance(chosen, Subject):
            found.setdefault(f"{chosen.path}.{rest}".rstrip("."), situation)
    return list(found.items())


def _filled(value: Any, situation: Situation, case: Case, path: str) -> Any:
    """Put values in the place of placeholders."""
    if isinstance(value, list):
        return [_filled(item, situation, case, path) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole:
        return _placeholder(whole.group(1), situation, case, path)
    return _PLACEHOLDER.sub(lambda match: str(_placeholder(match.group(1), situation, case, path)), value)


def _placeholder(name: str, situation: Situation, case: Case, path: str) -> Any:
    if name in _DAYS:
        moment = case.moment.astimezone(dt.UTC) + dt.timedelta(days=_DAYS[name])
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if path.endswith(("not_after", "not_before")) else f"{moment:%Y-%m-%d}"
    if name not in PLACEHOLDERS:
        raise ValueError(f"no such placeholder: {{{name}}}")
    value = PLACEHOLDERS[name](situation)
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


def _tolerance_needed(situation: Situation) -> int | None:
    offset = situation.facts.value("clock.offset_seconds")
    return None if offset is UNSET else math.ceil(abs(offset))


_DAYS = {"yesterday": -1, "tomorrow": 1, "in_one_year": 365, "last_year": -365}

PLACEHOLDERS: Mapping[str, Callable[[Situation], Any]] = {
    "technical_user_name": _technical_user,
    "client": lambda situation: _known(situation, "system.client"),
    "node_path": _node_path,
    "content_type": _content_type,
    "token_sent": _token_sent,
    "binding_authentication": lambda situation: _known(situation, "bindings[].authentication"),
    "time_tolerance_needed": _tolerance_needed,
}
"""What a text value in braces stands for; beside these, the days ``yesterday``, ``tomorrow``, ``in_one_year``,
``last_year``."""


def _edited(request: Request, edits: tuple[RequestEdit, ...], case: Case) -> Request:
    situation = Situation(case.facts, request)
    capture = request.capture
    try:
        for one in edits:
            if one.do not in EDITS:
                raise ValueError(f"no such edit: {one.do}")
            value = _filled(one.value, situation, case, "")
            capture = EDITS[one.do](capture, one.name, str(value))
        return Request.of(capture)
    except InputError as error:
        raise ValueError(error.problems[0].what) from None


def _envelope(edit: Callable[[bytes], bytes]) -> Callable[[Capture], Capture]:
    return lambda capture: http.replace_envelope(capture, edit(capture.envelope))


def _restamp(capture: Capture, age: str) -> Capture:
    if capture.time is None:
        raise ValueError("the time of the capture is not known")
    created = capture.time.moment - dt.timedelta(seconds=float(age))
    return _envelope(lambda envelope: message.restamp(envelope, created))(capture)


EDITS: Mapping[str, Callable[[Capture, str, str], Capture]] = {
    "set-header": lambda capture, name, value: http.set_header(capture, name, value),
    "remove-header": lambda capture, name, _: http.remove_header(capture, name),
    "set-scheme": lambda capture, _, value: http.set_scheme(capture, cast("Literal['http', 'https']", value)),
    "set-client": lambda capture, _, value: http.set_query(capture, "sap-client", value),
    "remove-client": lambda capture, *_: http.remove_header(http.set_query(capture, "sap-client", None), "sap-client"),
    "set-path": lambda capture, _, value: http.set_target_path(capture, value),
    "restamp": lambda capture, _, value: _restamp(capture, value),
    "set-password-type": lambda capture, _, value: _envelope(lambda text: message.set_password_type(text, value))(
        capture
    ),
    "set-password": lambda capture, _, value: _envelope(lambda text: message.set_password(text, value))(capture),
    "remove-username-token": lambda capture, *_: _envelope(message.remove_username_token)(capture),
    "add-assertion": lambda capture, _, value: _envelope(lambda text: message.add_assertion(text, value))(capture),
    "remove-assertions": lambda capture, *_: _envelope(message.remove_assertions)(capture),
    "set-must-understand": lambda capture, _, value: _envelope(
        lambda text: message.set_must_understand(text, value == "true")
    )(capture),
    "break-xml": lambda capture, *_: _envelope(message.break_xml)(capture),
}
"""The edits that a patch may make to a captured request."""
