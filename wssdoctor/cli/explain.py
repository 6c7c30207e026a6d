"""``wssdoctor explain``."""

from __future__ import annotations

import sys

import click

from wssdoctor.cli.options import Form, with_form

_MOST = 16 * 1024 * 1024
"""Characters of a log that are read."""


@click.command
@click.argument("text", nargs=-1, metavar="TEXT... | -")
@with_form
@click.pass_context
def explain(ctx: click.Context, text: tuple[str, ...], form: Form) -> int:
    """Say what a message, a code or a log means.

    TEXT is what you have: WSS031, "HTTP 401", "logon code 2", a whole error text, the id of a cause; - reads a log
    from standard input. Exit code: 0 if anything is recognised, 3 if nothing is.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.knowledge.base import load
    from wssdoctor.report.explanation import explain as explained

    if not text and sys.stdin.isatty():
        raise click.UsageError("give a text, or - to read it from standard input", ctx)
    explanation = explained(_read() if text in ((), ("-",)) else _joined(text), load())
    if form.format == "json":
        from wssdoctor.report.jsonreport import to_json

        write(to_json(explanation), form.output)
    else:
        from wssdoctor.report.explaintext import render

        write(render(explanation, color=form.colored, verbose=form.verbose), form.output)
    return 0 if explanation.recognised or explanation.causes else 3


def _joined(text: tuple[str, ...]) -> str:
    """Return single words as one line, as they were typed without quotes; quoted texts as a line each."""
    return ("\n" if any(" " in part for part in text) else " ").join(text)


def _read() -> str:
    data = sys.stdin.buffer.read(_MOST + 1)
    if len(data) > _MOST:
        from wssdoctor.errors import InputError

        raise InputError.because(f"the text is longer than {_MOST} bytes", hint="give the part around the error")
    return data.decode("utf-8", "replace")
