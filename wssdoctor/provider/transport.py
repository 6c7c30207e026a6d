"""Stage transport: the scheme that the binding demands, and the SSL server PSE."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.provider import crypto_library
from wssdoctor.provider.pse import pse_checks
from wssdoctor.provider.stage import Stage


@check(
    "transport.guarantee",
    "The request comes over the transport that the binding demands",
    Stage.TRANSPORT,
    rationale="A binding with transport guarantee HTTPS is not served over plain HTTP (SOAMANAGER, Provider Security).",
    only_if={"bindings[].transport": ("https",)},
    needs=("request.scheme",),
    answer="icf-https-demanded",
)
def guarantee(scheme: Known[str]) -> Verdict:
    if scheme.value == "https":
        return passed()
    return failed("the binding demands https and the request came over http", scheme.compared("scheme", "https"))


CHECKS = (
    guarantee,
    crypto_library.TLS,
    *pse_checks("ssl-server", "server-pse", Stage.TRANSPORT, "tls-handshake-failed"),
)
