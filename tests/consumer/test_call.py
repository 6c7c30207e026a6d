"""What stops an outbound call: each way to fail, what the caller sees, and nothing green about the unknown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tests.landscape import MOMENT, facts, outbound
from wssdoctor.check.result import Outcome
from wssdoctor.consumer.answer import ANSWERS
from wssdoctor.consumer.call import CHECKS, calls, survey
from wssdoctor.consumer.stage import Stage
from wssdoctor.description.change import change, flat
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.description.load import empty, loads
from wssdoctor.evidence import Sensitivity

ORDER, INVOICE, STOCK = (f"consumer.calls[{index}]" for index in range(3))


def failed(values: dict[str, Any], call: str) -> list[str]:
    results = survey(change(outbound(), values), MOMENT)
    return [one.code for one in results if one.outcome is Outcome.FAILED and one.subject.path == call]


def test_the_calls_of_the_healthy_landscape_work() -> None:
    results = survey(outbound(), MOMENT)
    assert {one.code for one in results if one.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)} == set()
    assert [(one.verdict, one.stage, one.predicted) for one in calls(results)] == [("works", None, None)] * 3


@pytest.mark.parametrize(
    ("call", "values", "code", "message"),
    [
        (INVOICE, {"wsdl_credentials": False}, "logical-port.wsdl-readable", "HTTP-401"),
        (ORDER, {"url": "partner.example.com"}, "logical-port.url-usable:unusable", "HTTPIO_PLG_CANCELED"),
        (STOCK, {"user": ""}, "credentials.token-user-maintained:none", "WSS024"),
        (STOCK, {"password_stored": False}, "credentials.token-user-maintained:none", "WSS024"),
        (STOCK, {"password_readable": False}, "credentials.token-password-readable:unreadable", "WSS024"),
        (ORDER, {"ssl_client_pse": ""}, "credentials.client-pse-named:none", "WSS040"),
        (ORDER, {"ssl_client_pse": "ANONYM"}, "credentials.client-pse-named:none", "WSS040"),
        (STOCK, {"encryption_certificate_named": False}, "credentials.encryption-certificate-named", "WSS041"),
        (INVOICE, {"proxy.address": ""}, "network.proxy-set:no-proxy", "ICM_HTTP_CONNECTION_REFUSED"),
        (ORDER, {"peer.name_resolves": False}, "network.name-resolves:name", "ICM_HTTP_HOST_UNKNOWN"),
        (INVOICE, {"proxy.reachable": False}, "network.proxy-reachable:proxy-down", "ICM_HTTP_PROXY_CONN_REFUSED"),
        (INVOICE, {"proxy.user": ""}, "network.proxy-logon", "ICM_HTTP_PROXY_UNAUTHORIZED"),
        (INVOICE, {"proxy.password_current": False}, "network.proxy-logon", "HTTP-407"),
        (ORDER, {"peer.port_open": False}, "connection.opened:refused", "NIECONN_REFUSED"),
        (ORDER, {"peer.speaks_tls": False}, "connection.tls-port:plain", "SCLNT_HTTP407"),
        (STOCK, {"peer.speaks_tls": True}, "connection.plain-port:tls", "ICM_HTTP_CONNECTION_BROKEN"),
        (ORDER, {"peer.tls_versions": ["1.3"]}, "tls-handshake.version:version", "SSSLERR_SSL_READ"),
        (ORDER, {"peer.cipher_suites": ["AES128-SHA"]}, "tls-handshake.cipher-suite:cipher", "SSSLERR_SSL_READ"),
        (ORDER, {"peer.issuer_at_system": "CN=Box"}, "server-certificate.genuine", "SSSLERR_PEER_CERT_UNTRUSTED"),
        (ORDER, {"peer.certificates[0].names": ["x.example"]}, "server-certificate.host-name", "SCLNT_HTTP415"),
        (
            ORDER,
            {"peer.certificates[1].not_after": "2026-11-20T09:59:59Z"},
            "server-certificate.not-expired",
            "ICM_HTTP_SSL_PEER_CERT_EXPIRED",
        ),
        (
            ORDER,
            {"peer.certificates[0].not_before": "2026-11-20T10:00:01Z"},
            "server-certificate.begun",
            "SSSLERR_PEER_CERT_UNTRUSTED",
        ),
        (INVOICE, {"peer.client_certificate": "required"}, "client-certificate.sent", "SSSLERR_NO_CLIENT_CERT"),
        (ORDER, {"peer.client_authorities": ["CN=Other"]}, "client-certificate.authority:authority", "HTTP-403"),
        (ORDER, {"peer.client_certificate_known": False}, "client-certificate.known:unknown", "HTTP-403"),
        (ORDER, {"peer.trusted_reverse_proxies": []}, "client-certificate.forwarding-trusted", "HTTP-401"),
        (INVOICE, {"password_stored": False}, "credentials.basic-user-maintained:none", "SCLNT_HTTP410"),
        (INVOICE, {"password_readable": False}, "credentials.basic-password-readable:unreadable", "SCLNT_HTTP410"),
        (INVOICE, {"password_current": False}, "credentials.basic-password-current:password", "SCLNT_HTTP410"),
        (STOCK, {"password_current": False}, "credentials.token-password-current:password", "HTTP-500"),
        (INVOICE, {"peer.authentication": ["saml"]}, "http-answer.method:method", "HTTP-401"),
        (ORDER, {"url": "https://partner.example.com/order"}, "http-answer.endpoint:address", "HTTP-404"),
    ],
)
def test_each_way_to_fail_is_told_alone_and_with_its_message(
    call: str, values: dict[str, Any], code: str, message: str
) -> None:
    changed = {f"{call}.{path}": value for path, value in values.items()}
    assert failed(changed, call) == [code]
    found = next(one for one in calls(survey(change(outbound(), changed), MOMENT)) if one.subject.path == call)
    assert found.verdict == "fails"
    assert found.predicted is not None
    assert message in found.predicted.messages


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"consumer.https_service": False}, "tls-setup.https-service"),
        ({"consumer.client_sni": False}, "tls-handshake.server-name"),
        ({"consumer.tls_versions": ["1.0", "1.1"]}, "tls-handshake.version:version"),
        ({"pses[0].exists": False}, "tls-setup.client-pse-exists:missing"),
        ({"pses[0].own_certificate_fits_key": False}, "tls-setup.certificate-fits-key"),
        ({"pses[0].own_certificate.not_after": "2026-01-01T00:00:00Z"}, "client-certificate.not-expired"),
        ({"pses[0].own_certificate.not_before": "2027-01-01T00:00:00Z"}, "client-certificate.begun"),
        ({"pses[0].own_chain": []}, "client-certificate.chain:chain"),
        ({"pses[0].trusted": []}, "server-certificate.trusted:untrusted"),
    ],
)
def test_the_system_itself_can_be_the_reason(values: dict[str, Any], code: str) -> None:
    assert failed(values, ORDER) == [code]


def test_another_identity_is_another_pse() -> None:
    other = {"application": "ssl-client", "identity": "PARTNR", "trusted": []}
    values = {"pses[2]": other, f"{INVOICE}.ssl_client_pse": "PARTNR"}
    assert failed(values, INVOICE) == ["server-certificate.trusted:untrusted"]
    unknown = survey(change(outbound(), {f"{INVOICE}.ssl_client_pse": "NOBODY"}), MOMENT)
    assert "pses" in {path for one in unknown for path in one.missing}


def test_an_inspected_connection_is_judged_by_what_the_system_sees() -> None:
    values = {f"{ORDER}.peer.issuer_at_system": "CN=Box", "pses[0].trusted[1]": {"subject": "CN=Box"}}
    assert failed(values, ORDER) == []
    results = survey(change(outbound(), values), MOMENT)
    unclear = {one.check for one in results if one.outcome is Outcome.UNKNOWN}
    assert {"server-certificate.trusted", "server-certificate.host-name"} <= unclear
    assert calls(results)[0].verdict == "undecided"


def test_a_path_that_names_alone_suggest_is_not_green() -> None:
    named = {"subject": "CN=Sample Root CA,OU=wssdoctor sample - not for use,O=Example"}
    results = survey(change(outbound(), {"pses[0].trusted": [named]}), MOMENT)
    trusted = [one for one in results if one.check == "server-certificate.trusted" and one.subject.path == ORDER]
    assert [(one.outcome, one.missing) for one in trusted] == [(Outcome.UNKNOWN, ("pses[].trusted[].file",))]
    assert calls(results)[0].verdict == "undecided"


REQUIRED = (".application", ".logical_port")
GIVEN = sorted(path for path in flat(outbound()) if "." in path and not path.endswith(REQUIRED))


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(GIVEN), max_size=6))
def test_a_fact_taken_away_never_makes_anything_fail_or_pass(gone: set[str]) -> None:
    before = {(one.check, one.subject.path): one.outcome for one in survey(outbound(), MOMENT)}
    for one in survey(change(outbound(), dict.fromkeys(gone, UNSET)), MOMENT):
        was = before[one.check, one.subject.path]
        assert one.outcome in (was, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
        assert set(one.missing) <= DECLARATIONS.keys()


def test_calls_of_which_only_the_name_is_known_are_undecided() -> None:
    named = loads(b'{format: "1", consumer: {calls: [{logical_port: LP}]}}', "system.yaml")
    results = survey(named, MOMENT)
    assert {one.outcome for one in results} == {Outcome.UNKNOWN}
    assert {path for one in results for path in one.missing} <= DECLARATIONS.keys()
    assert [one.verdict for one in calls(results)] == ["undecided"]


def test_a_description_without_calls_asks_only_where_it_speaks_of_them() -> None:
    assert survey(empty(), MOMENT) == ()
    assert survey(loads(b'{format: "1", consumer: {calls: []}}', "system.yaml"), MOMENT) == ()
    begun = survey(loads(b'{format: "1", consumer: {https_service: true}}', "system.yaml"), MOMENT)
    assert {(one.outcome, one.missing) for one in begun} == {(Outcome.UNKNOWN, ("consumer.calls",))}


@given(st.text(max_size=30))
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_a_check(text: str) -> None:
    values = {
        f"{ORDER}.url": text,
        f"{INVOICE}.peer.issuer_at_system": text,
        f"{INVOICE}.peer.certificates[0].names": [text],
        f"{INVOICE}.peer.certificates[0].subject": text,
        f"{ORDER}.peer.client_authorities": [text],
        f"{ORDER}.peer.trusted_reverse_proxies": [text],
        "pses[0].own_certificate.issuer": text,
        "consumer.cipher_suites": [text],
    }
    results = survey(change(facts(), {path: value for path, value in values.items() if "pses" not in path}), MOMENT)
    results += survey(change(outbound(), values), MOMENT)
    assert Outcome.ERROR not in {one.outcome for one in results}


def test_evidence_that_names_partners_says_so() -> None:
    values = {"pses[0].trusted": [], f"{INVOICE}.peer.certificates[0].names": ["x.example"], f"{STOCK}.user": ""}
    pieces = [piece for one in survey(change(outbound(), values), MOMENT) for piece in one.evidence]
    shown = [piece for piece in pieces if "example" in repr(piece).lower()]
    assert shown
    assert {piece.sensitivity for piece in shown} == {Sensitivity.IDENTIFYING}


def test_checks_are_in_the_order_of_the_stages_and_every_answer_exists() -> None:
    stages = [list(Stage).index(Stage(one.stage)) for one in CHECKS]
    assert stages == sorted(stages)
    assert len({one.id for one in CHECKS}) == len(CHECKS)
    assert {one.answer for one in CHECKS} == ANSWERS.keys()
    assert all(stage.heading for stage in Stage)
