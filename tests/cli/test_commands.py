"""What each command prints and how it exits, through the real command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.command import HEALTHY, SAMPLE, wssdoctor
from wssdoctor.description.load import load, loads
from wssdoctor.description.template import template
from wssdoctor.report.schema import schema

CAPTURES = HEALTHY / "captures"
STALE = SAMPLE / "captures" / "06-invoice-post.http"


def document(*arguments: str | Path, kind: str = "report", code: int = 0) -> Any:
    """Run a command, hold its JSON against the published schema, and return it."""
    done = wssdoctor(*arguments, "--format", "json")
    assert (done.returncode, done.stderr) == (code, b"")
    made = json.loads(done.stdout)
    jsonschema.validate(made, schema(kind), jsonschema.Draft202012Validator)
    assert made["schema"] == f"wssdoctor.{kind}/1"
    return made


def test_check_a_healthy_system() -> None:
    made = document("check", HEALTHY / "system.yaml", "--replay", CAPTURES)
    assert (made["verdict"], made["plan"]) == ("healthy", None)
    assert len(made["replays"]) == 3


def test_check_takes_captures_after_the_system_and_with_the_option_each_once() -> None:
    first, second = CAPTURES / "01-order-create.http", CAPTURES / "02-order-read.http"
    made = document("check", HEALTHY / "system.yaml", "--replay", first, second, "--replay", CAPTURES)
    assert sorted(Path(one["capture"]).name for one in made["replays"]) == sorted(
        path.name for path in CAPTURES.iterdir()
    )


def test_check_a_sick_system() -> None:
    made = document("check", SAMPLE / "system.yaml", STALE, code=1)
    assert made["verdict"] == "findings"
    causes = {one["cause"]: one for one in made["findings"] if one["status"] == "confirmed"}
    assert causes["icf-node-password-stale"]["stops"] == [str(STALE)]
    assert {"id": "refresh-icf-nodes", "trial": "resolved"}.items() <= causes["icf-node-password-stale"]["remedies"][
        0
    ].items()
    assert "refresh-icf-nodes" in [one["id"] for one in made["plan"]["remedies"]]
    assert made["plan"]["proof"] == [{"capture": str(STALE), "before": "rejected", "after": "accepted"}]


def test_check_an_empty_description(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text(template())
    made = document("check", tmp_path / "system.yaml", code=3)
    assert made["verdict"] == "inconclusive"
    assert made["coverage"]["unknown"] == made["coverage"]["checks"]
    text = wssdoctor("check", tmp_path / "system.yaml")
    assert text.returncode == 3
    assert b"INCONCLUSIVE" in text.stdout
    assert b"HEALTHY" not in text.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("high", 1), ("medium", 1), ("low", 1), ("never", 0)])
def test_the_threshold(fail_on: str, code: int) -> None:
    assert wssdoctor("check", SAMPLE / "system.yaml", "--fail-on", fail_on).returncode == code


def test_never_failing_is_not_never_unknown(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text('format: "1"\ntechnical_user:\n  exists: false\n')
    assert wssdoctor("check", tmp_path / "system.yaml").returncode == 1
    assert wssdoctor("check", tmp_path / "system.yaml", "--fail-on", "never").returncode == 3


def test_at_moves_system_and_captures() -> None:
    made = document("check", HEALTHY / "system.yaml", CAPTURES, "--at", "2031-01-01T00:00:00+01:00", code=1)
    assert made["moment"] == "2030-12-31T23:00:00Z"
    assert "timestamp-expired" in {one["cause"] for one in made["findings"] if one["status"] == "confirmed"}


def test_replay() -> None:
    made = document("replay", STALE, "--system", SAMPLE / "system.yaml", code=1)
    assert [(one["verdict"], one["stage"], one["agrees"]) for one in made["replays"]] == [
        ("rejected", "icf-logon", True)
    ]
    assert made["plan"] is None


@pytest.mark.parametrize(
    "remedies",
    [
        ("--apply", "refresh-icf-nodes", "activate-icf-node"),
        ("--apply", "refresh-icf-nodes", "--apply", "activate-icf-node"),
    ],
)
def test_replay_with_remedies(remedies: tuple[str, ...]) -> None:
    made = document("replay", STALE, *remedies, "--system", SAMPLE / "system.yaml", "--fail-on", "never")
    assert [(one["verdict"], one["agrees"]) for one in made["replays"]] == [("accepted", None)]
    assert [one["id"] for one in made["plan"]["remedies"]] == ["refresh-icf-nodes", "activate-icf-node"]
    assert made["plan"]["applied"]
    assert made["plan"]["proof"] == [{"capture": str(STALE), "before": "rejected", "after": "accepted"}]


def test_remedies_may_stand_before_the_captures() -> None:
    made = document(
        "replay", "--apply", "refresh-icf-nodes", STALE, "--system", SAMPLE / "system.yaml", "--fail-on", "never"
    )
    assert [one["verdict"] for one in made["replays"]] == ["accepted"]


def test_plan() -> None:
    made = document("plan", SAMPLE / "system.yaml", STALE, code=1)
    assert made["plan"]["remedies"]
    text = wssdoctor("plan", SAMPLE / "system.yaml", STALE)
    assert text.returncode == 1
    assert b"PLAN, IN THIS ORDER" in text.stdout


def test_demo_piped_is_a_report_and_no_failure() -> None:
    done = wssdoctor("demo")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"wssdoctor ")
    made = document("demo")
    assert made["verdict"] == "findings"
    assert {one["verdict"] for one in made["replays"]} == {"accepted", "rejected"}
    assert wssdoctor("demo", "--fail-on", "high").returncode == 1


def test_explain() -> None:
    made = document("explain", "WSS031", kind="explain")
    assert [(one["line"], one["id"]) for one in made["recognised"]] == [(1, "WSS031")]
    assert (made["causes"][0]["cause"], made["causes"][0]["status"]) == ("technical-user-missing", "possible")
    assert made["causes"][0]["remedies"][0] == "run-wss-setup"
    assert made["question"] is None


def test_explain_a_code_that_is_a_negative_number() -> None:
    assert document("explain", "-102", kind="explain")["recognised"][0]["id"] == "SSSLERR_PEER_CERT_UNTRUSTED"


def test_explain_a_log_from_standard_input() -> None:
    log = "noise\nHTTP/1.1 401 Unauthorized\nlogon code 2\n"
    done = wssdoctor("explain", "-", "--format", "json", stdin=log.encode())
    made = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(one["line"], one["id"]) for one in made["recognised"]] == [(2, "HTTP-401"), (3, "LOGON-RC-2")]
    assert wssdoctor("explain", stdin=log.encode()).stdout == wssdoctor("explain", "-", stdin=log.encode()).stdout


def test_explain_words_without_quotes_and_the_id_of_a_cause() -> None:
    made = document(
        "explain",
        *["System", "is", "not", "prepared", "for", "WS", "Security", "authentication", "(note", "1319507)"],
        kind="explain",
    )
    assert [one["id"] for one in made["recognised"]] == ["WSS031"]
    made = document("explain", "clock-skew", kind="explain")
    assert [(one["cause"], one["because"]) for one in made["causes"]] == [("clock-skew", [])]


def test_explain_what_nobody_knows() -> None:
    made = document("explain", "all is well", kind="explain", code=3)
    assert (made["recognised"], made["causes"]) == ([], [])
    made = document("explain", "technical-user-mising", kind="explain", code=3)
    assert "technical-user-missing" in made["suggestions"]


def test_init(tmp_path: Path) -> None:
    assert wssdoctor("init").stdout.decode() == template()
    file = tmp_path / "system.yaml"
    assert wssdoctor("init", "-o", file).returncode == 0
    assert load(file).description == loads(b'format: "1"', "x").description
    file.write_text("mine")
    done = wssdoctor("init", "-o", file)
    assert (done.returncode, file.read_text()) == (2, "mine")


@pytest.mark.parametrize("kind", ["description", "report", "explain", "knowledge", "article", "lint"])
def test_schema(kind: str) -> None:
    assert json.loads(wssdoctor("schema", kind).stdout) == schema(kind)


def test_knowledge() -> None:
    listed = document("knowledge", "list", kind="knowledge")
    assert {one["kind"] for one in listed["entries"]} == {"cause", "message", "remedy"}
    assert {one["kind"] for one in document("knowledge", "list", "causes", kind="knowledge")["entries"]} == {"cause"}
    assert document("knowledge", "show", "wss031", kind="article")["message"]["id"] == "WSS031"
    assert document("knowledge", "show", "clock-skew", kind="article")["cause"]["id"] == "clock-skew"
    assert document("knowledge", "show", "run-wss-setup", kind="article")["remedy"]["id"] == "run-wss-setup"
    assert wssdoctor("knowledge", "show", "WSS031").stdout.startswith(b"Message WSS031")
    done = wssdoctor("knowledge", "show", "clock-scew")
    assert done.returncode == 2
    assert b"clock-skew" in done.stderr


def test_the_knowledge_keeps_its_rules() -> None:
    assert document("knowledge", "lint", kind="lint")["problems"] == []


def test_lint_says_what_breaks_the_rules(tmp_path: Path) -> None:
    (tmp_path / "causes").mkdir()
    (tmp_path / "causes" / "x.yaml").write_text("id: x\ncolour: red\n")
    made = document("knowledge", "lint", tmp_path, kind="lint", code=1)
    assert any(one["place"].get("line") == 2 for one in made["problems"])
