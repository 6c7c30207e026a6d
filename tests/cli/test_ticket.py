"""``ticket`` and ``open`` as they are called; and a process that is killed while it writes."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.command import HEALTHY, ROOT, SAMPLE, wssdoctor

AT = ("--at", "2026-11-19T12:00:00Z")


def test_a_ticket_is_made_verified_and_opened_elsewhere(tmp_path: Path) -> None:
    bundle, names = tmp_path / "t.zip", tmp_path / "names.json"
    made = wssdoctor("ticket", SAMPLE / "system.yaml", SAMPLE / "captures", *AT, "-o", bundle, "--map", names)
    assert (made.returncode, made.stdout) == (0, b"")
    assert b"REPLACED" in made.stderr
    assert "WS_BATCH" in json.loads(names.read_bytes()).values()
    assert names.stat().st_mode & 0o777 == 0o600
    assert wssdoctor("ticket", "verify", bundle).returncode == 0
    text = wssdoctor("open", bundle)
    assert text.returncode == 0
    assert b"confirmed" in text.stdout
    assert b"WS_BATCH" not in text.stdout
    elsewhere = json.loads(wssdoctor("open", bundle, "--format", "json").stdout)
    here = json.loads(wssdoctor("check", SAMPLE / "system.yaml", SAMPLE / "captures", *AT, "-f", "json").stdout)
    assert [(one["cause"], one["status"]) for one in elsewhere["findings"]] == [
        (one["cause"], one["status"]) for one in here["findings"]
    ]
    assert wssdoctor("open", bundle, "--fail-on", "low").returncode == 1


def test_certificates_are_kept_whole_where_that_is_asked_for(tmp_path: Path) -> None:
    bundle = tmp_path / "t.zip"
    asked = ("ticket", HEALTHY / "system.yaml", *AT, "-o", bundle)
    assert wssdoctor(*asked, "--keep", "certificates").returncode == 0
    with zipfile.ZipFile(bundle) as archive:
        assert archive.read("certificates.pem").startswith(b"-----BEGIN CERTIFICATE-----")
        assert b"PRIVATE" not in archive.read("certificates.pem")
    assert wssdoctor("ticket", "verify", bundle).returncode == 0
    assert wssdoctor(*asked, "--keep", "names").returncode == 0
    with zipfile.ZipFile(bundle) as archive:
        assert "certificates.pem" not in archive.namelist()


def test_the_preview_writes_nothing(tmp_path: Path) -> None:
    shown = wssdoctor("ticket", HEALTHY / "system.yaml", HEALTHY / "captures", *AT, "--dry-run", cwd=tmp_path)
    assert shown.returncode == 0
    assert b"LEFT OUT" in shown.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("ticket", SAMPLE / "system.yaml"),
        ("ticket", SAMPLE / "system.yaml", "--dry-run", "--keep", "names", "--strict"),
        ("ticket", "gone.yaml", "--dry-run"),
        ("ticket", "verify", SAMPLE / "system.yaml"),
        ("open", SAMPLE / "system.yaml"),
    ],
)
def test_wrong_use_is_said(arguments: tuple[str | Path, ...]) -> None:
    ended = wssdoctor(*arguments)
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr


def test_an_altered_bundle_is_found_out(tmp_path: Path) -> None:
    bundle, altered = tmp_path / "t.zip", tmp_path / "altered.zip"
    wssdoctor("ticket", HEALTHY / "system.yaml", *AT, "-o", bundle)
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"!" if name == "report.txt" else b""))
    found = wssdoctor("ticket", "verify", altered)
    assert found.returncode == 1
    assert b"report.txt" in found.stdout


def test_a_scheduled_check_fails_only_on_what_is_new(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    arguments = ("check", SAMPLE / "system.yaml", SAMPLE / "captures", *AT)
    assert wssdoctor(*arguments, "-f", "json", "-o", old).returncode == 1
    again = wssdoctor(*arguments, "--baseline", old, "-f", "monitoring")
    assert (again.returncode, again.stdout[:4]) == (0, b"OK: ")
    expiring = wssdoctor(*arguments, "--baseline", old, "--expiring-within", "36500", "-f", "monitoring")
    assert (expiring.returncode, expiring.stdout[:9]) == (1, b"WARNING: ")
    assert b"cert-expiring" in expiring.stdout
    assert wssdoctor(*arguments, "--baseline", SAMPLE / "system.yaml").returncode == 2


_WRITER = """
import sys
from pathlib import Path
from wssdoctor.cli.output import write
data = b"new" * 1_000_000
print("ready", flush=True)
while True:
    write(data, Path(sys.argv[1]))
"""


def test_a_process_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    for seed in range(8):
        target.write_bytes(b"old")
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(target)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(random.Random(seed).uniform(0.0, 0.03))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.wait()
        assert target.read_bytes() in (b"old", b"new" * 1_000_000)


def test_what_would_leak_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from wssdoctor.cli.main import run
    from wssdoctor.ticket import bundle

    whole = bundle._Maker.members

    def careless(maker: bundle._Maker) -> dict[str, bytes]:
        """A defect of ours: a member that nobody redacted."""
        return {**whole(maker), "raw.txt": base64.b64encode(b"as it came: sample-Passw0rd WS_BATCH")}

    monkeypatch.setattr(bundle._Maker, "members", careless)
    made = tmp_path / "t.zip"
    assert run(["ticket", str(SAMPLE / "system.yaml"), str(SAMPLE / "captures"), *AT, "-o", str(made)]) == 4
    assert not made.exists()
    said = capsys.readouterr()
    assert "raw.txt" in said.err
    assert "sample-Passw0rd" not in said.out + said.err
