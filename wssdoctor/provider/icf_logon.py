"""Stage icf-logon: ICF cannot read the SOAP body, so the technical user stored in the node logs on first."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.description.day import OPEN_END
from wssdoctor.evidence import Computed
from wssdoctor.provider import channel_logon
from wssdoctor.provider.credential import Credential
from wssdoctor.provider.icf_node import effective_order
from wssdoctor.provider.lock import explained, locked_bits
from wssdoctor.provider.situation import MESSAGE_AUTHENTICATION
from wssdoctor.provider.stage import Stage

_HTTP_METHODS = {"basic": ("basic", "fields"), "sso-ticket": ("sso-ticket", "assertion-ticket")}
"""Kinds of logon data that fit an authentication method which ICF carries out by what the header of a request says."""


@check(
    "icf-logon.no-competing-credentials",
    "No other logon data in the request is judged before the stored user",
    Stage.ICF_LOGON,
    rationale="ICF tries the kinds of logon data in the node's order and the stored user comes last; a Basic header or a "
    "ticket beside a UsernameToken is judged first (SAP Help: Maintaining Logon Procedures; consequence inferred).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("icf.nodes[].logon_procedure", "icf.nodes[].logon_order", "request.credentials"),
    answer="logon-wrong-credentials",
)
def no_competing_credentials(
    procedure: Known[str], alternative: Known[tuple[str, ...]], sent: Known[tuple[Credential, ...]]
) -> Verdict:
    order = effective_order(procedure.value, alternative.value)
    before = order[: order.index("service-data")] if "service-data" in order else order
    competing = [one for one in sent.value if one.kind in before]
    if not competing:
        return passed()
    shown = ", ".join(one.shown for one in competing)
    steps = tuple(f"{number}. {kind}" for number, kind in enumerate(order, 1))
    return failed(
        f"{shown} is judged before the stored technical user",
        Computed("which logon data ICF judges first", (("sent", shown),), steps, competing[0].kind, sent.place),
    )


@check(
    "icf-logon.credentials-sent",
    "The request carries the HTTP logon data that the endpoint expects",
    Stage.ICF_LOGON,
    rationale="An endpoint with Basic authentication or a logon ticket logs on in ICF, and answers 401 where nothing came "
    "(SAP Help: Maintaining Logon Procedures).",
    only_if={"bindings[].authentication": tuple(_HTTP_METHODS)},
    needs=("bindings[].authentication", "request.credentials"),
    answer="logon-wrong-credentials",
    reasons=("missing",),
)
def credentials_sent(authentication: Known[str], sent: Known[tuple[Credential, ...]]) -> Verdict:
    if any(one.kind in _HTTP_METHODS[authentication.value] for one in sent.value):
        return passed()
    came = ", ".join(one.shown for one in sent.value) or "none"
    evidence = sent.compared("logon data of the request", authentication.value, came)
    return failed(
        f"the endpoint expects {authentication.value}, and the request carries {came}", evidence, reason="missing"
    )


@check(
    "icf-node.stored-user",
    "The node stores the technical user",
    Stage.ICF_LOGON,
    rationale="ICF logs on with the user stored in the node (SAP Help: Message-Based Authentication with WS-Security; "
    "ICFSECPASSWD-ICF_USER).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("icf.nodes[].stored_user", "system.release", "system.sid"),
    each="icf.nodes",
    past=("technical-user.exists",),
    answer="logon-wrong-credentials",
    reasons=("none", "other"),
)
def stored_user(stored: Known[str], release: Known[str], sid: Known[str]) -> Verdict:
    wanted = technical_user_name(release.value, sid.value)
    if stored.value.upper() in _accepted_names(sid.value):
        return passed()
    if not stored.value:
        return failed("the node stores no user", stored.compared("stored user", wanted, "(none)"), reason="none")
    return failed("the node stores another user", stored.compared("stored user", wanted), reason="other")


@check(
    "technical-user.exists",
    "The technical user exists",
    Stage.ICF_LOGON,
    rationale="Report WSS_SETUP creates it; without it the logon fails with 401 (SAP Help: Message-Based Authentication "
    "with WS-Security; long text of WSS031, note 1319507).",
    needs=("technical_user.exists",),
    answer="system-not-prepared",
)
def exists(present: Known[bool]) -> Verdict:
    if present.value:
        return passed()
    return failed("the technical user does not exist", present.compared("technical user exists", "true"))


@check(
    "technical-user.name",
    "The technical user has the name that the release demands",
    Stage.ICF_LOGON,
    rationale="DELAY_LOGON from 7.1x on, DELAY_L_<SID> on 7.0x; SAP's texts of later releases still mix both, so both "
    "are accepted (data element SEC_WSS_SETUP_ICF_CFG, long text of WSS031).",
    needs=("technical_user.name", "system.release", "system.sid"),
    past=("technical-user.exists",),
    answer="system-not-prepared",
)
def name(given: Known[str], release: Known[str], sid: Known[str]) -> Verdict:
    if given.value.upper() in _accepted_names(sid.value):
        return passed()
    wanted = technical_user_name(release.value, sid.value)
    return failed("this is not the technical user of WSS_SETUP", given.compared("technical user", wanted))


@check(
    "technical-user.type",
    "The technical user is of a type that may log on",
    Stage.ICF_LOGON,
    rationale="A reference user (L) cannot log on: logon code 7 (note 320991). Types B and S are usual [inferred].",
    needs=("technical_user.type",),
    past=("technical-user.exists",),
    answer="logon-user-type",
    reasons=("type",),
)
def user_type(kind: Known[str]) -> Verdict:
    if kind.value != "L":
        return passed()
    return failed("a reference user cannot log on", kind.compared("user type", "B or S"), reason="type")


@check(
    "technical-user.valid-from",
    "The technical user's validity has begun",
    Stage.ICF_LOGON,
    rationale="Logon code 8 outside the validity period (note 320991; USR02-GLTGV).",
    needs=("technical_user.valid_from", "time.day"),
    past=("technical-user.exists",),
    answer="logon-validity",
    reasons=("validity",),
)
def valid_from(start: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
    if start.value <= now.value.date():
        return passed()
    return failed(
        "its validity has not begun",
        start.compared(f"valid from, seen on {now.value:%Y-%m-%d}", "this day or earlier"),
        reason="validity",
    )


@check(
    "technical-user.valid-to",
    "The technical user's validity has not ended",
    Stage.ICF_LOGON,
    rationale="Logon code 8 outside the validity period (note 320991; USR02-GLTGB).",
    needs=("technical_user.valid_to", "time.day"),
    past=("technical-user.exists",),
    answer="logon-validity",
    reasons=("validity",),
)
def valid_to(end: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
    if end.value == OPEN_END or now.value.date() <= end.value:
        return passed()
    return failed(
        "its validity has ended",
        end.compared(f"valid to, seen on {now.value:%Y-%m-%d}", "this day or later"),
        reason="validity",
    )


@check(
    "technical-user.unlocked",
    "The technical user is not locked",
    Stage.ICF_LOGON,
    rationale="UFLAG carries the lock as bits 32, 64, 128; logon code 2 (note 320991; domain XUUFLAG, note 1887820).",
    needs=("technical_user.lock",),
    past=("technical-user.exists",),
    answer="logon-locked",
)
def unlocked(lock: Known[int]) -> Verdict:
    if not locked_bits(lock.value):
        return passed()
    return failed(f"it is locked {explained(lock.value)}", lock.compared("UFLAG", "none of the bits 32, 64, 128"))


@check(
    "secure-storage.entry-present",
    "Secure storage has the technical user's password",
    Stage.ICF_LOGON,
    rationale="WSS_SETUP stores the password there (SAP Help: Message-Based Authentication with WS-Security).",
    needs=("secure_storage.entry_present",),
    past=("technical-user.exists",),
    answer="logon-wrong-credentials",
    reasons=("missing",),
)
def entry_present(present: Known[bool]) -> Verdict:
    if present.value:
        return passed()
    return failed("there is no entry", present.compared("entry in secure storage", "true"), reason="missing")


@check(
    "secure-storage.entry-readable",
    "The entry in secure storage can be read",
    Stage.ICF_LOGON,
    rationale="After a system copy or a changed key the entries cannot be decrypted (SAP Help: Secure Storage).",
    needs=("secure_storage.entry_readable",),
    after=("secure-storage.entry-present",),
    past=("technical-user.exists",),
    answer="logon-wrong-credentials",
    reasons=("unreadable",),
)
def entry_readable(readable: Known[bool]) -> Verdict:
    if readable.value:
        return passed()
    return failed("it cannot be decrypted", readable.compared("entry readable", "true"), reason="unreadable")


@check(
    "secure-storage.password-current",
    "The password in secure storage is the technical user's password",
    Stage.ICF_LOGON,
    rationale="A password reset in SU01 leaves secure storage and the ICF nodes behind (SAP Help: User Repair).",
    needs=("secure_storage.password_current",),
    after=("secure-storage.entry-present",),
    past=("technical-user.exists", "secure-storage.entry-readable"),
    answer="logon-wrong-credentials",
)
def stored_password(current: Known[bool]) -> Verdict:
    if current.value:
        return passed()
    return failed("it is another one", current.compared("password in secure storage is current", "true"))


@check(
    "icf-node.password-current",
    "The password in the node is the technical user's password",
    Stage.ICF_LOGON,
    rationale="After a password change the nodes must be refreshed by WSS_SETUP (data element SEC_WSS_SETUP_ICF_CFG).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("icf.nodes[].stored_password_current",),
    each="icf.nodes",
    after=("icf-node.stored-user",),
    past=(
        "technical-user.exists",
        "secure-storage.entry-present",
        "secure-storage.entry-readable",
        "secure-storage.password-current",
    ),
    answer="logon-wrong-credentials",
)
def node_password(current: Known[bool]) -> Verdict:
    if current.value:
        return passed()
    return failed("the node carries an old password", current.compared("password in the node is current", "true"))


def technical_user_name(release: str, sid: str) -> str:
    """Return the name that WSS_SETUP gives the technical user on a release (7.50 or 750)."""
    return f"DELAY_L_{sid}" if release.replace(".", "").startswith("70") else "DELAY_LOGON"


def _accepted_names(sid: str) -> tuple[str, str]:
    return "DELAY_LOGON", f"DELAY_L_{sid}"


CHECKS = (
    no_competing_credentials,
    credentials_sent,
    *channel_logon.CHECKS,
    exists,
    name,
    user_type,
    valid_from,
    valid_to,
    unlocked,
    entry_present,
    entry_readable,
    stored_password,
    stored_user,
    node_password,
)
