"""``wssdoctor knowledge``: list, show, lint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, Form, with_form

if TYPE_CHECKING:
    from wssdoctor.report.article import Kind

_KINDS: dict[str, tuple[Kind, ...]] = {
    "all": ("cause", "message", "remedy"),
    "causes": ("cause",),
    "messages": ("message",),
    "remedies": ("remedy",),
}


@click.group
def knowledge() -> None:
    """Browse and lint what is known."""


@knowledge.command("list")
@click.argument("kind", type=click.Choice([*_KINDS]), default="all")
@with_form
def list_(kind: str, form: Form) -> int:
    """List causes, messages and remedies."""
    from wssdoctor.cli.output import write
    from wssdoctor.knowledge.base import load
    from wssdoctor.report.article import catalogue, render_catalogue
    from wssdoctor.report.jsonreport import to_json

    listed = catalogue(load(), _KINDS[kind])
    write(to_json(listed) if form.format == "json" else render_catalogue(listed, color=form.colored), form.output)
    return 0


@knowledge.command
@click.argument("identifier", metavar="ID")
@with_form
def show(identifier: str, form: Form) -> int:
    """Show one cause, message or remedy with its sources."""
    from wssdoctor.cli.output import write
    from wssdoctor.errors import InputError
    from wssdoctor.knowledge.base import load
    from wssdoctor.report.article import article, render_article
    from wssdoctor.report.jsonreport import to_json

    base = load()
    found = article(identifier, base)
    if found is None:
        from wssdoctor.knowledge.match import suggest

        near = suggest(identifier, base)
        hint = f"did you mean {' or '.join(near)}?" if near else "wssdoctor knowledge list shows all ids"
        raise InputError.because(f"nothing has the id {identifier[:80]}", hint=hint)
    write(to_json(found) if form.format == "json" else render_article(found, base, color=form.colored), form.output)
    return 0


@knowledge.command
@click.argument("folder", type=FILE, required=False)
@with_form
def lint(folder: Path | None, form: Form) -> int:
    """Hold a knowledge base against its rules and against the checks. Exit code 1 if anything breaks them.

    FOLDER is a folder with causes, messages, remedies and sources.yaml; without it, what is shipped is looked at.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.cli.problems import listed
    from wssdoctor.diagnosis.lint import lint as cross_lint
    from wssdoctor.knowledge.base import home
    from wssdoctor.knowledge.files import collect
    from wssdoctor.knowledge.lint import lint as house_lint
    from wssdoctor.report.article import Lint
    from wssdoctor.report.jsonreport import to_json

    folder = folder or home()
    problems = (*house_lint(folder), *cross_lint(collect(folder)))
    if form.format == "json":
        write(to_json(Lint("wssdoctor.lint/1", problems)), form.output)
    else:
        write(listed(problems) or "The knowledge base keeps its rules.\n", form.output)
    return 1 if problems else 0
