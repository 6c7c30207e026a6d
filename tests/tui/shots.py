"""Pictures of every screen, to be looked at before snapshots are accepted.

    python -m tests.tui.shots FOLDER [NAME...]

Writes an SVG for each screen, size and look; with cairosvg installed a PNG beside it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.tui.places import PLACES, STATES, app_for, go
from tests.tui.screen import SIZES
from wssdoctor.tui.exports import without_web_fonts

LOOKS = ("wssdoctor-dark", "wssdoctor-light", "NO_COLOR")


async def shot(name: str, size: tuple[int, int], look: str, folder: Path) -> None:
    """Write the picture of one place."""
    os.environ.pop("NO_COLOR", None)
    options = {} if look == "NO_COLOR" else {"theme": look}
    if look == "NO_COLOR":
        os.environ["NO_COLOR"] = "1"
    there = {**PLACES, **STATES}[name]
    with tempfile.TemporaryDirectory() as state:
        app = app_for(there, Path(state), **options)
        async with app.run_test(size=size, notifications=True) as pilot:
            await go(app, pilot, there)
            svg = without_web_fonts(app.export_screenshot())
    path = folder / f"{name}-{size[0]}x{size[1]}-{look.removeprefix('wssdoctor-')}.svg"
    path.write_text(svg)
    try:
        import cairosvg
    except ImportError:
        return
    cairosvg.svg2png(svg.replace("monospace", "DejaVu Sans Mono").encode(), write_to=str(path.with_suffix(".png")))


def main(folder: Path, names: list[str]) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or [*PLACES, *STATES]:
        for size in SIZES:
            for look in LOOKS:
                asyncio.run(shot(name, size, look, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
