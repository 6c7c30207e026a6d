"""Private keys lent for a run: what is read, what is refused, and that a replay with one sees the plain text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.cli.command import wssdoctor
from tests.wsse.encrypting import data_references, encrypted_data, key_identifier, message, thumbprint, transport
from tests.wsse.pki import server
from wssdoctor.cli.keys import lent
from wssdoctor.errors import InputError
from wssdoctor.wsse import names

PASSWORD = b"a password"


def plain() -> bytes:
    return server().key_pem()


def locked() -> bytes:
    return server().key_pem(PASSWORD)


def container() -> bytes:
    protection = serialization.BestAvailableEncryption(PASSWORD)
    return pkcs12.serialize_key_and_certificates(b"server", server().key, server().x509, None, protection)


@pytest.mark.parametrize("make", [plain, locked, container, lambda: plain() + server().pem])
def test_keys_are_read_in_every_form(
    make: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WSSDOCTOR_PIN", PASSWORD.decode())
    file = tmp_path / "key"
    file.write_bytes(make())
    (found,) = lent([file])
    assert isinstance(found.key, rsa.RSAPrivateKey)
    assert found.key.public_key() == server().key.public_key()
    if make not in (plain, locked):
        assert found.certificate == server().certificate


@pytest.mark.parametrize("content", [b"", b"no key", b"\x30\x03\x02\x01\x03", locked, container])
def test_what_gives_no_key_is_refused_with_a_hint(content: bytes | Callable[[], bytes], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(content if isinstance(content, bytes) else content())
    with pytest.raises(InputError) as refused:
        lent([file])
    assert "WSSDOCTOR_PIN" in (refused.value.problems[0].hint or "")


def test_a_replay_with_the_key_reads_what_it_cannot_without(tmp_path: Path) -> None:
    reference = key_identifier(names.THUMBPRINT_SHA1, thumbprint(server().certificate))
    key = transport(server(), bytes(32), reference, lists=data_references("ed"))
    capture = tmp_path / "hidden.xml"
    capture.write_text(message(key, encrypted_data("<a/>", names.AES256_CBC, bytes(32))))
    (tmp_path / "server.pem").write_bytes(plain())
    (tmp_path / "system.yaml").write_text('format: "1"\nsystem: {sid: ERP}\n')
    arguments = ["replay", str(capture), "-s", str(tmp_path / "system.yaml"), "-f", "json"]
    dark, bright = wssdoctor(*arguments), wssdoctor(*arguments, "--key", str(tmp_path / "server.pem"))
    assert [missing(one.stdout) for one in (dark, bright)] == [["message.plain_text"], []]
    assert b"PRIVATE" not in bright.stdout + bright.stderr
    assert b"--key" in dark.stdout


def missing(report: bytes) -> list[str]:
    found: list[str] = json.loads(report)["coverage"]["missing_facts"]
    return [fact for fact in found if fact.startswith("message.plain_text")]
