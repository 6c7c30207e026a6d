"""``wssdoctor init``."""

from __future__ import annotations

from pathlib import Path

import click

from wssdoctor.cli.options import FILE


@click.command
@click.option("--output", "-o", type=FILE, help="Write the template to this file; one that exists is never replaced.")
def init(output: Path | None) -> int:
    """Write a commented template of a system description.

    Every fact is in it with its meaning, where SAP keeps it and how to find it out, commented out.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.description.template import template

    if output is not None and output.exists():
        from wssdoctor.errors import InputError
        from wssdoctor.evidence import Place

        hint = "give another name, or move the file away"
        raise InputError.because("the file exists", place=Place(file=str(output)), hint=hint)
    write(template(), output)
    return 0
