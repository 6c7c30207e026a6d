"""Pictures of every screen, to be looked at before snapshots are accepted.

    python -m tests.tui.shots FOLDER [NAME...]

Writes an SVG for each screen, size and look; with cairosvg installed a PNG beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from textual.pilot import Pilot

from tests.tui.places import PLACES, STATES, app_for, go
from tests.tui.screen import SIZES, settled
from wssdoctor.tui import themes
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.exports import without_web_fonts
from wssdoctor.tui.screens.room import SMALLEST

_STYLE = re.compile(r"\.(terminal-[\w-]+) \{([^}]*)\}")
_TEXT = re.compile(r'<text class="(terminal-[\w-]+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"')
_REST = 0.25
"""Seconds without a change after which a screen stays as it is; export counts what a ticket replaces after some rest."""
LOOKS = (*themes.PALETTES, "NO_COLOR")


async def shots(name: str, size: tuple[int, int], folder: Path, looks: Sequence[str]) -> None:
    """Write the pictures of one place in one size: in themes, or without colour, which an app must know at first."""
    os.environ.pop("NO_COLOR", None)
    if "NO_COLOR" in looks:
        os.environ["NO_COLOR"] = "1"
    there = {**PLACES, **STATES}[name]
    with tempfile.TemporaryDirectory() as state:
        app = app_for(there, Path(state))
        async with app.run_test(size=size, notifications=True) as pilot:
            await go(app, pilot, there)
            await settle(app, pilot)
            for look in looks:
                if look != "NO_COLOR":
                    app.theme = look
                    await pilot.pause()
                path = folder / f"{name}-{size[0]}x{size[1]}-{look.removeprefix('wssdoctor-')}.svg"
                write(without_web_fonts(app.export_screenshot()), path)


async def settle(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    """Wait until the screen is drawn as it stays: the layout for its size comes a few frames after its text."""
    before = ""
    for _ in range(20):
        now = app.export_screenshot()
        if now == before:
            return
        before = now
        await pilot.pause(_REST)
        if not app.session.running:  # a picture of a run that goes on waits for no end
            await settled(app, pilot)


def write(svg: str, path: Path) -> None:
    """Write a picture, and a PNG beside it where that is possible."""
    path.write_text(svg)
    try:
        import cairosvg
    except ImportError:
        return
    cairosvg.svg2png(drawable(svg).encode(), write_to=str(path.with_suffix(".png")))


def drawable(svg: str) -> str:
    """Name a font that is as wide as the cells, and draw the lines under text, which cairosvg leaves out."""
    svg = svg.replace("monospace", "DejaVu Sans Mono").replace(
        "font-size: 20px;", "font-size: 20px; letter-spacing: 0.16px;"
    )
    under = {name for name, style in _STYLE.findall(svg) if "underline" in style}

    def lined(text: re.Match[str]) -> str:
        name, x, y, length = text.groups()
        line = f'<rect class="{name}" x="{x}" y="{float(y) + 3}" width="{length}" height="1.5" />'
        return f"{line}{text[0]}" if name in under else text[0]

    return _TEXT.sub(lined, svg)


def wanted(arguments: Sequence[str] | None = None) -> tuple[Path, list[str]]:
    """Return the folder to write into, and the places to picture. Leaves with code 2 for a place that there is not."""
    about, _, usage = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser("python -m tests.tui.shots", description=f"{about} {usage.splitlines()[-1]}")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pictures go; made if need be")
    names = (*PLACES, *STATES)
    listed = f"a place, all by default: {', '.join(names)}"
    parser.add_argument("names", nargs="*", metavar="NAME", help=listed)
    found = parser.parse_args(arguments)
    unknown = [name for name in found.names if name not in names]
    if unknown:
        parser.error(f"there is no place {', '.join(unknown)}; there are {', '.join(names)}")
    return found.folder, found.names or list(names)


def main(folder: Path, names: Sequence[str]) -> None:
    """Write the pictures of some places."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for size in SIZES:
            asyncio.run(shots(name, size, folder, LOOKS[:-1]))
            asyncio.run(shots(name, size, folder, LOOKS[-1:]))
        asyncio.run(shots(name, SMALLEST, folder, LOOKS[:1]))


if __name__ == "__main__":
    main(*wanted())
