"""Outbound calls as they would work: what nobody said of them filled in, only to reason with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wssdoctor.consumer import url
from wssdoctor.description.description import Description
from wssdoctor.description.facts import Facts
from wssdoctor.typed import looked_at

METHODS = ("client-certificate", "basic", "username-token")
"""The authentication methods whose calls differ in what can go wrong, most telling first."""
NAME = "(the call)"

_ISSUING, _ROOT = "CN=Issuing CA", "CN=Root CA"
_VERSIONS = ["1.2", "1.3"]
_SUITES = [
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
]
_APPLICATIONS = {"DFAULT": "ssl-client-standard", "ANONYM": "ssl-client-anonymous"}
_DIRECT = {"needed": False, "address": "", "reachable": True, "demands_logon": False}
_BY_PROXY = {
    "needed": True,
    "address": "proxy:8080",
    "reachable": True,
    "demands_logon": True,
    "user": "PROXY_USER",
    "password_current": True,
}
_PEER = {
    "name_resolves": True,
    "port_open": True,
    "tls_versions": _VERSIONS,
    "cipher_suites": _SUITES,
    "sni_needed": True,
    "client_certificate": "optional",
    "client_authorities": [_ROOT],
    "client_certificate_known": True,
    "forwards_client_certificate": False,
    "wsdl_protected": False,
}
_NO_USER = {"user": "", "password_stored": False}
_STORED = {"user": "CALL_USER", "password_stored": True, "password_readable": True, "password_current": True}
_CALLS: Mapping[str, Mapping[str, Any]] = {
    "client-certificate": {
        **_NO_USER,
        "url": "https://peer/service",
        "wsdl_fetched": False,
        "encryption_demanded": False,
        "proxy": _DIRECT,
        "peer": {
            **_PEER,
            "client_certificate": "required",
            "forwards_client_certificate": True,
            "intermediary_subject": "CN=proxy",
            "intermediary_issuer": _ROOT,
            "trusted_reverse_proxies": [f'SUBJECT="CN=proxy", ISSUER="{_ROOT}"'],
        },
    },
    "basic": {
        **_STORED,
        "url": "https://peer/service",
        "wsdl_fetched": True,
        "wsdl_credentials": True,
        "encryption_demanded": False,
        "proxy": _BY_PROXY,
        "peer": {**_PEER, "wsdl_protected": True},
    },
    "username-token": {
        **_STORED,
        "url": "http://peer:8000/service",
        "wsdl_fetched": False,
        "encryption_demanded": True,
        "encryption_certificate_named": True,
        "proxy": _DIRECT,
        "peer": _PEER,
    },
}


def with_calls(facts: Facts, moment: dt.datetime, method: str) -> Facts:
    """Return a description in which every outbound call works; one call where none is described.

    A call of which nobody said how it authenticates does so by ``method``.
    """
    plain: dict[str, Any] = msgspec.to_builtins(facts.description)
    dates = {
        "not_before": (moment - dt.timedelta(days=365)).isoformat(),
        "not_after": (moment + dt.timedelta(days=365)).isoformat(),
    }
    consumer = plain.setdefault("consumer", {})
    _fill(consumer, {"https_service": True, "client_sni": True, "tls_versions": _VERSIONS, "cipher_suites": _SUITES})
    consumer["calls"] = [dict(one) for one in consumer.get("calls", ())] or [{"logical_port": NAME}]
    plain["pses"] = [dict(one) for one in plain.get("pses", ())]
    for call in consumer["calls"]:
        accepted = call.get("peer", {}).get("authentication", ())
        call.setdefault("authentication", next(iter(accepted), method))
        _call(plain, call, dates)
    return Facts(msgspec.convert(plain, looked_at(Description)), facts.places, facts.name)


def _call(plain: dict[str, Any], call: dict[str, Any], dates: Mapping[str, str]) -> None:
    """Fill in one call, its PSE and its peer."""
    usual = _CALLS.get(call["authentication"], _CALLS["username-token"])
    given = call.get("proxy", {}).get("address")
    if given is not None:
        usual = {**usual, "proxy": _BY_PROXY if given else _DIRECT}
    _fill(call, {**usual, "peer": {**usual["peer"], "authentication": [call["authentication"]]}})
    parts = url.parse(call["url"])
    https = parts is not None and parts.scheme == "https"
    if call["encryption_demanded"]:
        _fill(call, {"encryption_certificate_named": True, "encryption_certificate": {**dates}})
    call.setdefault("ssl_client_pse", "DFAULT" if https else "")
    peer = call["peer"]
    peer.setdefault("published_url", call["url"])
    peer.setdefault("speaks_tls", https)
    if not https:
        return
    pse = _pse(plain, call["ssl_client_pse"])
    if pse is None:
        return
    host = parts.host if parts is not None else "peer"
    root = next((one["subject"] for one in pse.get("trusted", ()) if "subject" in one), _ROOT)
    issuing = peer.get("issuer_at_system", _ISSUING)
    sent = [
        {"subject": f"CN={host}", "issuer": issuing, "names": [host], **dates},
        {"subject": issuing, "issuer": root, **dates},
    ]
    peer.setdefault("certificates", sent)
    for number, one in enumerate(peer["certificates"]):
        _fill(one, sent[min(number, 1)])
    own = peer["certificates"][0] if peer["certificates"] else sent[0]
    peer.setdefault("issuer_at_system", own.get("issuer", _ISSUING))
    top = (peer["certificates"] or sent)[-1].get("issuer", root)
    pse.setdefault("trusted", [{"subject": top, "issuer": top, **dates}])
    pse.setdefault("exists", True)
    pse.setdefault("own_certificate_fits_key", True)
    above = next((one["subject"] for one in pse.get("own_chain", ()) if "subject" in one), _ISSUING)
    _fill(pse, {"own_certificate": {"subject": "CN=client", "issuer": above, **dates}})
    authority = next(iter(peer["client_authorities"]), _ROOT)
    issuer = pse["own_certificate"]["issuer"]
    chain = [{"subject": issuer, "issuer": authority, **dates}, {"subject": authority, "issuer": authority, **dates}]
    pse.setdefault("own_chain", chain)


def _pse(plain: dict[str, Any], identity: str) -> dict[str, Any] | None:
    """Return the PSE that a call names, described now if it was not; nothing where it names none."""
    if not identity:
        return None
    named = _APPLICATIONS.get(identity.upper())
    wanted: dict[str, Any] = {"application": named} if named else {"application": "ssl-client", "identity": identity}
    for pse in plain["pses"]:
        if all(pse.get(key) == value for key, value in wanted.items()):
            return pse  # type: ignore[no-any-return]
    plain["pses"].append(wanted)
    return wanted


def _fill(item: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Give what is not there, also in records below."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            below = item[name] = dict(item.get(name, {}))
            _fill(below, value)
        else:
            item.setdefault(name, value)
