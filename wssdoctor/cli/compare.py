"""``wssdoctor compare``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, Form, at, lent_keys, own_knowledge, with_form

if TYPE_CHECKING:
    from wssdoctor.description.facts import Facts
    from wssdoctor.report.report import Report
    from wssdoctor.wsse.private_key import PrivateKey


@click.command
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--replay", type=FILE, multiple=True, metavar="CAPTURE...", help="Requests to replay against both.")
@lent_keys
@own_knowledge
@at
@with_form
def compare(
    before: Path,
    after: Path,
    replay: tuple[Path, ...],
    keys: tuple[Path, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
    form: Form,
) -> int:
    """Compare two descriptions or two reports: facts that differ, causes new and gone, requests accepted anew or no longer.

    BEFORE and AFTER are system descriptions (quality and production) or reports that check wrote with --format json
    (yesterday and today). Exit code: 0 not worse, 1 worse, 3 something has no answer any more.
    """
    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.output import write
    from wssdoctor.report.comparison import compare as compared
    from wssdoctor.report.comparison import render
    from wssdoctor.report.jsonreport import to_json
    from wssdoctor.report.report import FactDiffers

    private = lent(keys)
    first, first_facts = _report(before, replay, private, knowledge, at)
    second, second_facts = _report(after, replay, private, knowledge, at)
    facts = None
    if first_facts is not None and second_facts is not None:
        from wssdoctor.description.change import differences

        facts = [FactDiffers(one.path, one.before, one.after) for one in differences(first_facts, second_facts)]
    made = compared(first, second, facts)
    write(to_json(made) if form.format == "json" else render(made, color=form.colored), form.output)
    return {"worse": 1, "undecided": 3}.get(made.outcome, 0)


def _report(
    path: Path,
    captures: tuple[Path, ...],
    keys: tuple[PrivateKey, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
) -> tuple[Report, Facts | None]:
    """Read a report, or make one of a description. Raises ``InputError`` for what is neither."""
    from wssdoctor.cli.system import system
    from wssdoctor.diagnosis.diagnosis import diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.build import build
    from wssdoctor.report.jsonreport import read_report

    if _looks_like_json(path):
        return read_report(path), None
    case = opened(system(path).source, captures, at=at, keys=keys)
    base = load(overlays=own_folders(knowledge))
    return build(diagnose(case, base), base), case.facts  # with remedies, as check: they uncover what others hide


def _looks_like_json(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(64).lstrip().startswith(b"{")
    except OSError:
        return False  # whoever reads it as a description says what is wrong
