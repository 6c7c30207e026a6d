"""``wssdoctor replay``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, Form, at, fail_on, lent_keys, own_knowledge, with_report_form
from wssdoctor.cli.remedies import Several, apply_option


@click.command(cls=Several)
@click.argument("captures", type=FILE, nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--system", "-s", type=FILE, required=True, help="The description of the system.")
@apply_option("Carry out these remedies on a copy, for every cause that they serve, and replay again.")
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
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
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
