"""Stage token: the UsernameToken in full; trust settings of SAML and SecureConversation; presence of the others."""

from __future__ import annotations

import hmac

from wssdoctor.check.check import Known, Verdict, check, failed, not_applicable, not_modelled, passed
from wssdoctor.description.identity import ExternalId
from wssdoctor.evidence import Located
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse import names
from wssdoctor.wsse.message import UsernameToken

_AFTER = ("binding.token-present", "binding.no-unexpected-token", "soap.security-header-processed")


@check(
    "username-token.password-type",
    "The UsernameToken's password is of a type that the provider can verify",
    Stage.TOKEN,
    rationale="AS ABAP stores hashes and cannot recompute a PasswordDigest [inferred]; without Type the profile means "
    "PasswordText (UsernameToken Profile 1.1, section 3.1).",
    needs=("message.username_token",),
    after=_AFTER,
    answer="password-type",
)
def password_type(token: Known[UsernameToken]) -> Verdict:
    kind = token.value.password_type
    if kind is None or kind == names.PASSWORD_TEXT:
        return passed()
    what = "the provider cannot verify a PasswordDigest" if kind == names.PASSWORD_DIGEST else "the Type is unknown"
    return failed(what, token.compared("wsse:Password/@Type", "#PasswordText", f"#{kind.rpartition('#')[2][:40]}"))


@check(
    "username-token.complete",
    "The UsernameToken names a user and carries a password",
    Stage.TOKEN,
    rationale="Without either the delayed logon fails with logon code 1 (note 320991).",
    needs=("message.username_token",),
    after=_AFTER,
    answer="delayed-logon-wrong-credentials",
    reasons=("incomplete",),
)
def complete(token: Known[UsernameToken]) -> Verdict:
    for name, present in (("wsse:Username", token.value.username), ("wsse:Password", token.value.has_password)):
        if not present:
            return failed(f"{name} is missing or empty", Located(f"no {name}", token.place), reason="incomplete")
    return passed()


@check(
    "username-token.password-matches",
    "The password sent is the user's password",
    Stage.TOKEN,
    rationale="User and password of the token replace the technical user (SAP Help: Message-Based Authentication).",
    needs=("message.username_token", "users[].password"),
    after=(*_AFTER, "username-token.complete", "username-token.password-type", "user.exists"),
    answer="delayed-logon-wrong-credentials",
    reasons=("password",),
)
def password_matches(token: Known[UsernameToken], password: Known[str]) -> Verdict:
    sent = token.value.password or ""
    if hmac.compare_digest(sent.encode(), password.value.encode()):
        return passed()
    says = "the password sent is another one"
    if sent.strip() == password.value:
        says = "the password sent has white space around it"
    elif sent.lower() == password.value.lower():
        says = "the password sent differs in upper and lower case"
    return failed(says, Located("the password of this token", token.place), reason="password")


@check(
    "username-token.password-current",
    "The password that the caller sends is current",
    Stage.TOKEN,
    rationale="User and password of the token replace the technical user (SAP Help: Message-Based Authentication).",
    needs=("message.username_token", "users[].sent_password_current"),
    after=(*_AFTER, "username-token.complete", "username-token.password-type", "user.exists"),
    answer="delayed-logon-wrong-credentials",
    reasons=("password",),
)
def password_current(token: Known[UsernameToken], current: Known[bool]) -> Verdict:
    if current.value:
        return passed()
    return failed(
        "the description says that the password sent is not current",
        current.compared("password sent is current", "true"),
        Located("the password of this token", token.place),
        reason="password",
    )


@check(
    "token.other-kinds",
    "The other tokens are valid and stand for a user",
    Stage.TOKEN,
    rationale="X.509, SAML and SecureConversation tokens need verification and a user mapping.",
    needs=("message.tokens",),
    after=_AFTER,
)
def other_kinds(tokens: Known[tuple[str, ...]]) -> Verdict:
    others = [kind for kind in tokens.value if kind != "username-token"]
    if not others:
        return not_applicable("the message carries no other token")
    return not_modelled(f"validity and user mapping of {', '.join(others)}")


@check(
    "saml.trust-model",
    "SAML trust was maintained in the model that WSS_SETUP names",
    Stage.TOKEN,
    rationale="The ticket model uses PSE, ACL and USREXTID; the SAML2 model transaction SAML2 (data element "
    "SEC_SAML11_TRUST).",
    only_if={"bindings[].authentication": ("saml",)},
    needs=(
        "wss_setup.saml_trust",
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
        f"WSS_SETUP names {model.value}, and no trust was maintained there",
        model.compared("SAML trust model", "the one in which trust was maintained"),
        other.compared("trust in the other model", "not needed"),
    )


@check(
    "secure-conversation.configured",
    "SecureConversation was configured where a binding uses it",
    Stage.TOKEN,
    rationale="WSS_SETUP creates the standard service (SAP Help: Standard Service Configuration for SecureConversation).",
    only_if={"bindings[].authentication": ("secure-conversation",)},
    needs=("wss_setup.secure_conversation_provider",),
    each="bindings",
    answer="secure-conversation",
)
def secure_conversation(configured: Known[bool]) -> Verdict:
    if configured.value:
        return passed()
    return failed("the standard service was not configured", configured.compared("provider configuration", "true"))


CHECKS = (
    password_type,
    complete,
    password_matches,
    password_current,
    other_kinds,
    trust_model,
    secure_conversation,
)
