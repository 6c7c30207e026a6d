"""Another system or report beside the open case; the lines in which files are named."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.present import present
from tests.tui.screen import BASE
from tests.tui.test_state import done
from wssdoctor.errors import InputError
from wssdoctor.report.jsonreport import to_json
from wssdoctor.sample import folder as sample
from wssdoctor.tui import comparing, exports
from wssdoctor.tui.screens.opencase import PathSuggester, is_capture, path_of
from wssdoctor.tui.whatif import WhatIf


def test_a_description_a_report_and_a_folder_of_exports_are_compared(tmp_path: Path) -> None:
    diagnosis = present(done("sample").diagnosis)
    same = comparing.compared(sample() / "system.yaml", diagnosis, BASE)
    assert same.outcome == "same"
    report = tmp_path / "report.json"
    report.write_bytes(to_json(exports.reported(diagnosis, WhatIf(), BASE)))
    assert comparing.compared(report, diagnosis, BASE).outcome == "same"
    folder = tmp_path / "exports of quality"
    folder.mkdir()
    (folder / "users.txt").write_text("|MANDT|BNAME|UFLAG|\n|200|WS_ORDER|64|\n")
    other = comparing.compared(folder, diagnosis, BASE)
    assert "system.client" in [one.path for one in other.facts or ()]


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{")
    (tmp_path / "empty").mkdir()
    for name in ("report.json", "empty", "nothing.yaml"):
        with pytest.raises(InputError):
            comparing.compared(tmp_path / name, present(done("sample").diagnosis), BASE)


def test_a_path_with_blanks_and_umlauts_is_completed_and_may_stand_in_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "Fälle Nord"
    folder.mkdir()
    (folder / "order.http").write_text("")
    begun = f"{tmp_path}/Fä"
    assert asyncio.run(PathSuggester().get_suggestion(begun)) == f"{folder}/"
    assert asyncio.run(PathSuggester().get_suggestion(f"{folder}/o")) == f"{folder}/order.http"
    assert asyncio.run(PathSuggester(several=True).get_suggestion(begun)) is None
    assert path_of(f" '{folder}' ") == folder
    assert path_of("it's") == Path("it's")
    assert is_capture(folder / "order.http")
    assert not is_capture(folder / "other.http")
    assert not is_capture(folder)
