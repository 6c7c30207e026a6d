"""``wssdoctor ticket``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from wssdoctor.cli.options import FILE, at, lent_keys, own_knowledge
from wssdoctor.cli.options import client as only_client


class Ticket(click.Group):
    """Makes a bundle; ``verify`` as the first argument checks one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Call ``make`` unless another command is named."""
        return super().parse_args(ctx, args if args[:1] == ["verify"] else ["make", *args])


@click.group(cls=Ticket)
def ticket() -> None:
    """Pack everything that support asks for, safe to send; verify such a file."""


@ticket.command(options_metavar="| verify FILE.zip", name="make")
@click.argument("system", type=FILE)
@click.argument("captures", type=FILE, nargs=-1, metavar="[CAPTURE]...")
@click.option("--output", "-o", type=FILE, metavar="FILE.zip", help="Write the bundle to this file, in one step.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be in it, and count what is replaced.")
@click.option(
    "--keep",
    type=click.Choice(["names", "certificates"]),
    multiple=True,
    help="Keep names of hosts, users, systems and partners; certificates whole, and then names too.",
)
@click.option("--strict", is_flag=True, help="Replace names of elements, serial numbers and fingerprints too.")
@click.option(
    "--map", "private", type=FILE, metavar="FILE", help="Write which name each placeholder stands for; keep it."
)
@only_client
@lent_keys
@own_knowledge
@at
def make(
    system: Path,
    captures: tuple[Path, ...],
    output: Path | None,
    dry_run: bool,
    keep: tuple[str, ...],
    strict: bool,
    private: Path | None,
    client: str | None,
    keys: tuple[Path, ...],
    knowledge: Path | None,
    at: dt.datetime | None,
) -> int:
    """Pack everything that support asks for into one file that is safe to send.

    The file holds the report, the description, the captures and the stages of each request, all redacted, and SAP's form for
    component BC-SEC-WSS with what is still missing. Passwords, keys and the contents of bodies are never in it. Should the
    final scan find a known secret or name, nothing is written (exit code 4).

    wssdoctor ticket verify FILE.zip checks a file against its manifest.
    """
    import msgspec

    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.output import write
    from wssdoctor.cli.progress import told
    from wssdoctor.cli.system import system as given
    from wssdoctor.diagnosis.diagnosis import diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.redact.level import Level
    from wssdoctor.report.build import build
    from wssdoctor.ticket.bundle import bundle
    from wssdoctor.ticket.preview import render

    if (output is None) != dry_run:
        raise click.UsageError("give either --output FILE.zip or --dry-run")
    if keep and strict:
        raise click.UsageError("--keep and --strict exclude each other")
    about = given(system, client)
    case = opened(about.source, (*about.captures, *captures), at=at, keys=lent(keys))
    base = load(overlays=own_folders(knowledge))
    with told() as listener:
        report = build(diagnose(case, base, listener=listener), base)
    level = Level.NAMES if keep else Level.STRICT if strict else Level.DEFAULT
    made = bundle(case, report, level, certificates="certificates" in keep)
    if private is not None and not dry_run:
        mapped = msgspec.json.format(msgspec.json.encode(made.private_map), indent=2) + b"\n"
        write(mapped, private, mode=0o600)
    if output is not None:
        write(made.data, output)
    click.echo(render(made.manifest, len(made.data)), nl=False, err=output is not None)
    return about.code(0)


@ticket.command
@click.argument("file", type=FILE, metavar="FILE.zip")
def verify(file: Path) -> int:
    """Check a bundle against its manifest: no file altered, missing or added. Exit code: 0 whole, 1 not."""
    from wssdoctor.cli.problems import listed
    from wssdoctor.report.manifest import MANIFEST
    from wssdoctor.ticket.reading import differences, manifest_of, unpacked

    members = unpacked(file)
    manifest = manifest_of(members, file)
    problems = differences(members, manifest, file)
    if problems:
        click.echo(listed(problems), nl=False)
        return 1
    count = sum(name != MANIFEST for name in members)
    click.echo(f"{count} files are as the manifest says; made by wssdoctor {manifest.version}, level {manifest.level}.")
    return 0
