"""``wssdoctor replay``."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from wssdoctor.cli.options import FILE, Form, at, fail_on, lent_keys, own_knowledge, with_report_form

_REMEDY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Several(click.Command):
    """A command whose ``--apply`` takes all ids that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``--apply`` before each of the ids, as click knows options."""
        spread: list[str] = []
        applying = False
        for argument in args:
            if applying and _REMEDY.fullmatch(argument) and not os.path.lexists(argument):
                if spread[-1] != "--apply":
                    spread.append("--apply")
            else:
                applying = argument == "--apply"
            spread.append(argument)
        return super().parse_args(ctx, spread)


def _remedies(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    from wssdoctor.knowledge.base import load

    remedies = load().remedies.values()
    return [CompletionItem(one.id, help=one.title) for one in remedies if one.id.startswith(incomplete)]


@click.command(cls=Several)
@click.argument("captures", type=FILE, nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--system", "-s", type=FILE, required=True, help="The description of the system.")
@click.option(
    "--apply",
    multiple=True,
    metavar="REMEDY...",
    shell_complete=_remedies,
    help="Carry out these remedies on a copy, for every cause that they serve, and replay again.",
)
@lent_keys
@own_knowledge
@at
@fail_on()
@with_report_form
def replay(
    captures: tuple[Path, ...],
    system: Path,
    apply: tuple[str, ...],
    keys: tuple[Path, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
    fail_on: str,
    form: Form,
) -> int:
    """Walk requests through all stages, past the first rejection; try remedies on them.

    With --apply, everything that is shown, and the exit code, is that of the case after the remedies; the requests
    before and after stand beside each other in the proof.
    """
    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.present import present
    from wssdoctor.cli.progress import told
    from wssdoctor.cli.system import system as given
    from wssdoctor.diagnosis.diagnosis import carried_out, diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.base import load, own_folders
    from wssdoctor.report.build import build
    from wssdoctor.report.text import Part

    about = given(system)
    case = opened(about.source, captures, at=at, keys=lent(keys))
    base = load(overlays=own_folders(knowledge))
    with told() as listener:
        diagnosed = diagnose(case, base, remedies=False, listener=listener)
        if apply:
            diagnosed = carried_out(apply, diagnosed, base)
    parts: tuple[Part, ...] = ("plan", "requests", "stages", "open") if apply else ("requests", "stages", "open")
    return present(build(diagnosed, base, applied=bool(apply)), form, fail_on, parts=parts, about=about)
