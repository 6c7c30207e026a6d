"""``wssdoctor lab``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, lent_keys

if TYPE_CHECKING:
    from wssdoctor.lab.server import Occurrence
    from wssdoctor.lab.serving import Begun


@click.command
@click.argument("system", type=FILE)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option(
    "--listen", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen; this machine alone."
)
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a certificate made for this run unless --cert names one.")
@click.option("--cert", type=FILE, metavar="PEM", help="Certificate chain for --tls; made if it is not there yet.")
@click.option("--cert-key", type=FILE, metavar="PEM", help="Its private key; made with it.")
@click.option("--behind-tls", is_flag=True, help="Take plain HTTP as if TLS had ended before it.")
@lent_keys
@click.option(
    "--user",
    "users",
    multiple=True,
    metavar="USER",
    help="Compare the passwords that this user sends with its own: from WSSDOCTOR_PASSWORD for a single user, else from "
    "the keyring (service 'wssdoctor lab') or the prompt.",
)
@click.option("--save", type=FILE, metavar="FOLDER", help="Write each request with its answer there; holds passwords.")
@click.option("--tui", is_flag=True, help="Show the requests in the terminal UI as they come.")
def lab(
    system: Path,
    port: int,
    listen: str,
    tls: bool,
    cert: Path | None,
    cert_key: Path | None,
    behind_tls: bool,
    keys: tuple[Path, ...],
    users: tuple[str, ...],
    save: Path | None,
    tui: bool,
) -> int:
    """Serve a provider that behaves as the described SYSTEM, and say of each request why it is refused.

    With --tls, clients are asked for a certificate as icm/HTTPS/verify_client and the SSL server PSE are described; a
    reverse proxy that ends TLS and hands it on is not modelled. Changes of the description count at once. Facts that nobody gave are taken as in a healthy system, and named. The
    answers are modelled: their texts are not SAP's. Needs the extra: pip install 'wssdoctor[live]'
    """
    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.lending import password_of
    from wssdoctor.lab.serving import Where
    from wssdoctor.network.target import is_loopback

    if (cert is None) != (cert_key is None) or (cert is not None and not tls):
        raise click.UsageError("--cert, --cert-key and --tls belong together")
    if tls and behind_tls:
        raise click.UsageError("--tls and --behind-tls exclude each other")
    if not is_loopback(listen):
        click.echo(f"Listening on {listen}: others on the network can reach this.", err=True)
    where = Where(listen, port, tls, cert, cert_key, behind_tls)
    private = lent(keys)
    passwords = {user: password_of(user, "lab", single=len(users) == 1) for user in users}
    if tui:
        from wssdoctor.cli.main import loaded
        from wssdoctor.description.load import load

        load(system)  # what is wrong with it is said before the screen is taken
        code: int = loaded("wssdoctor.tui.app:run")(system, lab=where, keys=private, save=save, passwords=passwords)
        return code
    from wssdoctor.lab.provider import Provider
    from wssdoctor.lab.serving import serve
    from wssdoctor.provider.decryption import Keys

    serve(Provider.of(system, Keys(private), passwords), where, _heard(save), _said, _begun)
    return 0


def _heard(save: Path | None) -> Callable[[Occurrence], None]:
    from wssdoctor.cli.folder import made

    folder = made(save) if save is not None else None

    def heard(event: Occurrence) -> None:
        from wssdoctor.cli.output import write
        from wssdoctor.errors import InputError
        from wssdoctor.lab.line import line
        from wssdoctor.lab.server import Arrival, file_of, octets_of

        click.echo(line(event))
        sys.stdout.flush()
        if folder is not None and isinstance(event, Arrival) and event.is_call:
            try:
                write(octets_of(event), folder / file_of(event), mode=0o600)
            except InputError as error:  # such as a disk that is full: the lab goes on
                _said(f"not saved: {error}")

    return heard


def _said(line: str) -> None:
    click.echo(line, err=True)


def _begun(begun: Begun) -> None:
    _said(f"listening on {begun.address}; Ctrl+C ends")
    if begun.identity is not None:
        _said(begun.identity.explained())
        _said(begun.asks)
