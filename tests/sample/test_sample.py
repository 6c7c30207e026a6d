"""The built-in sample and its healthy twin: each capture ends where its table says, and nothing is unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wssdoctor.capture.files import paths
from wssdoctor.capture.read import read
from wssdoctor.check.result import Outcome
from wssdoctor.description.change import differences
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import load
from wssdoctor.provider.replay import Replay, replay, survey
from wssdoctor.provider.request import Request
from wssdoctor.sample import MOMENT, folder

HEALTHY = Path(__file__).parent.parent / "data" / "healthy"
GREEN = {Outcome.PASSED, Outcome.NOT_APPLICABLE}

ENDS = {
    "01-order-create.http": ("accepted", None, "WS_ORDER", None),
    "02-order-read.http": ("accepted", None, "WS_SHOP", None),
    "03-order-change.http": ("rejected", "timestamp", None, "timestamp.not-expired:expired"),
    "04-order-create-branch.http": ("rejected", "icf-logon", None, "icf-logon.no-competing-credentials"),
    "05-order-cancel.http": ("rejected", "token", None, "username-token.password-type"),
    "06-invoice-post.http": ("rejected", "icf-logon", None, "icf-node.password-current"),
    "07-stock-query.http": ("rejected", "icf-node", None, "icf-node.active"),
    "08-order-create-night.http": ("rejected", "user", None, "user.unlocked"),
    "09-shipment-notify.http": ("rejected", "icf-node", None, "icf-node.https"),
    "10-order-read-portal.http": ("rejected", "icf-node", None, "icf-node.client"),
    "11-order-read-monitor.http": ("rejected", "binding", None, "binding.token-present:missing"),
    "12-order-create-supplier.http": ("rejected", "user", None, "user.password-usable"),
    "13-order-create-handheld.http": ("rejected", "timestamp", None, "timestamp.not-in-future:skew"),
}
"""Verdict, stage, user and the only check that fails, of each capture of the sample."""


def facts_of(place: Path) -> Facts:
    return load(place / "system.yaml")


def replays_of(place: Path) -> dict[str, Replay]:
    facts = facts_of(place)
    return {one.name: replay(facts, Request.of(read(one))) for one in paths([place / "captures"])}


def not_green(replayed: Replay) -> list[str]:
    return [result.code for result in replayed.results if result.outcome not in GREEN]


def test_every_check_of_the_healthy_system_is_green() -> None:
    results = survey(facts_of(HEALTHY), MOMENT)
    assert {result.code: result.says for result in results if result.outcome not in GREEN} == {}
    assert sum(result.outcome is Outcome.PASSED for result in results) > 80


def test_healthy_captures_are_accepted() -> None:
    replays = replays_of(HEALTHY)
    assert len(replays) == 3
    for replayed in replays.values():
        assert not_green(replayed) == []
        assert (replayed.verdict, replayed.stage, replayed.user) == ("accepted", None, "WS_ORDER")
        assert replayed.agrees is not False


def test_healthy_captures_differ_in_soap_version_and_timestamp() -> None:
    kinds = set()
    for one in paths([HEALTHY / "captures"]):
        request = Request.of(read(one))
        message = request.message
        assert not isinstance(message, Exception)
        assert request.security is not None
        kinds.add((message.soap_version, bool(request.security.timestamps)))
    assert kinds == {("1.1", True), ("1.1", False), ("1.2", True)}


def test_sample_has_the_captures_of_the_table() -> None:
    assert [one.name for one in paths([folder() / "captures"])] == list(ENDS)


@pytest.mark.parametrize("name", ENDS)
def test_sample_capture_ends_as_expected(name: str) -> None:
    verdict, stage, user, code = ENDS[name]
    replayed = replay(facts_of(folder()), Request.of(read(folder() / "captures" / name)))
    assert (replayed.verdict, replayed.stage, replayed.user) == (verdict, stage, user)
    assert not_green(replayed) == ([code] if code else [])


def test_recorded_answers_agree_with_the_model() -> None:
    for replayed in replays_of(folder()).values():
        assert replayed.agrees is True
        assert replayed.observed is not None
        assert replayed.predicted is not None
        assert replayed.observed.fault == replayed.predicted.fault


def test_survey_of_the_sample_finds_the_faults_of_the_system_and_leaves_nothing_unknown() -> None:
    results = survey(facts_of(folder()), MOMENT)
    found = {(result.code, result.subject.path, result.outcome) for result in results if result.outcome not in GREEN}
    assert found == {
        ("icf-node.password-current", "icf.nodes[1]", Outcome.FAILED),
        ("icf-node.active", "icf.nodes[2]", Outcome.FAILED),
        ("user.unlocked", "users[3]", Outcome.FAILED),
        ("user.password-usable", "users[4]", Outcome.FAILED),
    }


def test_sample_is_the_healthy_system_with_faults() -> None:
    changed = {one.path: one.after for one in differences(facts_of(HEALTHY), facts_of(folder()))}
    assert changed == {
        "technical_user.failed_logons": "3",
        "icf.nodes[1].stored_password_current": "false",
        "icf.nodes[2].active": "false",
        "users[3].lock": "64",
        "users[4].password_state": "initial",
    }
    for file in ("ca.pem", "server.pem", "wsse.pem", "partner.pem"):
        assert (folder() / file).read_bytes() == (HEALTHY / file).read_bytes()


def test_captures_say_url_and_time_first() -> None:
    for place in (folder(), HEALTHY):
        for one in paths([place / "captures"]):
            assert re.match(
                rb"# url: https?://erp\.example\.com:\d+/\S+\n# time: 2026-11-19T\S+Z\nPOST ", one.read_bytes()
            )
            capture = read(one)
            assert capture.time is not None
            assert capture.time.moment < MOMENT


def test_no_private_key_is_shipped() -> None:
    for place in (folder(), HEALTHY):
        assert not [file.name for file in place.rglob("*") if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
