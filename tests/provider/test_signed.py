"""Signed messages, token by token: each way to fail has its check and its answer, and nothing unknown is green."""

from __future__ import annotations

import base64
import pickle
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from tests import landscape, signed
from tests.wsse.encrypting import (
    data_references,
    encrypted_data,
    key_identifier,
    message,
    reference,
    thumbprint,
    transport,
)
from tests.wsse.pki import NOW as ISSUED
from tests.wsse.pki import YEAR, Issued, client, issue, issuing, root, server
from wssdoctor.capture import edit as http
from wssdoctor.capture.read import read_bytes
from wssdoctor.check.result import Outcome
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.provider.algorithms import short
from wssdoctor.provider.history import History
from wssdoctor.provider.replay import Replay, replay
from wssdoctor.provider.replayer import Replayer
from wssdoctor.provider.request import Request
from wssdoctor.wsse import edit, names

BINDINGS = {one.path: index for index, one in enumerate(signed.base().items("bindings") or ())}


def binding(service: str) -> str:
    return f"bindings[{BINDINGS[signed.node(service)]}]"


def pse(application: str) -> str:
    found = signed.base().items("pses") or ()
    return f"pses[{next(index for index, one in enumerate(found) if one.application == application)}]"


def first(name: str, values: dict[str, Any] | None = None) -> Replay:
    """Replay the message of a landscape after a change of its description."""
    facts, requests = signed.LANDSCAPES[name]()
    return replay(change(facts, values or {}), requests[0])


def failures(found: Replay) -> list[str]:
    return [one.code for one in found.failed]


WSSE = pse("wsse")
BY_ALIAS = {"attribute": "CN", "login_as": "alias", "active": True}
BY_NAME = {"attribute": "CN", "login_as": "user", "active": True}
SYSTEM = pse("system")
SUBJECT = str(client().certificate.subject)
DN = {"type": "DN", "external_id": SUBJECT, "user": "WS_ORDER", "active": True}
EXPLICIT = {
    "subject": SUBJECT,
    "issuer": str(client().certificate.issuer),
    "user": "WS_ORDER",
}
SA = {"type": "SA", "external_id": "STS/100::jane", "user": "WS_SHOP", "active": True}


