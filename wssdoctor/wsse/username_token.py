"""wsse:UsernameToken judged (UsernameToken Profile 1.1.1, section 3), and which wrong recipe made a wrong digest."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from wssdoctor.evidence import Compared, Computed, Evidence, Located, Sensitivity
from wssdoctor.wsse import names
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.item import UsernameToken
from wssdoctor.wsse.password_recipe import digest_reason, text_reason
from wssdoctor.wsse.timestamp import date_mistake, seconds, show

_WHERE = "UsernameToken"


def password_digest(nonce: bytes, created: str, password: str) -> bytes:
    """Compute Base64-decoded PasswordDigest: SHA-1 of nonce, created and password (section 3.1)."""
    return hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()


def judge(token: UsernameToken, context: Context, now: datetime) -> tuple[Fault, ...]:
    """Give all faults of one UsernameToken, root first. Whether users are known at all is the caller's to see."""
    faults = [*_shape(token), *_password(token, context), *_time(token, context, now)]
    if token.nonce is not None and token.nonce.strip() in context.seen_nonces:
        evidence: tuple[Evidence, ...] = (Located(f"Nonce {token.nonce.strip()}", token.place),)
        faults.append(Fault("nonce-replayed", _WHERE, "the nonce was seen before", "same-message-sent-twice", evidence))
    return tuple(faults)


def _fault(fault: str, says: str, token: UsernameToken, what: str, reason: str | None = None) -> Fault:
    return Fault(fault, _WHERE, says, reason, (Located(what, token.place),))


def _shape(token: UsernameToken) -> list[Fault]:
    faults: list[Fault] = []
    if token.username is None:
        faults.append(_fault("token-malformed", "the UsernameToken has no Username", token, "no Username"))
    faults += [
        _fault("token-malformed", f"the UsernameToken has {name} twice", token, f"second {name}")
        for name in token.repeated
    ]
    if not token.has_password:
        if token.salt is None:
            faults.append(_fault("password-missing", "the UsernameToken has no Password", token, "no Password"))
        return faults
    if token.password_type not in (names.PASSWORD_TEXT, names.PASSWORD_DIGEST):
        expected = f"{names.PASSWORD_TEXT} or #PasswordDigest"
        observed = "(no Type attribute)" if token.password_type is None else token.password_type
        says = "the Password has no Type" if token.password_type is None else "the Password's Type is not known"
        evidence: tuple[Evidence, ...] = (Compared("Type of Password", expected, observed, token.place),)
        reason = "password-type-left-out" if token.password_type is None else "password-type-altered"
        faults.append(Fault("password-type-unsupported", _WHERE, says, reason, evidence))
    if token.password_type == names.PASSWORD_DIGEST:
        if token.nonce is None:
            faults.append(_fault("nonce-missing", "a PasswordDigest needs a Nonce", token, "no Nonce"))
        if token.created_text is None:
            faults.append(_fault("created-missing", "a PasswordDigest needs Created", token, "no Created"))
    if token.nonce is not None and _decoded(token.nonce) is None:
        evidence = (Compared("Nonce", "base64", token.nonce, token.place),)
        faults.append(Fault("nonce-malformed", _WHERE, "the Nonce is not base64", None, evidence))
    return faults


def _decoded(text: str) -> bytes | None:
    try:
        return decode_base64(text)
    except CertificateError:
        return None


def _password(token: UsernameToken, context: Context) -> list[Fault]:
    if context.users is None or token.username is None:
        return []
    expected = context.users.get(token.username)
    if expected is None:
        return [_unknown_user(token, context)]
    if not token.has_password or token.password is None:
        return []
    if token.password_type == names.PASSWORD_DIGEST:
        return _digest(token, expected, context)
    if not hmac.compare_digest(token.password.encode(), expected.encode()):
        reason = text_reason(token.password, expected)
        evidence: tuple[Evidence, ...] = (
            Compared("Password", "the user's password", "another text", token.place, Sensitivity.SECRET),
        )
        return [Fault("password-mismatch", _WHERE, "the password is not the user's", reason, evidence)]
    return []


def _unknown_user(token: UsernameToken, context: Context) -> Fault:
    name = token.username or ""
    reason = None
    for known in context.users or ():
        if known == name.strip():
            reason = "white-space-around-user-name"
        elif known.casefold() == name.casefold():
            reason = "user-name-case-differs"
    observed = Compared("Username", "a user that is known", name, token.place, Sensitivity.IDENTIFYING)
    return Fault("username-unknown", _WHERE, f"the user {name!r} is not known", reason, (observed,))


def _digest(token: UsernameToken, expected: str, context: Context) -> list[Fault]:
    nonce = _decoded(token.nonce) if token.nonce is not None else None
    if nonce is None or token.created_text is None:
        return []
    computed = password_digest(nonce, token.created_text, expected)
    sent = (token.password or "").strip()
    if hmac.compare_digest(base64.b64encode(computed), "".join(sent.split()).encode("utf-8", "replace")):
        return []
    reason, recipe = digest_reason(sent, token.nonce or "", nonce, token.created_text, expected, context.users or {})
    evidence: list[Evidence] = [
        Compared("PasswordDigest", base64.b64encode(computed).decode(), sent, token.place),
        Computed(
            "PasswordDigest",
            (("Nonce", token.nonce or ""), ("Created", token.created_text), ("Password", "(secret)")),
            ("base64(SHA-1(nonce octets + Created + password))",),
            base64.b64encode(computed).decode(),
            token.place,
        ),
    ]
    says = "the password digest is not the one computed from nonce, Created and the user's password"
    if recipe:
        says = f"{says}: the sender computed {recipe}"
        evidence.append(Computed("the digest that was sent", (), (recipe,), sent, token.place))
    return [Fault("password-digest-mismatch", _WHERE, says, reason, tuple(evidence))]


def _time(token: UsernameToken, context: Context, now: datetime) -> list[Fault]:
    if token.created_text is None:
        return []
    if token.created is None:
        evidence: tuple[Evidence, ...] = (Compared("Created", "an xsd:dateTime", token.created_text, token.place),)
        reason = date_mistake(token.created_text)
        return [Fault("timestamp-malformed", _WHERE, "Created is not an xsd:dateTime", reason, evidence)]
    if context.max_future is not None and token.created > now + context.max_future:
        evidence = (
            Compared("Created", f"not after {show(now + context.max_future)}", show(token.created), token.place),
        )
        says = f"Created lies {seconds(token.created - now)} in the future; {seconds(context.max_future)} are allowed"
        return [Fault("username-token-created-in-future", _WHERE, says, "sender-clock-ahead", evidence)]
    if context.max_age is not None and now - token.created > context.max_age:
        evidence = (Compared("Created", f"not before {show(now - context.max_age)}", show(token.created), token.place),)
        says = f"the token is {seconds(now - token.created)} old; {seconds(context.max_age)} are allowed"
        return [Fault("username-token-too-old", _WHERE, says, "message-arrives-late", evidence)]
    return []
