from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.small import write
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.knowledge.folders import home
from wssdoctor.knowledge.lint import lint
from wssdoctor.knowledge.load import load
from wssdoctor.provider.answer import ANSWERS


def places(folder: Path) -> list[tuple[str, int]]:
    return [
        (str(Path(problem.place.file).relative_to(folder)), problem.place.line or 0)
        for problem in lint(folder)
        if problem.place is not None and problem.place.file is not None
    ]


def test_the_shipped_base_keeps_the_house_rules() -> None:
    assert lint(home()) == ()


def test_the_small_base_keeps_them_too(tmp_path: Path) -> None:
    assert lint(write(tmp_path)) == ()


LONG = "word " * 30
BASES = [("causes/user-locked.yaml", 12), ("messages/logon.yaml", 6), ("remedies/unlock-user.yaml", 7)]
"""Where records claim SAP's word."""
ORPHAN = "checks: []\nunproven: Nobody tried.\nconfirm: Look at it.\nrule_out: It is free.\nmessages: []"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"causes": ("It is locked.", LONG + "more.")}, [("causes/user-locked.yaml", 3)]),
        ({"causes": ("It is locked.", LONG.strip() + ". More.")}, []),
        ({"causes": ("It is locked.", '" "')}, [("causes/user-locked.yaml", 3)]),
        ({"causes": ("The user is locked", "The user is locked.")}, [("causes/user-locked.yaml", 2)]),
        ({"causes": ("user.unlocked", "user unlocked")}, [("causes/user-locked.yaml", 7)]),
        ({"causes": ("[user.unlocked]", '[user.unlocked, "user.unlocked:why"]')}, [("causes/user-locked.yaml", 7)]),
        ({"causes": ("[user.unlocked]", "[]")}, [("causes/user-locked.yaml", 7)]),
        ({"causes": ("users[].lock: 64", "users[.lock: 64")}, [("causes/user-locked.yaml", 16)]),
        ({"causes": ("users[].lock: 64", 'users[].name: "{who}"')}, [("causes/user-locked.yaml", 16)]),
        ({"causes": ("    users[].lock: 64", "    {}")}, [("causes/user-locked.yaml", 15)]),
        ({"causes": ("basis: sap", "unproven: Nobody tried.\nbasis: sap")}, [("causes/user-locked.yaml", 12)]),
        (
            {"causes": ("id: user-locked", "id: user-lock"), "messages": ("[user-locked]", "[user-lock]")},
            [("causes/user-locked.yaml", 1)],
        ),
        ({"causes": ("[LOGON-RC-2]", "[]")}, [("messages/logon.yaml", 5)]),
        ({"messages": ("[user-locked]", "[]")}, [("causes/user-locked.yaml", 10), ("messages/logon.yaml", 5)]),
        ({"messages": ("basis: sap", "no_cause: It is fine.\n    basis: sap")}, [("messages/logon.yaml", 5)]),
        ({"messages": ("basis: sap", 'placeholders: {"&1": who}\n    basis: sap')}, [("messages/logon.yaml", 6)]),
        ({"messages": ('text: ""', 'text: "User &1 is locked"')}, [("messages/logon.yaml", 3)]),
        ({"messages": ("    seen_by: The caller.\n", "")}, [("messages/logon.yaml", 2)]),
        ({"messages": ("sources: [note]", "sources: []")}, [("messages/logon.yaml", 7)]),
        ({"messages": ("sources: [note]", "sources: [book]")}, [("messages/logon.yaml", 7)]),
        ({"causes": ("symptoms:\n  - It worked yesterday.\n", "")}, [("causes/user-locked.yaml", 1)]),
        ({"causes": ("sources: [note]", "sources: []")}, [("causes/user-locked.yaml", 13)]),
        ({"causes": ("basis: sap", "leads_to: [user-locked]\nbasis: sap")}, [("causes/user-locked.yaml", 12)]),
        ({"remedies": ("sources: [note]", "sources: []")}, [("remedies/unlock-user.yaml", 8)]),
        ({"remedies": ("risk: none", "after: [unlock-user]\nrisk: none")}, [("remedies/unlock-user.yaml", 9)]),
        ({"remedies": ("steps:\n  - do: Unlock it.", "steps: []")}, [("remedies/unlock-user.yaml", 5)]),
        (
            {"remedies": ("effect:", "partners:\n  zeep: {how: So., sources: [book]}\neffect:")},
            [("remedies/unlock-user.yaml", 13)],
        ),
        (
            {"remedies": ("effect:", "partners:\n  zeep: {how: So.}\neffect:")},
            [("remedies/unlock-user.yaml", 13)],
        ),
        ({"sources": ("    basis: sap", "    basis: community")}, BASES),
        ({"remedies": ("effect:\n  facts:\n    users[].lock: 0\n", "")}, [("remedies/unlock-user.yaml", 1)]),
        ({"remedies": ("users[].lock: 0", "bindings[].transport: http")}, [("remedies/unlock-user.yaml", 14)]),
        ({"remedies": ("risk: none", "risk: none\nweakens_security: true")}, [("remedies/unlock-user.yaml", 10)]),
        (
            {"sources": ("    basis: sap", "    basis: sap\n  - {id: book, title: B, address: B, basis: sap}")},
            [("sources.yaml", 6)],
        ),
    ],
)
def test_a_broken_rule_is_named_at_its_place(
    tmp_path: Path, changes: dict[str, tuple[str, str]], expected: list[tuple[str, int]]
) -> None:
    assert places(write(tmp_path, **changes)) == expected


def test_a_cause_that_nothing_leads_to_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        causes=("checks: [user.unlocked]\nconfirm: Look at it.\nrule_out: It is free.\nmessages: [LOGON-RC-2]", ORPHAN),
        messages=("causes: [user-locked]", "causes: []\n    no_cause: It is fine."),
    )
    assert places(tmp_path) == [("causes/user-locked.yaml", 11)]


def test_an_orphan_remedy_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    text = (tmp_path / "remedies/unlock-user.yaml").read_text().replace("unlock-user", "forgive-user")
    (tmp_path / "remedies/forgive-user.yaml").write_text(text)
    assert places(tmp_path) == [("remedies/forgive-user.yaml", 1)]


def test_what_the_reader_refuses_is_named_too(tmp_path: Path) -> None:
    assert places(write(tmp_path, causes=("side: provider", "side: server"))) == [("causes/user-locked.yaml", 4)]


def test_every_predicted_message_is_known() -> None:
    messages = load().messages
    assert {name for answer in ANSWERS.values() for name in answer.messages} - messages.keys() == set()


def test_patches_change_facts_of_the_description() -> None:
    base = load()
    patches = [fault for cause in base.causes.values() for fault in cause.faults]
    patches += [remedy.effect for remedy in base.remedies.values() if remedy.effect is not None]
    paths = {path for patch in patches for path in patch.facts}
    general = {_general(path) for path in paths}
    assert general - DECLARATIONS.keys() == set()


def _general(path: str) -> str:
    steps = [step.partition("[") for step in path.removesuffix("[+]").split(".")]
    return ".".join(f"{name}[]" if bracket else name for name, bracket, _ in steps)
