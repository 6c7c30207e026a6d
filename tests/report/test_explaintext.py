"""An explanation as text: its first screen says what it is, what to do now, and how sure that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.knowledge.load import load
from wssdoctor.report.answer import answer
from wssdoctor.report.explaintext import render
from wssdoctor.report.explanation import explain, explain_log

LOGS = sorted((Path(__file__).parents[1] / "data" / "logs").iterdir())
BASE = load()
SCREEN = 24


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.name)
def test_the_first_screen_of_a_log_says_what_it_is_what_to_do_and_how_sure_that_is(log: Path) -> None:
    with log.open("rb") as stream:
        text = render(explain_log(stream, BASE))
    first = text.splitlines()[:SCREEN]
    assert [line for line in first if line in ("WHAT IT IS", "WHAT TO DO NOW", "HOW SURE")] == [
        "WHAT IT IS",
        "WHAT TO DO NOW",
        "HOW SURE",
    ]


def test_every_message_without_a_cause_says_which_evidence_to_get() -> None:
    without = [one for one in BASE.messages.values() if not one.causes]
    assert without
    for message in without:
        found = explain(message.id, BASE)
        assert found.causes or found.next_evidence, message.id
        assert "WHAT TO DO NOW" in render(found), message.id


def test_what_is_not_known_leads_to_evidence_and_to_the_interview() -> None:
    found = explain("hello world", BASE)
    assert not found.recognised
    assert any("SRT_UTIL" in one for one in found.next_evidence)
    assert "wssdoctor ask" in render(found)


def test_a_fault_that_hides_the_reason_leads_to_the_log_of_the_provider_whatever_else_is_named() -> None:
    with next(one for one in LOGS if one.name == "wcf-fault.txt").open("rb") as stream:
        found = explain_log(stream, BASE)
    assert found.causes
    assert [("SRT_UTIL" in one) for one in found.next_evidence] == [True]
    assert "likely" not in render(found)


def test_commands_repeat_the_system_and_the_own_knowledge() -> None:
    text = render(explain("WSS031", BASE), width=200, system="my system.yaml", knowledge="our knowledge")
    assert "wssdoctor check 'my system.yaml' --replay CAPTURE --knowledge 'our knowledge'" in text
    assert "wssdoctor knowledge show run-wss-setup --knowledge 'our knowledge'" in text


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Benutzer WS_ORDER ist gesperrt", "user-locked"),
        ("Anmeldung fehlgeschlagen", "wrong-password"),
        ("DELAY_L_PRD ist gesperrt", "technical-user-locked"),
        ("403 only from outside, inside it works", "proxy-or-network"),
        ("403 from the internet, ok in the intranet", "proxy-or-network"),
        ("intern geht es, von extern über den Web Dispatcher 403", "proxy-or-network"),
        ("403 forbidden when I call the new service", "icf-node-inactive"),
    ],
)
def test_a_short_sentence_without_a_message_is_answered(said: str, first: str) -> None:
    assert explain(said, BASE).causes[0].cause == first


def test_a_change_beside_a_message_is_heard() -> None:
    assert "client copy" in [one.words for one in explain("401 Unauthorized after client copy", BASE).understood]


def test_an_id_alone_shows_the_text_of_the_software() -> None:
    text = render(explain("wss 31", BASE))
    assert "System is not prepared for WS Security authentication" in text.splitlines()[1]


def test_a_variable_says_what_its_value_stands_for() -> None:
    text = render(explain("Logon failed (reason=2, type=H, method=t)", BASE))
    assert "H (type of logon: HTTP)" in text
    assert "t (method: ticket)" in text


def test_a_cause_that_fits_nearly_as_well_is_named_where_it_is_said_how_sure_that_is() -> None:
    found = explain("Benutzer WS_ORDER ist gesperrt", BASE)
    first, second, *_ = found.causes
    text = " ".join(render(found).split())
    assert (f"Nearly as well fits: {second.title}" in text) == (second.score >= 0.75 * first.score)


def test_a_refused_logon_at_a_server_of_any_kind_does_not_blame_the_technical_user_first() -> None:
    assert explain("SCLNT_HTTP 410", BASE).causes[0].cause == "wrong-password"
    alone = explain("SCLNT_HTTP410 Logon failed (ICM_HTTP_UNAUTHORIZED) calling api.example.com", BASE)
    assert not alone.causes[0].cause.startswith("technical-user")


def test_the_technical_user_of_any_system_is_heard_in_a_line_of_the_audit_log() -> None:
    line = "10:00:01 100 {} AU2 Logon failed (reason=1, type=H, method=P)"
    named = [explain(line.format(name), BASE).causes for name in ("DELAY_L_PRD", "DELAY_LOGON")]
    assert named[0] == named[1]
    assert named[0] != explain(line.format("WS_ORDER"), BASE).causes


@pytest.mark.parametrize(
    "row",
    [
        "27.11.2026 10:00:01 100 {} 10.1.1.5 AU2 Logon failed (reason={}, type=H, method=P)",
        "|10:00:01|AU2|100|{}|Logon failed (reason={}, type=H, method=P)|",
        "2026-11-27;10:00:01;100;{};AU2;Logon failed (reason={}, type=H, method=P)",
    ],
)
def test_whose_logon_failed_decides_between_the_technical_user_and_the_caller(row: str) -> None:
    def first(user: str, reason: int) -> str:
        return explain(row.format(user, reason), BASE).causes[0].cause

    assert (first("WS_ORDER", 1), first("WS_ORDER", 2), first("WS_ORDER", 8)) == (
        "wrong-password",
        "user-locked",
        "user-not-valid",
    )
    assert (first("DELAY_LOGON", 2), first("DELAY_L_ERP", 8)) == ("technical-user-locked", "technical-user-invalid")
    found = explain("\n".join((row.format("WS_ORDER", 2), row.format("DELAY_LOGON", 2))), BASE)
    assert {one.cause for one in found.causes[:2]} == {"technical-user-locked", "user-locked"}


def test_a_row_without_a_user_keeps_both() -> None:
    causes = [one.cause for one in explain("10:00:01 100 AU2 Logon failed (reason=2, type=H, method=P)", BASE).causes]
    assert {"technical-user-locked", "user-locked"} <= {*causes}


def test_a_change_alone_is_answered() -> None:
    assert explain("401 after system copy, worked yesterday, UsernameToken", BASE).causes


def test_words_alone_are_called_a_guess() -> None:
    text = render(explain("partner Zertifikat kein Benutzer zugeordnet, gesperrt", BASE))
    found = answer("kein Zertifikat", BASE)
    assert not found.understood
    assert "A guess:" in render(found)
    assert "A guess:" not in text


def test_a_message_names_the_remedy_that_helps_first() -> None:
    assert explain("NIECONN_REFUSED", BASE).causes[0].remedies[0] == "open-network-route"
    assert explain("NIEHOST_UNKNOWN", BASE).causes[0].remedies[0] == "mend-name-resolution"
    assert explain("HTTP 403 only from outside", BASE).causes[0].remedies[0] == "permit-path-in-filter"
    for message in BASE.messages.values():
        offered = {remedy for cause in message.causes for remedy in BASE.causes[cause].remedies}
        assert offered.issuperset(message.remedies), message.id


def test_words_that_two_messages_share_are_quoted_once() -> None:
    text = render(explain("The signature or decryption was invalid", BASE))
    assert text.count('"The signature or decryption was invalid"') == 1
    assert "WSS4J-FAILED-CHECK (the same words)" in text
