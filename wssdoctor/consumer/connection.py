"""Stage connection: the port takes connections, and speaks the protocol of the URL."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage

_NEEDS = ("consumer.calls[].peer.speaks_tls", "call.port")


@check(
    "connection.opened",
    "Host and port take connections",
    Stage.CONNECTION,
    rationale="ICM_HTTP_CONNECTION_REFUSED: wrong port, no service, or a firewall (SAP KBA 3569644).",
    needs=("consumer.calls[].peer.port_open", "call.port"),
    each=CALLS,
    past=("network.proxy-reachable", "network.proxy-logon"),
    answer="refused",
    reasons=("refused",),
)
def opened(taken: Known[bool], port: Known[int]) -> Verdict:
    if taken.value:
        return passed()
    return failed(f"port {port.value} takes none", taken.compared("port takes connections", "true"), reason="refused")


@check(
    "connection.tls-port",
    "The port that is called with https speaks TLS",
    Stage.CONNECTION,
    rationale="ICM_HTTP_SSL_ERROR when the port is no SSL port (SAP KBA 3569644).",
    only_if={"call.scheme": ("https",)},
    needs=_NEEDS,
    each=CALLS,
    answer="no-tls-on-port",
    reasons=("plain",),
)
def tls_port(tls: Known[bool], port: Known[int]) -> Verdict:
    if tls.value:
        return passed()
    return failed(f"port {port.value} speaks plain HTTP", tls.compared("port speaks TLS", "true"), reason="plain")


@check(
    "connection.plain-port",
    "The port that is called with http speaks plain HTTP",
    Stage.CONNECTION,
    rationale="A TLS port closes the connection or answers HTTP 400 to a plain request [inferred].",
    only_if={"call.scheme": ("http",)},
    needs=_NEEDS,
    each=CALLS,
    answer="tls-on-plain-port",
    reasons=("tls",),
)
def plain_port(tls: Known[bool], port: Known[int]) -> Verdict:
    if not tls.value:
        return passed()
    return failed(f"port {port.value} speaks TLS", tls.compared("port speaks TLS", "false"), reason="tls")


CHECKS = (opened, tls_port, plain_port)
