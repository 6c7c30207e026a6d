"""What a user lends to ``send``: keys from files, passwords from the environment, a keyring, or the prompt."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests import landscape, signed
from tests.cli.command import wssdoctor
from tests.lab.serving import served
from tests.wsse.encrypting import message
from tests.wsse.pki import Issued, issuing
from wssdoctor.capture.edit import render
from wssdoctor.description.change import change

USER, PASSWORD = "WS_ORDER", "kept-in-a-keyring"
_TOKEN = (
    '<wsse:UsernameToken><wsse:Username>WS_ORDER</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/'
    '2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">old</wsse:Password></wsse:UsernameToken>'
)


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "order.http"
    path.write_bytes(render(signed.capture("o", "zorder_in", message(_TOKEN, "<a/>").encode()).capture))
    return path


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a keyring that is a file."""
    found = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring", "XDG_DATA_HOME": str(tmp_path / "home")}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def test_the_password_comes_from_the_keyring_and_is_never_shown(
    capture: Path, keyring: dict[str, str], tmp_path: Path
) -> None:
    from keyrings.alt.file import PlaintextKeyring

    with served(landscape.facts()) as (port, heard):
        url = f"http://127.0.0.1:{port}"
        PlaintextKeyring().set_password(f"wssdoctor {url}", USER, PASSWORD)
        arguments = ("send", capture, "--to", url, "--user", USER, "--yes")
        done = wssdoctor(*arguments, "--format", "json", environment=keyring)
        other = wssdoctor(*arguments, environment={**keyring, "WSSDOCTOR_PASSWORD": "of-the-environment"})
    assert done.returncode == other.returncode == 0, done.stderr
    assert PASSWORD.encode() in heard[0].capture.envelope
    assert b"of-the-environment" in heard[1].capture.envelope
    for secret in (PASSWORD.encode(), b"of-the-environment"):
        assert secret not in done.stdout + done.stderr + other.stdout + other.stderr


def test_an_empty_keyring_and_no_prompt_is_wrong_use(capture: Path, keyring: dict[str, str]) -> None:
    done = wssdoctor("send", capture, "--to", "http://127.0.0.1:1", "--user", USER, "--yes", environment=keyring)
    assert done.returncode == 2
    assert b"WSSDOCTOR_PASSWORD" in done.stderr


def test_the_prompt_does_not_show_what_is_typed(capture: Path) -> None:
    command = [sys.executable, "-m", "wssdoctor", "send", str(capture), "--to", "http://127.0.0.1:1", "--user", USER]
    primary, secondary = os.openpty()
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    with subprocess.Popen(
        [*command, "--dry-run"], stdin=secondary, stdout=secondary, stderr=secondary, env=environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(secondary)
        shown = b""
        while b"Password of WS_ORDER" not in shown:
            shown += os.read(primary, 1024)
        os.write(primary, b"typed-Passw0rd\n")
        with suppress(OSError):  # how a pseudo-terminal says that all have left
            while piece := os.read(primary, 1024):
                shown += piece
    os.close(primary)
    assert process.returncode == 0, shown
    assert b"with a probe" in shown
    assert b"typed-Passw0rd" not in shown


def pem(issued: Issued) -> bytes:
    return issued.key_pem(b"s3cret") + issued.pem


def test_a_key_with_a_password_signs(tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    own = issuing().issue(
        "C=DE", "O=Test", "OU=Clients", "CN=client", start=now - dt.timedelta(days=1), end=now + dt.timedelta(days=1)
    )
    (tmp_path / "own.pem").write_bytes(pem(own))
    facts, (request,) = signed.LANDSCAPES["x509"]()
    (tmp_path / "a.http").write_bytes(render(request.capture))
    arguments = ("send", tmp_path / "a.http", "--yes", "--key", tmp_path / "own.pem")
    with served(change(facts, {"wss_setup.detect_message_replays": True})) as (port, heard):
        url = f"http://127.0.0.1:{port}"
        done = wssdoctor(*arguments, "--to", url, environment={"WSSDOCTOR_KEY_PASSWORD": "s3cret"})
        wrong = wssdoctor(*arguments, "--to", url, environment={"WSSDOCTOR_KEY_PASSWORD": "guessed"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert (wrong.returncode, len(heard)) == (2, 1)
    assert b"s3cret" not in done.stdout + done.stderr
    assert b"guessed" not in wrong.stdout + wrong.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--exact", "--user", "A"),
        ("--secret", "nameless"),
        ("--secret", "name=MISSING"),
        ("--encrypt-to", "FILE"),
        ("--decryption-key", "FILE"),
        ("--issuer-key", "FILE"),
        ("--secret", "name=FILE"),
    ],
)
def test_what_cannot_be_used_is_wrong_use(arguments: tuple[str, ...], capture: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no key, no secret!")
    given = [one.replace("FILE", str(tmp_path / "file")).replace("MISSING", "/nowhere/at/all") for one in arguments]
    environment = {"WSSDOCTOR_KEY_PASSWORD": "", "WSSDOCTOR_PASSWORD": "x"}
    done = wssdoctor("send", capture, "--to", "http://127.0.0.1:1", "--dry-run", *given, environment=environment)
    assert done.returncode == 2, done.stderr
    assert b"no key, no secret!" not in done.stderr
    assert b"Traceback" not in done.stderr
