"""Opening the terminal UI: what happens without a command."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, at


@click.command
@click.argument("system", type=FILE)
@click.argument("captures", type=FILE, nargs=-1, metavar="[CAPTURE]...")
@at
def screen(system: Path | None, captures: tuple[Path, ...], at: dt.datetime | None) -> int:
    """Open the terminal UI with a system description, or a folder of exports, and captured requests."""
    if not on_terminal():
        from wssdoctor.errors import InputError

        raise InputError.because(
            "the terminal UI needs a terminal",
            why="standard input, output or error is no terminal",
            hint="wssdoctor check SYSTEM [CAPTURE]... writes a report; wssdoctor --help lists the commands",
        )
    from wssdoctor.cli.main import loaded
    from wssdoctor.cli.system import system as given

    if system is not None:
        given(system)  # the account of a folder stands in the terminal when the UI has gone
    code: int = loaded("wssdoctor.tui.app:run")(system, list(captures), at=at)
    return code


def on_terminal() -> bool:
    """Whether a person sits at all ends; Textual draws on standard error."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