@pytest.mark.parametrize(
    ("name", "values", "code", "messages"),
    [
        ("x509", {f"{WSSE}.trusted": []}, "signer.trusted:untrusted", {"WSS019", "HTTP-500"}),
        ("x509", {f"{WSSE}.trusted": [signed.certificate(root())]}, "signer.trusted:chain-incomplete", {"WSS019"}),
        ("x509", {f"{WSSE}.trusted": [signed.certificate(issuing())]}, None, set()),
        ("x509", {f"{WSSE}.trusted": [signed.certificate(client())]}, None, set()),
        ("x509", {"external_ids": []}, "certificate.mapped:none", {"LOGON-RC-34", "BUD"}),
        ("x509", {"external_ids": [{**DN, "active": False}]}, "certificate.mapped:inactive", {"LOGON-RC-34"}),
        ("x509", {"external_ids": [{**DN, "external_id": SUBJECT.lower()}]}, "certificate.mapped:spelling", set()),
        ("x509", {"external_ids": [DN, {**DN, "user": "WS_SHOP"}]}, "certificate.mapping-unambiguous:ambiguous", {"LOGON-RC-35"}),
        ("x509", {"external_ids": [DN, DN]}, None, set()),
        ("x509", {"external_ids": [{**DN, "min_date": "2026-10-01"}]}, "certificate.mapping-date:min-date", {"LOGON-RC-36"}),
        ("x509", {"external_ids": [{**DN, "min_date": "2025-01-01"}]}, None, set()),
        ("x509", {f"{binding('zprice_in')}.algorithm_suite": "Basic256"}, "binding.algorithm-suite:signature", {"WSS034"}),
        ("x509", {f"{binding('zprice_in')}.signed_parts": ["Body", "To", "BinarySecurityToken"]}, "signature.parts-signed:unsigned", {"WSS020"}),
        ("x509", {"users[0].lock": 64}, "user.unlocked", {"LOGON-RC-2"}),
        ("x509", {"users[0].password_state": "initial"}, None, set()),
        ("x509", {"users[0].services": []}, "authorization.service", {"CUW"}),
        ("x509", {"users[0].services": [], "users[0].operations": [f"{signed.node('zprice_in')}/ReadPrice"]}, None, set()),
        ("x509", {"users[0].services": [], "users[0].operations": [f"{signed.node('zprice_in')}/SetPrice"]}, "authorization.service", {"CUW"}),
        ("x509-by-rule", {"certificate_rules[0].active": False}, "certificate.mapped:inactive", {"LOGON-RC-34"}),
        ("x509-by-rule", {"certificate_rules[0].issuer_filter": "CN=Other*"}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("x509-by-rule", {"users[0].alias": ""}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("x509-by-rule", {"certificate_rules": [BY_ALIAS, BY_NAME]}, None, set()),
        ("x509-by-rule", {"certificate_rules": [{**BY_NAME, "active": False}, BY_ALIAS]}, None, set()),
        ("x509-by-rule", {"certificate_rules": [{**BY_NAME, "issuer_filter": "CN=Other*"}, BY_ALIAS]}, None, set()),
        ("x509-by-rule", {"certificate_rules[0].issuer_filter": "O=Test, C=DE"}, None, set()),
        ("x509-by-rule", {"certificate_rules[0].issuer_filter": "CN=*, OU=PKI, O=T*, C=DE"}, None, set()),
        ("x509-by-rule", {"certificate_rules[0].issuer_filter": "C=DE, O=Test"}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("x509-by-rule", {"certificate_rules[0].subject_filter": "CN=*, O=Test"}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("x509-by-rule", {"certificate_rules": [], "certificate_users": [EXPLICIT]}, None, set()),
        ("x509-by-rule", {"certificate_rules": [], "certificate_users": [{**EXPLICIT, "issuer": "CN=Other"}]}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("x509-by-rule", {"profile": {}}, "certificate.mapped:none", {"LOGON-RC-34"}),
        ("saml2", {"saml_trust.providers[0].certificates": []}, "saml.issuer-trusted:untrusted", {"WSS022"}),
        ("saml2", {"saml_trust.providers[0].certificates": [signed.certificate(root())]}, "saml.issuer-trusted:untrusted", {"WSS022"}),
        ("saml2", {"saml_trust.saml2_providers": ["https://STS.example.com/"]}, "saml.issuer-known:spelling", {"WSS022"}),
        ("saml2", {"saml_trust.local_provider": "QAS_100"}, "saml.audience:audience", set()),
        ("saml2", {"saml_trust.providers[0].name_ids": []}, "assertion.mapped:none", {"LOGON-RC-41", "WSS023"}),
        ("saml2", {f"{binding('zapproval_in')}.saml_confirmation": ["sender-vouches"]}, "saml.confirmation-expected:method", {"WSS028"}),
        ("saml2", {"wss_setup.saml_trust": "ticket"}, None, set()),
        ("saml-ticket", {f"{SYSTEM}.trusted": []}, "saml.issuer-trusted:untrusted", {"WSS022"}),
        ("saml-ticket", {"saml_trust.ticket_issuers": ["STS"]}, "saml.issuer-known:unknown", {"WSS022"}),
        ("saml-ticket", {"external_ids": [{**SA, "external_id": "sts/100::jane"}]}, "assertion.mapped:spelling", {"WSS023"}),
        ("saml-ticket", {"external_ids": [{**SA, "issuer": "CN=Another"}]}, "assertion.mapped:none", {"WSS023"}),
        ("saml-ticket", {"external_ids": [{**SA, "issuer": "CN=STS, O=Test, C=DE"}]}, None, set()),
        ("saml-ticket", {"external_ids": [SA, {**SA, "user": "WS_ORDER"}]}, "assertion.mapping-unambiguous:ambiguous", {"LOGON-RC-42"}),
        ("saml-ticket", {"wss_setup.saml_trust": "saml2"}, "saml.trust-model", {"WSS022"}),
        ("secure-conversation", {"security_contexts": []}, "secure-conversation.context-known:unknown", {"wsc:BadContextToken"}),
        ("secure-conversation", {"security_contexts[0].expires": "2026-11-19T08:00:00Z"}, "secure-conversation.context-valid:expired", set()),
        ("secure-conversation", {"security_contexts[0].secret": base64.b64encode(bytes(32)).decode()}, "signature.unaltered:value", {"WSS010"}),
    ],
)  # fmt: skip
def test_a_change_of_the_system_is_answered_by_its_check(
    name: str, values: dict[str, Any], code: str | None, messages: set[str]
) -> None:
    found = first(name, values)
    if code is None:
        assert (failures(found), found.verdict) == ([], "accepted")
        return
    assert code in failures(found)
    told = {f"{one.fault}" for one in (found.predicted,) if one} | set(
        found.predicted.messages if found.predicted else ()
    )
    assert messages <= told or found.failed[0].code != code


@pytest.mark.parametrize(
    ("name", "path", "missing"),
    [
        ("x509", "external_ids", "external_ids"),
        ("x509", "profile", "profile"),
        ("x509", f"{WSSE}.trusted", "pses[].trusted"),
        ("x509", "signature_store", "signature_store"),
        ("x509-by-rule", "certificate_rules", "certificate_rules"),
        ("x509-by-rule", "users[0].alias", "users[].alias"),
        ("saml2", "saml_trust.local_provider", "saml_trust.local_provider"),
        ("saml2", "saml_trust.providers[0].name_ids", "saml_trust.providers[].name_ids"),
        ("saml2", "saml_trust.providers[0].certificates", "saml_trust.providers[].certificates"),
        ("saml2", f"{binding('zapproval_in')}.saml_confirmation", "bindings[].saml_confirmation"),
        ("saml-ticket", "external_ids[1].active", "external_ids[].active"),
        ("saml-ticket", f"{SYSTEM}.trusted", "pses[].trusted"),
        ("secure-conversation", "security_contexts", "security_contexts"),
        ("secure-conversation", "security_contexts[0].secret", "security_contexts[].secret"),
        ("secure-conversation", "security_contexts[0].user", "security_contexts[].user"),
    ],
)
def test_a_missing_fact_leaves_the_call_undecided_and_is_named(name: str, path: str, missing: str) -> None:
    found = first(name, {path: UNSET})
    assert found.verdict == "undecided"
    assert missing in {fact for one in found.results for fact in one.missing}


def test_a_certificate_known_only_by_name_may_be_the_trusted_one() -> None:
    issuer = {"subject": str(issuing().certificate.subject)}
    found = first("x509", {f"{WSSE}.trusted": [issuer]})
    assert (found.verdict, failures(found)) == ("undecided", [])
    other = first("x509", {f"{WSSE}.trusted": [{"subject": "CN=Somebody"}]})
    assert "signer.trusted:untrusted" in failures(other)


def test_a_signer_whose_certificate_has_expired() -> None:
    late = issue(issuing(), "C=DE", "O=Test", "CN=Late", start=ISSUED - YEAR, end=ISSUED)
    info = reference("#bst", names.X509_V3)
    request = signed.capture("late.http", "zprice_in", signed.signed(signed.binary(late), late.key, info))
    assert "signer.certificate-valid:expired" in failures(replay(signed.base(), request))


def altered(name: str) -> Replay:
    facts, requests = signed.LANDSCAPES[name]()
    capture = http.replace_envelope(requests[0].capture, edit.alter_body(requests[0].capture.envelope))
    return replay(facts, Request.of(capture))


def test_what_was_changed_on_its_way_is_refused() -> None:
    found = altered("x509")
    assert failures(found) == ["signature.unaltered:digest"]
    assert found.predicted is not None
    assert "WSS026" in found.predicted.messages


def test_what_was_accepted_and_does_not_hold_was_changed_in_the_capture() -> None:
    found = altered("saml2")
    assert failures(found) == ["capture.unaltered:accepted-when-sent"]
    assert (found.verdict, found.predicted) == ("undecided", None)


@pytest.mark.parametrize(
    ("name", "version", "kind", "code"),
    [
        ("saml2", "2.0", "holder-of-key", "saml.signed:unsigned"),
        ("saml2", "2.0", "bearer", "saml.confirmation-supported:method"),
        ("saml2", "2.0", "sender-vouches", "saml.confirmation-supported:version"),
        ("saml-ticket", "1.1", "sender-vouches", "saml.confirmed:sender"),
        ("saml-ticket", "1.1", "holder-of-key", "saml.signed:unsigned"),
    ],
)
def test_an_assertion_for_which_nobody_signs_is_refused(name: str, version: str, kind: str, code: str) -> None:
    facts, _ = signed.LANDSCAPES[name]()
    issuer = "https://sts.example.com" if name == "saml2" else "STS/100"
    text = message(signed.timestamp() + signed.assertion(version, kind, issuer, "ws_order"), "<x/>").encode()
    nothing = change(facts, {f"{binding('zapproval_in')}.signed_parts": []})
    found = replay(nothing, signed.capture("unsigned.http", "zapproval_in", text))
    assert (found.verdict, code in failures(found)) == ("rejected", True)


def test_the_second_of_two_equal_messages_is_a_replay_for_an_hour() -> None:
    facts, (request,) = signed.x509()
    raw = request.capture
    assert raw.request is not None
    later = []
    for seconds in (60, 3700):
        head = signed._HTTP.format(path=signed.node("zprice_in"), time=signed.at(seconds), length=len(raw.envelope))
        later.append(Request.of(read_bytes(head.encode() + raw.envelope, f"{seconds}.http")))
    history = History((request, *later))
    assert [bool(history.before(one)) for one in (request, *later)] == [False, True, False]
    after = run(Case(facts, (request, later[0]), landscape.MOMENT))
    assert [failures(one) for one in after.replays] == [[], ["message-replay.first-seen"]]
    off = run(Case(change(facts, {"wss_setup.detect_message_replays": False}), (request, later[0]), landscape.MOMENT))
    assert {one.verdict for one in off.replays} == {"accepted"}


def test_the_dates_of_files_do_not_tell_which_of_two_equal_messages_came_first() -> None:
    _, (request,) = signed.x509()
    time = request.capture.time
    assert time is not None
    copied = msgspec.structs.replace(time, source="file")
    twins = [Request.of(msgspec.structs.replace(request.capture, time=copied, name=name)) for name in ("a", "b")]
    assert [History(twins).before(one) for one in twins] == [None, None]
    assert History(twins[:1]).before(twins[0]) == (), "alone it repeats nothing"
    assert History((request, twins[0])).before(request) is None, "the other one may have come before"


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        (names.EXCLUSIVE, "xml-exc-c14n"),
        (names.C14N10 + "#WithComments", "REC-xml-c14n-20010315#WithComments"),
        (names.RSA_SHA1, "rsa-sha1"),
        ("urn:x:y", "urn:x:y"),
        ("", ""),
    ],
)
def test_algorithms_are_written_so_that_they_can_be_told(uri: str, written: str) -> None:
    assert short(uri) == written


def test_a_stored_value_makes_a_replay_too() -> None:
    _, (request,) = signed.x509()
    value = request.signature_values[0]
    for seconds, codes in ((-300, ["message-replay.first-seen"]), (-4000, []), (300, [])):
        found = first("x509", {"signature_store": [{"value": value, "seen_at": signed.at(seconds)}]})
        assert failures(found) == codes


def encrypted(recipient: Issued) -> Request:
    reference = key_identifier(names.THUMBPRINT_SHA1, thumbprint(recipient.certificate))
    key = transport(recipient, bytes(16), reference, lists=data_references("ed"))
    text = message(signed.timestamp() + key, encrypted_data("<x/>", names.AES256_CBC, bytes(32)))
    return signed.capture("encrypted.http", "zprice_in", text.encode())


def test_an_encrypted_message_is_never_accepted_but_told_for_whom_it_is() -> None:
    own = f"{WSSE}.own_certificate"
    ours = change(signed.base(), {own: signed.certificate(server())})
    found = replay(ours, encrypted(server()))
    assert "encryption.for-this-provider" in {one.check for one in found.results if one.outcome is Outcome.PASSED}
    assert "encryption.readable" in {one.check for one in found.results if one.outcome is Outcome.UNKNOWN}
    assert "encryption.for-this-provider:other-key" in failures(replay(ours, encrypted(client())))
    nobody = replay(change(ours, {own: UNSET}), encrypted(server()))
    assert "pses[].own_certificate" in {fact for one in nobody.results for fact in one.missing}


def test_the_same_answers_from_memory() -> None:
    for name in signed.LANDSCAPES:
        facts, requests = signed.LANDSCAPES[name]()
        replayer = Replayer()
        changes: tuple[dict[str, object], ...] = (
            {},
            {"technical_user.lock": 64},
            {"external_ids": []},
            {"users[0].lock": 64},
            {"users[0].exists": False},
            {f"{WSSE}.trusted": []},
            {"icf.nodes_complete": True, "icf.nodes": []},
            {"wss_setup.saml_trust": UNSET},
            {},
        )
        for values in changes:
            changed = change(facts, values)
            for request in requests:
                assert replayer.replay(changed, request) == replay(changed, request)


def test_results_travel_and_memories_stay() -> None:
    facts, requests = signed.x509()
    found = replay(facts, requests[0])
    assert pickle.loads(pickle.dumps(found)) == found
    case = pickle.loads(pickle.dumps(signed.case("x509")))
    assert [one.verdict for one in run(case).replays] == ["accepted"]


def test_no_secret_leaves() -> None:
    secret = base64.b64encode(signed.SECRET).decode()
    for values in ({}, {"security_contexts[0].expires": "2026-11-19T08:00:00Z"}):
        assert secret not in repr(first("secure-conversation", values))


@pytest.mark.parametrize("status", [200, 401, 500])
def test_where_answer_and_prediction_disagree_the_facts_to_doubt_are_named(status: int) -> None:
    facts, (request, *_) = signed.x509()
    body = b"<ok/>"
    head = f"\r\n\r\nHTTP/1.1 {status} X\r\ncontent-type: text/xml\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    answered = signed.capture("answered.http", "zprice_in", request.capture.envelope, head + body)
    found = replay(facts, answered)
    assert found.agrees is (status == 200)
    assert bool(found.doubts) is (status != 200)
    if status == 401:
        assert "technical_user.lock" in found.doubts
    locked = replay(change(facts, {"technical_user.lock": 64}), answered)
    assert locked.agrees is (status == 401)
    if status == 200:
        assert locked.doubts == ("technical_user.lock",)


def test_everything_known_is_passed_or_does_not_apply() -> None:
    for name in signed.LANDSCAPES:
        assert {one.outcome for one in first(name).results} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}


def test_an_explicit_mapping_without_its_issuer_decides_nothing() -> None:
    without = {key: value for key, value in EXPLICIT.items() if key != "issuer"}
    found = first("x509-by-rule", {"certificate_users": [without]})
    assert (found.verdict, failures(found)) == ("undecided", [])
    assert ("certificate_users[].issuer",) in [
        one.missing for one in found.results if one.check == "certificate.mapped"
    ]


def test_the_first_usable_rule_counts_even_where_a_later_one_finds_another_user() -> None:
    found = first("x509-by-rule", {"certificate_rules": [BY_NAME, BY_ALIAS]})
    assert (found.verdict, failures(found)) == ("undecided", [])
    assert "users[].name" in next(one.missing for one in found.results if one.check == "user.exists")


def test_a_bare_key_stands_for_no_user() -> None:
    numbers = client().key.public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(one.to_bytes((one.bit_length() + 7) // 8, "big")).decode() for one in (numbers.n, numbers.e)
    )
    value = f"<ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue>"
    envelope = signed.signed("", client().key, f"<ds:KeyValue>{value}</ds:KeyValue>")
    found = replay(signed.base(), signed.capture("bare.http", "zprice_in", envelope))
    assert failures(found) == ["signer.certificate-present:none"]
    assert found.user is None


def test_without_a_message_trust_in_transaction_saml2_alone_stays_unknown_under_the_ticket_model() -> None:
    healthy = signed.case("saml2")
    facts = change(healthy.facts, {"wss_setup.saml_trust": "ticket"})
    found = [one for one in run(Case(facts, (), healthy.moment)).results() if one.check == "saml.trust-model"]
    assert {str(one.outcome) for one in found} == {"not-applicable", "unknown"}
