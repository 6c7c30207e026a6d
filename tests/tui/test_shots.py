"""The tool that takes pictures: what it understands. What it draws is looked at by people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.places import PLACES, STATES
from tests.tui.shots import wanted


def test_without_names_all_places_are_pictured() -> None:
    assert wanted(["pictures"]) == (Path("pictures"), [*PLACES, *STATES])
    assert wanted(["pictures", "start", "asked"]) == (Path("pictures"), ["start", "asked"])


def test_help_is_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        wanted(["--help"])
    assert left.value.code == 0
    assert "FOLDER" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["pictures", "nowhere"], ["--nothing", "pictures"]])
def test_what_it_does_not_know_is_wrong_use(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        wanted(arguments)
    assert left.value.code == 2
