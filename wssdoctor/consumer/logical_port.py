"""Stage logical-port: the URL of the call, and the WSDL behind it."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage
from wssdoctor.consumer.url import parse


@check(
    "logical-port.wsdl-readable",
    "The WSDL can be fetched with the credentials that are sent for it",
    Stage.LOGICAL_PORT,
    rationale="Many clients send user and password with the call only, and fetch a protected WSDL without them.",
    only_if={"consumer.calls[].wsdl_fetched": (True,), "consumer.calls[].peer.wsdl_protected": (True,)},
    needs=("consumer.calls[].wsdl_credentials",),
    each=CALLS,
    answer="wsdl-not-readable",
)
def wsdl_readable(sent: Known[bool]) -> Verdict:
    if sent.value:
        return passed()
    return failed(
        "the WSDL is protected and fetched without a logon", sent.compared("credentials for the WSDL", "true")
    )


@check(
    "logical-port.url-usable",
    "The URL of the call has a scheme, a host and a path",
    Stage.LOGICAL_PORT,
    rationale="Invalid HTTP connection parameters end the call before it starts (SAP wiki: Execute or test the Service "
    "Consumer).",
    needs=("consumer.calls[].url",),
    each=CALLS,
    answer="url-unusable",
    reasons=("unusable",),
)
def url_usable(text: Known[str]) -> Verdict:
    if parse(text.value) is not None:
        return passed()
    return failed(
        "no HTTP client can call this URL", text.compared("URL", "http or https, host, path"), reason="unusable"
    )


CHECKS = (wsdl_readable, url_usable)
