"""Stage icf-logon, where ICF logs the caller on itself: by user and password of HTTP, or by a client certificate of TLS."""

from __future__ import annotations

import hmac

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.evidence import Located
from wssdoctor.provider.credential import Logon
from wssdoctor.provider.icf_node import effective_order
from wssdoctor.provider.situation import ICF_USERS
from wssdoctor.provider.stage import Stage
from wssdoctor.provider.user import user_checks
from wssdoctor.provider.user_mapping import CERTIFICATE_BASIS, Kind, mapping_checks

_KINDS = {"basic": ("basic", "fields"), "client-certificate": ("client-certificate",)}
"""Kinds of logon data, as SICF names them, for an authentication method."""
_BASIC = {"bindings[].authentication": ("basic",)}


@check(
    "icf-logon.procedure-takes",
    "The node's logon procedure takes the logon data that the endpoint expects",
    Stage.ICF_LOGON,
    rationale="A kind of logon data that the node's order does not hold is never tried (SAP Help: Maintaining Logon "
    "Procedures).",
    only_if={"bindings[].authentication": tuple(_KINDS)},
    needs=("bindings[].authentication", "icf.nodes[].logon_procedure", "icf.nodes[].logon_order"),
    answer="logon-wrong-credentials",
)
def procedure_takes(authentication: Known[str], procedure: Known[str], alternative: Known[tuple[str, ...]]) -> Verdict:
    order = effective_order(procedure.value, alternative.value)
    wanted = _KINDS[authentication.value]
    if any(kind in order for kind in wanted):
        return passed()
    evidence = procedure.compared("kinds of logon data that the node tries", wanted[0], ", ".join(order))
    return failed(f"the node never tries {wanted[0]}", evidence)


@check(
    "icf-logon.certificate-sent",
    "The caller presents a client certificate in TLS",
    Stage.ICF_LOGON,
    rationale="With icm/HTTPS/verify_client = 1 a caller without a certificate gets in, and has to log on by another "
    "method (SAP Help: icm/HTTPS/verify_client).",
    only_if={"bindings[].authentication": ("client-certificate",)},
    needs=("request.client_certificate",),
    answer="logon-wrong-credentials",
    reasons=("missing",),
)
def certificate_sent(sent: Known[bytes]) -> Verdict:
    if sent.value:
        return passed()
    evidence = Located("no client certificate in TLS", sent.place)
    return failed("the endpoint expects a client certificate, and none came", evidence, reason="missing")


@check(
    "icf-logon.user-and-password",
    "The HTTP logon data name a user and hold a password",
    Stage.ICF_LOGON,
    rationale="Without either the logon fails with logon code 1 (note 320991).",
    only_if=_BASIC,
    needs=("request.logon",),
    answer="logon-wrong-credentials",
    reasons=("incomplete",),
)
def user_and_password(logon: Known[Logon]) -> Verdict:
    for what, there in (("user", logon.value.user.strip()), ("password", logon.value.password)):
        if not there:
            return failed(f"the {what} is missing or empty", Located(f"no {what}", logon.place), reason="incomplete")
    return passed()


@check(
    "icf-logon.password-matches",
    "The password of the HTTP logon is the user's password",
    Stage.ICF_LOGON,
    rationale="Logon code 1: wrong client, user or password (note 320991).",
    only_if=_BASIC,
    needs=("request.logon", "users[].password"),
    each=ICF_USERS,
    after=("icf-logon.user-and-password", "icf-user.exists"),
    answer="logon-wrong-credentials",
    reasons=("password",),
)
def password_matches(logon: Known[Logon], password: Known[str]) -> Verdict:
    if hmac.compare_digest(logon.value.password.encode(), password.value.encode()):
        return passed()
    return failed("the password sent is another one", Located("the HTTP logon data", logon.place), reason="password")


@check(
    "icf-logon.password-current",
    "The password that the caller sends in HTTP is current",
    Stage.ICF_LOGON,
    rationale="Logon code 1: wrong client, user or password (note 320991).",
    only_if=_BASIC,
    needs=("request.logon", "users[].sent_password_current"),
    each=ICF_USERS,
    past=("icf-logon.user-and-password", "icf-user.exists"),
    answer="logon-wrong-credentials",
    reasons=("password",),
)
def password_current(logon: Known[Logon], current: Known[bool]) -> Verdict:
    if current.value:
        return passed()
    return failed(
        "the description says that the password sent is not current",
        current.compared("password sent is current", "true"),
        Located("the HTTP logon data", logon.place),
        reason="password",
    )


_CERTIFICATE = Kind(
    "icf-certificate",
    "client certificate",
    "logon.certificate_mapping",
    "client-certificate",
    CERTIFICATE_BASIS,
    ("34", "35", "36"),
    Stage.ICF_LOGON,
    "logon-certificate",
    ("icf-logon.certificate-sent",),
)

CHECKS = (
    procedure_takes,
    certificate_sent,
    user_and_password,
    *mapping_checks(_CERTIFICATE),
    *user_checks("icf-user", "The user whom ICF logs on", Stage.ICF_LOGON, ICF_USERS, "logon"),
    password_matches,
    password_current,
)
