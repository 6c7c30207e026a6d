"""What the provider does with one request: each way to fail, and never a green answer about the unknown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tests.landscape import MOMENT, facts, requests
from tests.present import present
from wssdoctor.capture import edit
from wssdoctor.capture.read import read_bytes
from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.change import change, flat
from wssdoctor.description.load import empty
from wssdoctor.evidence import Computed
from wssdoctor.provider.answer import ANSWERS
from wssdoctor.provider.credential import credentials
from wssdoctor.provider.icf_logon import technical_user_name
from wssdoctor.provider.lock import explained, locked_bits
from wssdoctor.provider.replay import CHECKS, needs_request, replay, survey
from wssdoctor.provider.request import Request
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse import names

ORDER = requests()[0]
NODE = next(
    index
    for index, node in enumerate(facts().items("icf.nodes") or ())
    if ORDER.capture.request is not None and node.path == ORDER.capture.request.path
)

BINDING = next(
    index
    for index, binding in enumerate(facts().items("bindings") or ())
    if ORDER.capture.request is not None and binding.path == ORDER.capture.request.path
)


def codes(results: tuple[Result, ...], outcome: Outcome = Outcome.FAILED) -> list[str]:
    return [result.code for result in results if result.outcome is outcome]


@pytest.mark.parametrize(
    ("values", "code", "status"),
    [
        ({"technical_user.lock": 192}, "technical-user.unlocked", 401),
        ({"technical_user.lock": 1}, None, 200),
        ({"technical_user.type": "L"}, "technical-user.type:type", 401),
        ({"technical_user.valid_to": "2026-11-18"}, "technical-user.valid-to:validity", 401),
        ({"technical_user.valid_to": "2026-11-19"}, None, 200),
        ({"technical_user.name": "DELAY_L_ERP"}, None, 200),
        ({"technical_user.name": "SOMEBODY"}, "technical-user.name", 401),
        ({f"icf.nodes[{NODE}].stored_user": ""}, "icf-node.stored-user:none", 401),
        ({f"icf.nodes[{NODE}].stored_client": "200"}, "icf-node.stored-client", 401),
        ({f"icf.nodes[{NODE}].logon_procedure": "certificate-required"}, "icf-node.logon-procedure", 401),
        ({f"bindings[{BINDING}].authentication": "basic"}, "icf-logon.credentials-sent:missing", 401),
        ({"clock.offset_seconds": 500}, "clock.within-tolerance:skew", 500),
        ({"clock.offset_seconds": 20, "wss_setup.time_tolerance_seconds": 5}, "clock.within-tolerance:tolerance", 500),
    ],
)
def test_a_change_of_the_system_is_answered_by_its_check(values: dict[str, Any], code: str | None, status: int) -> None:
    after = replay(change(facts(), values), ORDER)
    assert after.predicted is not None
    assert after.predicted.status == status
    assert (codes(after.results)[0] if codes(after.results) else None) == code


@pytest.mark.parametrize(
    ("name", "value", "kind", "accepted"),
    [
        ("Authorization", "Basic dXNlcjpwYXNz", "basic", False),
        ("Cookie", "sap-usercontext=x; MYSAPSSO2=abc", "sso-ticket", False),
        ("SSL_CLIENT_CERT", "MIIC", "client-certificate", False),
        ("Authorization", "Bearer abc", None, True),
        ("Cookie", "sap-usercontext=x", None, True),
    ],
)
def test_credentials_beside_the_token_are_judged_in_the_order_of_the_node(
    name: str, value: str, kind: str | None, accepted: bool
) -> None:
    request = Request.of(edit.set_header(ORDER.capture, name, value))
    assert request.capture.request is not None
    assert [one.kind for one in credentials(request.capture.request)] == ([kind] if kind else [])
    assert (replay(facts(), request).verdict == "accepted") is accepted
    only_stored = change(facts(), {f"icf.nodes[{NODE}].logon_procedure": "service-data-required"})
    assert replay(only_stored, request).verdict == "accepted"


def test_a_credential_value_never_appears_in_a_result() -> None:
    request = Request.of(edit.set_header(ORDER.capture, "Authorization", "Basic c2VjcmV0LXZhbHVl"))
    assert "c2VjcmV0LXZhbHVl" not in repr(replay(facts(), request))


def test_the_walk_goes_on_past_the_first_rejection() -> None:
    after = replay(change(facts(), {f"icf.nodes[{NODE}].active": False, "users[0].lock": 64}), ORDER)
    assert after.stage is Stage.ICF_NODE
    assert {step.stage for step in after.steps if step.outcome is Outcome.FAILED} == {Stage.ICF_NODE, Stage.USER}


def test_every_stage_is_a_step_and_every_answer_exists() -> None:
    assert [step.stage for step in replay(facts(), ORDER).steps] == list(Stage)
    assert {one.answer for one in CHECKS if one.answer} <= set(ANSWERS)
    assert len({one.id for one in CHECKS}) == len(CHECKS)


def test_nothing_known_is_nothing_green() -> None:
    results = survey(empty(), MOMENT)
    assert {result.outcome for result in results} == {Outcome.UNKNOWN}
    assert replay(empty(), ORDER).verdict == "undecided"


REQUIRED = (".path", ".name", ".logical_port", ".application", ".type", ".external_id")
OPTIONAL = sorted(path for path in flat(facts()) if "." in path and not path.endswith(REQUIRED))


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(OPTIONAL), max_size=6))
def test_a_fact_taken_away_never_makes_anything_fail_or_pass(gone: set[str]) -> None:
    before = {(one.check, one.subject.name): one.outcome for one in replay(facts(), ORDER).results}
    less = change(facts(), dict.fromkeys(gone, UNSET))
    for one in replay(less, ORDER).results:
        was = before.get((one.check, one.subject.name))
        assert one.outcome in (was, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in flat(facts())
        if path.startswith(("technical_user", "clock")) and not path.endswith("failed_logons")
    ),
)
def test_a_missing_core_fact_leaves_the_request_undecided(path: str) -> None:
    after = replay(change(facts(), {path: UNSET}), ORDER)
    assert after.verdict == "undecided"


def test_a_validity_in_days_does_not_wait_for_the_offset_of_the_clocks() -> None:
    values = {"clock.offset_seconds": UNSET, "technical_user.valid_to": "2025-12-31"}
    results = survey(change(facts(), values), MOMENT)
    assert "technical-user.valid-to:validity" in codes(results)
    assert "clock.within-tolerance" in codes(results, Outcome.UNKNOWN)


def test_a_bare_envelope_is_not_judged_by_what_it_does_not_show() -> None:
    bare = Request.of(read_bytes(ORDER.capture.envelope, "order.xml"))
    after = replay(facts(), bare)
    assert after.verdict == "undecided"
    missing = {path for result in after.results for path in result.missing}
    assert {"request.path", "request.scheme", "request.credentials"} <= missing


def test_the_path_of_a_bare_envelope_may_come_from_addressing() -> None:
    path = present(facts().items("icf.nodes"))[NODE].path
    to = f'<wsa:To xmlns:wsa="http://www.w3.org/2005/08/addressing">https://erp.example.com{path}</wsa:To>'
    text = ORDER.capture.envelope.replace(b"<soap-env:Header>", b"<soap-env:Header>" + to.encode())
    bare = Request.of(read_bytes(text, "order.xml"))
    assert "icf-node.active" in codes(replay(facts(), bare).results, Outcome.PASSED)


def test_a_signature_that_cannot_be_read_is_refused() -> None:
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></wsse:Security>'
    text = ORDER.capture.envelope.replace(b"</wsse:Security>", signature)
    after = replay(facts(), Request.of(edit.replace_envelope(ORDER.capture, text)))
    assert (after.verdict, after.stage) == ("rejected", Stage.SIGNATURE)
    assert codes(after.results) == ["signature.readable:structure"]


def test_a_survey_needs_no_request() -> None:
    assert {result.check for result in survey(facts(), MOMENT)} == {one.id for one in CHECKS if not needs_request(one)}


@pytest.mark.parametrize(
    ("release", "name"),
    [("7.02", "DELAY_L_ERP"), ("700", "DELAY_L_ERP"), ("7.10", "DELAY_LOGON"), ("758", "DELAY_LOGON")],
)
def test_the_release_decides_the_technical_users_name(release: str, name: str) -> None:
    assert technical_user_name(release, "ERP") == name


@given(st.integers(min_value=0, max_value=255))
def test_locks_are_bits(lock: int) -> None:
    assert sum(locked_bits(lock)) == lock & 0b11100000
    assert (str(lock & 0b11111) in explained(lock)) == bool(lock & 0b11111)


@pytest.mark.parametrize(
    ("line", "code", "verdict"),
    [
        ("GET {path}", "soap.method", "rejected"),
        ("HEAD {path}", "soap.method", "rejected"),
        ("GET {path}?sap-client=100&wsdl=1.1", None, "undecided"),
    ],
)
def test_a_request_without_a_message_is_no_malformed_one(line: str, code: str | None, verdict: str) -> None:
    assert ORDER.capture.request is not None
    head = f"# url: https://erp.example.com\n{line.format(path=ORDER.capture.request.path)} HTTP/1.1\r\nHost: e\r\n\r\n"
    found = replay(facts(), Request.of(read_bytes(head.encode(), "get.http")))
    assert codes(found.results) == ([code] if code else [])
    assert found.verdict == verdict


def test_the_library_need_not_be_stated_where_something_proves_it() -> None:
    def outcome(changes: dict[str, Any]) -> Outcome:
        results = survey(change(facts(), changes), MOMENT)
        return next(one.outcome for one in results if one.check == "crypto-library.tls")

    assert outcome({}) is Outcome.NOT_APPLICABLE
    assert outcome({"pses": UNSET}) is Outcome.UNKNOWN
    assert outcome({"pses": UNSET, "crypto_library.usable": True}) is Outcome.PASSED
    assert outcome({"crypto_library.usable": False}) is Outcome.FAILED


def test_clocks_refuse_only_a_message_that_names_a_time() -> None:
    late = change(facts(), {"clock.offset_seconds": 500})
    envelope = f'<e:Envelope xmlns:e="{names.SOAP11}"><e:Body><a/></e:Body></e:Envelope>'.encode()
    bare = Request.of(edit.replace_envelope(ORDER.capture, envelope))
    result = next(one for one in replay(late, bare).results if one.check == "clock.within-tolerance")
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert "clock.within-tolerance:skew" in codes(survey(late, MOMENT))
    (evidence,) = next(
        one.evidence
        for one in survey(change(facts(), {"clock.offset_seconds": 1234567}), MOMENT)
        if one.check == "clock.within-tolerance"
    )
    assert isinstance(evidence, Computed)
    assert evidence.inputs[0] == ("clock offset", "1234567 s")
