"""House rules of clues and rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.small import write
from wssdoctor.knowledge.lint import lint

CLUES = """\
groups:
  user: [user, account]
clues:
  - id: locked
    kind: error
    means: the user is locked
    said: [<user> + locked]
  - id: called
    kind: place
    means: SAP is called
    occasion: inbound
    said: [calls us]
"""
RULES = """\
rules:
  - id: locked-user
    when: [called, locked]
    causes: [user-locked]
    why: It is locked.
    basis: inferred
    sources: [note]
"""


def problems(folder: Path, clues: str = CLUES, rules: str = RULES) -> list[str]:
    write(folder)
    (folder / "clues").mkdir()
    (folder / "clues" / "all.yaml").write_text(clues, encoding="utf-8")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return [problem.what for problem in lint(folder)]


def test_good_clues_and_rules_are_silent(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("<user> + locked", "<users> + locked", "no group <users>"),
        ("<user> + locked", "user locked", "no clue speaks of <user>"),
        ("said: [calls us]", "said: [calls us, '-']", "term without words"),
        ("said: [calls us]", "said: [ca*s us]", "an asterisk ends a word"),
        ("said: [calls us]", "said: [calls + us, us + calls]", "said already"),
        ("said: [calls us]", "messages: []", "nothing gives this clue"),
        ("kind: place", "kind: error", "names an occasion"),
        ("the user is locked", "The user is locked.", "part of a sentence"),
    ],
)
def test_a_clue_that_leads_nowhere_is_told(tmp_path: Path, old: str, new: str, part: str) -> None:
    assert any(part in what for what in problems(tmp_path, clues=CLUES.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("[called, locked]", "[called]", "no rule heeds locked"),
        ("[called, locked]", "[locked, locked]", "names different clues"),
        ("[called, locked]", "[called, lock]", "there is no clue lock"),
        ("causes: [user-locked]", "causes: [user-lock]", "there is no cause user-lock"),
        ("causes: [user-locked]", "causes: []", "says nothing of any cause"),
        ("causes: [user-locked]", "causes: [user-locked, user-locked]", "named twice"),
        ("causes: [user-locked]", "causes: [user-locked]\n    unlikely: [user-locked]", "likely and unlikely"),
        ("sources: [note]", "sources: []", "names no source"),
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_told(tmp_path: Path, old: str, new: str, part: str) -> None:
    assert any(part in what for what in problems(tmp_path, rules=RULES.replace(old, new)))


def test_two_rules_for_the_same_clues_and_causes_out_of_place_are_told(tmp_path: Path) -> None:
    rules = RULES + RULES.removeprefix("rules:\n").replace("locked-user", "again")
    cause = tmp_path / "causes" / "user-locked.yaml"
    found = problems(tmp_path, rules=rules)
    assert "again has the same clues as locked-user" in found
    cause.write_text(cause.read_text(encoding="utf-8") + "occurs: [outbound]\n", encoding="utf-8")
    assert any("cannot be where the rule speaks of" in problem.what for problem in lint(tmp_path))
