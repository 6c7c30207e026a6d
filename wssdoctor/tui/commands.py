"""One table of all commands: key bindings, the bar at the foot, the palette, the help and the readme come from it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding, BindingType

from wssdoctor.tui.command import DIALOGS, Command, Context

# fmt: off
_ROWS: tuple[tuple[object, ...], ...] = (
    # id, context, keys, label, title, sentence, action, rank in the bar at the foot
    # Everywhere
    ("go-findings", "app", "1", "Findings", "Go: findings", "What is wrong, and why.", "app.go('findings')"),
    ("go-requests", "app", "2", "Requests", "Go: requests", "Captured requests, their text and signatures; outbound calls.", "app.go('requests')"),
    ("go-whatif", "app", "3", "What-if", "Go: what-if", "Try remedies on a copy and replay every request.", "app.go('whatif')"),
    ("go-knowledge", "app", "4", "Knowledge", "Go: knowledge", "Causes, messages and remedies; needs no case.", "app.go('knowledge')"),
    ("go-interview", "app", "5 i", "Interview", "Go: interview", "One question at a time until the cause is clear.", "app.go('interview')"),
    ("go-lab", "app", "6", "Lab", "Go: lab", "A provider that behaves as the system: what comes to it, live.", "app.go('lab')"),
    ("help", "app", "question_mark f1", "Help", "Help", "The keys of this screen.", "app.help", 91),
    ("commands", "app", "colon ctrl+p", "Commands", "Commands", "Search everything that can be done here.", "app.command_palette", 92),
    ("open", "app", "o", "Open", "Case: open", "Open a system description and captures.", "app.open_case"),
    ("sample", "app", "", "Sample", "Case: sample", "Open the built-in sample.", "app.open_sample"),
    ("again", "app", "r", "Run again", "Case: run again", "Read the files and check again.", "app.again"),
    ("account", "app", "R", "What was read", "Case: what was read", "What became of each file: read, refused, contradictory.", "app.account"),
    ("export", "app", "x", "Export", "Export", "Write a report, a ticket, the finding or a picture of the screen.", "app.export", 90),
    ("compare", "app", "c", "Compare", "Case: compare", "Compare this case with another one or with a report.", "app.compare"),
    ("messages", "app", "m", "Messages", "Messages", "Read again what was said in passing.", "app.messages"),
    ("copy", "app", "y", "Copy", "Copy", "Copy what is chosen, with the system's clipboard or through the terminal.", "app.copy"),
    ("copy-all", "app", "Y", "Copy all", "Copy all", "Copy everything that the pane or the screen holds.", "app.copy_all"),
    ("zoom", "app", "z", "Zoom", "View: zoom the pane", "Give the pane the whole screen, or take it back.", "app.zoom"),
    ("theme", "app", "T", "Theme", "View: next theme", "Dark, light, high contrast.", "app.next_theme"),
    ("back", "app", "escape", "Back", "Go: back", "One level back; cancels a run; never quits.", "app.back"),
    ("quit", "app", "q", "Quit", "Quit or back", "One level back; at the top, quit.", "app.leave", 99),
    ("suspend", "app", "ctrl+z", "Suspend", "Suspend", "Back to the shell for a while; fg comes back. Not on Windows.", "app.suspend_process"),
    ("quit-now", "app", "ctrl+q", "Quit", "Quit at once", "Quit from anywhere.", "app.quit"),
    ("next-pane", "app", "tab", "Next pane", "View: next pane", "To the next pane.", "app.focus_next"),
    ("previous-pane", "app", "shift+tab", "Previous pane", "View: previous pane", "To the pane before.", "app.focus_previous"),
    # Lists
    ("list-down", "list", "down j", "Down", "Down", "Next row.", "line(1)"),
    ("list-up", "list", "up k", "Up", "Up", "Row before.", "line(-1)"),
    ("list-page-down", "list", "pagedown", "Page down", "Page down", "A page down.", "page(1)"),
    ("list-page-up", "list", "pageup", "Page up", "Page up", "A page up.", "page(-1)"),
    ("list-first", "list", "home g", "First", "First", "First row.", "end(-1)"),
    ("list-last", "list", "end G", "Last", "Last", "Last row.", "end(1)"),
    ("list-choose", "list", "enter", "Open", "Open", "Open the chosen row.", "choose"),
    # Texts
    ("text-down", "article", "down j", "Down", "Down", "A line down.", "line(1)"),
    ("text-up", "article", "up k", "Up", "Up", "A line up.", "line(-1)"),
    ("text-page-down", "article", "pagedown", "Page down", "Page down", "A page down.", "page(1)"),
    ("text-page-up", "article", "pageup", "Page up", "Page up", "A page up.", "page(-1)"),
    ("text-first", "article", "home g", "Top", "Top", "To the top.", "end(-1)"),
    ("text-last", "article", "end G", "End", "End", "To the end.", "end(1)"),
    # Start
    ("start-choose", "start", "enter", "Choose", "Choose", "Do what the chosen row says.", "choose", 1),
    ("start-open", "start", "o", "Open", "Open a case", "Name the files of a case.", "app.open_case", 2),
    ("start-sample", "start", "t", "Sample", "Try the sample", "Open the sample.", "app.open_sample", 3),
    ("start-knowledge", "start", "4", "Knowledge", "Search the knowledge base", "Needs no case.", "app.go('knowledge')", 4),
    # Findings
    ("finding-open", "findings", "enter", "Detail", "Finding: detail", "Read all about it.", "detail", 1),
    ("finding-basket", "findings", "space", "Try", "Finding: try its remedy", "Put its best remedy into the what-if basket, or take it out.", "basket", 2),
    ("finding-request", "findings", "e", "Evidence", "Finding: show the request", "Show the request that it concerns, at the place in its text.", "request", 3),
    ("finding-filter", "findings", "f", "Filter", "Findings: filter", "Problems and gaps; confirmed only; everything.", "filter", 4),
    ("finding-sort", "findings", "s", "Sort", "Findings: sort", "By root cause, by what stops most requests, by stage, by name.", "sort"),
    ("finding-shape", "findings", "v", "View", "Findings: list or tree", "As a list; a tree by root cause, consequences folded; a tree by stage.", "shape", 6),
    ("finding-fold", "findings", "left", "Fold", "Findings: fold", "Fold the branch of the tree.", "fold"),
    ("finding-unfold", "findings", "right", "Unfold", "Findings: unfold", "Unfold the branch of the tree.", "unfold"),
    ("finding-search", "findings", "slash", "Search", "Findings: search", "Words of titles, of ids, and of what is concerned.", "search", 5),
    ("finding-article", "findings", "a", "Article", "Finding: knowledge article", "Read the article of its cause.", "article"),
    # Detail of a finding on a small screen
    ("detail-previous", "detail", "left_square_bracket", "Prev", "Finding: previous", "The finding before it.", "step(-1)", 1),
    ("detail-next", "detail", "right_square_bracket", "Next", "Finding: next", "The finding after it.", "step(1)", 2),
    ("detail-basket", "detail", "space", "Try", "Finding: try its remedy", "As in the list.", "basket", 3),
    ("detail-request", "detail", "e", "Evidence", "Finding: show the request", "As in the list.", "request", 4),
    ("detail-article", "detail", "a", "Article", "Finding: knowledge article", "As in the list.", "article", 5),
    # Requests
    ("request-read", "requests", "enter", "Read", "Request: read", "To the text; on a mark, to its finding.", "read", 1),
    ("request-view", "requests", "v", "View", "Request: next view", "The parts as a tree; exactly as sent; signatures; policy; headers.", "view(1)", 2),
    ("request-view-back", "requests", "V", "View before", "Request: view before", "The view before.", "view(-1)"),
    ("request-signatures", "requests", "t", "Signatures", "Request: signatures", "Each signature: what it covers, chain, digests; tokens.", "view_at(2)"),
    ("request-policy", "requests", "p", "Policy", "Request: policy", "What the endpoint demands beside what the message has.", "view_at(3)", 6),
    ("request-headers", "requests", "h", "Headers", "Request: headers", "The headers of HTTP and SOAP, and what they are to the logon.", "view_at(4)", 7),
    ("request-fold", "requests", "space", "Fold", "Request: fold", "Fold or unfold what the chosen line opens.", "fold", 4),
    ("request-unfold", "requests", "u", "Unfold all", "Request: unfold all", "Unfold everything, or fold again.", "unfold"),
    ("request-mark", "requests", "n", "Next mark", "Request: next mark or hit", "To the next hit of the search, else to the next mark.", "mark(1)", 3),
    ("request-mark-back", "requests", "N", "Mark before", "Request: mark or hit before", "To the one before.", "mark(-1)"),
    ("request-search", "requests", "slash", "Search", "Request: search its text", "Words of the text; the next mark is then the next hit.", "search", 5),
    ("request-finding", "requests", "f", "Finding", "Request: what stops it", "To the finding of the mark, else to the one that stops this request.", "finding"),
    ("request-difference", "requests", "d", "Difference", "Request: signed and received", "Side by side: what was signed and what came, where a digest fails.", "difference", 3),
    ("request-wrap", "requests", "w", "Wrap", "Request: wrap long lines", "Wrap long lines, or cut them.", "wrap"),
    ("request-replay", "requests", "s", "Stages", "Request: replay", "Show its way through the stages.", "replay"),
    ("request-next", "requests", "right_square_bracket", "Next", "Request: next", "The request after it.", "request(1)"),
    ("request-previous", "requests", "left_square_bracket", "Previous", "Request: previous", "The request before it.", "request(-1)"),
    # What-if
    ("whatif-toggle", "whatif", "space", "Try", "What-if: remedy in or out", "Remedy in or out.", "in_or_out", 1),
    ("whatif-plan", "whatif", "s", "Smallest set", "What-if: smallest set", "Fill in the smallest set of remedies after which nothing fails.", "plan", 2),
    ("whatif-play", "whatif", "p", "Play", "Replay: play or pause", "Walk through the stages, one after the other.", "play", 3),
    ("whatif-later", "whatif", "right l", "Stage", "Replay: next stage", "Next stage.", "stage(1)"),
    ("whatif-earlier", "whatif", "left h", "Stage", "Replay: stage before", "Stage before.", "stage(-1)"),
    ("whatif-failure", "whatif", "n", "Next ✗", "Replay: next failure", "To the next stage that fails, here or in a later request.", "failure(1)", 4),
    ("whatif-failure-back", "whatif", "N", "✗ before", "Replay: failure before", "To the stage before that fails.", "failure(-1)"),
    ("whatif-next", "whatif", "right_square_bracket", "Next request", "Replay: next request", "Next request.", "request(1)"),
    ("whatif-previous", "whatif", "left_square_bracket", "Previous request", "Replay: previous request", "Request before.", "request(-1)"),
    ("whatif-changes", "whatif", "d", "Changes", "What-if: what it changes", "The effect of the basket as a difference of the description.", "changes", 5),
    ("whatif-undo", "whatif", "u", "Undo", "What-if: undo", "Take back the last change.", "undo", 6),
    ("whatif-reset", "whatif", "0", "Reset", "What-if: empty the basket", "Take all remedies out.", "reset"),
    ("whatif-finding", "whatif", "enter", "Why", "What-if: why", "To the finding that the chosen remedy is for, or that stops the chosen request.", "finding"),
    # Interview
    ("interview-answer", "interview", "enter", "Answer", "Interview: answer", "Answer with the chosen row.", "answer", 1),
    ("interview-skip", "interview", "s", "Skip", "Interview: skip", "Go on without an answer; the fact stays unknown.", "skip", 2),
    ("interview-undo", "interview", "u", "Undo", "Interview: undo", "Take back the last answer.", "undo", 3),
    ("interview-save", "interview", "w", "Save", "Interview: save the answers", "Write the answers into the description.", "save", 4),
    ("interview-article", "interview", "a", "Article", "Interview: knowledge article", "Read the article of the most likely cause.", "article"),
    # Knowledge
    ("article-read", "knowledge", "enter", "Read", "Knowledge: read", "Read the article.", "read", 1),
    ("article-search", "knowledge", "slash", "Search", "Knowledge: search", "Any words, a message id such as WSS031, or a pasted log line.", "search", 2),
    ("article-paste", "knowledge", "p", "Paste", "Knowledge: paste a text", "Paste a log or a fault of any length; each message in it is explained.", "paste", 3),
    ("article-here", "knowledge", "a", "Applies here", "Knowledge: applies here", "Only what applies to the open case, or everything.", "here", 4),
    ("article-basket", "knowledge", "space", "Try", "Knowledge: try the remedy", "Put the remedy into the what-if basket where it serves a finding.", "basket"),
    # Lab
    ("lab-open", "lab", "enter", "Open", "Lab: open the request", "Show it, and those before it, in Requests and Findings.", "open", 1),
    ("lab-serve", "lab", "s", "Start lab", "Lab: start or end", "Serve the system of the open case on this machine, or end that.", "serve", 2),
    # Compare
    ("compare-other", "compare", "enter", "Other", "Compare: with another", "Name another case or report to compare with.", "other", 1),
    # Dialogs
    ("dialog-back", "dialog", "escape q", "Close", "Close", "Close this.", "app.back", 9),
    ("dialog-copy", "dialog", "y", "Copy", "Copy", "Copy the text.", "app.copy", 8),
    ("paste-go", "paste", "ctrl+s", "Explain", "Explain", "Explain the text.", "accept", 1),
    ("open-go", "open", "ctrl+o", "Open", "Open", "Open what the lines name.", "accept", 1),
    ("export-next", "export", "enter", "Write", "Export: write", "Write what the chosen row says.", "write", 1),
    ("export-preview", "export", "p", "Preview", "Export: preview", "Show what would be written.", "preview", 2),
    ("export-redaction", "export", "r", "Redact", "Export: redaction", "What a ticket replaces: names; as much as possible; only secrets.", "redaction(1)", 3),
    ("export-names", "export", "m", "Map", "Export: map of names", "Write beside a ticket which name each placeholder stands for. Keep that file.", "names", 5),
    ("export-file", "export", "f", "Name", "Export: file name", "Change the name of the file.", "file", 4),
    ("ask-no", "ask", "escape n q", "No", "No", "Do not do it.", "app.back", 2),
    ("ask-yes", "ask", "enter y", "Yes", "Yes", "Do it.", "yes", 1),
    ("error-again", "error", "r", "Read again", "Read again", "Read the files again.", "app.again", 1),
    ("error-other", "error", "o", "Other files", "Open other files", "Name other files.", "app.open_case", 2),
)
# fmt: on


def _command(row: tuple[object, ...]) -> Command:
    identifier, context, keys, *rest = row
    return Command(identifier, context, tuple(str(keys).split()), *rest)  # type: ignore[arg-type]


COMMANDS: tuple[Command, ...] = tuple(map(_command, _ROWS))


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
            priority=_at_once(command),
            id=command.id,
            tooltip=command.sentence,
        )
        for command in of(context)
        if command.keys
    ]


def _at_once(command: Command) -> bool:
    """Whether a key acts before the next one is looked at, which Textual else hands to whatever has the focus by then.

    So what is typed fast behind the key of the search is searched for, and what moves a list before it still does.
    Leaving, for good or for a while, acts from anywhere, also while a dialog is open.
    """
    return command.action in ("app.quit", "app.suspend_process", "search") or command.context in ("list", "article")


def footer(context: Context) -> tuple[Command, ...]:
    """Return what the bar at the foot offers on a screen, the most useful first."""
    ranked = [command for command in (*of(context), *_others(context)) if command.rank]
    return tuple(sorted(ranked, key=lambda command: command.rank))


def offered(context: Context) -> tuple[Command, ...]:
    """Return what the palette and the help offer on a screen: its own commands, then those that work everywhere."""
    return (*of(context), *_others(context))


def _others(context: Context) -> Iterator[Command]:
    """Yield what works on a screen beside its own commands, which take keys and actions first."""
    own = of(context)
    taken = {key for command in own for key in command.keys} | {command.action for command in own}
    return (command for command in of(around(context)) if not taken & {*command.keys, command.action})


def around(context: Context) -> Context:
    """Return what else works on a screen: in a dialog its own keys, else those that work everywhere.

    Over a question nothing but its answers does: y is one of them, and copies nothing.
    """
    if context == "ask":
        return context
    return "dialog" if context in DIALOGS else "app"
