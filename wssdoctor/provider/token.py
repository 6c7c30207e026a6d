"""Stage token: the UsernameToken; SAML and SecureConversation have modules of their own."""

from __future__ import annotations

import hmac

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.evidence import Located
from wssdoctor.provider import saml, secure_conversation
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse import names
from wssdoctor.wsse.item import UsernameToken

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
    after=_AFTER,
    past=("username-token.complete", "username-token.password-type", "user.exists"),
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


CHECKS = (password_type, complete, password_matches, password_current, *saml.CHECKS, *secure_conversation.CHECKS)
