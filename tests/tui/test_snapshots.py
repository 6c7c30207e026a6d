"""How the screens look. Few, because every release of Textual changes all of them; behaviour is tested as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import SMALL, app_of, press, sample_app, settled


@pytest.mark.parametrize(
    ("name", "keys"),
    [("start", ()), ("findings", ()), ("what-if", ("3", "s")), ("knowledge", ("4", "slash", *"WSS021", "enter"))],
)
def test_look(snap_compare: Callable[..., bool], tmp_path: Path, name: str, keys: tuple[str, ...]):
    app = app_of(None, tmp_path) if name in ("start", "knowledge") else sample_app(tmp_path)

    async def before(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await press(app, pilot, *keys)

    assert snap_compare(app, terminal_size=SMALL, run_before=before)
