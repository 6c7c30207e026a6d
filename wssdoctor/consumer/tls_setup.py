"""Stage tls-setup: what the ICM needs before it can open a TLS connection."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage

_HTTPS = {"call.scheme": ("https",)}


@check(
    "tls-setup.https-service",
    "The ICM has an active HTTPS service",
    Stage.TLS_SETUP,
    rationale="The ICM opens HTTPS connections only if an HTTPS service is active in SMICM [community].",
    only_if=_HTTPS,
    needs=("consumer.https_service",),
    each=CALLS,
    answer="https-not-active",
)
def https_service(active: Known[bool]) -> Verdict:
    if active.value:
        return passed()
    return failed("the ICM has no active HTTPS service", active.compared("HTTPS service active", "true"))


@check(
    "tls-setup.client-pse-exists",
    "The SSL client PSE of the call exists",
    Stage.TLS_SETUP,
    rationale="It holds the certificate list and the own key; without it the ICM finds no credential (SAP note 510007).",
    only_if=_HTTPS,
    needs=("pses[].exists",),
    each=CALLS,
    after=("credentials.client-pse-named",),
    answer="client-credential-missing",
    reasons=("missing",),
)
def client_pse_exists(present: Known[bool]) -> Verdict:
    if present.value:
        return passed()
    return failed("the SSL client PSE does not exist", present.compared("PSE exists", "true"), reason="missing")


@check(
    "tls-setup.certificate-fits-key",
    "The certificate that was issued belongs to the key of the PSE",
    Stage.TLS_SETUP,
    rationale="A PSE that was created again after the certificate request has another key, so the response does not fit "
    "(SAP Help: importing the certificate response).",
    only_if={"consumer.calls[].authentication": ("client-certificate",), **_HTTPS},
    needs=("pses[].own_certificate_fits_key",),
    each=CALLS,
    after=("credentials.client-pse-named",),
    answer="client-key-mismatch",
)
def certificate_fits_key(fits: Known[bool]) -> Verdict:
    if fits.value:
        return passed()
    return failed(
        "the certificate belongs to another key pair", fits.compared("certificate response fits the key", "true")
    )


CHECKS = (https_service, client_pse_exists, certificate_fits_key)
