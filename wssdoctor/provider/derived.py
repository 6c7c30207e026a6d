"""Facts that description and message yield together: whose key signed, who the user is, what was seen before.

Each is worked out at most once for a request, and what it reads is remembered with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.description.facts import general
from wssdoctor.description.identity import TrustedProvider
from wssdoctor.description.pse import Certificate, Pse
from wssdoctor.provider import mapping
from wssdoctor.provider.algorithms import suite_of, suite_of_setup
from wssdoctor.provider.forensics import WANTING, Held, placed
from wssdoctor.provider.history import REMEMBERED, Seen
from wssdoctor.wsse import certificate as x509
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.outline import pem
from wssdoctor.wsse.verification import SignatureReport, Verification

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation

MISMATCHES = ("digest-mismatch", "signature-value-mismatch")
"""Faults that say that the message is not the one that was signed."""
_REQUEST = Subject()
_KEY_PSES = ("wsse", "system", "saml2")
_IDENTITIES = (UNSET, "", "WSSKEY", "WSSE", "DFAULT")
"""Names of the usual identity for signature checks; others hold keys of other partners."""
_NO_AGE = dt.timedelta()
_RULE_BASED = "login/certificate_mapping_rulebased"
# SAML Core 2.0, section 8.3; a NameID without format is unspecified.
_FORMATS = {
    "emailAddress": "email",
    "X509SubjectName": "x509-subject",
    "WindowsDomainQualifiedName": "windows-name",
    "kerberos": "kerberos",
    "persistent": "persistent",
    "transient": "transient",
    "entity": "entity",
}


def _verification(situation: Situation) -> Finding:
    request = situation.request
    if request is None:
        return Missing("message.security_header")
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    if request.signed_as.security is None:
        return Inapplicable("the message carries no security header")
    found = situation.forensics.alone(request)
    if any(fault.fault in WANTING for fault in found.faults):
        found = situation.forensics.with_held(request, _held(situation))
    header = request.find("message.security_header")
    place = header.place if isinstance(header, Known) else request.place()
    return Known("message.verification", found, place)


def _held(situation: Situation) -> Held:
    """Everything in which a key that the message only names may be found."""
    pems = [
        certificate.pem
        for pse in situation.records("pses")
        if pse.application in _KEY_PSES
        for certificate in (pse.own_certificate, *(pse.trusted if isinstance(pse.trusted, tuple) else ()))
        if isinstance(certificate, Certificate)
    ]
    for provider in situation.records("saml_trust.providers"):
        pems += [one.pem for one in provider.certificates or ()]
    secrets = [
        (one.identifier, one.secret) for one in situation.records("security_contexts") if isinstance(one.secret, str)
    ]
    return Held(tuple(dict.fromkeys(pem for pem in pems if isinstance(pem, str))), tuple(secrets))


def _signatures(situation: Situation) -> Sequence[SignatureReport] | Missing | Inapplicable:
    verification = situation.find("message.verification", _REQUEST)
    if not isinstance(verification, Known):
        assert isinstance(verification, Missing | Inapplicable)
        return verification
    return verification.value.signatures or Inapplicable("the message is not signed")


def _faults(situation: Situation) -> Finding:
    """Everything that is wrong with signatures, whoever made them."""
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    verification: Known[Verification] = situation.find("message.verification", _REQUEST)  # type: ignore[assignment]
    request = situation.request
    assert request is not None
    found = tuple([placed(fault, request) for fault in verification.value.faults])
    return Known("message.signature_faults", found, verification.place)


def _integrity(situation: Situation) -> Finding:
    """The mismatches; unknown where there are none and a value could not be judged for want of its secret."""
    found = situation.find("message.signature_faults", _REQUEST)
    if not isinstance(found, Known):
        return found
    mismatches = tuple(fault for fault in found.value if fault.fault in MISMATCHES)
    if not mismatches and any(fault.fault == "context-unknown" for fault in found.value):
        return Missing("security_contexts[].secret")
    return Known("message.integrity", mismatches, found.place)


def _signer(situation: Situation) -> x509.Certificate | Missing | Inapplicable:
    """The certificate that signed the message, not an assertion in it."""
    report = _signer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    assert report.certificate is not None
    return situation.forensics.certificate_of(report.certificate)


def _signer_report(situation: Situation) -> SignatureReport | Missing | Inapplicable:
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    own = [one for one in signatures if not one.inner and one.certificate is not None]
    return own[0] if own else Inapplicable("no signature leads to a certificate")


def _signer_path(situation: Situation) -> Finding:
    """The path from the signer's certificate to the certificate list of the WS-Security PSE."""
    report = _signer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    pse = _pse(situation, "wsse")
    if isinstance(pse, Missing):
        return pse
    record = situation.record(pse)
    if record.trusted is UNSET:
        return Missing("pses[].trusted")
    return _path(situation, report, f"{pse}.trusted", tuple(record.trusted), direct=False)


