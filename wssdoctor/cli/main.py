"""The entry: commands loaded when called, errors rendered once, exit codes that tell the truth.

Nothing heavy is imported here, so that ``--version`` and ``--help`` answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from wssdoctor import __version__

NAME = "wssdoctor"
COMPLETE = "_WSSDOCTOR_COMPLETE"
"""The variable with which a shell asks for completions."""

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("wssdoctor.cli.demo:demo", "Look at the built-in sample."),
    "check": ("wssdoctor.cli.check:check", "Check a system, replay requests, say what is wrong and what helps."),
    "replay": ("wssdoctor.cli.replay:replay", "Walk requests through all stages; try remedies on them."),
    "verify": ("wssdoctor.cli.verify:verify", "Say whether the signatures and tokens of messages hold, and why not."),
    "plan": ("wssdoctor.cli.plan:plan", "Find the smallest set of remedies after which nothing fails."),
    "ticket": (
        "wssdoctor.cli.ticket:ticket",
        "Pack everything that support asks for, safe to send; verify such a file.",
    ),
    "open": ("wssdoctor.cli.open:open_", "Show a packed ticket, without the originals."),
    "compare": ("wssdoctor.cli.compare:compare", "Compare two systems, or one system before and after."),
    "explain": ("wssdoctor.cli.explain:explain", "Say what a message, a code or a log means."),
    "ask": ("wssdoctor.cli.ask:ask", "Find causes by a sentence, and be asked back."),
    "send": ("wssdoctor.cli.send:send", "Send captured requests again, and say what changed."),
    "record": ("wssdoctor.cli.record:record", "Forward HTTP to one host and keep captures of it."),
    "lab": ("wssdoctor.cli.lab:lab", "Serve a provider that behaves as the described system."),
    "knowledge": ("wssdoctor.cli.knowledge:knowledge", "Browse and lint what is known."),
    "import": (
        "wssdoctor.cli.import_:import_",
        "Write each SOAP call of a recording (HAR, SoapUI, pcap ...) to a file.",
    ),
    "collect": ("wssdoctor.cli.collect:collect", "Build a system description from a folder of exports."),
    "probe": ("wssdoctor.cli.probe:probe", "Look at a server from outside: clock, TLS, certificates, policy."),
    "init": ("wssdoctor.cli.init:init", "Write a commented template of a system description."),
    "schema": ("wssdoctor.cli.schema:schema", "Print the JSON Schema of a document."),
    "completion": ("wssdoctor.cli.completion:completion", "Print the completion script for a shell."),
}
"""Where each command is, and its line in the help."""

SCREEN = "wssdoctor.cli.screen:screen"
"""What opens when the arguments are files, or when there are none."""

_EPILOG = (
    "Exit code: 0 checked, nothing at or above the threshold; 1 findings; 2 wrong use or bad input; "
    "3 inconclusive; 4 internal error. Nothing leaves this machine unless you ask for it."
)
_INTERRUPTED = 130
_READER_GONE = 141
"""As if SIGPIPE had ended the process, which is what shells expect of a filter."""


class Commands(click.Group):
    """The commands; a first argument that is a file opens the terminal UI with it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        return loaded(COMMANDS[cmd_name][0]) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments call, with its arguments."""
        if args[0] not in COMMANDS and _is_file(args[0]):
            return NAME, loaded(SCREEN), args
        if args[0] not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"there is no command {args[0]!r}, and no such file.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def loaded(where: str) -> Any:
    """Import and return what ``module:attribute`` names."""
    module, _, attribute = where.partition(":")
    return getattr(import_module(module), attribute)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND | SYSTEM [CAPTURE]...",
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show a traceback for an internal error; may stand anywhere.")
@click.pass_context
def program(ctx: click.Context, debug: bool) -> int:  # noqa: ARG001 - main looks for --debug itself
    """Say why a SOAP call with WS-Security does not log on to an SAP system, and prove what helps.

    Without a command, open the terminal UI: on its start screen, or with SYSTEM and CAPTUREs. SYSTEM is a folder of
    exports or a system description.
    """
    if ctx.invoked_subcommand is None:
        code: int = ctx.invoke(loaded(SCREEN), system=None, captures=(), client=None, keys=(), knowledge=None, at=None)
        return code
    return 0


def main() -> NoReturn:
    """Run the command line and end the process."""
    code = run(sys.argv[1:])
    gc.freeze()  # everything goes with the process: looking for garbage in it would only take time
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments and return the exit code. Every error is rendered here."""
    debug = "--debug" in arguments
    try:
        if COMPLETE in os.environ:
            return _complete(os.environ[COMPLETE])
        rest = [argument for argument in arguments if argument != "--debug"]
        with program.make_context(NAME, rest) as context:
            code: int = program.invoke(context)
            sys.stdout.flush()
            return code
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except (KeyboardInterrupt, click.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        # What is still buffered has no reader; the interpreter must not try to write it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _READER_GONE
    except Exception as error:
        if debug:
            raise
        return _rendered(error)


def _rendered(error: Exception) -> int:
    """Render an error of ours, or the one line about a defect, and return the exit code."""
    from wssdoctor.cli.problems import defect, problems
    from wssdoctor.errors import WssdoctorError

    if isinstance(error, WssdoctorError):
        sys.stderr.write(problems(error))
        return error.exit_code
    sys.stderr.write(defect(error))
    return 4


def _complete(instruction: str) -> int:
    from click.shell_completion import shell_complete

    return shell_complete(program, {}, NAME, COMPLETE, instruction)


def _is_file(argument: str) -> bool:
    """Whether an argument means a file and not a command that was mistyped."""
    return os.path.lexists(argument) or "." in argument or os.sep in argument
