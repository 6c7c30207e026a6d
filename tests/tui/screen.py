"""What the tests of the terminal UI share: apps, frames, waiting for work to end."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from wssdoctor.knowledge.load import load
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.labrun import LabRun
from wssdoctor.tui.opening import sample_opening
from wssdoctor.tui.screens.base import Dialog, Place
from wssdoctor.tui.session import Opening
from wssdoctor.tui.themes import DEFAULT

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):  # pictures show local times
    time.tzset()

BASE = load()
CORPUS = Path(__file__).resolve().parents[1] / "data" / "corpus"
SMALL, LARGE = (80, 24), (140, 40)
SIZES = (SMALL, LARGE)

Journey = Callable[[WssdoctorApp, "Pilot[int]"], Awaitable[None]]


def app_of(opening: Opening | None, folder: Path, *, theme: str = DEFAULT, lab: LabRun | None = None) -> WssdoctorApp:
    """Return an app that keeps its recent cases in a folder of the test."""
    app = WssdoctorApp(lambda: BASE, opening, state_folder=folder, theme=theme, lab=lab)
    app.animation_level = "none"
    return app


def sample_app(folder: Path, *, theme: str = DEFAULT) -> WssdoctorApp:
    return app_of(sample_opening(), folder, theme=theme)


def shown(app: WssdoctorApp) -> Place | Dialog:
    """Return the screen that is shown."""
    assert isinstance(app.screen, Place | Dialog)
    return app.screen


def frame(app: WssdoctorApp) -> str:
    """Return the text of the screen as it is seen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def settled(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    """Wait until nothing is under way, and all that it led to is drawn."""
    await pilot.pause(0)
    await app.workers.wait_for_complete()
    await pilot.pause(0)
    while app.is_running and (app.session.running or app.jobs.under_way()):
        await asyncio.sleep(0.005)
    for _ in range(50):
        await pilot.pause(0)
        if not _waits(app):
            return


def _waits(app: WssdoctorApp) -> bool:
    """Whether the screen has something to lay out, to draw or to take in yet."""
    screen = app.screen
    drawn = not (screen._layout_required or screen._repaint_required or screen._dirty_widgets or screen._callbacks)
    return not drawn or any(one.message_queue_size or one._next_callbacks for one in (app, *screen.walk_children()))


async def press(app: WssdoctorApp, pilot: Pilot[int], *keys: str) -> str:
    """Press keys one by one and return the frame after the last."""
    for key in keys:
        app.simulate_key(key)
        await settled(app, pilot)
    return frame(app)


async def shows(app: WssdoctorApp, pilot: Pilot[int], text: str) -> bool:
    """Wait until a text is on the screen, as what is mounted late may need a moment; False if it never comes."""
    return await until(pilot, lambda: text in frame(app))


async def until(pilot: Pilot[int], true: Callable[[], bool]) -> bool:
    """Wait until something is true; False if it never is."""
    for _ in range(500):
        if true():
            return True
        await pilot.pause(0.02)
    return False


def play(app: WssdoctorApp, journey: Journey, size: tuple[int, int] = SMALL) -> None:
    """Run an app without a terminal and play a journey on it."""

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await settled(app, pilot)
            await journey(app, pilot)

    asyncio.run(run())
