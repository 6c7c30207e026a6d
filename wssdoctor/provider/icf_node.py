"""Stage icf-node: the service is there, active, reached over the right scheme, and lets the technical user log on."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.description.icf import STANDARD_ORDER
from wssdoctor.provider.situation import MESSAGE_AUTHENTICATION
from wssdoctor.provider.stage import Stage


@check(
    "icf-node.described",
    "The request's path leads to a service node",
    Stage.ICF_NODE,
    rationale="ICF answers 404 where no node fits the path (SAP Help: Creating and Configuring ICF Services).",
    needs=("request.node",),
    answer="icf-not-found",
)
def described(node: Known[str | None]) -> Verdict:
    if node.value is not None:
        return passed()
    return failed("no service node fits the path", node.compared("path", "that of a service node", "no node fits"))


@check(
    "icf-node.exists",
    "The service node exists",
    Stage.ICF_NODE,
    rationale="ICF answers 404 where no node fits the path.",
    needs=("icf.nodes[].exists",),
    each="icf.nodes",
    answer="icf-not-found",
)
def exists(present: Known[bool]) -> Verdict:
    if present.value:
        return passed()
    return failed("the node does not exist", present.compared("node exists", "true"))


@check(
    "icf-node.active",
    "The service node and its parents are active",
    Stage.ICF_NODE,
    rationale="An inactive node is not served: HTTP 403, on some releases 404 (SAP wiki on HTTP 403; ICFSERVLOC).",
    needs=("icf.nodes[].active",),
    each="icf.nodes",
    past=("icf-node.exists",),
    answer="icf-inactive",
)
def active(state: Known[bool]) -> Verdict:
    if state.value:
        return passed()
    return failed("the node, or one above it, is inactive", state.compared("node active", "true"))


@check(
    "icf-node.https",
    "The request comes over HTTPS where the node demands it",
    Stage.ICF_NODE,
    rationale="Security Requirement SSL makes ICF refuse plain HTTP with 403 (SAP wiki on HTTP 403; ICFSERVICE-SSLFLAG).",
    only_if={"icf.nodes[].https_required": (True,)},
    needs=("request.scheme",),
    answer="icf-https-demanded",
)
def https(scheme: Known[str]) -> Verdict:
    if scheme.value == "https":
        return passed()
    return failed("the node demands HTTPS and the request came over http", scheme.compared("scheme", "https"))


@check(
    "icf-node.logon-procedure",
    "The node's logon procedure lets the technical user log on",
    Stage.ICF_NODE,
    rationale="Message authentication needs the logon data stored in the node (SAP Help: Message-Based Authentication; "
    "Maintaining Logon Procedures).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("icf.nodes[].logon_procedure",),
    each="icf.nodes",
    answer="logon-wrong-credentials",
)
def logon_procedure(procedure: Known[str]) -> Verdict:
    if procedure.value != "certificate-required":
        return passed()
    wanted = "a procedure that reaches the stored logon data"
    return failed("the node accepts client certificates only", procedure.compared("logon procedure", wanted))


@check(
    "icf-node.logon-order",
    "The node's alternative logon order ends at the stored logon data",
    Stage.ICF_NODE,
    rationale="An alternative order without service data never reaches the technical user (SAP Help: Maintaining Logon "
    "Procedures).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION, "icf.nodes[].logon_procedure": ("alternative",)},
    needs=("icf.nodes[].logon_order",),
    each="icf.nodes",
    answer="logon-wrong-credentials",
)
def logon_order(order: Known[tuple[str, ...]]) -> Verdict:
    if "service-data" in order.value:
        return passed()
    return failed(
        "the order does not contain the stored logon data", order.compared("logon order", "contains service-data")
    )


@check(
    "icf-node.client",
    "The request asks for the client in which the service runs",
    Stage.ICF_NODE,
    rationale="sap-client in the request decides the client of the logon (SAP Help: Maintaining Logon Procedures).",
    needs=("request.client", "system.client"),
    answer="logon-wrong-credentials",
)
def client(asked: Known[str], runs: Known[str]) -> Verdict:
    if asked.value == runs.value:
        return passed()
    return failed(f"the request asks for client {asked.value[:3]}", asked.compared("sap-client", runs.value))


@check(
    "icf-node.stored-client",
    "The client stored in the node is the one in which the service runs",
    Stage.ICF_NODE,
    rationale="The technical user exists per client; the node's logon data names the client (ICFSERVICE-ICF_MANDT).",
    needs=("icf.nodes[].stored_client", "system.client"),
    each="icf.nodes",
    answer="logon-wrong-credentials",
)
def stored_client(stored: Known[str], runs: Known[str]) -> Verdict:
    if stored.value in ("", runs.value):
        return passed()
    return failed(f"the node logs on in client {stored.value}", stored.compared("client in the node", runs.value))


@check(
    "icf-node.default-client",
    "A request that names no client logs on in the one in which the service runs",
    Stage.ICF_NODE,
    rationale="Without sap-client the node's client counts, else the default client of the system, "
    "login/system_client (SAP Help: Maintaining Logon Procedures; the parameter is inferred).",
    needs=("request.logon_client", "system.client"),
    after=("icf-node.stored-client",),
    answer="logon-wrong-credentials",
)
def default_client(used: Known[str], runs: Known[str]) -> Verdict:
    if used.value == runs.value:
        return passed()
    evidence = used.compared("client of the logon", runs.value, used.value)
    return failed(f"the logon goes to client {used.value[:3]}", evidence)


def effective_order(procedure: str, order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds of logon data in the order in which a node tries them."""
    if procedure == "service-data-required":
        return ("service-data",)
    if procedure == "certificate-required":
        return ("client-certificate",)
    return order if procedure == "alternative" else STANDARD_ORDER


CHECKS = (described, exists, active, https, logon_procedure, logon_order, client, stored_client, default_client)
