"""Stage authorization: S_SERVICE, checked on every call (SAP Help: authorization object S_SERVICE)."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.provider.stage import Stage


@check(
    "authorization.service",
    "The user may call the operation of the service",
    Stage.AUTHORIZATION,
    rationale="S_SERVICE is checked on every web service call, per operation; role SAP_BC_WEBSERVICE_CONSUMER holds all "
    "services (SAP Help: Authorizations of web services).",
    needs=("users[].services", "users[].operations", "bindings[].path", "message.operation"),
    past=("user.exists",),
    answer="not-authorized",
)
def service(
    allowed: Known[tuple[str, ...]], single: Known[tuple[str, ...]], path: Known[str], operation: Known[str]
) -> Verdict:
    wanted = f"{path.value}/{operation.value}"
    if "*" in allowed.value or path.value in allowed.value or wanted in single.value:
        return passed()
    if any(one.startswith(f"{path.value}/") for one in single.value):
        return failed("S_SERVICE does not hold the operation", single.compared("operations of the user", wanted))
    return failed("S_SERVICE does not hold the service", allowed.compared("services of the user", path.value))


CHECKS = (service,)
