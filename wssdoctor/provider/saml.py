"""Stage token: SAML assertions under both trust models, their validity, audience and confirmation."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from wssdoctor.check.check import Known, Verdict, check, failed, not_applicable, passed
from wssdoctor.description.identity import ExternalId
from wssdoctor.evidence import Computed, Located, Sensitivity
from wssdoctor.provider.signature import trusted, within_validity
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse.saml_assertion import SamlAssertion
from wssdoctor.wsse.timestamp import seconds
from wssdoctor.wsse.verification import Verification

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate_path import Path

_AFTER = ("binding.token-present", "soap.security-header-processed")
_SAML = {"bindings[].authentication": ("saml",)}


@check(
    "saml.trust-model",
    "SAML trust was maintained in the model that WSS_SETUP names",
    Stage.TOKEN,
    rationale="The ticket model uses PSE, ACL and USREXTID, for SAML 1.1 alone; the SAML2 model transaction SAML2, as "
    "every assertion of SAML 2.0 does (SAP Help: message-based authentication; data element SEC_SAML11_TRUST, from 7.30 on).",
    only_if=_SAML,
    needs=(
        "saml_trust.model",
        "saml_trust.ticket_issuers",
        "saml_trust.saml2_providers",
        "external_ids",
    ),
    each="bindings",
    answer="saml-not-trusted",
)
def trust_model(
    model: Known[str],
    issuers: Known[tuple[str, ...]],
    providers: Known[tuple[str, ...]],
    mappings: Known[tuple[ExternalId, ...]],
) -> Verdict:
    mapped = any(entry.type == "SA" for entry in mappings.value)
    maintained = bool(providers.value) if model.value == "saml2" else bool(issuers.value) and mapped
    if maintained:
        return passed()
    other = providers if model.value == "ticket" else issuers
    return failed(
        f"the trust model that counts is {model.value}, and no trust was maintained there",
        model.compared("SAML trust model", "the one in which trust was maintained"),
        other.compared("trust in the other model", "not needed"),
    )


@check(
    "saml.signed",
    "The assertion is signed by its issuer, or vouched for by the sender",
    Stage.TOKEN,
    rationale="Every assertion but one for which the sender vouches needs its issuer's signature (WSS SAML Token Profile "
    "1.1.1, section 3.5).",
    only_if=_SAML,
    needs=("message.assertion", "message.verification"),
    after=_AFTER,
    answer="saml-not-trusted",
    reasons=("unsigned",),
)
def signed(assertion: Known[SamlAssertion], verified: Known[Verification]) -> Verdict:
    found = [fault for fault in verified.value.faults if fault.fault == "saml-signature-missing"]
    if not found:
        return passed()
    return failed("the assertion is not signed", Located(found[0].says, assertion.place), reason="unsigned")


@check(
    "saml.issuer-known",
    "The assertion's issuer is one whose assertions are accepted",
    Stage.TOKEN,
    rationale="Ticket model: the issuer is in the access control list (TWPSSO2ACL); SAML2 model: it is a trusted provider "
    "(SAP Help: SAML trust; data element SEC_SAML11_TRUST). WSS022 otherwise.",
    only_if=_SAML,
    needs=(
        "message.assertion",
        "saml_trust.model",
        "saml_trust.accepted_issuers",
    ),
    after=(*_AFTER, "saml.trust-model"),
    answer="saml-not-trusted",
    reasons=("unknown", "spelling"),
)
def issuer_known(assertion: Known[SamlAssertion], model: Known[str], accepted: Known[tuple[str, ...]]) -> Verdict:
    issuer = assertion.value.issuer or ""
    if issuer in accepted.value:
        return passed()
    near = [one for one in accepted.value if one.strip(" /").casefold() == issuer.strip(" /").casefold()]
    return failed(
        f"the issuer is not known in the {model.value} model" + (": it is spelled differently" if near else ""),
        accepted.compared("issuers that are accepted", issuer),
        assertion.compared("Issuer", "one of these", issuer or "(none)"),
        reason="spelling" if near else "unknown",
    )


@check(
    "saml.issuer-trusted",
    "The certificate that answers for the assertion is trusted",
    Stage.TOKEN,
    rationale="Ticket model: the certificate list of the system PSE; SAML2 model: the certificates of the trusted provider "
    "(data element SEC_SAML11_TRUST; long text of WSS022).",
    only_if=_SAML,
    needs=("issuer.path",),
    after=(*_AFTER, "saml.trust-model", "saml.issuer-known", "saml.signed", "signature.readable"),
    answer="saml-not-trusted",
    reasons=("untrusted", "chain-incomplete", "unfit"),
)
def issuer_trusted(path: Known[Path]) -> Verdict:
    return trusted(path, "the certificate behind the assertion")


@check(
    "saml.issuer-certificate-valid",
    "The certificate that answers for the assertion is within its validity",
    Stage.TOKEN,
    rationale="A certificate counts from NotBefore to NotAfter (RFC 5280, 4.1.2.5).",
    only_if=_SAML,
    needs=("issuer.path",),
    after=(*_AFTER, "saml.trust-model", "saml.issuer-known", "saml.signed", "signature.readable"),
    answer="saml-not-trusted",
    reasons=("expired", "not-yet-valid", "issuer-expired"),
)
def issuer_valid(path: Known[Path]) -> Verdict:
    return within_validity(path, "the certificate behind the assertion")


@check(
    "saml.within-validity",
    "The assertion is within its validity",
    Stage.TOKEN,
    rationale="NotBefore and NotOnOrAfter of Conditions bound an assertion (SAML Core 2.0, section 2.5.1). That the tolerance "
    "of WSS_SETUP widens them is inferred.",
    only_if=_SAML,
    needs=("message.assertion", "time.provider", "wss_setup.time_tolerance_seconds"),
    after=(*_AFTER, "clock.within-tolerance"),
    answer="saml-expired",
    reasons=("expired", "not-yet-valid"),
)
def within(assertion: Known[SamlAssertion], now: Known[dt.datetime], tolerance: Known[int]) -> Verdict:
    window = assertion.value.conditions
    if window is None:
        return passed(says="it names no Conditions")
    widened = dt.timedelta(seconds=tolerance.value)
    if window.not_on_or_after is not None and now.value - widened >= window.not_on_or_after:
        evidence = _window(assertion, "NotOnOrAfter", window.not_on_or_after, now, tolerance)
        return failed("the assertion has expired", evidence, reason="expired")
    if window.not_before is not None and now.value + widened < window.not_before:
        evidence = _window(assertion, "NotBefore", window.not_before, now, tolerance)
        return failed("the assertion is not valid yet", evidence, reason="not-yet-valid")
    return passed()


def supported_confirmations(version: str | None) -> tuple[str, ...]:
    """Return the methods that AS ABAP supports for a version of SAML (SAP wiki: Web Service Security troubleshooting)."""
    return ("sender-vouches", "holder-of-key") if version == "1.1" else ("holder-of-key",)


def _window(
    assertion: Known[SamlAssertion], name: str, limit: dt.datetime, now: Known[dt.datetime], tolerance: Known[int]
) -> Computed:
    inputs = (
        (name, f"{limit:%Y-%m-%dT%H:%M:%SZ}"),
        ("arrival by the provider's clock", f"{now.value:%Y-%m-%dT%H:%M:%SZ}"),
        ("time tolerance", f"{tolerance.value} s"),
    )
    beyond = seconds(abs(now.value - limit))
    return Computed(f"arrival against {name}", inputs, (), f"{beyond} beyond", assertion.place)


@check(
    "saml.audience",
    "The assertion is meant for this system",
    Stage.TOKEN,
    rationale="An assertion with an AudienceRestriction is valid only for the audiences named (SAML Core 2.0, section "
    "2.5.1.4); this system is the local provider of transaction SAML2.",
    only_if={**_SAML, "saml_trust.model": ("saml2",)},
    needs=("message.assertion", "saml_trust.local_provider"),
    after=_AFTER,
    answer="saml-not-accepted",
    reasons=("audience",),
)
def audience(assertion: Known[SamlAssertion], own: Known[str]) -> Verdict:
    if not assertion.value.audiences:
        return not_applicable("the assertion restricts no audience")
    for allowed in assertion.value.audiences:
        if own.value not in allowed:
            return failed(
                "the assertion is meant for somebody else",
                own.compared("local provider", ", ".join(allowed)),
                assertion.compared("Audience", own.value, ", ".join(allowed)),
                reason="audience",
            )
    return passed()


@check(
    "saml.confirmation-supported",
    "The subject confirmation method is one that the provider knows",
    Stage.TOKEN,
    rationale="Sender-vouches with SAML 1.1, holder-of-key with either version; bearer is not supported (SAP wiki: Web "
    "Service Security troubleshooting; WSS028).",
    only_if=_SAML,
    needs=("message.assertion",),
    after=_AFTER,
    answer="saml-confirmation",
    reasons=("method", "version"),
)
def confirmation_supported(assertion: Known[SamlAssertion]) -> Verdict:
    allowed = supported_confirmations(assertion.value.version)
    if set(assertion.value.kinds) & set(allowed):
        return passed()
    came = ", ".join(assertion.value.kinds) or "none"
    return failed(
        f"SAML {assertion.value.version} with {came} is not supported",
        assertion.compared("subject confirmation", " or ".join(allowed), came),
        reason="version" if set(assertion.value.kinds) & set(supported_confirmations("1.1")) else "method",
    )


@check(
    "saml.confirmation-expected",
    "The subject confirmation method is one that the endpoint expects",
    Stage.TOKEN,
    rationale="The binding names the method (property AuthenticationMethod.SAML.SubjectConfirmationMethod); WSS028.",
    only_if=_SAML,
    needs=("message.assertion", "bindings[].saml_confirmation"),
    after=(*_AFTER, "saml.confirmation-supported"),
    answer="saml-confirmation",
    reasons=("method",),
)
def confirmation_expected(assertion: Known[SamlAssertion], wanted: Known[tuple[str, ...]]) -> Verdict:
    if set(assertion.value.kinds) & set(wanted.value):
        return passed()
    came = ", ".join(assertion.value.kinds) or "none"
    return failed(
        "the endpoint expects another confirmation method",
        assertion.compared("subject confirmation", " or ".join(wanted.value), came),
        wanted.compared("confirmation methods of the binding", came),
        reason="method",
    )


@check(
    "saml.confirmed",
    "The message proves the subject's confirmation",
    Stage.TOKEN,
    rationale="Holder-of-key: the message is signed with the key in the assertion; sender-vouches: the sender signs the "
    "assertion together with the Body (WSS SAML Token Profile 1.1.1, section 3.5).",
    only_if=_SAML,
    needs=("message.assertion", "message.verification"),
    after=(
        *_AFTER,
        "saml.confirmation-supported",
        "saml.signed",
        "capture.unaltered",
        "signature.readable",
        "signature.unaltered",
    ),
    answer="saml-not-accepted",
    reasons=("holder", "sender"),
)
def confirmed(assertion: Known[SamlAssertion], verified: Known[Verification]) -> Verdict:
    found = [fault for fault in verified.value.faults if fault.fault == "saml-confirmation-failed"]
    if not found:
        return passed()
    reason = "sender" if found[0].reason == "sender-does-not-vouch" else "holder"
    says = {
        "sender": "the sender did not sign the assertion together with the Body",
        "holder": "the message is not signed with the key of the holder",
    }[reason]
    evidence = Located(found[0].says, assertion.place, Sensitivity.IDENTIFYING)
    return failed(says, evidence, reason=reason)


CHECKS = (
    trust_model,
    signed,
    issuer_known,
    issuer_trusted,
    issuer_valid,
    within,
    audience,
    confirmation_supported,
    confirmation_expected,
    confirmed,
)
