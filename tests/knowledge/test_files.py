from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.small import write
from wssdoctor.errors import InputError, Problem
from wssdoctor.knowledge.files import read
from wssdoctor.knowledge.folders import home


def problems(folder: Path) -> list[tuple[str, int | None, int | None, str]]:
    with pytest.raises(InputError) as caught:
        read(folder)
    return [_plain(problem, folder) for problem in caught.value.problems]


def _plain(problem: Problem, folder: Path) -> tuple[str, int | None, int | None, str]:
    assert problem.place is not None
    assert problem.place.file is not None
    return str(Path(problem.place.file).relative_to(folder)), problem.place.line, problem.place.column, problem.what


def test_the_shipped_base_is_read_whole() -> None:
    base = read(home())
    assert base.messages["WSS031"].causes[0] == "technical-user-missing"
    assert base.cause_of("technical-user.exists") is base.causes["technical-user-missing"]
    assert base.cause_of("clock.within-tolerance", "skew") is base.causes["clock-skew"]
    assert base.cause_of("clock.within-tolerance", "tolerance") is base.causes["time-tolerance-too-small"]
    assert base.cause_of("no.such-check") is None


def test_indexes_say_the_same_as_the_records(tmp_path: Path) -> None:
    base = read(write(tmp_path))
    assert base.causes_by_check == {"user.unlocked": "user-locked"}
    assert base.causes_by_remedy == {"unlock-user": ("user-locked",)}
    assert base.roots_by_cause == {}


def test_an_unknown_key_names_its_place_and_the_nearest_known(tmp_path: Path) -> None:
    write(tmp_path, causes=("severity: high", "severity: high\nremedy: [unlock-user]"))
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    (problem,) = caught.value.problems
    assert _plain(problem, tmp_path)[:3] == ("causes/user-locked.yaml", 6, 1)
    assert "remedies" in problem.hint


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"causes": ("explanation: It is locked.\n", "")}, ("causes/user-locked.yaml", 1, 1)),
        ({"causes": ("explanation: It is locked.", 'explanation: ""')}, ("causes/user-locked.yaml", 3, 14)),
        ({"causes": ("side: provider", "side: server")}, ("causes/user-locked.yaml", 4, 7)),
        ({"causes": ("[unlock-user]", "[unlock-user, unlock-usr]")}, ("causes/user-locked.yaml", 11, 25)),
        ({"causes": ("[LOGON-RC-2]", "[LOGON-RC-3]")}, ("causes/user-locked.yaml", 10, 12)),
        ({"messages": ("[user-locked]", "[user-lock]")}, ("messages/logon.yaml", 5, 14)),
        (
            {"messages": ("[user-locked]", "[user-locked]\n    excludes: [user-lock]")},
            ("messages/logon.yaml", 6, 16),
        ),
        ({"remedies": ("[note]", "[book]")}, ("remedies/unlock-user.yaml", 8, 11)),
        (
            {"remedies": ("effect:\n", "effect:\n  request: [{do: set-heading}]\n")},
            ("remedies/unlock-user.yaml", 13, 18),
        ),
        ({"sources": ("id: note", "id: Note")}, ("sources.yaml", 2, 9)),
    ],
)
def test_what_is_wrong_is_named_at_its_place(
    tmp_path: Path, changes: dict[str, tuple[str, str]], place: tuple[str, int, int]
) -> None:
    assert [found[:3] for found in problems(write(tmp_path, **changes))] == [place]


def test_an_id_given_twice_is_an_error_that_names_the_first(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "causes" / "copy.yaml").write_text((tmp_path / "causes/user-locked.yaml").read_text())
    assert [found[:3] for found in problems(tmp_path)] == [("causes/user-locked.yaml", 1, 5)]


def test_all_problems_of_all_files_come_at_once_and_none_twice(tmp_path: Path) -> None:
    write(
        tmp_path,
        causes=("basis: sap", "basis: hearsay"),
        remedies=("actor: security", "actor: nobody"),
        messages=("[note]", "[book]"),
    )
    assert sorted(found[:2] for found in problems(tmp_path)) == [
        ("causes/user-locked.yaml", 12),
        ("messages/logon.yaml", 7),
        ("remedies/unlock-user.yaml", 3),
    ]


def test_a_folder_without_knowledge_is_an_error(tmp_path: Path) -> None:
    assert len(problems(tmp_path)) == 1


def test_broken_yaml_is_an_error_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, sources=("sources:", "sources: ["))
    (found,) = problems(tmp_path)
    assert found[0] == "sources.yaml"