def _pse(situation: Situation, application: str) -> str | Missing:
    """Return the path of the PSE that counts: the usual identity, or the only one."""
    own: list[tuple[int, Pse]] = [
        (index, pse) for index, pse in enumerate(situation.records("pses")) if pse.application == application
    ]
    if not own:
        return Missing("pses")
    usual = [index for index, pse in own if pse.identity in _IDENTITIES]
    return f"pses[{(usual or [own[0][0]])[0]}]"


def _path(
    situation: Situation,
    report: SignatureReport,
    where: str,
    trusted: tuple[Certificate, ...],
    *,
    direct: bool,
) -> Finding:
    """Judge a certificate by a list; unknown where the list names, without its content, one that may fit."""
    now = situation.find("time.provider", _REQUEST)
    if not isinstance(now, Known):
        return now
    assert report.certificate is not None
    certificate = situation.forensics.certificate_of(report.certificate)
    path = _store(situation, trusted, direct=direct).judge(
        certificate,
        now.value,
        "Signature",
        sent=tuple(situation.forensics.certificate_of(one) for one in report.sent_certificates),
    )
    if not path.complete:
        wanted = {str(mapping.name_in(one)) for one in (str(certificate.subject), str(certificate.issuer))}
        unread = [one for one in trusted if one.pem is UNSET]
        if any(one.subject is UNSET or str(mapping.name_in(str(one.subject))) in wanted for one in unread):
            return Missing(f"{general(where)}[].file")
    return Known(where, path, situation.facts.place(where))


def _store(situation: Situation, trusted: tuple[Certificate, ...], *, direct: bool) -> TrustStore:
    pems = tuple([one.pem for one in trusted if isinstance(one.pem, str)])
    return situation.forensics.store((), pems) if direct else situation.forensics.store(pems)


def _issuer_report(situation: Situation) -> SignatureReport | Missing | Inapplicable:
    """The signature that answers for the assertion: its issuer's, or that of a sender who vouches."""
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    inner = [one for one in signatures if one.inner]
    assertion = situation.find("message.assertion", _REQUEST)
    if not inner and isinstance(assertion, Known) and "sender-vouches" in assertion.value.kinds:
        return _signer_report(situation)
    with_certificate = [one for one in inner if one.certificate is not None]
    if inner and not with_certificate:
        return Inapplicable("the assertion's signature leads to no certificate")
    return with_certificate[0] if with_certificate else Inapplicable("nobody signed for the assertion")


def _issuer_path(situation: Situation) -> Finding:
    """The path from the certificate behind the assertion to where the SAML trust model looks."""
    report = _issuer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    model = situation.find("wss_setup.saml_trust", _REQUEST)
    if not isinstance(model, Known):
        return model
    if model.value == "saml2":
        provider = _provider(situation)
        if isinstance(provider, Missing | Inapplicable):
            return provider
        path, record = provider
        if record.certificates is UNSET:
            return Missing("saml_trust.providers[].certificates")
        return _path(situation, report, f"{path}.certificates", record.certificates, direct=True)
    pse = _pse(situation, "system")
    if isinstance(pse, Missing):
        return pse
    record_ = situation.record(pse)
    if record_.trusted is UNSET:
        return Missing("pses[].trusted")
    own = (record_.own_certificate,) if isinstance(record_.own_certificate, Certificate) else ()
    return _path(situation, report, f"{pse}.trusted", (*record_.trusted, *own), direct=False)


