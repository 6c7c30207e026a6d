"""``wssdoctor import``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from wssdoctor.cli.options import FILE

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@click.command("import")
@click.argument("recordings", type=FILE, nargs=-1, required=True, metavar="RECORDING...")
@click.option("--output", "-o", type=FILE, default=Path("captures"), show_default=True, help="The folder to write to.")
@click.option("--all", "every", is_flag=True, help="Write every exchange, not only what may be a SOAP call.")
def import_(recordings: tuple[Path, ...], output: Path, every: bool) -> int:
    """Write each SOAP call of a recording to a capture file of its own.

    RECORDING is a HAR, a SoapUI project, Fiddler's SAZ, mitmproxy's flows, a pcap or pcapng of plain HTTP, a curl command, or
    a hex dump (ICM trace of level 3, curl --trace). Of any other text (ICF recorder, SRT_UTIL) the requests or envelopes
    are taken from where they seem to begin. All other commands read recordings directly as well.
    Captures hold passwords: keep them as you keep those.
    """
    from wssdoctor.capture.read import bytes_of
    from wssdoctor.capture.recorded import recording, soap_calls
    from wssdoctor.capture.source import Source
    from wssdoctor.cli.folder import made
    from wssdoctor.cli.output import write

    for path in recordings:
        source = Source(str(path), bytes_of(path)[0])
        found = recording(source)
        if found is None:
            raise source.refusal("The file is no recording.", hint="A capture of one request needs no import.")
        exchanges = list(found)
        chosen = exchanges if every else soap_calls(source, iter(exchanges))
        made(output)
        for one in chosen:
            name = f"{_safe(path.name)}-{_safe(one.label)}.http"
            write(one.octets(), output / name)
            click.echo(output / name)
        if len(chosen) < len(exchanges):
            click.echo(
                f"{path}: {len(exchanges) - len(chosen)} requests that are no SOAP calls are left out.", err=True
            )
    return 0


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-.")[:80] or "exchange"
