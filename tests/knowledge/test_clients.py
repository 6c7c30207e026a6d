"""What users of real clients see, as the clients showed it before the lab, is recognised and leads to its cause."""

from __future__ import annotations

import datetime
import ssl
import tempfile
from typing import Any

import pytest
from cryptography import x509

from tests.lab.clients import seen
from tests.wsse import pki
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import recognise
from wssdoctor.report.explanation import explain

BASE = load()
LIST = seen.load()
CONNECTIONS = seen.load(seen.CONNECTIONS)


def named(text: str) -> dict[str, int]:
    """The causes that messages in a text name, with their places among all causes."""
    causes = explain(text, BASE).causes
    return {one.cause: place for place, one in enumerate(causes, 1) if one.because}


@pytest.mark.parametrize("client", LIST)
def test_what_a_client_shows_names_each_cause_that_it_came_from(client: str) -> None:
    assert LIST[client].texts
    for text in LIST[client].texts:
        assert recognise(text.shown, BASE), text.shown
        assert set(text.causes) <= set(named(text.shown)), text.shown


@pytest.mark.parametrize("client", CONNECTIONS)
def test_what_a_client_shows_of_a_failed_connection_names_its_causes(client: str) -> None:
    for text in CONNECTIONS[client].texts:
        found = recognise(text.shown, BASE)
        assert found, text.shown
        assert set(text.causes) <= {cause for one in found for cause in BASE.messages[one.id].causes}, text.shown
        if not text.causes:  # the fault lies in the files of the caller
            assert not any(BASE.messages[one.id].causes for one in found), text.shown


def test_a_fault_code_that_gsoap_writes_of_its_own_connection_blames_no_envelope() -> None:
    for text in filter(lambda one: one.causes, CONNECTIONS["gSOAP"].texts):
        found = explain(text.shown, BASE)
        assert "soap:" in " ".join(one.id for one in found.recognised)
        assert min(place for place, one in enumerate(found.causes, 1) if one.cause in text.causes) <= 3, text.shown
        assert "malformed-envelope" not in [one.cause for one in found.causes if one.because]


@pytest.mark.parametrize("client", LIST)
def test_a_sentence_around_it_leads_to_the_same_causes(client: str) -> None:
    for text in LIST[client].texts:
        said = f"since this morning our {client} client cannot call the order service, it only says {text.shown}"
        causes = named(said)
        assert set(text.causes) <= set(causes), text.shown
        if any(0 < len(BASE.messages[found.id].causes) <= 3 for found in recognise(text.shown, BASE)):
            assert min(causes[one] for one in text.causes) <= 3, text.shown


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ('    signature = security.find(QName(ns.DS, "Signature"))', "ZEEP-UNSIGNED-ANSWER"),
        ("zeep ends with AttributeError: 'NoneType' object has no attribute 'find'", "ZEEP-UNSIGNED-ANSWER"),
        ("zeep.exceptions.Fault: Web service processing error", "ZEEP-FAULT"),
        ("curl: (22) The requested URL returned error: 503", "CURL-STATUS"),
    ],
)
def test_the_text_of_a_client_is_recognised(shown: str, expected: str) -> None:
    assert expected in [found.id for found in recognise(shown, BASE)]


@pytest.mark.parametrize("lacks", ["AuthorityKeyIdentifier", "critical BasicConstraints", "KeyUsage"])
def test_a_strict_client_blames_the_extensions_of_a_certificate_and_no_trust(lacks: str) -> None:
    error = refused_strictly(lacks)
    assert "OPENSSL-STRICT" in [found.id for found in recognise(error, BASE)], error
    assert list(named(error)) == ["server-cert-not-strict", "tls-interception"]


def refused_strictly(lacks: str) -> str:
    """What Python says, where its context is strict, of a server with a chain that lacks something."""
    now = datetime.datetime.now(datetime.UTC)
    dates: dict[str, Any] = {"start": now - datetime.timedelta(days=1), "end": now + datetime.timedelta(days=1)}
    usage = None if lacks == "KeyUsage" else ("key_cert_sign", "crl_sign")
    constraints = x509.BasicConstraints(True, None), not lacks.startswith("critical")
    root = pki.issue(None, "CN=Strict root", ca=None, usage=usage, extensions=(constraints,), **dates)
    name = x509.SubjectAlternativeName([x509.DNSName("erp.example.com")]), False
    identified = lacks != "AuthorityKeyIdentifier"
    leaf = root.issue("CN=erp.example.com", identifiers=identified, extensions=(name,), **dates)
    with tempfile.NamedTemporaryFile() as file:
        file.write(leaf.pem + leaf.key_pem())
        file.flush()
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(file.name)
    calling = ssl.create_default_context(cadata=root.pem.decode())
    calling.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = calling.wrap_bio(back, there, server_hostname="erp.example.com")
    server = serving.wrap_bio(there, back, server_side=True)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return str(error)
    raise AssertionError("the certificate was accepted")


def test_the_last_line_of_any_python_program_is_none_of_a_client() -> None:
    assert recognise("AttributeError: 'NoneType' object has no attribute 'find'", BASE) == ()
