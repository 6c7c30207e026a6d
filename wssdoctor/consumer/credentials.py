"""Stage credentials: what the runtime needs before anything is sent."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.password import password_checks
from wssdoctor.consumer.stage import Stage
from wssdoctor.consumer.validity import compared

_AUTHENTICATION = "consumer.calls[].authentication"


@check(
    "credentials.client-pse-named",
    "The logical port names an SSL client PSE with a certificate of its own",
    Stage.CREDENTIALS,
    rationale="WSS040. The anonymous SSL client PSE has no certificate to log on with (SAP Help: SSL client PSEs).",
    only_if={_AUTHENTICATION: ("client-certificate",)},
    needs=("consumer.calls[].ssl_client_pse",),
    each=CALLS,
    answer="client-pse-not-named",
    reasons=("none",),
)
def client_pse_named(identity: Known[str]) -> Verdict:
    if identity.value and identity.value.upper() != "ANONYM":
        return passed()
    says = "the anonymous PSE holds no certificate to log on with" if identity.value else "the logical port names none"
    return failed(says, identity.compared("SSL client PSE", "DFAULT or another one with a certificate"), reason="none")


@check(
    "credentials.encryption-certificate-named",
    "The logical port names a certificate of the provider to encrypt with",
    Stage.CREDENTIALS,
    rationale="WSS041.",
    only_if={"consumer.calls[].encryption_demanded": (True,)},
    needs=("consumer.calls[].encryption_certificate_named",),
    each=CALLS,
    answer="encryption-certificate-missing",
)
def encryption_certificate_named(named: Known[bool]) -> Verdict:
    if named.value:
        return passed()
    return failed("the logical port names none", named.compared("encryption certificate named", "true"))


@check(
    "credentials.encryption-certificate-valid",
    "The certificate to encrypt with has not expired",
    Stage.CREDENTIALS,
    rationale="A certificate counts until NotAfter (RFC 5280, 4.1.2.5); that WSS041 follows is inferred.",
    only_if={"consumer.calls[].encryption_demanded": (True,)},
    needs=("consumer.calls[].encryption_certificate.not_after", "time.consumer"),
    each=CALLS,
    past=("credentials.encryption-certificate-named",),
    answer="encryption-certificate-missing",
)
def encryption_certificate_valid(end: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
    if now.value <= end.value:
        return passed()
    return failed("the certificate to encrypt with has expired", compared(end, now, "not after"))


CHECKS = (
    *password_checks("credentials.token", "username-token", Stage.CREDENTIALS, "token-not-created"),
    client_pse_named,
    encryption_certificate_named,
    encryption_certificate_valid,
)
