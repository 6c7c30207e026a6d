"""The healthy system that what is known leaves possible: unknown facts filled in, only to reason with.

Nothing here is ever shown as known. A cause whose facts nobody gave is tried by injecting its fault into this
system and comparing the answer with the captured one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from wssdoctor.check.check import Known
from wssdoctor.check.result import Subject
from wssdoctor.description.description import Description
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.assumed_call import METHODS, with_calls
from wssdoctor.diagnosis.assumed_token import with_tokens
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.usual_request import usual_request
from wssdoctor.provider.request import Request
from wssdoctor.provider.situation import Situation
from wssdoctor.typed import looked_at

_CLIENT = re.compile(r"/([0-9]{3})/")
"""SOAMANAGER puts the client into the path of an endpoint: /sap/bc/srt/rfc/sap/<definition>/<client>/<service>/<binding>."""
_MOST = 6
"""Requests that one reasons with: one of each kind is enough."""

_HEALTHY: Mapping[str, Mapping[str, Any]] = {
    "system": {"sid": "XYZ", "release": "7.50"},
    "clock": {"offset_seconds": 0},
    "wss_setup": {
        "time_tolerance_seconds": 60,
        "detect_message_replays": True,
        "secure_conversation_provider": True,
    },
    "technical_user": {
        "exists": True,
        "type": "B",
        "lock": 0,
        "valid_from": "1900-01-01",
        "valid_to": "9999-12-31",
    },
    "secure_storage": {"entry_present": True, "entry_readable": True, "password_current": True},
    "icf": {"nodes_complete": True},
}
_NODE = {
    "exists": True,
    "active": True,
    "logon_procedure": "standard",
    "all_logons": False,
    "stored_password_current": True,
    "stored_client": "",
}
_USER = {
    "exists": True,
    "type": "B",
    "lock": 0,
    "valid_from": "1900-01-01",
    "valid_to": "9999-12-31",
    "password_state": "productive",
    "sent_password_current": True,
    "services": ["*"],
}


class Worlds(Struct, frozen=True):
    """The healthy systems that one reasons with."""

    usual: Case
    by_method: Mapping[str, Case]
    """By the authentication method of outbound calls of which nobody said it."""
    captured: bool
    """Whether the requests were captured, rather than made up."""
    concerned: tuple[str, ...]
    """The requests that went wrong; all of them where none is known to."""


def worlds(case: Case, wrong: Collection[str], *, calls: bool) -> Worlds:
    """Return the healthy systems that a case leaves possible, with a few requests of each kind.

    ``wrong`` are the requests whose answers are to be explained. With ``calls``, an outbound call is thought of where
    none is described.
    """
    described = case.facts.description.consumer is not UNSET
    captured = bool(case.requests)
    requests = _kinds(case.requests, wrong) if captured else () if described else (usual_request(case.moment),)
    usual = assumed(replace(case, requests=requests))
    by_method = {}
    if described or calls:
        by_method = {method: replace(usual, facts=with_calls(usual.facts, case.moment, method)) for method in METHODS}
    concerned = tuple(one.name for one in requests if one.name in wrong) or tuple(one.name for one in requests)
    return Worlds(next(iter(by_method.values()), usual), by_method, captured, concerned)


def _kinds(requests: tuple[Request, ...], wrong: Collection[str]) -> tuple[Request, ...]:
    """Return one request of each kind, those that went wrong first."""
    kinds: dict[Any, Request] = {}
    for one in sorted(requests, key=lambda request: request.name not in wrong):
        situation = Situation(_NOTHING, one)
        kind = (one.name in wrong, one.observed, _value(situation, "request.path"), _value(situation, "message.tokens"))
        kinds.setdefault(kind, one)
    kept = [request.name for request in kinds.values()][:_MOST]
    return tuple(one for one in requests if one.name in kept)


_NOTHING = Facts(Description(format="1"), {}, "")


def assumed(case: Case) -> Case:
    """Return the case with every unknown fact of its system filled in as a healthy system would have it."""
    plain: dict[str, Any] = msgspec.to_builtins(case.facts.description)
    for section, values in _HEALTHY.items():
        plain[section] = {**values, **plain.get(section, {})}
    technical_user = plain["technical_user"]
    technical_user.setdefault("name", "DELAY_LOGON")
    plain.setdefault("signature_store", [])
    plain["system"].setdefault("client", _client(case))
    plain["profile"] = {"login/system_client": plain["system"]["client"], **plain.get("profile", {})}
    for request in case.requests:
        _meet(plain, request, case.facts)
    for node in plain["icf"].get("nodes", ()):
        _fill(node, {**_NODE, "https_required": False, "stored_user": technical_user["name"]})
    plain["pses"] = [_pse(pse, case.moment) for pse in _with_pses(plain.get("pses", ()))]
    with_tokens(plain, case)
    for user in plain.get("users", ()):
        _fill(user, _USER)
    description = msgspec.convert(plain, looked_at(Description))
    return replace(case, facts=Facts(description, case.facts.places, case.facts.name))


def _meet(plain: dict[str, Any], request: Request, facts: Facts) -> None:
    """Add the node, the binding and the user that a request calls for and nobody described."""
    situation = Situation(facts, request)
    path = _value(situation, "request.path")
    if path is not None:
        scheme = _value(situation, "request.scheme") or "https"
        if not isinstance(situation.selected("icf.nodes", Subject()), Subject):
            _add(plain["icf"], "nodes", {"path": path, "https_required": scheme == "https"})
        if not isinstance(situation.selected("bindings", Subject()), Subject):
            _add(plain, "bindings", {"path": path, "transport": scheme})
    token = situation.find("message.username_token", Subject())
    if isinstance(token, Known):
        name = (token.value.username or "").strip().upper()
    else:
        name = _value(situation, "logon.user") or ""
    selected = isinstance(situation.selected("users", Subject()), Subject)
    if name and not selected and all(user["name"].upper() != name for user in plain.get("users", ())):
        plain["users"] = [*plain.get("users", ()), {"name": name}]


def _client(case: Case) -> str:
    """Return the client in which the services run: the one in an endpoint's path, else the one that is asked for."""
    situations = [Situation(case.facts, request) for request in case.requests]
    paths = [str(_value(one, "request.path")) for one in situations]
    in_path = (found.group(1) for path in paths if (found := _CLIENT.search(path)))
    asked = (client for one in situations if (client := _value(one, "request.client")))
    return next(in_path, None) or next(asked, "100")


