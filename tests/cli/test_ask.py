from __future__ import annotations

import json
from pathlib import Path

import pytest

from wssdoctor import sample
from wssdoctor.cli.main import run


def test_a_sentence_is_answered_as_explain_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--format", "json", "--once", "user is locked since we changed the password"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "wssdoctor.explain/1"
    assert "user-locked" in [one["cause"] for one in answer["causes"][:3]]
    assert answer["question"]["cause"] == answer["causes"][0]["cause"]


def test_the_question_names_facts_and_a_case_is_ranked_by_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "--format", "json", "--once", "HTTP 401, logon code 2"]) == 0
    question = json.loads(capsys.readouterr().out)["question"]
    assert "technical_user.lock" in [fact["at"] for fact in question["facts"]]
    folder = sample.folder()
    assert (
        run(["ask", "--format", "json", "--system", str(folder / "system.yaml"), "--replay", str(folder / "captures")])
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    statuses = [one["status"] for one in answer["causes"]]
    assert statuses == sorted(statuses, key=["confirmed", "possible", "ruled-out"].index)
    assert statuses[0] == "confirmed"


def test_a_log_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dev_icm").write_text("noise\n*** ERROR => SSSLERR_SSL_READ (-58)\n", encoding="utf-8")
    assert run(["explain", str(tmp_path / "dev_icm"), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["line"], one["id"]) for one in found["recognised"]] == [(2, "SSSLERR_SSL_READ")]


def test_a_system_decides_causes(capsys: pytest.CaptureFixture[str]) -> None:
    system = str(sample.folder() / "system.yaml")
    assert run(["explain", "HTTP", "401", "--system", system, "--format", "json"]) == 0
    statuses = [one["status"] for one in json.loads(capsys.readouterr().out)["causes"]]
    assert statuses == sorted(statuses, key=["confirmed", "possible", "ruled-out"].index)
    assert {"possible"} < set(statuses)


def test_knowledge_is_searched_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "search", "secure", "storage", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"]
    for option in (("--stage", "icf-logon"), ("--transaction", "WSS_SETUP"), ("--note", "1319507")):
        assert run(["knowledge", "list", *option, "--format", "json"]) == 0
        ids = [one["id"] for one in json.loads(capsys.readouterr().out)["entries"]]
        assert "technical-user-missing" in ids
    assert run(["knowledge", "search", "the", "of"]) == 3
