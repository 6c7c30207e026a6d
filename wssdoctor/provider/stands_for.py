"""For whom a request stands: the user behind a certificate, an assertion or a security context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.evidence import Sensitivity
from wssdoctor.provider import mapping
from wssdoctor.provider.signed_by import REQUEST, issuer_certificate, provider_of, signer_of

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation
    from wssdoctor.wsse import certificate as x509

CHANNEL_AUTHENTICATION = ("basic", "client-certificate", "sso-ticket")
"""Authentication methods of the transport channel: ICF logs the user on itself."""

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


def certificate_mapping(situation: Situation) -> Finding:
    """The users that the certificate of the message's signer is mapped to."""
    signer = signer_of(situation)
    if isinstance(signer, Missing | Inapplicable):
        return signer
    return _by_certificate(situation, "certificate.mapping", signer)


def client_certificate_mapping(situation: Situation) -> Finding:
    """The users that the client certificate of TLS is mapped to, where ICF logs on with it."""
    method = situation.find("bindings[].authentication", REQUEST)
    if not isinstance(method, Known):
        return method
    if method.value != "client-certificate":
        return Inapplicable(f"bindings[].authentication is {method.value}")
    sent = situation.find("request.client_certificate", REQUEST)
    if not isinstance(sent, Known):
        return sent
    if not sent.value:
        return Inapplicable("no client certificate came")
    from wssdoctor.wsse.certificate import CertificateError, load_der  # heavy, and seldom needed

    try:
        certificate = load_der(sent.value)
    except CertificateError:
        return NotModelled("a client certificate that cannot be read")
    return _by_certificate(situation, "logon.certificate_mapping", certificate)


def _by_certificate(situation: Situation, name: str, signer: x509.Certificate) -> Finding:
    profile = situation.find("profile", REQUEST)
    if not isinstance(profile, Known):
        return profile
    if str(profile.value.get(_RULE_BASED, "0")).strip() != "1":
        entries = situation.find("external_ids", REQUEST)
        if not isinstance(entries, Known):
            return entries
        known = entries.value
        by_entry = situation.forensics.for_list(signer, known, lambda: mapping.by_certificate(signer, known))
        return _mapped(situation, name, by_entry)
    rules = situation.find("certificate_rules", REQUEST)
    explicit = situation.find("certificate_users", REQUEST)
    for found in (rules, explicit):
        if not isinstance(found, Known):
            return found
    assert isinstance(rules, Known)
    assert isinstance(explicit, Known)
    needs_users = any(rule.login_as != "user" for rule in rules.value)
    users = situation.find("users", REQUEST) if needs_users else Known("users", (), rules.place)
    if not isinstance(users, Known):
        return users
    return _mapped(situation, name, mapping.by_rule(signer, rules.value, explicit.value, users.value))


def _mapped(situation: Situation, name: str, found: mapping.Mapped | mapping.Lacking) -> Finding:
    if isinstance(found, mapping.Lacking):
        return Missing(found.path)
    sensitivity = situation.sensitivity("external_ids[].external_id")
    return Known(name, found, situation.facts.place(found.where), sensitivity)


def saml_mapping(situation: Situation) -> Finding:
    assertion = situation.find("message.assertion", REQUEST)
    model = situation.find("saml_trust.model", REQUEST)
    for found in (assertion, model):
        if not isinstance(found, Known):
            return found
    assert isinstance(assertion, Known)
    assert isinstance(model, Known)
    name, issuer = assertion.value.name_id or "", assertion.value.issuer or ""
    if model.value == "ticket":
        return _by_external_name(situation, f"{issuer}::{name}")
    provider = provider_of(situation)
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
    users = situation.find("users", REQUEST) if chosen.source != "user" else Known("users", (), assertion.place)
    if not isinstance(users, Known):
        return users
    found_users = mapping.by_login(name, chosen.source, users.value)
    if isinstance(found_users, mapping.Lacking):
        return Missing(found_users.path)
    return _mapped(situation, "saml.mapping", mapping.Mapped(name, "users", found_users))