def _provider(situation: Situation) -> tuple[str, TrustedProvider] | Missing | Inapplicable:
    """Return the trusted provider that has the name of the assertion's issuer."""
    assertion = situation.find("message.assertion", _REQUEST)
    if not isinstance(assertion, Known):
        assert isinstance(assertion, Missing | Inapplicable)
        return assertion
    for index, one in enumerate(situation.records("saml_trust.providers")):
        if one.name == assertion.value.issuer:
            return f"saml_trust.providers[{index}]", one
    named = situation.find("saml_trust.saml2_providers", _REQUEST)
    if isinstance(named, Known) and assertion.value.issuer not in named.value:
        return Inapplicable("the issuer is not among the trusted providers")
    return Missing("saml_trust.providers")


def _accepted_issuers(situation: Situation) -> Finding:
    """The names of issuers that count in the trust model of WSS_SETUP."""
    model = situation.find("wss_setup.saml_trust", _REQUEST)
    if not isinstance(model, Known):
        return model
    return situation.find(f"saml_trust.{'saml2_providers' if model.value == 'saml2' else 'ticket_issuers'}", _REQUEST)


def _certificate_mapping(situation: Situation) -> Finding:
    signer = _signer(situation)
    if isinstance(signer, Missing | Inapplicable):
        return signer
    profile = situation.find("profile", _REQUEST)
    if not isinstance(profile, Known):
        return profile
    if str(profile.value.get(_RULE_BASED, "0")).strip() != "1":
        entries = situation.find("external_ids", _REQUEST)
        if not isinstance(entries, Known):
            return entries
        known = entries.value
        by_entry = situation.forensics.for_list(signer, known, lambda: mapping.by_certificate(signer, known))
        return _mapped(situation, "certificate.mapping", by_entry)
    rules = situation.find("certificate_rules", _REQUEST)
    explicit = situation.find("certificate_users", _REQUEST)
    for found in (rules, explicit):
        if not isinstance(found, Known):
            return found
    assert isinstance(rules, Known)
    assert isinstance(explicit, Known)
    needs_users = any(rule.login_as != "user" for rule in rules.value)
    users = situation.find("users", _REQUEST) if needs_users else Known("users", (), rules.place)
    if not isinstance(users, Known):
        return users
    return _mapped(situation, "certificate.mapping", mapping.by_rule(signer, rules.value, explicit.value, users.value))


def _mapped(situation: Situation, name: str, found: mapping.Mapped | mapping.Lacking) -> Finding:
    if isinstance(found, mapping.Lacking):
        return Missing(found.path)
    sensitivity = situation.sensitivity("external_ids[].external_id")
    return Known(name, found, situation.facts.place(found.where), sensitivity)


def _saml_mapping(situation: Situation) -> Finding:
    assertion = situation.find("message.assertion", _REQUEST)
    model = situation.find("wss_setup.saml_trust", _REQUEST)
    for found in (assertion, model):
        if not isinstance(found, Known):
            return found
    assert isinstance(assertion, Known)
    assert isinstance(model, Known)
    name, issuer = assertion.value.name_id or "", assertion.value.issuer or ""
    if model.value == "ticket":
        return _by_external_name(situation, f"{issuer}::{name}")
    provider = _provider(situation)
    if isinstance(provider, Missing | Inapplicable):
        return provider
    record = provider[1]
    if record.name_ids is UNSET:
        return Missing("saml_trust.providers[].name_ids")
    kind = _FORMATS.get((assertion.value.name_format or "").rpartition(":")[2], "unspecified")
    chosen = next((one for one in record.name_ids if one.format == kind), None)
    if chosen is None:
        near = f"NameID format {kind} is not supported for this provider"
        return _mapped(situation, "saml.mapping", mapping.Mapped(name, f"{provider[0]}.name_ids", near=near))
    if chosen.source is UNSET:
        return Missing("saml_trust.providers[].name_ids[].source")
    if chosen.source == "external-id":
        return _by_external_name(situation, f"{issuer}::{name}")
    if chosen.source == "x509-subject":
        return _by_subject(situation, name)
    users = situation.find("users", _REQUEST) if chosen.source != "user" else Known("users", (), assertion.place)
    if not isinstance(users, Known):
        return users
    found_users = mapping.by_login(name, chosen.source, users.value)
    if isinstance(found_users, mapping.Lacking):
        return Missing(found_users.path)
    return _mapped(situation, "saml.mapping", mapping.Mapped(name, "users", found_users))


