"""``wssdoctor lab``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE

if TYPE_CHECKING:
    from wssdoctor.lab.server import Arrival


@click.command
@click.argument("system", type=FILE)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--listen", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a certificate made for this run unless --cert names one.")
@click.option("--cert", type=FILE, metavar="PEM", help="Certificate chain for --tls.")
@click.option("--key", type=FILE, metavar="PEM", help="Private key for --tls.")
@click.option("--behind-tls", is_flag=True, help="Take plain HTTP as if TLS had ended before it.")
@click.option("--save", type=FILE, metavar="FOLDER", help="Write each request with its answer there; holds passwords.")
def lab(
    system: Path,
    port: int,
    listen: str,
    tls: bool,
    cert: Path | None,
    key: Path | None,
    behind_tls: bool,
    save: Path | None,
) -> int:
    """Serve a provider that behaves as the described SYSTEM, and say of each request why it is refused.

    Changes of the description count at once. Facts that nobody gave are taken as in a healthy system, and named. The
    answers are modelled: their texts are not SAP's. Needs the extra: pip install 'wssdoctor[live]'
    """
    from wssdoctor.cli.folder import made
    from wssdoctor.lab.serving import serve
    from wssdoctor.network.target import is_loopback

    if (cert is None) != (key is None) or (cert is not None and not tls):
        raise click.UsageError("--cert, --key and --tls belong together")
    if not is_loopback(listen):
        click.echo(f"Listening on {listen}: others on the network can reach this.", err=True)
    from wssdoctor.lab.provider import Provider

    provider = Provider.of(system)
    folder = made(save) if save is not None else None

    def heard(arrival: Arrival) -> None:
        from wssdoctor.lab.line import line

        click.echo(line(arrival))
        sys.stdout.flush()
        if folder is not None:
            from wssdoctor.capture.edit import render
            from wssdoctor.cli.output import write
            from wssdoctor.lab.server import recorded

            write(render(recorded(arrival)), folder / f"{arrival.moment:%Y%m%dT%H%M%S}-{arrival.capture.name}")

    def said(line: str) -> None:
        click.echo(line, err=True)

    serve(provider, heard, said, listen=listen, port=port, tls=tls, chain=cert, key=key, behind_tls=behind_tls)
    return 0
