"""Asking a system: its options, who logs on, and the list of requests that has to be confirmed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from wssdoctor.cli.options import FILE

if TYPE_CHECKING:
    from wssdoctor.collect.findings import Findings
    from wssdoctor.network.credentials import Credentials
    from wssdoctor.network.exchange import Request
    from wssdoctor.network.target import Target


class Live(NamedTuple):
    """Which system is asked, and how."""

    adt: str | None
    soap_rfc: str | None
    ca: Path | None
    language: str | None
    yes: bool
    plain_http: bool

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs that were given."""
        return tuple(url for url in (self.adt, self.soap_rfc) if url)


def live_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for asking a system; the command receives them as ``live``."""

    @click.option("--adt", metavar="URL", help="Ask a system by ADT's data preview (https://host:port).")
    @click.option("--soap-rfc", metavar="URL", help="Ask a system by RFC_READ_TABLE over SOAP (https://host:port).")
    @click.option("--ca", type=FILE, metavar="PEM", help="The authorities that vouch for the system's certificate.")
    @click.option("--language", metavar="XX", help="Logon language of the system that is asked.")
    @click.option("--yes", is_flag=True, help="Send the listed requests without asking.")
    @click.option("--plain-http", is_flag=True, help="Send the password over http, where everyone on the way sees it.")
    @wraps(function)
    def command(
        *args: Any,
        adt: str | None,
        soap_rfc: str | None,
        ca: Path | None,
        language: str | None,
        yes: bool,
        plain_http: bool,
        **rest: Any,
    ) -> Any:
        return function(*args, live=Live(adt, soap_rfc, ca, language, yes, plain_http), **rest)

    return command


def systems(live: Live, sap_client: str | None, users: Sequence[str]) -> list[Callable[[Findings], None]]:
    """List all requests, have them confirmed, and return what asks. Raises ``InputError`` before anything is sent."""
    if not live.urls:
        return []
    import datetime as dt

    from wssdoctor.collect.live.selection import selections
    from wssdoctor.collect.live.system import by_adt, by_soap_rfc
    from wssdoctor.network.client import Client, refuse_plain
    from wssdoctor.network.target import target
    from wssdoctor.network.tls import verifying

    if sap_client is None:
        raise click.UsageError("say with --client in which client the services run; rows come from that one")
    if live.language is not None and not (
        len(live.language) == 2 and live.language.isascii() and live.language.isalpha()
    ):
        raise click.BadParameter("two letters are expected, such as EN", param_hint="--language")
    wanted, context, now = selections(users), verifying(live.ca), dt.datetime.now(dt.UTC)
    found: list[Callable[[Findings], None]] = []
    for url, way in ((live.adt, by_adt), (live.soap_rfc, by_soap_rfc)):
        if not url:
            continue
        to = target(url)
        refuse_plain(to, allowed=live.plain_http)
        client = Client(to, context, announce=_announce)
        system = way(client, wanted, now, sap_client, live.language)
        _confirm(to, system.requests, yes=live.yes)
        client.log_on(_credentials(to))
        found.append(system.read)
    return found


def _confirm(to: Target, requests: Sequence[Request], *, yes: bool) -> None:
    """Show everything that would be sent, and ask."""
    from wssdoctor.report.shown import shown

    lines = [f"These requests would be sent to {to.origin}. They read and change nothing:"]
    for number, request in enumerate(requests, 1):
        lines.append(f"  {number:>2}. {request.method} {shown(request.resource)}")
        lines.append(f"      {shown(request.purpose, 600)}")
    lines.append("Columns that a table lacks are left out. Each request is shown again when it is sent.")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nothing was sent: confirm the list above with --yes")
    click.confirm("Send them?", abort=True, err=True)


def _announce(request: Request) -> None:
    from wssdoctor.report.shown import shown

    sys.stderr.write(f"sending {request.method} {shown(request.resource, 100)}: {shown(request.purpose, 600)}\n")
    sys.stderr.flush()


def _credentials(to: Target) -> Credentials:
    """Return user and password from the environment, the keyring or the prompt."""
    from wssdoctor.network.credentials import PASSWORD, USER, Credentials, from_environment, from_keyring

    found = from_environment() or from_keyring(to.origin)
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise click.UsageError(f"no user and password: set {USER} and {PASSWORD}, or store them in the keyring")
    user = click.prompt(f"User at {to.origin}", err=True)
    return Credentials(user, click.prompt("Password", hide_input=True, err=True))
