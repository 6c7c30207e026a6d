"""Merging: provenance, contradictions with both places, dates, clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.collect.collect import collect
from wssdoctor.description.change import flat
from wssdoctor.errors import InputError

_HEAD = "|MANDT|BNAME|UFLAG|\n"


def test_a_contradiction_is_left_out_and_names_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_HEAD + "|100|WS_A|0|\n")
    (tmp_path / "b.txt").write_text(_HEAD + "|100|WS_A|64|\n")
    found = collect(tmp_path)
    (contradiction,) = found.merged.contradictions
    assert contradiction.fact == "users[WS_A].lock"
    first, second = contradiction.first, contradiction.second
    assert (first.place.file, first.place.line, first.data) == ("a.txt", 2, 0)
    assert (second.place.file, second.place.line, second.data) == ("b.txt", 2, 64)
    assert "users[0].lock" not in flat(found.facts)
    assert "users[0].exists" in flat(found.facts)


def test_the_newer_wins_where_both_carry_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("List of 21.11.2026 10:00:00\n" + _HEAD + "|100|WS_A|0|\n")
    (tmp_path / "b.txt").write_text("List of 20.11.2026 10:00:00\n" + _HEAD + "|100|WS_A|64|\n")
    found = collect(tmp_path)
    assert not found.merged.contradictions
    assert flat(found.facts)["users[0].lock"] == "0"


def test_one_date_alone_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("List of 21.11.2026 10:00:00\n" + _HEAD + "|100|WS_A|0|\n")
    (tmp_path / "b.txt").write_text(_HEAD + "|100|WS_A|64|\n")
    assert collect(tmp_path).merged.contradictions


def test_facts_carry_their_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_HEAD + "|100|WS_A|0|\n")
    assert "lock: 0  # a.txt:2" in collect(tmp_path).text


def test_several_clients_need_a_choice(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_HEAD + "|100|WS_A|0|\n|200|WS_A|64|\n")
    with pytest.raises(InputError) as caught:
        collect(tmp_path)
    assert "200" in repr(caught.value.problems)
    facts = flat(collect(tmp_path, client="200").facts)
    assert facts["users[0].lock"] == "64"
    assert facts["system.client"] == "200"


def test_users_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_HEAD + "|100|WS_A|0|\n|100|WS_B|64|\n|100|DELAY_LOGON|0|\n")
    facts = collect(tmp_path, users=["ws_b"]).facts
    assert facts.column("users", "name") == ("WS_B",)
    assert facts.value("technical_user.exists") is True


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        collect(tmp_path / "none")


def test_a_newer_statement_that_wins_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("List of 21.11.2026 10:00:00\n" + _HEAD + "|100|WS_A|0|\n")
    (tmp_path / "b.txt").write_text("List of 20.11.2026 10:00:00\n" + _HEAD + "|100|WS_A|64|\n")
    (one,) = collect(tmp_path).merged.superseded
    assert (one.fact, one.newer.data, one.older.data) == ("users[WS_A].lock", 0, 64)
    assert (one.newer.place.file, one.older.place.file) == ("a.txt", "b.txt")


def test_a_date_that_selects_rows_does_not_date_the_export(tmp_path: Path) -> None:
    for name, day, lock in (("a.txt", "31.12.2027", 0), ("b.txt", "30.12.2027", 64)):
        (tmp_path / name).write_text(f"Valid to <= {day}\n" + _HEAD + f"|100|WS_A|{lock}|\n")
    assert len(collect(tmp_path).merged.contradictions) == 1


def test_facts_stand_where_their_export_gave_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_HEAD + "|100|WS_A|0|\n")
    place = collect(tmp_path).facts.place("users[0].lock")
    assert (place.file, place.line, place.fact) == (str(tmp_path / "a.txt"), 2, "users[0].lock")
