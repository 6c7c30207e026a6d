"""What users of real clients see, as the clients showed it before the lab, is recognised and leads to its cause."""

from __future__ import annotations

import pytest

from tests.lab.clients import seen
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


def test_the_last_line_of_any_python_program_is_none_of_a_client() -> None:
    assert recognise("AttributeError: 'NoneType' object has no attribute 'find'", BASE) == ()
