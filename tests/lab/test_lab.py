"""The lab answers as the model predicts, over real sockets; real clients are in tests/lab/clients."""

from __future__ import annotations

import datetime as dt
import http.client
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from tests import landscape, signed
from tests.lab.serving import served
from tests.present import of_type, present
from tests.wsse.encrypting import message
from wssdoctor.capture.capture import CaptureTime
from wssdoctor.capture.edit import render
from wssdoctor.description.change import change
from wssdoctor.lab import server
from wssdoctor.lab.entry import entry
from wssdoctor.lab.line import line
from wssdoctor.lab.provider import Answered, Provider
from wssdoctor.lab.server import Arrival, recorded
from wssdoctor.provider.request import Request
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.message import Message

PASSWORD = "sample-Passw0rd"
PATH = "/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"


def posted(port: int, request: Request) -> http.client.HTTPResponse:
    sent = request.capture.request
    assert sent is not None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(sent.method, sent.target, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.headers:
        connection.putheader(name, value)
    connection.endheaders(sent.body)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("name", ["x509", "x509-by-rule", "saml2", "saml-ticket", "secure-conversation"])
def test_healthy_systems_accept_each_token_kind(name: str) -> None:
    facts, requests = signed.LANDSCAPES[name]()
    with served(facts, lambda: signed.ARRIVAL) as (port, heard):
        for request in requests:
            assert posted(port, request).status == 200, line(heard[-1])
    assert [of_type(Answered, one.answered).replay.verdict for one in heard] == ["accepted"] * len(requests)


def test_a_repeated_signature_is_refused_where_replays_are_detected() -> None:
    facts, (request,) = signed.LANDSCAPES["x509"]()
    watching = change(facts, {"wss_setup.detect_message_replays": True})
    with served(watching, lambda: signed.ARRIVAL) as (port, heard):
        assert posted(port, request).status == 200
        assert posted(port, request).status == 500
    assert of_type(Answered, heard[1].answered).replay.stage == "message-replay"


def test_a_security_context_is_issued_and_then_known() -> None:
    facts, _ = signed.LANDSCAPES["secure-conversation"]()
    trust = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
    conversation = "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512"
    body = (
        f'<t:RequestSecurityToken xmlns:t="{trust}"><t:TokenType>{conversation}/sct</t:TokenType>'
        f"<t:RequestType>{trust}/Issue</t:RequestType></t:RequestSecurityToken>"
    )
    token = (
        "<wsse:UsernameToken><wsse:Username>WS_ORDER</wsse:Username>"
        f"<wsse:Password>{PASSWORD}</wsse:Password></wsse:UsernameToken>"
    )
    asking = signed.capture("rst.http", "zplanning_in", message(token, body).encode())
    provider = Provider(facts)
    capture = replace(asking.capture, time=CaptureTime(signed.ARRIVAL, "given"))
    found = of_type(Answered, provider.answer(capture, signed.ARRIVAL))
    assert found.issued, line(Arrival(signed.ARRIVAL, "", asking.capture, found))
    contexts = present(provider.facts.items("security_contexts"))
    assert contexts[-1].user == "WS_ORDER"
    assert contexts[-1].identifier.encode() in found.answer.body
    assert str(contexts[-1].secret) not in repr(provider.facts.name)


def test_unknown_facts_are_named_and_taken_as_healthy(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text('format: "1"\nsystem: {sid: ERP, release: "7.50"}\n')
    provider = Provider.of(tmp_path / "system.yaml")
    request = landscape.requests()[0]
    found = of_type(Answered, provider.answer(request.capture, landscape.MOMENT))
    assert found.answer.status in (200, 500)
    assert "technical_user.exists" in found.assumed


def test_a_change_of_the_description_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "system.yaml"
    path.write_text('format: "1"\n')
    provider = Provider.of(path)
    assert not provider.refreshed()
    path.write_text('format: "1"\ntechnical_user: {name: DELAY_LOGON, exists: false}\n')
    assert provider.refreshed()
    found = of_type(Answered, provider.answer(landscape.requests()[0].capture, landscape.MOMENT))
    assert found.answer.status == 401


@pytest.mark.parametrize("octets", [b"", b"<", b"\0" * 10, b"<!DOCTYPE a><a/>", b"<a>" * 300, b"--\r\n"])
def test_whatever_comes_is_answered(octets: bytes) -> None:
    with served(landscape.facts()) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", PATH, octets, {"Content-Type": "text/xml", "Content-Encoding": "gzip"})
        assert connection.getresponse().status >= 400
        connection.close()


def test_what_cannot_be_replayed_is_told_with_the_reason() -> None:
    with served(landscape.facts()) as (port, heard):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", PATH, b"<!DOCTYPE a><a/>", {"Content-Type": "text/xml"})
        connection.getresponse().read()
        connection.request("GET", "/nowhere?wsdl")
        connection.getresponse().read()
        connection.close()
    told = [entry(one).told for one in heard]
    assert told[0].startswith("refused: the document has a document type declaration")
    assert "no XML" not in told[1]


def test_what_came_can_be_saved_as_a_capture_with_its_answer() -> None:
    with served(landscape.facts(), lambda: landscape.MOMENT - dt.timedelta(days=1)) as (port, heard):
        posted(port, landscape.requests()[0])
    text = render(recorded(heard[0]))
    assert text.startswith(b"# url: https://")
    assert b"HTTP/1.1 500" in text or b"HTTP/1.1 200" in text


def test_an_envelope_that_cannot_be_read_is_answered_in_the_soap_version_of_its_content_type() -> None:
    with served(landscape.facts()) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", PATH, b"<s:Envelope", {"Content-Type": "application/soap+xml; charset=utf-8"})
        answer = connection.getresponse()
        assert answer.headers.get_content_type() == "application/soap+xml"
        assert b"env:Sender" in answer.read()
        connection.close()


def test_an_accepted_call_is_answered_by_an_empty_response_of_the_operation() -> None:
    request = landscape.requests()[0]
    found = of_type(
        Answered, Provider(landscape.facts()).answer(request.capture, landscape.MOMENT - dt.timedelta(days=1))
    )
    root = parse_document(found.answer.body)
    (response,) = root[1]
    operation = present(of_type(Message, request.message).operation)
    assert etree.QName(response).localname == f"{operation.rpartition('}')[2]}Response"
    assert (len(response), [one.text for one in root.iter("{*}User")]) == (0, ["WS_ORDER"])


def test_a_body_that_does_not_come_in_time_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.05)
    with served(landscape.facts()) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.putrequest("POST", PATH)
        connection.putheader("Content-Length", "100")
        connection.endheaders(b"short")
        assert connection.getresponse().status == 408
        connection.close()
