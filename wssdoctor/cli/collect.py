"""``wssdoctor collect``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE

if TYPE_CHECKING:
    from wssdoctor.collect.collect import Collected
    from wssdoctor.collect.missing import Missing

PIN = "WSSDOCTOR_PIN"
"""The variable that may hold the PIN of PSE files and PKCS#12 containers."""
_MOST = 50


@click.command
@click.argument("folder", type=FILE)
@click.option("--output", "-o", type=FILE, help="Write the description to this file, in one step.")
@click.option("--missing", is_flag=True, help="Print what is still missing, with how to get it.")
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "markdown"]), default="text", help="Form of --missing."
)
@click.option("--client", metavar="NNN", help="Only rows of this client.")
@click.option("--user", "users", multiple=True, metavar="NAME", help="Keep only these users; may be repeated.")
@click.option("--pin", "ask", is_flag=True, help="Ask for the PIN of PSE files and PKCS#12 containers.")
@click.option("--pin-file", type=FILE, help="Read PINs from this file, one a line.")
def collect(
    folder: Path,
    output: Path | None,
    missing: bool,
    form: str,
    client: str | None,
    users: tuple[str, ...],
    ask: bool,
    pin_file: Path | None,
) -> int:
    """Build a system description from a folder of exports.

    Drop SE16 lists (text, spreadsheet, HTML), profiles, certificates, PSE files, output of sapgenpse, SAML metadata
    and WSDLs into FOLDER. Files are recognised by their content. Secrets are dropped. PINs are also taken from the
    variable WSSDOCTOR_PIN.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.collect.collect import collect as collected_from
    from wssdoctor.collect.missing import missing as missing_in

    if client is not None and not (len(client) == 3 and client.isascii() and client.isdigit()):
        raise click.BadParameter("three digits are expected, such as 100", param_hint="--client")
    left_out = [path for path in (output, pin_file) if path is not None]
    collected = collected_from(folder, client=client, users=users, pins=_pins(ask, pin_file), leave_out=left_out)
    if output is not None or not missing:
        write(collected.text, output)
    lacking = missing_in(collected.facts)
    if missing:
        write(_checklist(lacking, form), None)
    sys.stderr.write(_account(collected, lacking, output))
    return 3 if collected.merged.contradictions or collected.refused else 0


def _pins(ask: bool, pin_file: Path | None) -> list[str]:
    pins = [os.environ[PIN]] if PIN in os.environ else []
    if pin_file is not None:
        from wssdoctor.errors import InputError
        from wssdoctor.evidence import Place

        try:
            pins += pin_file.read_text("utf-8").splitlines()[:100]
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8"
            raise InputError.because("the PINs cannot be read", place=Place(file=str(pin_file)), why=why) from None
    if ask:
        if sys.stdin.isatty():
            pins.append(click.prompt("PIN", hide_input=True, err=True, default="", show_default=False))
        else:
            pins.append(sys.stdin.readline(1024).rstrip("\r\n"))
    return pins


def _account(collected: Collected, lacking: tuple[Missing, ...], output: Path | None) -> str:
    """Tell what was read, dropped, contradictory, refused and not known."""
    from wssdoctor.cli.problems import listed
    from wssdoctor.report.shown import shown

    lines = [f"{shown(name)}: {what}" for name, what in collected.recognised]
    lines += [f"{shown(str(each.place))}: not read: {each.what}" for each in collected.unrecognised]
    lines += [f"{shown(str(each.place))}: note: {shown(each.what)}" for each in collected.notes[:_MOST]]
    if len(collected.notes) > _MOST:
        lines.append(f"and {len(collected.notes) - _MOST} more notes")
    for what, count, files in collected.dropped:
        lines.append(f"dropped: {count} x {what} ({shown(', '.join(files))})")
    for each in collected.merged.contradictions:
        lines.append(
            f"contradiction: {shown(each.fact)}: {shown(str(each.first))} against {shown(str(each.second))}; left out"
        )
    count = sum(len(group.facts) for group in lacking)
    lines.append(f"{count} facts are still unknown; 'wssdoctor collect --missing' lists them with how to get them")
    if output is not None:
        lines.append(f"next: wssdoctor check {shown(str(output))}")
    return "".join(f"{line}\n" for line in lines) + listed(collected.refused)


def _checklist(lacking: tuple[Missing, ...], form: str) -> str:
    from wssdoctor.report.shown import shown

    markdown = form == "markdown"
    lines = ["# Still missing" if markdown else "STILL MISSING", ""]
    for group in lacking:
        lines.append(f"- [ ] {shown(group.obtain)}" if markdown else f"[ ] {shown(group.obtain)}")
        for table, columns in group.columns:
            lines.append(f"  {'- ' * markdown}SE16, table {table}, columns {', '.join(columns)}")
        for path, meaning in group.facts:
            name = shown(path).replace("`", "'")
            lines.append(f"  - `{name}`: {shown(meaning)}" if markdown else f"    {name}: {shown(meaning)}")
    if not lacking:
        lines.append("Nothing.")
    return "\n".join(lines) + "\n"
