"""``wssdoctor schema``."""

from __future__ import annotations

from pathlib import Path

import click

from wssdoctor.cli.options import FILE


@click.command
@click.argument("kind")
@click.option("--output", "-o", type=FILE, help="Write the result to this file, in one step.")
def schema(kind: str, output: Path | None) -> int:
    """Print the JSON Schema of a document: description, report, verify, context and others.

    Editors complete and check a description with it; scripts hold what they read against it.
    """
    import msgspec

    from wssdoctor.cli.output import write
    from wssdoctor.report.schema import KINDS
    from wssdoctor.report.schema import schema as schema_of

    if kind not in KINDS:
        raise click.BadParameter(f"choose one of {', '.join(KINDS)}", param_hint="KIND")
    write(msgspec.json.format(msgspec.json.encode(schema_of(kind)), indent=2) + b"\n", output)
    return 0