def _add(record: dict[str, Any], name: str, item: dict[str, Any]) -> None:
    """Add an item to a list, once for all requests with its path."""
    present = record.get(name, ())
    if all(one["path"] != item["path"] for one in present):
        record[name] = [*present, item]


def _value(situation: Situation, path: str) -> Any:
    found = situation.find(path, Subject())
    return found.value if isinstance(found, Known) else None


def _fill(item: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        item.setdefault(name, value)


def _with_pses(pses: Any) -> list[dict[str, Any]]:
    given = [dict(pse) for pse in pses]
    present = {pse["application"] for pse in given}
    return [*given, *({"application": name} for name in ("ssl-server", "wsse") if name not in present)]


def _pse(pse: dict[str, Any], moment: dt.datetime) -> dict[str, Any]:
    """Give a PSE whose own certificate counts, and that nobody dated, one that is valid around the moment."""
    if pse["application"] in ("system", "saml2"):
        return {**pse, "exists": pse.get("exists", True)}
    certificate = dict(pse.get("own_certificate", {}))
    _fill(
        certificate,
        {
            "not_before": (moment - dt.timedelta(days=365)).isoformat(),
            "not_after": (moment + dt.timedelta(days=365)).isoformat(),
        },
    )
    return {**pse, "exists": pse.get("exists", True), "own_certificate": certificate}
