"""``wssdoctor send``."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.options import FILE, Form, with_form

if TYPE_CHECKING:
    from wssdoctor.capture.capture import Capture
    from wssdoctor.send.send import Ready, Sent
    from wssdoctor.wsse.renewal import Material

_PASSWORD = "WSSDOCTOR_PASSWORD"  # noqa: S105 - the name of a variable
_KEY_PASSWORD = "WSSDOCTOR_KEY_PASSWORD"  # noqa: S105 - the name of a variable


@click.command
@click.argument("captures", type=FILE, nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--to", "url", required=True, metavar="URL", help="The one host to send to: https://host:port")
@click.option("--system", "-s", type=FILE, help="The description of the system, for what the model predicts.")
@click.option("--exact", is_flag=True, help="Send the bytes as they were captured, nothing made fresh.")
@click.option(
    "--with-payload", is_flag=True, help="Send the captured payload instead of a probe that no service knows."
)
@click.option("--key", type=FILE, help="Key and certificate to sign with: PKCS#12, or PEM with both.")
@click.option(
    "--assertion", type=FILE, metavar="XML", help="A SAML assertion to send in the place of the captured one."
)
@click.option("--user", "users", multiple=True, metavar="USER", help="Ask for the password of this user.")
@click.option("--ca", type=FILE, metavar="PEM", help="Certificates that end the server's chain of trust.")
@click.option("--timeout", type=click.FloatRange(1, 600), default=30, show_default=True, help="Seconds for an answer.")
@click.option("--rate", type=click.FloatRange(0.1, 50), default=1, show_default=True, help="Requests a second at most.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option(
    "--save", type=FILE, metavar="FOLDER", help="Write what was sent with its answers there; holds passwords."
)
@with_form
def send(
    captures: tuple[Path, ...],
    url: str,
    system: Path | None,
    exact: bool,
    with_payload: bool,
    key: Path | None,
    assertion: Path | None,
    users: tuple[str, ...],
    ca: Path | None,
    timeout: float,
    rate: float,
    dry_run: bool,
    yes: bool,
    save: Path | None,
    form: Form,
) -> int:
    """Send captured requests again, made fresh, and say how the answers differ from the captured ones.

    Each capture is sent once, to one host. Timestamp, Created, Nonce, PasswordDigest, MessageID and signatures are made
    anew; the payload is replaced by a probe that passes security and fails afterwards, because no service knows it.
    Passwords come from the prompt, or for a single user from WSSDOCTOR_PASSWORD; that of the key from the prompt or
    WSSDOCTOR_KEY_PASSWORD. Exit code: 0 all accepted, 1 some are not, 3 some answers are unclear.
    """
    from wssdoctor.capture.files import paths
    from wssdoctor.capture.recorded import read_all
    from wssdoctor.cli.output import write
    from wssdoctor.description.load import load
    from wssdoctor.errors import InputError, Problem
    from wssdoctor.network.target import only_host
    from wssdoctor.send import report as sending
    from wssdoctor.send.send import ready
    from wssdoctor.send.send import send as sent_to
    from wssdoctor.send.wire import Way

    way = Way(only_host(url), ca, timeout)
    if exact and (key or assertion or users):
        raise click.UsageError("--exact changes nothing, so it takes neither --key, --assertion nor --user")
    facts = load(system) if system is not None else None
    read = [capture for path in paths(captures) for capture in read_all(path)]
    material = None if exact else _material(key, assertion, users, probe=not with_payload)
    prepared: list[Ready] = []
    problems: list[Problem] = []
    for capture in read:
        try:
            prepared.append(ready(capture, way, material))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    click.echo(sending.preview(prepared, way, exact=exact, payload=with_payload or exact), err=True)
    if dry_run:
        return 0
    if not yes:
        click.confirm(f"Send {len(prepared)} to {way.to.origin}?", abort=True, err=True)
    folder = _folder(save)
    done: list[Sent] = []
    for number, one in enumerate(prepared):
        if number:
            time.sleep(1 / rate)
        fresh = one if material is None else ready(one.before, way, _as_at_now(material))
        done.append(sent_to(fresh, way, dt.datetime.now(dt.UTC), facts))
        if folder is not None:
            _save(done[-1].capture, folder, number + 1)
    result = sending.to_json(done, way) if form.format == "json" else sending.render(done)
    write(result, form.output)
    return sending.exit_code(done)


def _material(key: Path | None, assertion: Path | None, users: tuple[str, ...], *, probe: bool) -> Material:
    from wssdoctor.capture.read import bytes_of
    from wssdoctor.send.key import load_key
    from wssdoctor.wsse.renewal import Material

    passwords = {user: _password(user, single=len(users) == 1) for user in users}
    private, certificate = load_key(key, _key_password) if key is not None else (None, None)
    return Material(
        dt.datetime.now(dt.UTC),
        private,
        certificate,
        passwords,
        bytes_of(assertion)[0] if assertion is not None else None,
        probe,
    )


def _as_at_now(material: Material) -> Material:
    import msgspec

    return msgspec.structs.replace(material, now=dt.datetime.now(dt.UTC))


def _password(user: str, *, single: bool) -> str:
    given = os.environ.get(_PASSWORD) if single else None
    if given is not None:
        return given
    asked: str = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return asked


def _key_password() -> str:
    given = os.environ.get(_KEY_PASSWORD)
    if given is not None:
        return given
    asked: str = click.prompt("Password of the key", hide_input=True, err=True, default="", show_default=False)
    return asked


def _folder(save: Path | None) -> Path | None:
    from wssdoctor.cli.folder import made

    return None if save is None else made(save)


def _save(capture: Capture, folder: Path, number: int) -> None:
    from wssdoctor.capture.edit import render
    from wssdoctor.cli.output import write

    write(render(capture), folder / f"{number:04d}-{Path(capture.name).name.replace('#', '-')}")
