"""Opening the terminal UI: what happens without a command."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, at, lent_keys, own_knowledge
from wssdoctor.cli.options import client as only_client


@click.command
@click.argument("system", type=FILE)
@click.argument("captures", type=FILE, nargs=-1, metavar="[CAPTURE]...")
@only_client
@lent_keys
@own_knowledge
@at
def screen(
    system: Path | None,
    captures: tuple[Path, ...],
    client: str | None,
    keys: tuple[Path, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
) -> int:
    """Open the terminal UI with a system description, or a folder of exports, and captured requests."""
    if not on_terminal():
        from wssdoctor.errors import InputError

        raise InputError.because(
            "the terminal UI needs a terminal",
            why="standard input, output or error is no terminal, or TERM says that it is a dumb one",
            hint="wssdoctor check SYSTEM [CAPTURE]... writes a report; wssdoctor --help lists the commands",
        )
    from wssdoctor.cli.main import loaded

    lent = loaded("wssdoctor.cli.keys:lent")(keys) if keys else ()
    run = loaded("wssdoctor.tui.app:run")
    code: int = run(system, list(captures), at=at, client=client, keys=lent, knowledge=knowledge)
    return code


def on_terminal() -> bool:
    """Whether a person sits at all ends, before a screen that can be drawn on; Textual draws on standard error."""
    return os.environ.get("TERM") != "dumb" and all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
