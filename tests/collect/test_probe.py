"""A look at servers on loopback, and what collecting makes of it."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from threading import Event

import jsonschema
import pytest

from tests.cli.command import wssdoctor
from tests.network.serving import NOW, Quiet, authority, issued, serving, talking
from tests.network.test_client import _ask, _dripping, _endless_header, _gone, _no_http, _silent
from tests.wsse.pki import Issued
from wssdoctor.collect.collect import collect
from wssdoctor.description.change import flat
from wssdoctor.errors import InputError
from wssdoctor.network.look import look
from wssdoctor.network.target import target
from wssdoctor.report.schema import schema

PATH = "/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"
SP = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
WSDL = f"""<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:p="http://www.w3.org/ns/ws-policy" xmlns:sp="{SP}"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"><wsdl:binding name="b"><p:Policy><sp:TransportBinding><p:Policy><sp:TransportToken><p:Policy>
 <sp:HttpsToken><p:Policy><sp:HttpBasicAuthentication/></p:Policy></sp:HttpsToken></p:Policy></sp:TransportToken></p:Policy></sp:TransportBinding>
 </p:Policy></wsdl:binding><wsdl:service><wsdl:port name="p" binding="b"><soap:address location="https://erp{PATH}"/></wsdl:port></wsdl:service>
 </wsdl:definitions>""".encode()  # fmt: skip


class _Server(Quiet):
    ahead = 90

    def date_time_string(self, timestamp: float | None = None) -> str:
        import time

        return formatdate(time.time() + self.ahead, usegmt=True)

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        assert self.headers["Authorization"] is None
        if self.path.endswith("?wsdl"):
            self.reply(200, WSDL)
        else:
            self.reply(401, b"", WWW_Authenticate='Basic realm="SAP"')


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    return tmp_path / "ca.pem"


def test_a_probe_becomes_facts(tmp_path: Path, ca: Path) -> None:
    (tmp_path / "exports").mkdir()
    file = tmp_path / "exports" / "seen"
    with serving(_Server, issued()) as url:
        ran = wssdoctor("probe", url + PATH, "--ca", ca, "--wsdl", "--format", "json", "-o", file)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(file.read_bytes())
    jsonschema.validate(seen, schema("probe"))
    assert (seen["status"], seen["tls"]["verified"], seen["tls"]["version"]) == (200, True, "TLSv1.3")
    assert seen["clock"]["ahead_at_least_seconds"] <= 90 <= seen["clock"]["ahead_at_most_seconds"] + 1
    assert [each["subject"] for each in seen["tls"]["certificates"]] == [
        "CN=localhost,O=Test",
        "CN=Local authority,O=Test",
    ]
    facts = flat(collect(tmp_path / "exports").facts)
    assert facts["system.host"] == "localhost"
    assert float(facts["clock.offset_seconds"]) >= 88
    assert (facts["bindings[0].path"], facts["bindings[0].authentication"]) == (PATH, "basic")


@pytest.mark.parametrize(
    ("certificate", "says"),
    [(issued(days=-1), "expired"), (issued(("other.example.com",)), "not valid for 'localhost'")],
    ids=["expired", "other-name"],
)
def test_what_does_not_verify_is_shown_with_the_reason(ca: Path, certificate: Issued, says: str) -> None:
    with serving(_Server, certificate) as url:
        ran = wssdoctor("probe", url, "--ca", ca)
    assert ran.returncode == 1
    text = " ".join(ran.stdout.decode().split())
    assert "NO: " in text
    assert says in text
    assert "401 without a logon" in text
    assert "THE CLOCKS DIFFER" in text
    assert f"{NOW:%Y}" in text


@pytest.mark.parametrize("speak", [_silent, _dripping, _endless_header, _no_http, _gone])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_hostile_servers_end_in_one_problem(speak: Callable[[socket.socket, Event], None], scheme: str) -> None:
    with talking(speak) as url, pytest.raises(InputError) as caught:
        look(target(url.replace("http", scheme, 1)), ssl.create_default_context(), 0.5)
    assert caught.value.problems[0].why


def test_an_endless_body_is_cut(ca: Path) -> None:
    def speak(connection: socket.socket, over: Event) -> None:
        _ask(connection)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        over.wait()

    with talking(speak) as url:
        shaken, seen = look(target(url), ssl.create_default_context(), 5)
    assert (shaken, seen.body) == (None, b"abc")


@pytest.mark.parametrize(
    "text", ['{"schema":"wssdoctor.probe/1"}', '{"schema":"wssdoctor.probe/1"', '{"schema":"wssdoctor.probe/2"}']
)
def test_a_damaged_document_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "probe.json").write_text(text)
    assert len(collect(tmp_path).refused) == 1
