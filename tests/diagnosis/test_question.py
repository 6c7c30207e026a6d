"""The answers that a question offers: what somebody can have found, never what only an example has."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests import landscape
from wssdoctor.description.answer import answerable
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.facts import DECLARATIONS, general
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.interview import begin
from wssdoctor.diagnosis.question import _askable, _knowable, _says, _wanted
from wssdoctor.knowledge.load import load

BASE = load(overlays=())
NOTHING = Case(empty(), (), landscape.MOMENT)


def knowable(path: str, value: Any, case: Case = NOTHING) -> bool:
    return _knowable(value, DECLARATIONS[general(path)], case)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("icf.nodes[0].active", False),
        ("users[0].lock", 64),
        ("consumer.tls_versions", ("1.2", "1.3")),
        ("consumer.calls[0].peer.authentication", ("basic",)),
        ("bindings[0].authentication", "username-token"),
        ("pses[0].trusted", ()),
        ("icf.nodes[0].stored_client", ""),
    ],
)
def test_what_is_yes_or_no_a_number_of_a_closed_list_or_nothing_at_all_is_offered(path: str, value: Any) -> None:
    assert knowable(path, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("consumer.calls[0].peer.client_authorities", ("CN=Another CA, O=Somebody",)),
        ("consumer.calls[0].peer.certificates[0].names", ("peer", "other.example.com")),
        ("pses[0].own_certificate.not_after", dt.datetime(2026, 11, 26, 14, 7, tzinfo=dt.UTC)),
        ("pses[0].trusted", (Certificate(subject="CN=Root CA"),)),
        ("system.sid", "XYZ"),
        ("users[0].valid_to", dt.date(2026, 11, 26)),
    ],
)
def test_names_times_and_records_of_an_example_are_not_offered(path: str, value: Any) -> None:
    assert not knowable(path, value)


def test_what_the_description_or_a_captured_request_says_is_offered() -> None:
    case = landscape.case()
    sid = case.facts.value("system.sid")
    trusted = case.facts.value("pses[0].trusted")
    target = case.requests[0].capture.request
    assert target is not None
    assert isinstance(sid, str)
    for path, value in (("system.sid", sid), ("pses[0].trusted", trusted), ("icf.nodes[0].path", target.path)):
        assert knowable(path, value, case)
    assert not knowable("system.sid", sid)


def test_yes_and_no_are_both_offered_and_no_secret_is_asked_for() -> None:
    interview = begin(NOTHING, BASE)
    reasoning = interview._reasoning
    says = _says(reasoning, BASE.causes)
    asked = [_wanted(path, says, reasoning) for path in _askable(says, reasoning, ())]
    assert len(asked) > 40
    for one in asked:
        assert answerable(one.declaration)
        if one.declaration.shape == "yes-no":
            assert {choice.shown for choice in one.choices} == {"yes", "no"}
