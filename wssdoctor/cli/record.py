"""``wssdoctor record``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE

if TYPE_CHECKING:
    from wssdoctor.capture.recording.exchange import Exchange


@click.command
@click.option("--listen", "port", type=click.IntRange(0, 65535), default=8001, show_default=True, metavar="PORT")
@click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--to", "url", required=True, metavar="URL", help="The one host to forward to: https://host:port")
@click.option("--ca", type=FILE, metavar="PEM", help="Certificates that end the server's chain of trust.")
@click.option("--output", "-o", type=FILE, default=Path("captures"), show_default=True, help="The folder to write to.")
def record(port: int, address: str, url: str, ca: Path | None, output: Path) -> int:
    """Forward plain HTTP to one host, and write each exchange to a capture file, byte for byte.

    Point the client at http://127.0.0.1:8001 with the path unchanged. TLS to the host is verified. What is written holds
    the passwords that were sent. Needs the extra: pip install 'wssdoctor[live]'
    """
    import asyncio

    from wssdoctor.cli.folder import made
    from wssdoctor.cli.output import write
    from wssdoctor.errors import InputError
    from wssdoctor.network.target import only_host

    try:
        from wssdoctor.record.recorder import Recorder
    except ImportError:
        hint = "Install it: pip install 'wssdoctor[live]'"
        raise InputError.because("The recorder needs the package h11.", hint=hint) from None
    upstream = only_host(url)
    folder = made(output)

    def heard(exchange: Exchange) -> None:
        path = folder / f"record-{exchange.moment:%Y%m%dT%H%M%S}-{exchange.label}.http"
        write(exchange.octets(), path, mode=0o600)
        click.echo(path)
        sys.stdout.flush()

    def started(host: str, port: int) -> None:
        click.echo(f"listening on http://{host}:{port}, forwarding to {url}; Ctrl+C ends", err=True)

    try:
        asyncio.run(Recorder(upstream, heard, ca).serve(address, port, started))
    except KeyboardInterrupt:
        return 0
    return 0
