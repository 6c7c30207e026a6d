from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import BASE, LARGE, frame, play, press, settled
from wssdoctor.errors import InputError
from wssdoctor.tui import keymap, keynames
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.opening import sample_opening


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        keymap.read(text.encode(), "keys.yaml")
    return [f"{problem.place}: {problem.what}" for problem in caught.value.problems]


def test_keys_are_read_as_people_write_them() -> None:
    found = keymap.read(b"finding-filter: F\nfinding-search: ['/', f5]\nwhatif-plan: ctrl+t\n", "keys.yaml")
    assert found == {"finding-filter": ("F",), "finding-search": ("slash", "f5"), "whatif-plan": ("ctrl+t",)}


def test_no_file_means_no_keys_of_ones_own(tmp_path: Path) -> None:
    assert keymap.load(tmp_path / "keys.yaml") == {}


def test_mistakes_are_named_with_line_and_column() -> None:
    said = refused("finding-filter: F\nfinding-fliter: G\nfinding-sort: alt+x\n")
    assert said[0].startswith("keys.yaml:2:1: ")
    assert said[1].startswith("keys.yaml:3:15: ")
    assert refused("- a\n")[0].startswith("keys.yaml:1:1: ")


def test_a_key_with_two_meanings_is_a_mistake() -> None:
    said = refused("finding-filter: x\n")
    assert said[0].startswith("keys.yaml:1:17: x is already the key of export")
    assert refused("finding-filter: j\n")
    assert refused("export: ctrl+p\n")


def test_all_mistakes_are_named_at_once_in_their_order() -> None:
    said = refused("finding-filter: [x, F]\nfinding-fliter: G\nlab-serve: j\nfinding-sort: alt+x\nfinding-shape: []\n")
    assert [one.partition(": ")[0] for one in said] == [
        "keys.yaml:1:18", "keys.yaml:2:1", "keys.yaml:3:12", "keys.yaml:4:15", "keys.yaml:5:1",
    ]  # fmt: skip
    assert refused("finding-filter: [F, x]\n")[0].startswith("keys.yaml:1:21: x is already the key of export")


def test_a_key_that_is_none_takes_no_other_ones() -> None:
    assert len(refused("finding-filter: alt+x\nfinding-sort: f\n")) == 1


def test_two_commands_may_change_keys() -> None:
    found = keymap.read(b"finding-filter: s\nfinding-sort: f\n", "keys.yaml")
    assert found["finding-sort"] == ("f",)


def test_the_table_itself_has_no_clash() -> None:
    assert not list(keymap.shared({}))


def test_ones_own_key_works_and_is_shown(tmp_path: Path) -> None:
    app = WssdoctorApp(lambda: BASE, sample_opening(), state_folder=tmp_path, keymap={"finding-filter": ("F",)})

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "F Filter" in frame(app)
        await press(app, pilot, "f")
        before = app.view.filter
        await press(app, pilot, "F")
        await settled(app, pilot)
        assert (before, app.view.filter) == ("problems", "confirmed")

    try:
        play(app, journey, LARGE)
    finally:
        keynames.use({})
