"""What people type for facts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.description import answer
from wssdoctor.description.change import change
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.description.load import empty
from wssdoctor.evidence import Sensitivity

ASKED = [one for one in DECLARATIONS.values() if answer.answerable(one)]
_YAML = re.compile(r"\[\]|empty text|\b(?:true|false|null)\b|leave out")


def test_the_example_of_every_fact_can_be_typed_and_means_what_a_description_holds() -> None:
    for declared in ASKED:
        if not answer.example(declared) or "[]" in declared.path or declared.path == "format":
            continue  # an item of a list has to be there first; nobody is asked for the format
        typed = change(empty(), {declared.path: answer.read(answer.example(declared), declared)})
        if declared.shape == "records":  # a description shows its columns alone
            assert len(typed.items(declared.path) or ()) == 1
            continue
        written = change(empty(), {declared.path: yaml.safe_load(declared.example)})
        assert typed.value(declared.path) == written.value(declared.path)


def test_what_is_said_of_a_fact_holds_no_yaml() -> None:
    for declared in ASKED:
        said = (*answer.in_words(declared), answer.expected(declared))
        assert not [one for one in said if _YAML.search(one)], declared.path


def test_secrets_and_what_nobody_can_type_are_not_asked_for() -> None:
    refused = {path for path, one in DECLARATIONS.items() if not answer.answerable(one)}
    assert {"users[].password", "security_contexts[].secret", "profile", "users", "icf.nodes"} <= refused
    assert refused >= {path for path, one in DECLARATIONS.items() if one.sensitivity is Sensitivity.SECRET}
    assert not refused & {"pses[].trusted", "pses[].own_certificate", "consumer.calls[].peer.certificates"}


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("icf.nodes[].active", "Yes", True),
        ("technical_user.lock", "64", 64),
        ("clock.offset_seconds", "-90 s", -90),
        ("system.client", "001", "001"),
        ("system.release", "7.50", "7.50"),
        ("users[].type", "B system", "B"),
        ("users[].type", "b", "B"),
        ("icf.nodes[].logon_procedure", "Service Data Required", "service-data-required"),
        ("icf.nodes[].stored_user", "none", ""),
        ("consumer.tls_versions", "TLS 1.2, TLSv1.3", ["1.2", "1.3"]),
        ("consumer.tls_versions", "[1.2]", ["1.2"]),
        ("consumer.calls[].peer.authentication", "none", ["none"]),
        ("consumer.calls[].peer.client_authorities", "CN=A, O=B; CN=C", ["CN=A, O=B", "CN=C"]),
        ("consumer.calls[].peer.client_authorities", "CN=A, O=B\nCN=C\n", ["CN=A, O=B", "CN=C"]),
        ("consumer.calls[].peer.client_authorities", '["CN=A, O=B"]', ["CN=A, O=B"]),
        ("consumer.calls[].peer.client_authorities", "[]", []),
        ("pses[].trusted", "CN=A, O=B", [{"subject": "CN=A, O=B"}]),
        ("pses[].own_chain", "none", []),
        ("external_ids", "|DN|CN=A, O=B|JANE|yes|", [{"type": "DN", "external_id": "CN=A, O=B", "user": "JANE", "active": True}]),
        ("nonce_store", "YQ== | 2026-01-01 10:00; Yg==", [{"value": "YQ==", "seen_at": dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)}, {"value": "Yg=="}]),
        ("users[].services", "*", ["*"]),
        ("users[].services", "/a/b, /c", ["/a/b", "/c"]),
        ("users[].valid_to", "31.12.2026", dt.date(2026, 12, 31)),
        ("users[].valid_to", "00.00.0000", dt.date(9999, 12, 31)),
        ("users[].valid_from", "not limited", dt.date(1900, 1, 1)),
        ("pses[].own_certificate.not_after", "notAfter=Jan  1 12:00:00 2027 GMT", dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)),
        ("pses[].own_certificate.not_after", "01.01.2027", dt.datetime(2027, 1, 1, tzinfo=dt.UTC)),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_and_copy_it(path: str, typed: str, value: Any) -> None:
    found = answer.read(typed, DECLARATIONS[path])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("icf.nodes[].active", "perhaps"),
        ("technical_user.lock", "locked"),
        ("users[].type", "Z"),
        ("consumer.tls_versions", "1.2, SSLv3"),
        ("users[].valid_to", "31.31.2026"),
        ("suppressions[].until", "not limited"),
        ("external_ids", "XX | CN=A"),
        ("nonce_store", "YQ== | 2026-01-01 10:00 | more"),
        ("pses[].own_certificate.not_after", "soon"),
        ("system.sid", "  "),
        ("system.sid", "E\x1bP"),
    ],
)
def test_what_a_fact_cannot_be_is_refused_with_what_may_be_typed(path: str, typed: str) -> None:
    declared = DECLARATIONS[path]
    with pytest.raises(ValueError, match=re.escape(answer.expected(declared))):
        answer.read(typed, declared)


@given(st.sampled_from(ASKED), st.text(max_size=60))
def test_any_text_is_a_value_or_is_refused(declared: Any, typed: str) -> None:
    try:
        assert answer.read(typed, declared) is not None
    except ValueError as error:
        assert answer.expected(declared) in str(error)


def test_choices_say_what_they_stand_for() -> None:
    assert answer.named("64", DECLARATIONS["technical_user.lock"]) == "64 locked by the local administrator"
    assert answer.named("A", DECLARATIONS["users[].type"]) == "A dialog"
    assert answer.named("9999-12-31", DECLARATIONS["users[].valid_to"]) == "not limited"
    assert answer.named("none", DECLARATIONS["consumer.calls[].peer.client_certificate"]) == "none"
    assert answer.named("username-token", DECLARATIONS["bindings[].authentication"]) == "username-token"
