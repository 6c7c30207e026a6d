"""``wssdoctor check``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, Form, at, fail_on, lent_keys, own_knowledge, with_report_form
from wssdoctor.cli.options import client as only_client


@click.command
@click.argument("system", type=FILE)
@click.argument("captures", type=FILE, nargs=-1, metavar="[CAPTURE]...")
@click.option("--replay", type=FILE, multiple=True, metavar="CAPTURE...", help="Requests to replay: files or folders.")
@only_client
@lent_keys
@own_knowledge
@click.option("--baseline", type=FILE, metavar="OLD.json", help="Report and fail only on what this report has not.")
@click.option(
    "--expiring-within",
    type=click.IntRange(0, 36500),
    metavar="DAYS",
    help="Report certificates too that expire within so many days.",
)
@at
@fail_on()
@with_report_form
def check(
    system: Path,
    captures: tuple[Path, ...],
    replay: tuple[Path, ...],
    client: str | None,
    keys: tuple[Path, ...],
    knowledge: Path | None,
    baseline: Path | None,
    expiring_within: int | None,
    at: dt.datetime | None,
    fail_on: str,
    form: Form,
) -> int:
    """Check a system, replay requests, say what is wrong and what helps.

    SYSTEM is a folder of exports, read as wssdoctor collect reads it, or a system description (wssdoctor init writes a
    template). CAPTURE is a captured request or a folder of them: SOAP envelopes, raw HTTP or MIME messages.

    For runs by schedule: --baseline with the report of a good day, --expiring-within 30, --format monitoring.
    """
    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.present import present
    from wssdoctor.cli.progress import told
    from wssdoctor.cli.system import system as given
    from wssdoctor.diagnosis.diagnosis import diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.baseline import against
    from wssdoctor.report.build import build
    from wssdoctor.report.jsonreport import read_report

    about = given(system, client)
    before = read_report(baseline) if baseline is not None else None
    case = opened(about.source, (*about.captures, *captures, *replay), at=at, keys=lent(keys))
    base = load(overlays=own_folders(knowledge))
    with told() as listener:
        diagnosed = diagnose(case, base, expiring_within=expiring_within, listener=listener)
    report = build(diagnosed, base)
    if before is not None:
        report = against(report, before, str(baseline))
    return present(report, form, fail_on, about=about)
