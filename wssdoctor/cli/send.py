"""``wssdoctor send``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wssdoctor.cli.lending import Lent, client_identity, lending
from wssdoctor.cli.options import FILE, Form, with_form
from wssdoctor.cli.remedies import Several, apply_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wssdoctor.capture.capture import Capture
    from wssdoctor.description.facts import Facts
    from wssdoctor.send.send import Sent


@click.command(cls=Several)
@click.argument("captures", type=FILE, nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--to", "url", required=True, metavar="URL", help="The one host to send to: https://host:port")
@click.option("--system", "-s", type=FILE, help="The description of the system, for what the model predicts.")
@apply_option(
    "These remedies were carried out, and the description does not say so yet: predict as after them. Needs --system."
)
@click.option("--exact", is_flag=True, help="Send the bytes as they were captured, nothing made fresh.")
@click.option(
    "--with-payload", is_flag=True, help="Send the captured payload instead of a probe that no service knows."
)
@click.option("--ca", type=FILE, metavar="PEM", help="Certificates that end the server's chain of trust.")
@click.option(
    "--client-cert",
    type=FILE,
    metavar="PEM",
    help="Certificate and key with which to authenticate in TLS, if the server asks for it.",
)
@click.option("--timeout", type=click.FloatRange(1, 600), default=30, show_default=True, help="Seconds for an answer.")
@click.option("--rate", type=click.FloatRange(0.1, 50), default=1, show_default=True, help="Requests a second at most.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option(
    "--save",
    type=FILE,
    metavar="FOLDER",
    help="Write what was sent with its answers there, as evidence for check and compare; holds passwords.",
)
@lending
@with_form
def send(
    captures: tuple[Path, ...],
    url: str,
    system: Path | None,
    apply: tuple[str, ...],
    exact: bool,
    with_payload: bool,
    ca: Path | None,
    client_cert: Path | None,
    timeout: float,
    rate: float,
    dry_run: bool,
    yes: bool,
    save: Path | None,
    lent: Lent,
    form: Form,
) -> int:
    """Send captured requests again, made fresh, and say how the answers differ from the captured ones.

    Each capture is sent once, to one host. Timestamp, Created, Nonce, PasswordDigest, MessageID, session keys,
    signatures and encryption are made anew in the captured shape; the payload is replaced by a probe that passes
    security and fails afterwards, because no service knows it. An encrypted payload needs no key to be replaced, only
    the recipient's certificate. The capture of a handshake sets up the security context of those that follow it.

    Passwords come for a single user from WSSDOCTOR_PASSWORD, else from the keyring (service "wssdoctor URL") or the
    prompt; those of key files from WSSDOCTOR_KEY_PASSWORD or the prompt.

    With --save FOLDER, 'wssdoctor check SYSTEM CAPTURES FOLDER' says what the system confirmed and what it contradicts. Exit code: 0 all accepted, 1 some are not,
    3 some answers are unclear.
    """
    from wssdoctor.capture.files import paths
    from wssdoctor.capture.recorded import read_all
    from wssdoctor.cli.output import write
    from wssdoctor.network.target import only_host
    from wssdoctor.send import report as sending
    from wssdoctor.send.series import prepared, sent
    from wssdoctor.send.wire import Way

    way = Way(only_host(url), ca, timeout, client_identity(client_cert) if client_cert is not None else None)
    if exact and any(lent):
        raise click.UsageError("--exact changes nothing, so it takes no keys, secrets, assertions or users")
    if apply and system is None:
        raise click.UsageError("--apply needs --system: a prediction is made from a description")
    read = [capture for path in paths(captures) for capture in read_all(path)]
    material = None if exact else lent.material(way.to.origin, probe=not with_payload)
    facts = _described(system, read, apply) if system is not None else None
    series = prepared(read, way, material)
    click.echo(sending.preview(series, way, exact=exact, payload=with_payload or exact), err=True)
    if dry_run:
        return 0
    if not yes:
        click.confirm(f"Send {len(series)} to {way.to.origin}?", abort=True, err=True)
    folder = _folder(save)
    done: list[Sent] = []
    saved: list[Path] = []
    for number, one in enumerate(sent(series, way, material, rate, facts, apply), 1):
        done.append(one)
        if folder is not None and not one.unsent:
            saved.append(_save(one, folder, number))
    result = sending.to_json(done, way, saved) if form.format == "json" else sending.render(done)
    write(result, form.output)
    if save is not None:
        described = system or "system.yaml"
        click.echo(f"Next: wssdoctor check {described} {' '.join(map(str, captures))} {save}", err=True)
    return sending.exit_code(done)


def _folder(save: Path | None) -> Path | None:
    from wssdoctor.cli.folder import made

    return None if save is None else made(save)


def _save(sent: Sent, folder: Path, number: int) -> Path:
    """Write what was sent under a name of its own, so that what was sent before stays: it is the history."""
    from wssdoctor.capture.edit import render
    from wssdoctor.cli.output import write

    name = Path(sent.name).name.replace("#", "-")
    file = folder / f"{sent.moment:%Y%m%dT%H%M%S}-{number:04d}-{Path(name).stem}.http"
    write(render(sent.saved), file, mode=0o600)
    return file


def _described(system: Path, read: Sequence[Capture], apply: tuple[str, ...]) -> Facts:
    """Return the facts to predict from: as described, or as after these remedies."""
    from wssdoctor.description.load import load

    facts = load(system)
    if not apply:
        return facts
    from wssdoctor.diagnosis.case import Case
    from wssdoctor.diagnosis.diagnosis import carried_out, diagnose
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load as knowledge

    base = knowledge(overlays=own_folders(None))
    case = Case.of(facts, read, dt.datetime.now(dt.UTC))
    return carried_out(apply, diagnose(case, base, remedies=False), base).case.facts