def _by_external_name(situation: Situation, name: str) -> Finding:
    entries = situation.find("external_ids", REQUEST)
    if not isinstance(entries, Known):
        return entries
    signer = issuer_certificate(situation)
    return _mapped(situation, "saml.mapping", mapping.by_external_name(name, entries.value, signer))


def _by_subject(situation: Situation, subject: str) -> Finding:
    entries = situation.find("external_ids", REQUEST)
    if not isinstance(entries, Known):
        return entries
    return _mapped(situation, "saml.mapping", mapping.by_subject(subject, entries.value))


def context(situation: Situation) -> Finding:
    """The security context that the message names, or nothing where the provider does not know it."""
    token = situation.find("message.context_token", REQUEST)
    if not isinstance(token, Known):
        return token
    contexts = situation.find("security_contexts", REQUEST)
    if not isinstance(contexts, Known):
        return contexts
    for index, one in enumerate(contexts.value):
        if one.identifier == token.value.identifier:
            path = f"security_contexts[{index}]"
            return Known("context", one, situation.facts.place(path))
    return Known("context", None, token.place)


def context_expiry(situation: Situation) -> Finding:
    context = situation.find("context", REQUEST)
    if not isinstance(context, Known):
        return context
    if context.value is None:
        return Inapplicable("the security context is not known")
    if context.value.expires is UNSET:
        return Missing("security_contexts[].expires")
    return Known("context.expires", context.value.expires, context.place)


def logon_user(situation: Situation) -> Finding:
    """The user whom ICF logs on by user and password or by a client certificate."""
    method = situation.find("bindings[].authentication", REQUEST)
    if not isinstance(method, Known):
        return method
    if method.value == "sso-ticket":
        return NotModelled("the user of a logon ticket")
    if method.value == "basic":
        logon = situation.find("request.logon", REQUEST)
        if not isinstance(logon, Known):
            return logon
        return Known("logon.user", logon.value.user.strip().upper(), logon.place, Sensitivity.IDENTIFYING)
    if method.value != "client-certificate":
        return Inapplicable(f"bindings[].authentication is {method.value}")
    found = situation.find("logon.certificate_mapping", REQUEST)
    if not isinstance(found, Known):
        return found
    if len(found.value.users) != 1:
        return Inapplicable("no single user is mapped")
    return Known("logon.user", found.value.users[0], found.place, found.sensitivity)


def caller(situation: Situation) -> Finding:
    """The user as whom the call goes on: whom ICF logged on, or whom the token stands for."""
    return situation.find("logon.user" if situation.is_of_icf() else "token.user", REQUEST)


def user(situation: Situation) -> Finding:
    """The user as whom the request goes on: named by the UsernameToken, mapped, or kept in the security context."""
    token = situation.find("message.username_token", REQUEST)
    if isinstance(token, Known):
        return Known("token.user", (token.value.username or "").strip().upper(), token.place, token.sensitivity)
    context = situation.find("context", REQUEST)
    if isinstance(context, Missing):
        return context
    if isinstance(context, Known):
        if context.value is None:
            return Inapplicable("the security context is not known, so it stands for no user")
        if context.value.user is UNSET:
            return Missing("security_contexts[].user")
        return Known("token.user", context.value.user.upper(), context.place)
    found = situation.find(
        "saml.mapping" if isinstance(situation.find("message.assertion", REQUEST), Known) else "certificate.mapping",
        REQUEST,
    )
    if isinstance(found, Inapplicable):
        tokens = situation.find("message.tokens", REQUEST)
        if (
            isinstance(tokens, Known)
            and "saml" in tokens.value
            and not isinstance(situation.find("message.assertion", REQUEST), Known)
        ):
            return NotModelled("the user in an encrypted assertion")
        return Inapplicable("the message names no user")
    if not isinstance(found, Known):
        return found
    if len(found.value.users) != 1:
        return Inapplicable("no single user is mapped")
    return Known("token.user", found.value.users[0], found.place, found.sensitivity)
