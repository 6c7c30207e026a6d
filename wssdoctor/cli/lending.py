"""Keys, passwords and tokens that a user lends to a request: options, prompts, the keyring and the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from wssdoctor.cli.options import FILE

if TYPE_CHECKING:
    from wssdoctor.send.wire import ClientIdentity
    from wssdoctor.wsse.material import Material

_PASSWORD = "WSSDOCTOR_PASSWORD"  # noqa: S105 - the name of a variable
_KEY_PASSWORD = "WSSDOCTOR_KEY_PASSWORD"  # noqa: S105 - the name of a variable


class Lent(NamedTuple):
    """What was given by options."""

    keys: tuple[Path, ...]
    encrypt_to: tuple[Path, ...]
    decryption_keys: tuple[Path, ...]
    secrets: tuple[str, ...]
    assertion: Path | None
    issuer_key: Path | None
    users: tuple[str, ...]

    def material(self, origin: str, *, probe: bool) -> Material:
        """Read the files and ask for the passwords; ``origin`` is the system, under which the keyring holds them.

        Raises ``InputError`` for files that cannot be used.
        """
        import datetime as dt

        from wssdoctor.capture.read import bytes_of
        from wssdoctor.send.key import load_decryption_key, load_key, load_recipient, load_secret
        from wssdoctor.wsse.material import Material

        named = [_named(one) for one in self.secrets]
        return Material(
            now=dt.datetime.now(dt.UTC),
            identities=tuple(load_key(path, _key_password(path)) for path in self.keys),
            passwords={user: password_of(user, origin, single=len(self.users) == 1) for user in self.users},
            secrets={name: load_secret(path) for name, path in named},
            recipients=tuple(load_recipient(path) for path in self.encrypt_to),
            decryption_keys=tuple(load_decryption_key(path, _key_password(path)) for path in self.decryption_keys),
            assertion=bytes_of(self.assertion)[0] if self.assertion is not None else None,
            issuer=load_key(self.issuer_key, _key_password(self.issuer_key)) if self.issuer_key is not None else None,
            probe=probe,
        )


def client_identity(path: Path) -> ClientIdentity:
    """Read a certificate and its key for TLS, in PEM. Raises ``InputError`` for a file without either."""
    from wssdoctor.capture.read import bytes_of
    from wssdoctor.errors import InputError
    from wssdoctor.evidence import Place
    from wssdoctor.send.key import load_key
    from wssdoctor.send.wire import ClientIdentity

    if b"-----BEGIN " not in bytes_of(path)[0]:
        raise InputError.because(
            "The client certificate cannot be used.",
            place=Place(file=str(path)),
            why="It is not in PEM.",
            hint=f"openssl pkcs12 -in {path.name} -out client.pem",
        )
    password = cache(_key_password(path))  # asked for once, although each connection reads the file
    return ClientIdentity(path, load_key(path, password).certificate.der, password)


def lending(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; the command receives them as ``lent``."""

    @click.option(
        "--key", "keys", type=FILE, multiple=True, help="Key and certificate to sign with: PKCS#12, or PEM with both."
    )
    @click.option("--encrypt-to", type=FILE, multiple=True, metavar="CERT", help="Certificate to encrypt for.")
    @click.option(
        "--decryption-key",
        "decryption_keys",
        type=FILE,
        multiple=True,
        metavar="KEY",
        help="Private key that opens what was captured encrypted.",
    )
    @click.option(
        "--secret",
        "secrets",
        multiple=True,
        metavar="NAME=FILE",
        help="A shared key in base64, by its KeyName or the identifier of its security context.",
    )
    @click.option(
        "--assertion", type=FILE, metavar="XML", help="A SAML assertion to send in the place of the captured one."
    )
    @click.option("--issuer-key", type=FILE, metavar="KEY", help="The issuer's key, to issue the captured one anew.")
    @click.option(
        "--user", "users", multiple=True, metavar="USER", help="Look up or ask for the password of this user."
    )
    @wraps(function)
    def command(
        *args: Any,
        keys: tuple[Path, ...],
        encrypt_to: tuple[Path, ...],
        decryption_keys: tuple[Path, ...],
        secrets: tuple[str, ...],
        assertion: Path | None,
        issuer_key: Path | None,
        users: tuple[str, ...],
        **rest: Any,
    ) -> Any:
        lent = Lent(keys, encrypt_to, decryption_keys, secrets, assertion, issuer_key, users)
        return function(*args, lent=lent, **rest)

    return command


def _named(text: str) -> tuple[str, Path]:
    name, _, path = text.rpartition("=")
    if not name or not path:
        raise click.BadParameter("write it as NAME=FILE", param_hint="--secret")
    return name, Path(path)


def password_of(user: str, origin: str, *, single: bool) -> str:
    """Return the password of a user: for a single one from the environment, else from the keyring or the prompt."""
    from wssdoctor.network.credentials import from_keyring

    given = os.environ.get(_PASSWORD) if single else None
    if given is not None:
        return given
    held = from_keyring(origin, user)
    if held is not None:
        return held.password
    return _asked(f"Password of {user}", f"no password of {user}: set {_PASSWORD}, or store it in the keyring")


def _key_password(path: Path) -> Callable[[], str]:
    def ask() -> str:
        given = os.environ.get(_KEY_PASSWORD)
        if given is not None:
            return given
        return _asked(f"Password of {path.name}", f"{path.name} needs a password: set {_KEY_PASSWORD}")

    return ask


def _asked(what: str, otherwise: str) -> str:
    """Ask at the prompt, where there is one: what is piped in may be shown by whoever pipes it."""
    if not sys.stdin.isatty():
        raise click.UsageError(otherwise)
    asked: str = click.prompt(what, hide_input=True, err=True, default="", show_default=False)
    return asked
