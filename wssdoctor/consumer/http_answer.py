"""Stage http-answer: what the peer answers once the connection stands."""

from __future__ import annotations

from wssdoctor.check.check import Check, Known, Verdict, check, failed, passed
from wssdoctor.consumer.credentials import maintained
from wssdoctor.consumer.outbound import CALLS
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
    after=("logical-port.url-usable",),
    answer="not-found",
)
def endpoint(called: Known[str], published: Known[str]) -> Verdict:
    first, second = parse(called.value), parse(published.value)
    if first is not None and first == second:
        return passed()
    return failed("it goes elsewhere", called.compared("URL", published.value), reason="address")


@check(
    "http-answer.method",
    "The service accepts the authentication method of the call",
    Stage.HTTP_ANSWER,
    rationale="A service refuses a logon that it does not expect, and one that is missing.",
    needs=(_AUTHENTICATION, "consumer.calls[].peer.authentication"),
    each=CALLS,
    after=("client-certificate.sent",),
    answer="method-refused",
)
def method(used: Known[str], accepted: Known[tuple[str, ...]]) -> Verdict:
    if used.value in accepted.value:
        return passed()
    shown = ", ".join(accepted.value) or "none"
    return failed("it expects another one", used.compared("authentication method", f"one of {shown}"), reason="method")


@check(
    "http-answer.basic-user",
    "User and password for HTTP Basic are maintained",
    Stage.HTTP_ANSWER,
    rationale="Without them no Authorization header is sent, and the peer answers HTTP 401.",
    only_if={_AUTHENTICATION: ("basic",)},
    needs=("consumer.calls[].user", "consumer.calls[].password_stored"),
    each=CALLS,
    answer="logon-failed",
)
def basic_user(user: Known[str], stored: Known[bool]) -> Verdict:
    return maintained(user, stored)


def _password(identifier: str, kind: str, answer: str) -> Check:
    """Make the check of the password for one authentication method."""

    @check(
        identifier,
        "The peer accepts user and password of the call",
        Stage.HTTP_ANSWER,
        rationale="SCLNT_HTTP 410: check the logon data of the destination or logical port.",
        only_if={_AUTHENTICATION: (kind,)},
        needs=("consumer.calls[].password_current",),
        each=CALLS,
        after=("credentials.token-user", "credentials.password-readable", "http-answer.basic-user"),
        answer=answer,
    )
    def current(accepted: Known[bool]) -> Verdict:
        if accepted.value:
            return passed()
        return failed("it refuses them", accepted.compared("password current", "true"), reason="password")

    return current


CHECKS = (
    basic_user,
    method,
    _password("http-answer.basic-password", "basic", "logon-failed"),
    _password("http-answer.token-password", "username-token", "token-refused"),
    endpoint,
)
