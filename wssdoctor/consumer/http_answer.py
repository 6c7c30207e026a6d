"""Stage http-answer: what the peer answers once the connection stands."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.password import current_check, password_checks
from wssdoctor.consumer.stage import Stage
from wssdoctor.consumer.url import parse

_AUTHENTICATION = "consumer.calls[].authentication"


@check(
    "http-answer.endpoint",
    "The call goes to the address that the partner publishes",
    Stage.HTTP_ANSWER,
    rationale="Another host, port or path ends at another service, or at none: HTTP 404.",
    needs=("consumer.calls[].url", "consumer.calls[].peer.published_url"),
    each=CALLS,
    after=("logical-port.url-usable", "connection.tls-port", "connection.plain-port"),
    answer="not-found",
    reasons=("address",),
)
def endpoint(called: Known[str], published: Known[str]) -> Verdict:
    first, second = parse(called.value), parse(published.value)
    if first is not None and first == second:
        return passed()
    return failed("the call goes to another address", called.compared("URL", published.value), reason="address")


@check(
    "http-answer.method",
    "The service accepts the authentication method of the call",
    Stage.HTTP_ANSWER,
    rationale="A service refuses a logon that it does not expect, and one that is missing.",
    needs=(_AUTHENTICATION, "consumer.calls[].peer.authentication"),
    each=CALLS,
    after=("client-certificate.sent",),
    answer="method-refused",
    reasons=("method",),
)
def method(used: Known[str], accepted: Known[tuple[str, ...]]) -> Verdict:
    if used.value in accepted.value:
        return passed()
    shown = ", ".join(accepted.value) or "none"
    return failed(
        "the service expects another method", used.compared("authentication method", f"one of {shown}"), reason="method"
    )


CHECKS = (
    *password_checks("credentials.basic", "basic", Stage.HTTP_ANSWER, "logon-failed"),
    method,
    current_check("credentials.basic", "basic", Stage.HTTP_ANSWER, "logon-failed"),
    current_check("credentials.token", "username-token", Stage.HTTP_ANSWER, "token-refused"),
    endpoint,
)
