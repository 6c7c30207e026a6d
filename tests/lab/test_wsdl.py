"""The lab gives out the WSDL of a described endpoint: clients start from it, and the description reads back from it."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest
from lxml import etree
from zeep import Client
from zeep.wsse.username import UsernameToken

from tests import landscape
from tests.cli.command import wssdoctor
from tests.lab.clients import system
from tests.lab.serving import served
from tests.signed import node
from wssdoctor.collect.policy import alternatives, attached, demand, identified
from wssdoctor.description.binding import Binding
from wssdoctor.description.change import change
from wssdoctor.lab.line import line
from wssdoctor.lab.wsdl import wsdl

PATH = node("zorder_in")
_POLICY = "{http://schemas.xmlsoap.org/ws/2004/09/policy}Policy"


def test_zeep_starts_from_it_and_calls_the_lab() -> None:
    facts = change(system.facts(), {"users[0].operations": [f"{PATH}/ReadOrder"]})
    with served(facts) as (port, heard):
        client = Client(f"http://localhost:{port}{PATH}?wsdl", wsse=UsernameToken(system.USER, system.PASSWORD))
        assert client.service.ReadOrder() is None
        assert client.bind("zorder_in", "zorder_in_SOAP12").ReadOrder() is None
        short = f"http://localhost:{port}/sap/bc/srt/wsdl/flv_10002A111AD1/bndg_url{PATH}?sap-client=100"
        assert "ReadOrder" in Client(short).service._operations
    assert [one.answer.status for one in heard] == [200] * 4
    assert "a real system asks for a logon first" in line(heard[0])


@pytest.mark.parametrize(
    "binding",
    [
        Binding("/p", "basic", "https"),
        Binding("/p", "client-certificate", "https"),
        Binding("/p", "sso-ticket", "https"),
        Binding("/p", "username-token", "https"),
        Binding("/p", "x509-signature", "http", "Basic256Sha256", ("Body", "Timestamp")),
        Binding("/p", "saml", "https", "Basic256", ("Body", "Timestamp"), ("holder-of-key",)),
        Binding("/p", "saml", "https", "Basic256", ("Body",), ("sender-vouches",)),
        Binding("/p", "secure-conversation", "https", "Basic256Sha256", ("Body", "Timestamp")),
    ],
    ids=lambda one: str(one.authentication),
)
def test_what_the_endpoint_demands_reads_back_from_its_policy(binding: Binding) -> None:
    root = etree.fromstring(wsdl(binding, ("Read",), "http://h/p"))
    policies = identified(root)
    (bound, _) = root.iterchildren("{http://schemas.xmlsoap.org/wsdl/}binding")
    (alternative,) = alternatives(attached(bound, policies), policies)
    found = demand(alternative)
    assert found is not None
    assert found.authentication == binding.authentication
    if binding.signed_parts:
        assert found.signed_parts == binding.signed_parts
    if binding.algorithm_suite:
        assert found.algorithm_suite == binding.algorithm_suite
    if binding.saml_confirmation:
        assert found.saml_confirmation == binding.saml_confirmation


def test_collect_reads_the_endpoint_from_it(tmp_path: Path) -> None:
    written = wsdl(Binding(PATH, "basic", "https"), ("Read",), f"https://erp.example.com{PATH}")
    (tmp_path / "order.wsdl").write_bytes(written)
    done = wssdoctor("collect", str(tmp_path), "--output", str(tmp_path / "system.yaml"))
    assert done.returncode in (0, 1, 3), done.stderr
    text = (tmp_path / "system.yaml").read_text()
    assert PATH in text
    assert "basic" in text


def got(port: int, target: str) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", target)
    status = client.getresponse().status
    client.close()
    return status


def test_icf_stands_before_it() -> None:
    with served(landscape.facts()) as (port, _):
        assert got(port, f"{PATH}?wsdl") == 200
        assert got(port, "/sap/bc/elsewhere?wsdl") == 404
        assert got(port, PATH) in (401, 405)
    base = landscape.facts()
    index = next(number for number, one in enumerate(base.items("icf.nodes") or ()) if one.path == PATH)
    with served(change(base, {f"icf.nodes[{index}].active": False})) as (port, _):
        assert got(port, f"{PATH}?wsdl") == 403
