"""Keys of the user's own: ``keys.yaml`` maps a command's id to a key or to a list of keys.

Every mistake is named with line and column before the screen opens, a key with two meanings among them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.tui.command import DIALOGS, NAMES, Command, Context, Keymap, called, keys_of
from wssdoctor.tui.commands import COMMANDS, around, of

_MOST = 64 * 1024
_SCREENS: tuple[Context, ...] = (
    "start", "findings", "detail", "requests", "whatif", "interview", "knowledge", "lab", "compare", *sorted(DIALOGS),
)  # fmt: skip
_WIDGETS: Mapping[Context, tuple[Context, ...]] = {
    "start": ("list",),
    "findings": ("list", "article"),
    "detail": ("article",),
    "requests": ("list", "article"),
    "difference": ("article",),
    "whatif": ("list", "article"),
    "changes": ("article",),
    "interview": ("list", "article"),
    "knowledge": ("list", "article"),
    "lab": ("list", "article"),
    "compare": ("article",),
    "export": ("list",),
    "preview": ("article",),
    "ask": ("article",),
    "messages": ("article",),
    "account": ("article",),
    "error": ("article",),
    "help": ("article",),
}
"""The kinds of widgets that a screen has."""


def home() -> Path:
    """Return where the file is looked for: the user's configuration folder."""
    import platformdirs

    return platformdirs.user_config_path("wssdoctor", appauthor=False) / "keys.yaml"


def load(path: Path | None = None) -> Keymap:
    """Return the user's own keys; none where there is no file. Raises ``InputError`` with every mistake in it."""
    path = path or home()
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError.because(
            "the keys cannot be read", place=Place(file=str(path)), why=error.strerror or type(error).__name__
        ) from None
    if len(data) > _MOST:
        raise InputError.because("the file of the keys is too large", place=Place(file=str(path)))
    return read(data, str(path))


def read(data: bytes, file: str) -> Keymap:
    """Read the keys from YAML. Raises ``InputError`` with every mistake and its place."""
    from wssdoctor.yamlnode import MappingNode, ScalarNode, SequenceNode, compose

    root = compose(data, file)
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        raise InputError.because(
            "the keys are not a mapping",
            place=Place(file=file, line=root.line, column=root.column),
            hint="write 'finding-filter: F', one command a line",
        )
    known = {command.id: command for command in COMMANDS}
    problems: list[Problem] = []
    places: dict[tuple[str, str], Place] = {}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in root.value:
        place = Place(file=file, line=name.line, column=name.column)
        identifier = name.value if isinstance(name, ScalarNode) else ""
        command = known.get(identifier)
        if command is None or not command.keys:
            near = difflib.get_close_matches(identifier, [one.id for one in COMMANDS if one.keys], n=1)
            hint = f"did you mean {near[0]}?" if near else "the help of each screen names its commands"
            problems.append(Problem(f"there is no command {identifier[:60]!r} with keys", place, hint=hint))
            continue
        items = value.value if isinstance(value, SequenceNode) else (value,)
        keys = []
        for item in items:
            at = Place(file=file, line=item.line, column=item.column)
            key = _key(item.value) if isinstance(item, ScalarNode) else None
            if key is None:
                hint = "a character, or a name such as f5, space, pageup, ctrl+t"
                problems.append(Problem(f"{identifier}: this is no key", at, hint=hint))
            else:
                keys.append(key)
                places.setdefault((identifier, key), at)
        if not items:
            problems.append(
                Problem(f"{identifier}: no key is given", place, hint="leave the line out: it keeps its own")
            )
        found[identifier] = tuple(dict.fromkeys(keys))
    problems += clashes(found, places)
    if problems:
        raise InputError(*sorted(problems, key=_in_file))
    return found


def _in_file(problem: Problem) -> tuple[int, int]:
    place = problem.place or Place()
    return place.line or 0, place.column or 0


_BY_CHARACTER = {shown: key for key, shown in NAMES.items() if len(shown) == 1}
_NAMED = frozenset(
    (*NAMES, *(f"f{number}" for number in range(1, 21)), "ctrl+q", "backspace", "comma", "full_stop", "semicolon",
     "equals_sign", "asterisk", "exclamation_mark", "number_sign")
)  # fmt: skip


def _key(text: str) -> str | None:
    """Return a key as Textual calls it; nothing for what is none, or what the terminal or the program keeps."""
    if len(text) == 1:
        from textual.keys import _character_to_key

        return _BY_CHARACTER.get(text) or (_character_to_key(text) if text.isprintable() and text != " " else None)
    key = text.strip().lower()
    if key in _NAMED:
        return key
    control, _, letter = key.partition("+")
    allowed = control == "ctrl" and len(letter) == 1 and letter.isascii() and letter.isalpha()
    return key if allowed and letter not in "cimjhq" else None


def clashes(keymap: Keymap, places: Mapping[tuple[str, str], Place]) -> Iterator[Problem]:
    """Yield each key that means two things in one place, where the user's own keys are to blame.

    ``places`` says where a key of a command stands.
    """
    found: dict[tuple[str, str], dict[str, Command]] = {}
    for one, other, key in shared(keymap):
        blame = next((command.id for command in (one, other) if command.id in keymap), None)
        if blame is not None:
            rest = other if blame == one.id else one
            found.setdefault((blame, key), {})[rest.id] = rest
    for (blame, key), others in found.items():
        named = " and ".join(f"{one.id} ({one.title})" for one in others.values())
        what = f"{called(key)} is already the key of {named}"
        hint = f"choose another key for {blame}, or give {' and '.join(others)} another"
        yield Problem(what, places.get((blame, key)), hint=hint)


def shared(keymap: Keymap) -> Iterator[tuple[Command, Command, str]]:
    """Yield each pair of commands that share a key on a screen, with that key."""
    for screen in _SCREENS:
        layers = (of(screen), of(around(screen)), *(of(widget) for widget in _WIDGETS.get(screen, ())))
        yield from _shared(layers, keymap)


def _shared(layers: tuple[tuple[Command, ...], ...], keymap: Keymap) -> Iterator[tuple[Command, Command, str]]:
    """Yield pairs that share a key although the table does not let one of them go before the other."""
    commands = [command for layer in layers for command in layer]
    for index, one in enumerate(commands):
        for other in commands[index + 1 :]:
            if one.action == other.action or {one.context, other.context} == {"list", "article"}:
                continue
            meant = set(one.keys) & set(other.keys)  # the screen's own Enter goes before the list's, and so on
            for key in keys_of(one, keymap):
                if key in keys_of(other, keymap) and key not in meant:
                    yield one, other, key
