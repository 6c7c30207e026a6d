"""What records and checks say differently is named, each with its place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, cast

import pytest

from wssdoctor.diagnosis.lint import lint
from wssdoctor.diagnosis.patch import EDITS
from wssdoctor.knowledge import record
from wssdoctor.knowledge.files import collect
from wssdoctor.knowledge.folders import home


def found(folder: Path) -> list[tuple[str, str]]:
    """Return what is wrong in a folder, each with the path where it stands."""
    return [(problem.what, (problem.place.fact if problem.place else None) or "") for problem in lint(collect(folder))]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(home(), tmp_path / "knowledge"))


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_the_shipped_base_agrees_with_the_checks() -> None:
    assert lint(collect(home())) == ()


def test_a_claim_on_no_check_is_named_and_so_is_the_check_that_nobody_claims(copy: Path) -> None:
    changed(copy, "causes/technical-user-missing.yaml", "technical-user.exists", "technical-user.exist")
    assert found(copy) == [
        ("technical-user-missing: no check can fail as technical-user.exist", "checks[0]"),
        ("no cause claims technical-user.exists", ""),
    ]


def test_a_reason_that_no_check_gives_is_named(copy: Path) -> None:
    changed(copy, "causes/signer-cert-untrusted.yaml", "signer.trusted:unfit", "signer.trusted:ugly")
    assert [what for what, _ in found(copy)] == [
        "signer-cert-untrusted: no check can fail as signer.trusted:ugly",
        "no cause claims signer.trusted:unfit",
    ]


def test_a_fault_and_an_effect_change_facts_that_exist(copy: Path) -> None:
    changed(copy, "causes/sni-missing.yaml", "consumer.client_sni", "consumer.client_sin")
    changed(copy, "remedies/enable-client-sni.yaml", "consumer.client_sni", "consumer.client_sin")
    assert found(copy) == [
        ("sni-missing: consumer.client_sin is no fact of a description", "faults[0].facts.consumer.client_sin"),
        ("enable-client-sni: consumer.client_sin is no fact of a description", "effect.facts.consumer.client_sin"),
    ]


def test_a_predicted_message_that_nobody_explains_is_named(copy: Path) -> None:
    changed(copy, "messages/wss.yaml", "id: WSS021", "id: WSS921")
    problems = found(copy)
    assert problems
    assert {what.rpartition(" predicts ")[2] for what, _ in problems} == {
        "WSS021, which is no message of the knowledge base"
    }


def test_a_placeholder_that_no_patch_fills_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PLACEHOLDERS", record.PLACEHOLDERS | {"nobody"})
    assert found(home()) == [("records may hold {nobody}, and no patch fills it", "")]


def test_an_edit_that_no_patch_does_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(cast("dict[str, Any]", EDITS), "sign-anew")
    assert found(home()) == [("records may ask for sign-anew, and no patch does it", "")]
