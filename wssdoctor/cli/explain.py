"""``wssdoctor explain``."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, Form, own_knowledge, with_form

if TYPE_CHECKING:
    from wssdoctor.knowledge.base import Base
    from wssdoctor.report.explanation import Explanation


class _Codes(click.Command):
    """A command whose words may be negative numbers, such as -102: no option is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {one}" if re.fullmatch(r"-\d+", one) else one for one in args])


@click.command(cls=_Codes)
@click.argument("text", nargs=-1, metavar="TEXT... | FILE | -")
@click.option("--system", type=FILE, help="A system description: its checks confirm causes and rule them out.")
@own_knowledge
@with_form
@click.pass_context
def explain(ctx: click.Context, text: tuple[str, ...], system: Path | None, knowledge: Path | None, form: Form) -> int:
    """Say what a message, a code, a sentence or a log means.

    TEXT is what you have: WSS031, "HTTP 401", "logon code 2", a whole error text, what somebody says, the id of a
    cause. FILE is a log of any length; - reads it from standard input. Exit code: 0 if anything is recognised, 3 if nothing is.
    """
    from wssdoctor.cli.explanation import tell
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load

    if not text and sys.stdin.isatty():
        raise click.UsageError("give a text, or - to read it from standard input", ctx)
    base = load(overlays=own_folders(knowledge))
    explanation = _explained(text, base)
    if system is not None:
        from wssdoctor.diagnosis.diagnosis import diagnose
        from wssdoctor.diagnosis.opening import opened
        from wssdoctor.report.evident import with_system

        explanation = with_system(explanation, diagnose(opened(system, (), at=None), base, remedies=False), base)
    return tell(explanation, form, system, knowledge)


def _explained(text: tuple[str, ...], base: Base) -> Explanation:
    from wssdoctor.report.explanation import explain, explain_log

    if text in ((), ("-",)):
        return explain_log(sys.stdin.buffer, base)
    path = Path(text[0])
    with ExitStack() as stack:
        try:
            is_file = len(text) == 1 and path.is_file()
            stream = stack.enter_context(path.open("rb")) if is_file else None
        except (OSError, ValueError) as error:
            from wssdoctor.errors import InputError

            raise InputError.because(f"{path} cannot be read", why=getattr(error, "strerror", "") or "") from None
        if stream is not None:
            return explain_log(stream, base)
    return explain(_joined(text), base)


def _joined(text: tuple[str, ...]) -> str:
    """Return single words as one line, as they were typed without quotes; quoted texts as a line each."""
    parts = [part.strip() for part in text]
    return ("\n" if any(" " in part for part in parts) else " ").join(parts)
