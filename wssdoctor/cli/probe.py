"""``wssdoctor probe``."""

from __future__ import annotations

from pathlib import Path

import click

from wssdoctor.cli.options import FILE, Form, with_form


@click.command
@click.argument("url")
@click.option("--ca", type=FILE, metavar="PEM", help="The authorities that vouch for the server's certificate.")
@click.option("--wsdl", is_flag=True, help="Ask for the WSDL of the endpoint and read its policy.")
@with_form
def probe(url: str, ca: Path | None, wsdl: bool, form: Form) -> int:
    """Look at a server from outside: clock, TLS, certificates, answer without a logon.

    One anonymous GET is sent to URL, nothing else. Run it where the consumer runs: its clock is the one that counts.
    With --format json -o FILE, the file may be put among the exports for collect. Exit code: 0 seen; 1 the
    certificate does not verify.
    """
    import msgspec

    from wssdoctor.cli.output import write
    from wssdoctor.collect.live.probe import probe as looked_at
    from wssdoctor.network.target import target
    from wssdoctor.network.tls import verifying
    from wssdoctor.report.probetext import render

    seen = looked_at(target(url), verifying(ca), wsdl_too=wsdl)
    if form.format == "json":
        write(msgspec.json.format(msgspec.json.encode(seen), indent=2) + b"\n", form.output)
    else:
        write(render(seen, color=form.colored), form.output)
    return 1 if seen.tls is not None and not seen.tls.verified else 0