def _by_external_name(situation: Situation, name: str) -> Finding:
    entries = situation.find("external_ids", _REQUEST)
    if not isinstance(entries, Known):
        return entries
    report = _issuer_report(situation)
    signer = (
        situation.forensics.certificate_of(report.certificate)
        if isinstance(report, SignatureReport) and report.certificate
        else None
    )
    return _mapped(situation, "saml.mapping", mapping.by_external_name(name, entries.value, signer))


def _by_subject(situation: Situation, subject: str) -> Finding:
    entries = situation.find("external_ids", _REQUEST)
    if not isinstance(entries, Known):
        return entries
    return _mapped(situation, "saml.mapping", mapping.by_subject(subject, entries.value))


def _context(situation: Situation) -> Finding:
    """The security context that the message names, or nothing where the provider does not know it."""
    token = situation.find("message.context_token", _REQUEST)
    if not isinstance(token, Known):
        return token
    contexts = situation.find("security_contexts", _REQUEST)
    if not isinstance(contexts, Known):
        return contexts
    for index, one in enumerate(contexts.value):
        if one.identifier == token.value.identifier:
            path = f"security_contexts[{index}]"
            return Known("context", one, situation.facts.place(path))
    return Known("context", None, token.place)


def _context_expiry(situation: Situation) -> Finding:
    context = situation.find("context", _REQUEST)
    if not isinstance(context, Known):
        return context
    if context.value is None:
        return Inapplicable("the security context is not known")
    if context.value.expires is UNSET:
        return Missing("security_contexts[].expires")
    return Known("context.expires", context.value.expires, context.place)


def _user(situation: Situation) -> Finding:
    """The user as whom the request goes on: named by the UsernameToken, mapped, or kept in the security context."""
    token = situation.find("message.username_token", _REQUEST)
    if isinstance(token, Known):
        return Known("token.user", (token.value.username or "").strip().upper(), token.place, token.sensitivity)
    context = situation.find("context", _REQUEST)
    if isinstance(context, Missing):
        return context
    if isinstance(context, Known):
        if context.value is None:
            return Inapplicable("the security context is not known, so it stands for no user")
        if context.value.user is UNSET:
            return Missing("security_contexts[].user")
        return Known("token.user", context.value.user.upper(), context.place)
    found = situation.find(
        "saml.mapping" if isinstance(situation.find("message.assertion", _REQUEST), Known) else "certificate.mapping",
        _REQUEST,
    )
    if isinstance(found, Inapplicable):
        tokens = situation.find("message.tokens", _REQUEST)
        if (
            isinstance(tokens, Known)
            and "saml" in tokens.value
            and not isinstance(situation.find("message.assertion", _REQUEST), Known)
        ):
            return NotModelled("the user in an encrypted assertion")
        return Inapplicable("the message names no user")
    if not isinstance(found, Known):
        return found
    if len(found.value.users) != 1:
        return Inapplicable("no single user is mapped")
    return Known("token.user", found.value.users[0], found.place, found.sensitivity)


def _seen_before(situation: Situation) -> Finding:
    request = situation.request
    if request is None or not request.signed_as.signature_values:
        return Inapplicable("the message is not signed")
    before = situation.history.before(request)
    if before is None:
        return Missing("time.arrival")
    stored = situation.find("signature_store", _REQUEST)
    if isinstance(stored, Known) and stored.value and request.signature_values:
        time = request.capture.time
        if time is None:
            return Missing("time.arrival")
        before += tuple(
            Seen(one.seen_at, f"signature_store[{index}]")
            for index, one in enumerate(stored.value)
            if "".join(one.value.split()) in request.signature_values
            and _NO_AGE <= time.moment - one.seen_at <= REMEMBERED
        )
    if not before and not isinstance(stored, Known):
        return stored
    return request.known("message.seen_before", before)


