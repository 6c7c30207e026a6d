"""``wssdoctor ask``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, Form, at, own_knowledge, with_form

if TYPE_CHECKING:
    from wssdoctor.diagnosis.interview import Interview


@click.command
@click.argument("text", nargs=-1, metavar="TEXT...")
@click.option("--system", type=FILE, help="A system description: what it says need not be asked.")
@click.option("--replay", type=FILE, multiple=True, metavar="CAPTURE...", help="Requests with their answers.")
@at
@click.option("--once", is_flag=True, help="Answer and end, without asking back.")
@click.option(
    "--save", type=FILE, metavar="FILE", help="Write the description with your answers; may be SYSTEM itself."
)
@own_knowledge
@with_form
@click.pass_context
def ask(
    ctx: click.Context,
    text: tuple[str, ...],
    system: Path | None,
    replay: tuple[Path, ...],
    at: dt.datetime | None,
    once: bool,
    save: Path | None,
    knowledge: Path | None,
    form: Form,
) -> int:
    """Find the cause in an interview: few questions, each where it tells most.

    TEXT says in your own words what happens, for example: "401 after system copy, worked yesterday, UsernameToken".
    English and the German words of SAP screens are understood. A description or a captured request makes the
    interview shorter; none is needed. Exit code: 0 if a cause fits, 3 if none does.
    """
    from wssdoctor.cli.explanation import tell
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.answer import answer, asking, concluded, interview, named

    terminal = sys.stdin.isatty()
    about_case = system is not None or bool(replay)
    said = " ".join(text)
    if not said.strip() and not about_case:
        said = click.prompt("What happens?", err=True) if terminal else sys.stdin.read(1 << 20)
    if not said.strip() and not about_case:
        raise click.UsageError("say what happens", ctx)
    base = load(overlays=own_folders(knowledge))
    now = interview(said, opened(system, replay, at=at), base)
    asks_back = terminal and not once and form.format == "text"
    if asks_back:
        now = _interviewed(now)
    if now.replies or about_case:
        found = concluded(named(said, base), now)
    else:
        found = answer(said, base)
        found = asking(found, now) if found.causes else found
    if save is not None and now.additions:
        _save(now, system, save)
    return tell(found, form, system, knowledge)


def _interviewed(now: Interview) -> Interview:
    from wssdoctor.cli.interviewing import interviewed

    def read(prompt: str) -> str:
        try:
            return str(click.prompt(prompt, default="", show_default=False, prompt_suffix=" ", err=True))
        except click.Abort:
            return "end"

    return interviewed(now, read, lambda text: click.echo(text.rstrip("\n"), err=True))


def _save(now: Interview, system: Path | None, target: Path) -> None:
    """Write the description with the answers in it. Raises ``InputError`` where they have no place in its text."""
    from wssdoctor.cli.output import write
    from wssdoctor.description.insert import EMPTY, with_facts
    from wssdoctor.errors import InputError
    from wssdoctor.evidence import Place

    text = EMPTY if system is None else system.read_text(encoding="utf-8")
    try:
        write(with_facts(text, now.additions), target)
    except ValueError as error:
        raise InputError.because(
            "the answers cannot be put into the description", place=Place(file=str(system)), why=str(error)
        ) from None
    click.echo(f"Your answers are in {target}.", err=True)
