"""``wssdoctor open``."""

from __future__ import annotations

from pathlib import Path

import click

from wssdoctor.cli.options import FILE, Form, fail_on, with_report_form


@click.command("open")
@click.argument("file", type=FILE, metavar="FILE.zip")
@fail_on("never")
@with_report_form
def open_(file: Path, fail_on: str, form: Form) -> int:
    """Show the diagnosis of a packed ticket, on a machine without the originals.

    Nothing is checked anew: findings, stages and verdicts are those of the machine that packed it.
    """
    from wssdoctor.cli.present import present
    from wssdoctor.ticket.reading import open_bundle

    return present(open_bundle(file).report, form, fail_on)