def _suite(situation: Situation) -> Finding:
    """The suite of the binding, or where it states none what WSS_SETUP chose for all."""
    own = situation.find("bindings[].algorithm_suite", _REQUEST)
    if isinstance(own, Known):
        suite = suite_of(own.value)
        if suite is None:
            return NotModelled(f"the algorithm suite {own.value[:40]}")
        return Known(own.path, suite, own.place)
    digest = situation.find("wss_setup.digest_algorithm", _REQUEST)
    if not isinstance(digest, Known):
        return own
    cipher = situation.find("wss_setup.encryption_algorithm", _REQUEST)
    return Known(
        digest.path,
        suite_of_setup(digest.value, cipher.value if isinstance(cipher, Known) else None),
        digest.place,
    )


def signer_certificate(situation: Situation) -> x509.Certificate | None:
    """Return the certificate that signed the message, where there is one."""
    found = _signer(situation)
    return None if isinstance(found, Missing | Inapplicable) else found


def issuer_certificate(situation: Situation) -> x509.Certificate | None:
    """Return the certificate that answers for the assertion, where there is one."""
    report = _issuer_report(situation)
    if isinstance(report, Missing | Inapplicable) or report.certificate is None:
        return None
    return situation.forensics.certificate_of(report.certificate)


def described(certificate: x509.Certificate | None) -> dict[str, str] | None:
    """Write a certificate as a description holds it."""
    if certificate is None:
        return None
    return {
        "pem": pem(certificate.der),
        "subject": str(certificate.subject),
        "issuer": str(certificate.issuer),
        "not_before": f"{certificate.not_before:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
    }


def _own_keys(situation: Situation) -> Finding:
    """The own certificates of the PSEs whose keys decrypt messages."""
    found = []
    for index, pse in enumerate(situation.records("pses")):
        if pse.application != "wsse" or not isinstance(pse.own_certificate, Certificate):
            continue
        certificate = (
            situation.forensics.certificate(pse.own_certificate.pem)
            if isinstance(pse.own_certificate.pem, str)
            else None
        )
        if certificate is None:
            return Missing("pses[].own_certificate.file")
        found.append((f"pses[{index}].own_certificate", certificate))
    if not found:
        return Missing("pses[].own_certificate")
    return Known(found[0][0], tuple(one for _, one in found), situation.facts.place(found[0][0]))


def _logon_client(situation: Situation) -> Finding:
    """The client of a logon for which the request names none: that of the node, else the default of the system."""
    asked = situation.find("request.client", _REQUEST)
    if isinstance(asked, Known):
        return Inapplicable("the request names a client itself")
    if isinstance(asked, Missing):
        return asked
    stored = situation.find("icf.nodes[].stored_client", _REQUEST)
    if not isinstance(stored, Known) or stored.value:
        return stored
    profile = situation.find("profile", _REQUEST)
    if not isinstance(profile, Known):
        return profile
    default: Any = profile.value.get("login/system_client")
    return Known("profile", str(default).strip(), profile.place) if default else Missing("profile")


DERIVED: Mapping[str, Callable[[Situation], Finding]] = {
    "message.verification": _verification,
    "message.signature_faults": _faults,
    "message.integrity": _integrity,
    "message.seen_before": _seen_before,
    "saml_trust.accepted_issuers": _accepted_issuers,
    "signer.path": _signer_path,
    "issuer.path": _issuer_path,
    "certificate.mapping": _certificate_mapping,
    "saml.mapping": _saml_mapping,
    "context": _context,
    "context.expires": _context_expiry,
    "token.user": _user,
    "binding.suite": _suite,
    "encryption.own_keys": _own_keys,
    "request.logon_client": _logon_client,
}
"""The facts that are worked out, by path."""
