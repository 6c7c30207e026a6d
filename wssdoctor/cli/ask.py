"""``wssdoctor ask``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wssdoctor.cli.options import Form, own_knowledge, with_form


@click.command
@click.argument("text", nargs=-1, metavar="TEXT...")
@click.option("--once", is_flag=True, help="Answer and end, without asking back.")
@own_knowledge
@with_form
@click.pass_context
def ask(ctx: click.Context, text: tuple[str, ...], once: bool, knowledge: Path | None, form: Form) -> int:
    """Find causes by a sentence, and be asked back.

    TEXT says in your own words what happens, for example: "401 after system copy, worked yesterday, UsernameToken".
    English and the German words of SAP screens are understood. Exit code: 0 if a cause fits, 3 if none does.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.knowledge.base import load, own_folders
    from wssdoctor.report.answer import Interview, answer
    from wssdoctor.report.explaintext import render

    base = load(overlays=own_folders(knowledge))
    said = " ".join(text) or ("" if sys.stdin.isatty() else sys.stdin.read(1 << 20))
    if not said.strip():
        if not sys.stdin.isatty():
            raise click.UsageError("say what happens", ctx)
        said = click.prompt("What happens?", err=True)
    found = answer(said, base)
    if form.format == "text" and not once and text and sys.stdin.isatty() and found.causes:
        interview = Interview(found, base)
        while (question := interview.question) is not None:
            click.echo(f"\nLook here: {question.confirm}\nIt is not so, if: {question.rule_out}", err=True)
            said = click.prompt("Is it so?", type=click.Choice(["y", "n", "skip", "end"]), default="skip", err=True)
            if said == "end":
                break
            interview = interview.answered("y" if said == "y" else "n" if said == "n" else "skip")
        found = interview.explanation
    if form.format == "json":
        from wssdoctor.report.jsonreport import to_json

        write(to_json(found), form.output)
    else:
        write(render(found, color=form.colored, verbose=form.verbose), form.output)
    return 0 if found.recognised or found.causes else 3
