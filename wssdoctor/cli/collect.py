"""``wssdoctor collect``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wssdoctor.cli.live import Live, live_options, systems
from wssdoctor.cli.options import FILE
from wssdoctor.cli.options import client as only_client

BAD_INPUT, INCONCLUSIVE = 2, 3


@click.command
@click.argument("folder", type=FILE, required=False)
@click.option("--output", "-o", type=FILE, help="Write the description to this file, in one step.")
@click.option("--missing", is_flag=True, help="Print what is still missing, with how to get it.")
@click.option(
    "--format", "-f", "form", type=click.Choice(["text", "markdown"]), default="text", help="Form of --missing."
)
@only_client
@click.option("--user", "users", multiple=True, metavar="NAME", help="Keep only these users; may be repeated.")
@click.option("--pin", "ask", is_flag=True, help="Ask for the PIN of PSE files and PKCS#12 containers.")
@click.option("--pin-file", type=FILE, help="Read PINs from this file, one a line.")
@live_options
def collect(
    folder: Path | None,
    output: Path | None,
    missing: bool,
    form: str,
    client: str | None,
    users: tuple[str, ...],
    ask: bool,
    pin_file: Path | None,
    live: Live,
) -> int:
    """Build a system description from a folder of exports.

    Drop SE16 lists (text, spreadsheet, HTML), profiles, certificates, PSE files, output of sapgenpse, SAML metadata
    and WSDLs into FOLDER; files are recognised by their content. Secrets are dropped. PINs are also taken from the
    variable WSSDOCTOR_PIN.

    With --adt or --soap-rfc, a system is asked as well, read-only: every request is listed first and confirmed. User and
    password are asked for, or come from WSSDOCTOR_USER and WSSDOCTOR_PASSWORD, or from the keyring.

    With --missing, print what to get and how: without FOLDER everything, with it what the exports lack.
    """
    from wssdoctor.cli.checklist import checklist
    from wssdoctor.cli.output import write
    from wssdoctor.collect.missing import missing as missing_in

    if folder is None and not live.urls:
        if not missing:
            raise click.UsageError("FOLDER is missing; 'wssdoctor collect --missing' lists what to put into it")
        from wssdoctor.description.load import empty

        write(checklist(missing_in(empty()), form), output)
        return 0
    from wssdoctor.cli.account import rendered
    from wssdoctor.collect.account import account, refuse_nothing
    from wssdoctor.collect.collect import collect as collected_from

    left_out = [path for path in (output, pin_file) if path is not None]
    collected = collected_from(
        folder,
        client=client,
        users=users,
        pins=pins(ask=ask, file=pin_file),
        leave_out=left_out,
        systems=systems(live, client, users),
    )
    if not missing:
        refuse_nothing(collected, folder)
    if output is not None or not missing:
        write(collected.text, output)
    if missing:
        write(checklist(missing_in(collected.facts), form), None)
    sys.stderr.write(rendered(account(collected), folder, output))
    return BAD_INPUT if collected.refused else INCONCLUSIVE if collected.merged.contradictions else 0


def pins(*, ask: bool = False, file: Path | None = None) -> list[str]:
    """Return the PINs that the user gives: in the variable, in a file, at the prompt. Never on the command line."""
    from wssdoctor.collect.pin import from_environment

    found = from_environment()
    if file is not None:
        from wssdoctor.errors import InputError
        from wssdoctor.evidence import Place

        try:
            found += file.read_text("utf-8").splitlines()[:100]
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8"
            raise InputError.because("the PINs cannot be read", place=Place(file=str(file)), why=why) from None
    if ask:
        if sys.stdin.isatty():
            found.append(click.prompt("PIN", hide_input=True, err=True, default="", show_default=False))
        else:
            found.append(sys.stdin.readline(1024).rstrip("\r\n"))
    return found
