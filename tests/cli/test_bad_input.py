"""Bad input through the real command: one clear error each, exit 2, no traceback, nothing half-written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.cli.command import HEALTHY, wssdoctor

SYSTEM = HEALTHY / "system.yaml"
GOOD = HEALTHY / "captures" / "01-order-create.http"
ENVELOPE = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>%s</soap:Body></soap:Envelope>'
)
REQUEST = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

CAPTURES: dict[str, bytes] = {
    "truncated.xml": (ENVELOPE % b"<a/>")[:-20],
    "doctype.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + ENVELOPE % b"&e;",
    "doctype.http": REQUEST % (10_000, b'<!DOCTYPE a [<!ENTITY e "x">]>' + ENVELOPE % (b"&e;" * 3000)),
    "deep.xml": ENVELOPE % (b"<a>" * 10_000 + b"</a>" * 10_000),
    "huge-length.http": REQUEST % (2 * 1024**3, ENVELOPE % b"<a/>"),
    "binary.http": bytes(range(256)) * 40,
    "empty.http": b"",
    "hostile-\x1b[31m.http": b"\x1b[31m",
}
DESCRIPTIONS: dict[str, bytes] = {
    "bomb.yaml": BOMB.encode(),
    "bomb-inside.yaml": BOMB.replace("a: &a", 'format: "1"\nexternal_ids: &a', 1).encode(),
    "deep.yaml": b"[" * 10_000,
    "tag.yaml": b"format: !!python/object/apply:os.system [true]\n",
    "not-yaml.yaml": b"\x00\x01\x02",
    "binary.yaml": bytes(range(256)) * 40,
    "list.yaml": b"- 1\n",
    "wrong.yaml": b'format: "1"\ntechnical_user:\n  lok: 0\n  type: Z\n',
    "two.yaml": b"format: 1\n---\nformat: 1\n",
}


def refused(*arguments: str | Path, cwd: Path) -> str:
    """Run the command, hold what every refusal promises, and return its text."""
    before = sorted(cwd.iterdir())
    done = wssdoctor(*arguments, "--format", "json", "--output", "report.json", cwd=cwd)
    text = done.stderr.decode()
    assert done.returncode == 2, text
    assert done.stdout == b""
    assert "Traceback" not in text
    assert text.startswith("wssdoctor: ")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert sorted(cwd.iterdir()) == before
    return text


@pytest.mark.parametrize("name", CAPTURES)
def test_a_capture_that_is_none(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(CAPTURES[name])
    text = refused("check", SYSTEM, "--replay", name, cwd=tmp_path)
    assert text.count("wssdoctor: ") == 1
    assert name.replace("\x1b", "\u241b") in text


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_description_that_is_none(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(DESCRIPTIONS[name])
    text = refused("check", name, cwd=tmp_path)
    assert re.search(rf"{name}(:\d+:\d+)?", text)


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    for name in ("truncated.xml", "binary.http"):
        (tmp_path / name).write_bytes(CAPTURES[name])
    (tmp_path / "wrong.yaml").write_bytes(DESCRIPTIONS["wrong.yaml"])
    text = refused("check", "wrong.yaml", "truncated.xml", "--replay", "binary.http", GOOD, "gone.http", cwd=tmp_path)
    for place in ("wrong.yaml:3:3", "wrong.yaml:4:9", "truncated.xml:1", "binary.http:1", "gone.http"):
        assert place in text
    assert "did you mean 'lock'?" in text


@pytest.mark.parametrize("command", ["check", "plan"])
def test_directories(command: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "no export" in refused(command, "folder", GOOD, cwd=tmp_path)
    assert "no captures" in refused(command, SYSTEM, "folder", cwd=tmp_path)


def test_missing_files(tmp_path: Path) -> None:
    assert "gone.yaml" in refused("check", "gone.yaml", cwd=tmp_path)
    assert "gone.http" in refused("replay", "gone.http", "--system", SYSTEM, cwd=tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "secret.http").write_bytes(GOOD.read_bytes())
    (tmp_path / "secret.http").chmod(0)
    assert "may not be read" in refused("check", SYSTEM, "secret.http", cwd=tmp_path)


def test_certificates_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text(
        'format: "1"\npses:\n  - application: wsse\n    own_certificate: {file: x.pem}\n'
    )
    assert "system.yaml:4:29" in refused("check", "system.yaml", cwd=tmp_path)
    (tmp_path / "x.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    assert "system.yaml:4:29" in refused("check", "system.yaml", cwd=tmp_path)


def test_a_result_that_cannot_be_written(tmp_path: Path) -> None:
    for output in (tmp_path, tmp_path / "gone" / "report.json"):
        done = wssdoctor("check", SYSTEM, "--output", output, cwd=tmp_path)
        assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, b"", [])
        assert b"cannot be written" in done.stderr


def test_remedies_that_are_none(tmp_path: Path) -> None:
    text = refused("replay", GOOD, "--system", SYSTEM, "--apply", "run-wss-setp", cwd=tmp_path)
    assert "run-wss-setup" in text
    assert "serves no finding" in refused("replay", GOOD, "--system", SYSTEM, "--apply", "run-wss-setup", cwd=tmp_path)
