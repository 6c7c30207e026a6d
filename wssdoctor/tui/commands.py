"""One table of all commands: key bindings, the bar at the foot, the palette and the help come from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct
from textual.binding import Binding, BindingType

Context: TypeAlias = Literal[
    "app",
    "list",
    "article",
    "start",
    "findings",
    "detail",
    "requests",
    "whatif",
    "knowledge",
    "dialog",
    "open",
    "error",
    "help",
]
"""Where a command works: everywhere, in a kind of widget, or on one screen."""


class Command(Struct, frozen=True):
    """Something that the user can do."""

    id: str
    context: Context
    keys: tuple[str, ...]
    label: str
    """One or two words for the bar at the foot."""
    title: str
    """What the palette calls it."""
    sentence: str
    """What help says."""
    action: str
    """The action of Textual that does it."""
    rank: int = 0
    """Place in the bar at the foot, from 1; 0: not shown there."""


_NAMES = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "f1": "F1",
    "ctrl+q": "Ctrl+Q",
    "ctrl+p": "Ctrl+P",
}

COMMANDS: tuple[Command, ...] = (
    # Everywhere
    Command("go-findings", "app", ("1",), "Findings", "Go: findings", "What is wrong, and why.", "app.go('findings')"),
    Command(
        "go-requests",
        "app",
        ("2",),
        "Requests",
        "Go: requests",
        "The captured requests and their text.",
        "app.go('requests')",
    ),
    Command(
        "go-whatif",
        "app",
        ("3",),
        "What-if",
        "Go: what-if",
        "Try remedies on a copy and replay every request.",
        "app.go('whatif')",
    ),
    Command(
        "go-knowledge",
        "app",
        ("4",),
        "Knowledge",
        "Go: knowledge",
        "Causes, messages and remedies; needs no case.",
        "app.go('knowledge')",
    ),
    Command("help", "app", ("question_mark", "f1"), "Help", "Help", "The keys of this screen.", "app.help", 90),
    Command(
        "commands",
        "app",
        ("colon", "ctrl+p"),
        "Commands",
        "Commands",
        "Search everything that can be done here.",
        "app.command_palette",
        91,
    ),
    Command("open", "app", ("o",), "Open", "Case: open", "Open a system description and captures.", "app.open_case"),
    Command("sample", "app", (), "Sample", "Case: sample", "Open the built-in sample.", "app.open_sample"),
    Command("again", "app", ("r",), "Run again", "Case: run again", "Read the files and check again.", "app.again"),
    Command("theme", "app", ("T",), "Theme", "View: next theme", "Dark, light, high contrast.", "app.next_theme"),
    Command("back", "app", ("escape",), "Back", "Go: back", "One level back; cancels a run; never quits.", "app.back"),
    Command("quit", "app", ("q",), "Quit", "Quit or back", "One level back; at the top, quit.", "app.leave", 99),
    Command("quit-now", "app", ("ctrl+q",), "Quit", "Quit at once", "Quit from anywhere.", "app.quit"),
    Command("next-pane", "app", ("tab",), "Next pane", "View: next pane", "To the next pane.", "app.focus_next"),
    Command(
        "previous-pane",
        "app",
        ("shift+tab",),
        "Previous pane",
        "View: previous pane",
        "To the pane before.",
        "app.focus_previous",
    ),
    Command("copy", "app", ("y",), "Copy", "Copy", "Copy what the screen is about, through the terminal.", "app.copy"),
    # Lists
    Command("list-down", "list", ("down", "j"), "Down", "Down", "Next row.", "line(1)"),
    Command("list-up", "list", ("up", "k"), "Up", "Up", "Row before.", "line(-1)"),
    Command("list-page-down", "list", ("pagedown",), "Page down", "Page down", "A page down.", "page(1)"),
    Command("list-page-up", "list", ("pageup",), "Page up", "Page up", "A page up.", "page(-1)"),
    Command("list-first", "list", ("home", "g"), "First", "First", "First row.", "end(-1)"),
    Command("list-last", "list", ("end", "G"), "Last", "Last", "Last row.", "end(1)"),
    Command("list-choose", "list", ("enter",), "Open", "Open", "Open the chosen row.", "choose"),
    # Texts
    Command("text-down", "article", ("down", "j"), "Down", "Down", "A line down.", "line(1)"),
    Command("text-up", "article", ("up", "k"), "Up", "Up", "A line up.", "line(-1)"),
    Command("text-page-down", "article", ("pagedown",), "Page down", "Page down", "A page down.", "page(1)"),
    Command("text-page-up", "article", ("pageup",), "Page up", "Page up", "A page up.", "page(-1)"),
    Command("text-first", "article", ("home", "g"), "Top", "Top", "To the top.", "end(-1)"),
    Command("text-last", "article", ("end", "G"), "End", "End", "To the end.", "end(1)"),
    # Start
    Command("start-choose", "start", ("enter",), "Choose", "Choose", "Do what the chosen row says.", "choose", 1),
    Command("start-open", "start", ("o",), "Open", "Open a case", "Name the files of a case.", "app.open_case", 2),
    Command("start-sample", "start", ("t",), "Sample", "Try the sample", "Open the sample.", "app.open_sample", 3),
    Command(
        "start-knowledge",
        "start",
        ("4",),
        "Knowledge",
        "Search the knowledge base",
        "Needs no case.",
        "app.go('knowledge')",
        4,
    ),
    # Findings
    Command("finding-open", "findings", ("enter",), "Detail", "Finding: detail", "Read all about it.", "detail", 1),
    Command(
        "finding-basket",
        "findings",
        ("space",),
        "Try remedy",
        "Finding: try its remedy",
        "Put its best remedy into the what-if basket, or take it out.",
        "basket",
        2,
    ),
    Command(
        "finding-filter",
        "findings",
        ("f",),
        "Filter",
        "Findings: filter",
        "Problems and gaps; confirmed only; everything.",
        "filter",
        3,
    ),
    Command("finding-search", "findings", ("slash",), "Search", "Findings: search", "Search.", "search", 4),
    Command(
        "finding-request",
        "findings",
        ("e",),
        "Evidence",
        "Finding: show the request",
        "Show the request that it concerns, at the place in its text.",
        "request",
        5,
    ),
    Command(
        "finding-article",
        "findings",
        ("a",),
        "Article",
        "Finding: knowledge article",
        "Read the article of its cause.",
        "article",
    ),
    # Detail of a finding on a small screen
    Command(
        "detail-next",
        "detail",
        ("right_square_bracket",),
        "Next",
        "Finding: next",
        "The finding after it.",
        "step(1)",
        2,
    ),
    Command(
        "detail-previous",
        "detail",
        ("left_square_bracket",),
        "Previous",
        "Finding: previous",
        "The finding before it.",
        "step(-1)",
        1,
    ),
    Command("detail-basket", "detail", ("space",), "Try remedy", "Finding: try its remedy", "As above.", "basket", 3),
    Command("detail-request", "detail", ("e",), "Evidence", "Finding: show the request", "As above.", "request", 4),
    Command("detail-article", "detail", ("a",), "Article", "Finding: knowledge article", "As above.", "article", 5),
    # Requests
    Command("request-read", "requests", ("enter",), "Read", "Request: read", "To the text.", "read", 1),
    Command(
        "request-view",
        "requests",
        ("v",),
        "As sent",
        "Request: as sent or indented",
        "The message indented, or exactly as it was sent.",
        "view",
        2,
    ),
    Command("request-mark", "requests", ("n",), "Next mark", "Request: next mark", "To the next mark.", "mark(1)", 3),
    Command(
        "request-mark-back",
        "requests",
        ("N",),
        "Mark before",
        "Request: mark before",
        "To the mark before.",
        "mark(-1)",
    ),
    Command(
        "request-finding",
        "requests",
        ("f",),
        "Finding",
        "Request: what stops it",
        "To the finding that stops this request.",
        "finding",
        4,
    ),
    Command(
        "request-replay",
        "requests",
        ("w",),
        "Replay",
        "Request: replay",
        "Show its way through the stages.",
        "replay",
        5,
    ),
    # What-if
    Command(
        "whatif-toggle", "whatif", ("space",), "Try", "What-if: remedy in or out", "Remedy in or out.", "in_or_out", 1
    ),
    Command(
        "whatif-plan",
        "whatif",
        ("p",),
        "Plan",
        "What-if: smallest plan",
        "Fill in the smallest set of remedies that turns everything green.",
        "plan",
        2,
    ),
    Command("whatif-later", "whatif", ("right", "l"), "Stage", "Replay: next stage", "Next stage.", "stage(1)"),
    Command("whatif-earlier", "whatif", ("left", "h"), "Stage", "Replay: stage before", "Stage before.", "stage(-1)"),
    Command(
        "whatif-next",
        "whatif",
        ("right_square_bracket",),
        "Next request",
        "Replay: next request",
        "Next request.",
        "request(1)",
        4,
    ),
    Command(
        "whatif-previous",
        "whatif",
        ("left_square_bracket",),
        "Previous request",
        "Replay: previous request",
        "Request before.",
        "request(-1)",
    ),
    Command("whatif-red", "whatif", ("n",), "Next red", "Replay: next red", "To the next stage that stops.", "red", 3),
    Command("whatif-undo", "whatif", ("u",), "Undo", "What-if: undo", "Take back the last change.", "undo", 5),
    Command("whatif-reset", "whatif", ("0",), "Reset", "What-if: empty the basket", "Take all remedies out.", "reset"),
    Command(
        "whatif-finding",
        "whatif",
        ("enter",),
        "Why",
        "What-if: what it mends",
        "To the finding that the chosen remedy is for.",
        "finding",
        6,
    ),
    # Knowledge
    Command("article-read", "knowledge", ("enter",), "Read", "Knowledge: read", "Read the article.", "read", 1),
    Command(
        "article-search",
        "knowledge",
        ("slash",),
        "Search",
        "Knowledge: search",
        "Any words, a message id such as WSS031, or a pasted log line.",
        "search",
        2,
    ),
    # Dialogs
    Command("dialog-back", "dialog", ("escape", "q"), "Close", "Close", "Close this.", "app.back", 9),
    Command("dialog-copy", "dialog", ("y",), "Copy", "Copy", "Copy the text, through the terminal.", "app.copy", 8),
    Command("open-go", "open", ("ctrl+o",), "Open", "Open", "Open what the two lines name.", "accept", 1),
    Command("error-again", "error", ("r",), "Read again", "Read again", "Read the files again.", "app.again", 1),
    Command("error-other", "error", ("o",), "Other files", "Open other files", "Name other files.", "app.open_case", 2),
)


def of(context: Context) -> tuple[Command, ...]:
    """Return the commands of a context."""
    return tuple(command for command in COMMANDS if command.context == context)


def bindings(context: Context) -> list[BindingType]:
    """Return the key bindings of a context."""
    return [
        Binding(
            ",".join(command.keys),
            command.action,
            command.label,
            show=False,
            priority=command.action == "app.quit",  # from anywhere, also while a dialog is open
            id=command.id,
            tooltip=command.sentence,
        )
        for command in of(context)
        if command.keys
    ]


def footer(context: Context) -> tuple[Command, ...]:
    """Return what the bar at the foot offers on a screen, the most useful first."""
    ranked = [command for command in (*of(context), *of(_around(context))) if command.rank]
    return tuple(sorted(ranked, key=lambda command: command.rank))


def offered(context: Context) -> tuple[Command, ...]:
    """Return what the palette and the help offer on a screen: its own commands, then those that work everywhere."""
    own = of(context)
    taken = {key for command in own for key in command.keys} | {command.action for command in own}
    around = (command for command in of(_around(context)) if not taken & {*command.keys, command.action})
    return (*own, *around)


def _around(context: Context) -> Context:
    """Return what else works on a screen: in a dialog its own keys, else those that work everywhere."""
    return "dialog" if context in ("open", "error", "help") else "app"


def shown_keys(keys: Iterable[str]) -> str:
    """Return keys as people call them."""
    return " ".join(_NAMES.get(key, key) for key in keys)
