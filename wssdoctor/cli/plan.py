"""``wssdoctor plan``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, Form, at, fail_on, lent_keys, own_knowledge, with_report_form


@click.command
@click.argument("system", type=FILE)
@click.argument("captures", type=FILE, nargs=-1, required=True, metavar="CAPTURE...")
@lent_keys
@own_knowledge
@at
@fail_on()
@with_report_form
def plan(
    system: Path,
    captures: tuple[Path, ...],
    keys: tuple[Path, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
    fail_on: str,
    form: Form,
) -> int:
    """Find the smallest set of remedies after which nothing fails, in the order in which to carry them out.

    The JSON is that of check; the text holds the plan and what it rests on, without the details of each cause.
    """
    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.present import present
    from wssdoctor.cli.progress import told
    from wssdoctor.cli.system import system as given
    from wssdoctor.diagnosis.diagnosis import diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.build import build

    about = given(system)
    case = opened(about.source, (*about.captures, *captures), at=at, keys=lent(keys))
    base = load(overlays=own_folders(knowledge))
    with told() as listener:
        diagnosed = diagnose(case, base, listener=listener)
    return present(build(diagnosed, base), form, fail_on, parts=("plan", "requests", "open"), about=about)
