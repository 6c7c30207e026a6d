"""Messages of real stacks, healthy and changed in one place: verdict, the fault named first, and the reason."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from wssdoctor.wsse import Verification, verify
from wssdoctor.wsse.context import context_from_data
from wssdoctor.wsse.reason import REASONS

FOLDER = Path(__file__).parents[1] / "data" / "messages"
MESSAGES: dict[str, dict[str, Any]] = {
    entry["id"]: entry for entry in yaml.safe_load((FOLDER / "manifest.yaml").read_text())["messages"]
}
REJECTED = [name for name, entry in MESSAGES.items() if entry["expected"]["verdict"] == "reject"]
EXPLAINED = [name for name in REJECTED if MESSAGES[name]["expected"]["cause"] in REASONS]

UNKNOWABLE = ("wss4j/ut-digest+created", "wss4j/saml20-hok+nameid")
"""What was there before is not in the message, nor near what is."""


@cache
def verification(name: str) -> Verification:
    entry = MESSAGES[name]
    return verify((FOLDER / entry["file"]).read_bytes(), context_from_data(entry["context"], FOLDER), thorough=True)


@pytest.mark.parametrize("name", MESSAGES)
def test_verdict(name: str) -> None:
    found = verification(name)
    assert found.verdict == MESSAGES[name]["expected"]["verdict"], found.faults


@pytest.mark.parametrize("name", REJECTED)
def test_first_fault(name: str) -> None:
    expected = MESSAGES[name]["expected"]
    assert verification(name).faults[0].fault in (expected["fault"], *expected.get("or_fault", ()))


@pytest.mark.parametrize("name", [name for name in EXPLAINED if name not in UNKNOWABLE])
def test_reason(name: str) -> None:
    assert verification(name).faults[0].reason == MESSAGES[name]["expected"]["cause"]


@pytest.mark.parametrize("name", MESSAGES)
def test_reasons_are_listed_and_evidence_is_there(name: str) -> None:
    for fault in verification(name).faults:
        assert fault.reason is None or fault.reason in REASONS
        assert fault.evidence


@pytest.mark.parametrize("name", MESSAGES)
def test_results_can_be_pickled(name: str) -> None:
    found = verification(name)
    assert pickle.loads(pickle.dumps(found)) == found
