"""Stage authorization: S_SERVICE, checked on every call (SAP Help: authorization object S_SERVICE)."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.provider.stage import Stage


@check(
    "authorization.service",
    "The user may call the service",
    Stage.AUTHORIZATION,
    rationale="S_SERVICE is checked on every web service call; role SAP_BC_WEBSERVICE_CONSUMER holds all services.",
    needs=("users[].services", "bindings[].path"),
    after=("user.exists",),
    answer="not-authorized",
)
def service(allowed: Known[tuple[str, ...]], path: Known[str]) -> Verdict:
    if "*" in allowed.value or path.value in allowed.value:
        return passed()
    return failed("S_SERVICE does not hold the service", allowed.compared("services of the user", path.value))


CHECKS = (service,)
