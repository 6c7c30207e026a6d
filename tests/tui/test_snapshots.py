"""How the screens look, but for those that change with every new article. Behaviour is tested as text; pictures are looked at before they are accepted (``shots``)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.places import PLACES, STATES, There, app_for, go
from tests.tui.screen import LARGE, SMALL
from wssdoctor.tui.themes import DEFAULT

_MAIN = ("start", "findings", "requests", "signatures", "what-if", "plan", "changes", "help")
_OTHER = ("detail", "as-sent", "difference", "compare", "paste", "open", "lab")
_GROWING = ("nothing-found",)
"""Shows how many articles there are."""
_LIGHT = "wssdoctor-light"
_SHOTS = [
    *((name, size, "wssdoctor-dark") for name in _MAIN for size in (SMALL, LARGE)),
    *((name, SMALL, _LIGHT) for name in _MAIN),
    *((name, LARGE, _LIGHT) for name in ("findings", "requests")),
    ("lab", LARGE, "wssdoctor-dark"),
    *((name, SMALL, "wssdoctor-dark") for name in (*_OTHER, *STATES) if name not in _GROWING),
    *((name, SMALL, "NO_COLOR") for name in ("findings", "requests", "plan", "open")),
]


@pytest.mark.parametrize(
    ("name", "size", "look"), _SHOTS, ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else value
)
def test_look(
    snap_compare: Callable[..., bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
    look: str,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if look == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    there: There = {**PLACES, **STATES}[name]
    app = app_for(there, tmp_path, theme=DEFAULT if look == "NO_COLOR" else look)

    async def before(pilot: Pilot[int]) -> None:
        await go(app, pilot, there)
        app.clear_notifications()
        await pilot.pause(0)

    assert snap_compare(app, terminal_size=size, run_before=before)
