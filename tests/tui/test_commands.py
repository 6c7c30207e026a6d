from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.keys import Keys
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.screen import SMALL, app_of, frame, play, press, sample_app, settled, shown
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.command import DIALOGS, TITLES, Context, shown_keys
from wssdoctor.tui.commands import COMMANDS, around, of, offered
from wssdoctor.tui.lines import plain, width
from wssdoctor.tui.screens.help import help_paragraphs
from wssdoctor.tui.widgets.bar import CommandBar

SCREENS: dict[Context, tuple[str, ...]] = {
    "start": (),
    "findings": ("1",),
    "detail": ("1", "enter"),
    "requests": ("2",),
    "whatif": ("3",),
    "interview": ("5",),
    "knowledge": ("4",),
    "lab": ("6",),
    "compare": ("c",),
}
WIDGETS: frozenset[Context] = frozenset(("list", "article"))
_NAMED = {key.value for key in Keys} | {
    "question_mark",
    "colon",
    "slash",
    "space",
    "left_square_bracket",
    "right_square_bracket",
}


def test_ids_are_unique() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_every_key_is_one_that_textual_knows() -> None:
    keys = {key for command in COMMANDS for key in command.keys}
    assert not [key for key in keys if len(key) > 1 and key not in _NAMED]


def test_no_alt_and_few_control_keys() -> None:
    keys = {key for command in COMMANDS for key in command.keys}
    assert {key for key in keys if "alt+" in key} == set()
    assert {key for key in keys if "ctrl+" in key} <= {"ctrl+p", "ctrl+q", "ctrl+o", "ctrl+s", "ctrl+z"}


@pytest.mark.parametrize("context", sorted(TITLES.keys() - {*WIDGETS, "app", "dialog"}))
def test_no_key_means_two_things_wherever_the_focus_is(context: Context) -> None:
    own = [key for command in of(context) for key in command.keys]
    assert len(own) == len(set(own))
    for focused in WIDGETS:
        # Enter belongs to the list; the screen names what it does there.
        widget = {key for command in of(focused) for key in command.keys} - {"enter"}
        assert not widget & {*own, *(key for command in of(around(context)) for key in command.keys)}
    # What works everywhere may be said again by a screen, and then is the same.
    meant = {key: command.action for command in of(around(context)) for key in command.keys}
    said = {key: command.action for command in of(context) for key in command.keys}
    assert {key for key in meant.keys() & said.keys() if meant[key] != said[key]} == set()


def test_a_question_takes_no_keys_but_its_answers(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space", "q")
        chain = [bindings.key_to_bindings for _, bindings in app.screen._modal_binding_chain]
        assert [one.action for bindings in chain for one in bindings.get("y", ())] == ["yes"]

    play(sample_app(tmp_path), journey)


@pytest.mark.parametrize("context", SCREENS)
def test_help_names_every_command_that_works_here(context: Context) -> None:
    text = "\n".join(plain(paragraph.spans) for paragraph in help_paragraphs(context, {}))
    for command in offered(context):
        if command.keys:
            assert command.sentence in text
            assert shown_keys(command.keys).split()[0] in text


def test_no_key_leaves_a_case_behind() -> None:
    """Opening the sample over one's own case takes more than a slip of the finger."""
    keys = {key for command in of("app") for key in command.keys if command.action == "app.open_sample"}
    assert not keys
    assert "Case: sample" in {command.title for command in offered("findings")}


def test_every_screen_has_a_title_in_help() -> None:
    assert {command.context for command in COMMANDS} <= TITLES.keys()


@pytest.mark.parametrize("context", SCREENS)
def test_the_bar_at_the_foot_keeps_help_and_commands_and_the_palette_has_all(context: Context, tmp_path: Path) -> None:
    async def run() -> None:
        app = sample_app(tmp_path) if context != "start" else app_of(None, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await press(app, pilot, *SCREENS[context])
            assert shown(app).context == context
            items = app.screen.query_one(CommandBar).items(80)
            assert sum(width(line) for line, _ in items) <= 80
            actions = {action for _, action in items}
            assert {"app.help", "app.command_palette"} <= actions
            assert ("app.quit" if isinstance(app.focused, Input) else "app.leave") in actions
            palette = {command.title for command in app.get_system_commands(app.screen)}
            palette.add(next(command.title for command in COMMANDS if command.action == "app.command_palette"))
            assert {command.title for command in offered(context)} <= palette

    asyncio.run(run())


@pytest.mark.parametrize(
    ("keys", "enter"),
    [(("slash",), "Search"), (("2", "slash"), "Search"), (("4", "slash"), "Search"), (("c",), "Compare")],
)
def test_the_bar_names_no_letter_while_one_types(tmp_path: Path, keys: tuple[str, ...], enter: str) -> None:
    async def run() -> None:
        app = sample_app(tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await press(app, pilot, *keys)
            assert isinstance(app.focused, Input)
            bar = app.screen.query_one(CommandBar)
            named = [plain(line).split(maxsplit=1) for line, _ in bar.items(80)]
            assert named[:2] == [["Enter", f"{enter} "], ["Esc", "Back "]]
            assert {key for key, _ in named[2:]} == {"F1", "Ctrl+P", "Ctrl+Q"}
            assert ("\n / " in frame(app)) == (enter == "Search")
            await press(app, pilot, "escape")
            assert bar.is_attached is False or " q Quit" in frame(app)

    asyncio.run(run())


def test_the_palette_opens_with_a_key(tmp_path: Path) -> None:
    async def run() -> None:
        app = sample_app(tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await press(app, pilot, "colon")
            await pilot.pause(0.2)
            assert "Search for commands" in frame(app)

    asyncio.run(run())


def test_every_action_exists() -> None:
    import importlib
    import pkgutil

    from wssdoctor.tui import screens, widgets
    from wssdoctor.tui.app import WssdoctorApp
    from wssdoctor.tui.screens.base import Dialog, Place
    from wssdoctor.tui.screens.textdialog import TextDialog
    from wssdoctor.tui.widgets.article import Article
    from wssdoctor.tui.widgets.choice import Choice

    for room in (screens, widgets):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    kinds = [*Place.__subclasses__(), *Dialog.__subclasses__(), *TextDialog.__subclasses__()]
    homes = {kind.context: kind for kind in kinds if hasattr(kind, "context")} | {
        "list": Choice,
        "article": Article,
        "dialog": Dialog,
    }
    for command in COMMANDS:
        name = command.action.partition("(")[0]
        home = WssdoctorApp if name.startswith("app.") else homes[command.context]
        assert hasattr(home, f"action_{name.removeprefix('app.')}"), command.id


def test_a_dialog_names_all_its_keys_in_its_bar() -> None:
    dialogs = {*DIALOGS, "dialog"}
    assert not [one.id for one in COMMANDS if one.context in dialogs and one.keys and not one.rank]
