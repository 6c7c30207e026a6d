"""What a healthy system needs to accept the tokens of captured requests: trust, mappings, security contexts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wssdoctor.check.check import Known
from wssdoctor.check.result import Subject
from wssdoctor.description.description import Description
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.provider.algorithms import suite_of
from wssdoctor.provider.signed_by import described, issuer_certificate, signer_certificate
from wssdoctor.provider.situation import Situation
from wssdoctor.typed import looked_at
from wssdoctor.wsse.saml_assertion import SamlAssertion

_SUITES = ("Basic256Sha256", "Basic128Sha256", "TripleDesSha256", "Basic256", "Basic128", "TripleDes")
_SIGNED = ("x509-signature", "saml", "secure-conversation")
_USER = "MAPPED_USER"
"""Who a certificate or an assertion stands for where nobody described any user."""


def with_tokens(plain: dict[str, Any], case: Case) -> None:
    """Add to a description, as plain data, what the requests of a case need."""
    for request in case.requests:
        situation = Situation(case.facts, request, forensics=case.memory.replayer.forensics)
        binding = _binding(plain, situation)
        tokens = _value(situation, "message.tokens") or ()
        if binding is not None:
            method = binding.setdefault("authentication", tokens[0] if tokens else "username-token")
            if method in _SIGNED:
                _suite(binding, situation)
                binding.setdefault("signed_parts", ["Body", "Timestamp"])
        assertion = _value(situation, "message.assertion")
        if assertion is not None:
            _assertion(plain, binding, assertion, situation)
        elif "x509-signature" in tokens:
            _certificate(plain, situation)
        context = _value(situation, "message.context_token")
        if context is not None:
            known = {"identifier": context.identifier or "", "user": _user(plain)}
            expires = (case.moment + dt.timedelta(days=1)).isoformat()
            plain.setdefault("security_contexts", [{**known, "expires": expires}])
        _stands_for(plain, situation)


def _value(situation: Situation, path: str) -> Any:
    found = situation.find(path, Subject())
    return found.value if isinstance(found, Known) else None


def _binding(plain: Mapping[str, Any], situation: Situation) -> dict[str, Any] | None:
    """Return the binding that the request meets."""
    path = _value(situation, "request.path")
    fitting = [one for one in plain.get("bindings", ()) if path is not None and path.startswith(one["path"])]
    return max(fitting, key=lambda one: len(one["path"]), default=None)


def _suite(binding: dict[str, Any], situation: Situation) -> None:
    """Choose a suite that accepts what the message uses, if there is one."""
    used = _value(situation, "message.algorithms") or ()
    suites = [suite for suite in map(suite_of, _SUITES) if suite is not None]
    fitting = (
        suite.name for suite in suites if all(one.uri in suite.accepted.get(one.use, (one.uri,)) for one in used)
    )
    binding.setdefault("algorithm_suite", next(fitting, _SUITES[0]))


def _certificate(plain: dict[str, Any], situation: Situation) -> None:
    """Trust the certificate that signed, and map it."""
    signer = signer_certificate(situation)
    if signer is None:
        return
    _trust(plain, "wsse", described(signer))
    entry = {"type": "DN", "external_id": str(signer.subject), "user": _user(plain), "active": True}
    plain.setdefault("external_ids", [entry])
    plain.setdefault("certificate_rules", [])
    plain.setdefault("certificate_users", [])


def _assertion(
    plain: dict[str, Any], binding: dict[str, Any] | None, assertion: SamlAssertion, situation: Situation
) -> None:
    """Trust the issuer in the model that is set, and map the name in the assertion."""
    setup, trust = plain["wss_setup"], plain.setdefault("saml_trust", {})
    issuer = assertion.issuer or ""
    setting = setup.setdefault("saml_trust", "ticket" if assertion.version.startswith("1") else "saml2")
    model = "saml2" if assertion.version == "2.0" else setting
    certificate = described(issuer_certificate(situation))
    trust.setdefault("ticket_issuers", [issuer] if model == "ticket" else [])
    trust.setdefault("saml2_providers", [issuer] if model == "saml2" else [])
    audience = next((one for allowed in assertion.audiences or () for one in allowed), None)
    if audience is not None:
        trust.setdefault("local_provider", audience)
    trust.setdefault("providers", [{"name": issuer}] if model == "saml2" else [])
    for provider in trust["providers"]:
        if certificate is not None and provider["name"] == issuer:
            provider.setdefault("certificates", [certificate])
        provider.setdefault("name_ids", [{"format": "unspecified", "source": "user"}])
    if model == "ticket":
        _trust(plain, "system", certificate)
    if assertion.kinds:
        _trust(plain, "wsse", described(signer_certificate(situation)))
    if binding is not None:
        binding.setdefault("saml_confirmation", [kind for kind in assertion.kinds if kind != "bearer"])
    user = _user(plain, assertion.name_id if model == "saml2" else None)
    entry = {"type": "SA", "external_id": f"{issuer}::{assertion.name_id or ''}", "user": user, "active": True}
    plain.setdefault("external_ids", [entry])


def _trust(plain: dict[str, Any], application: str, certificate: dict[str, str] | None) -> None:
    """Put a certificate into the certificate list of a PSE of which nobody said what it trusts."""
    if all(pse["application"] != application for pse in plain["pses"]):
        plain["pses"].append({"application": application, "exists": True})
    for pse in plain["pses"]:
        if pse["application"] == application and certificate is not None:
            pse.setdefault("trusted", [certificate])


def _user(plain: Mapping[str, Any], name: str | None = None) -> str:
    described_ = [user["name"] for user in plain.get("users", ())]
    return name.strip().upper() if name else next(iter(described_), _USER)


def _stands_for(plain: dict[str, Any], situation: Situation) -> None:
    """Add the user as whom the request then goes on."""
    facts = Facts(msgspec.convert(plain, looked_at(Description)), {}, "")
    user = _value(Situation(facts, situation.request, forensics=situation.forensics), "token.user")
    if user and all(one["name"].upper() != user for one in plain.get("users", ())):
        plain["users"] = [*plain.get("users", ()), {"name": user}]
