"""The bar above: where one is, and every mode, however narrow the screen is."""

from __future__ import annotations

import pytest

from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Span, plain, width
from wssdoctor.tui.widgets.bar import MODES, mode_items

_NAME = "ERP/100 (sample)"
_STOPPED = (Span("! CANCELLED", "warn"),)


@pytest.mark.parametrize("mode", ["", *(name for name, _, _ in MODES)])
@pytest.mark.parametrize("run", [(), _STOPPED])
def test_every_mode_is_named_and_can_be_clicked_on_the_smallest_screen(mode: str, run: tuple[Span, ...]) -> None:
    for cells in range(60, 141):
        items = mode_items(_NAME, mode, run, cells)
        assert sum(width(line) for line, _ in items) == cells
        assert [action for _, action in items] == [None, *(f"app.go('{name}')" for name, _, _ in MODES)]
        for (line, _), (name, title, brief) in zip(items[1:], MODES, strict=True):
            named = plain(line).strip().removeprefix(f"{key(f'go-{name}')} ")
            assert named == title or (named == brief and name != mode)
            assert (line[0].tone == "selected") == (name == mode)


def test_the_name_of_the_case_is_cut_before_the_titles_and_how_a_run_stands_never_is() -> None:
    assert [plain(line).strip() for line, _ in mode_items(_NAME, "findings", (), 80)] == [
        "ERP/100…",
        *(f"{key(f'go-{name}')} {title}" for name, title, _ in MODES),
    ]
    for cells in range(60, 141):
        assert "! CANCELLED" in plain(mode_items(_NAME, "findings", _STOPPED, cells)[0][0])
    assert plain(mode_items(_NAME, "findings", (), 140)[0][0]).split() == ["wssdoctor", *_NAME.split()]
