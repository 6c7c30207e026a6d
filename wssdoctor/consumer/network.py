"""Stage network: the name of the peer, and the proxy on the way."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage

_PROXY = "consumer.calls[].proxy"
_BY_PROXY = {"call.route": ("proxy",)}


@check(
    "network.proxy-set",
    "The call uses a proxy where the network demands one",
    Stage.NETWORK,
    rationale="A peer behind the firewall is reached only through the proxy; without it connections are refused or time "
    "out.",
    needs=(f"{_PROXY}.needed", f"{_PROXY}.address"),
    each=CALLS,
    answer="refused",
    reasons=("no-proxy",),
)
def proxy_set(needed: Known[bool], address: Known[str]) -> Verdict:
    if address.value or not needed.value:
        return passed()
    return failed("a proxy is needed, and none is set", address.compared("proxy", "host and port"), reason="no-proxy")


@check(
    "network.name-resolves",
    "The host name of the peer resolves on the application server",
    Stage.NETWORK,
    rationale="ICM_HTTP_HOST_UNKNOWN (SAP KBA 3569644). With a proxy it is the proxy that resolves the name.",
    only_if={"call.route": ("direct",)},
    needs=("consumer.calls[].peer.name_resolves",),
    each=CALLS,
    after=("network.proxy-set",),
    answer="host-unknown",
    reasons=("name",),
)
def name_resolves(resolves: Known[bool]) -> Verdict:
    if resolves.value:
        return passed()
    return failed("the host name does not resolve there", resolves.compared("name resolves", "true"), reason="name")


@check(
    "network.proxy-reachable",
    "The proxy takes connections",
    Stage.NETWORK,
    rationale="ICM_HTTP_PROXY_CONN_REFUSED.",
    only_if=_BY_PROXY,
    needs=(f"{_PROXY}.reachable",),
    each=CALLS,
    answer="proxy-refused",
    reasons=("proxy-down",),
)
def proxy_reachable(reachable: Known[bool]) -> Verdict:
    if reachable.value:
        return passed()
    return failed("the proxy takes no connection", reachable.compared("proxy reachable", "true"), reason="proxy-down")


@check(
    "network.proxy-logon",
    "The proxy accepts the logon of the call",
    Stage.NETWORK,
    rationale="A proxy that wants a logon answers HTTP 407, which the caller sees as ICM_HTTP_PROXY_UNAUTHORIZED.",
    only_if={**_BY_PROXY, f"{_PROXY}.demands_logon": (True,)},
    needs=(f"{_PROXY}.user", f"{_PROXY}.password_current"),
    each=CALLS,
    past=("network.proxy-reachable",),
    answer="proxy-logon",
)
def proxy_logon(user: Known[str], current: Known[bool]) -> Verdict:
    if not user.value:
        return failed("no user for the proxy is maintained", user.compared("user for the proxy", "a user"))
    if not current.value:
        return failed(
            "the password for the proxy is another one", current.compared("password for the proxy is current", "true")
        )
    return passed()


CHECKS = (proxy_set, name_resolves, proxy_reachable, proxy_logon)
