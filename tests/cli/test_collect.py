"""``wssdoctor collect`` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import HEALTHY, wssdoctor
from tests.collect import exports, known


def _folder(path: Path) -> Path:
    path.mkdir()
    for number, (name, rows) in enumerate(known.TABLES.items()):
        (path / f"{number}.txt").write_bytes(exports.se16(name, rows, "de").encode("cp1252"))
    return path


def test_from_a_folder_to_a_diagnosis(tmp_path: Path) -> None:
    folder, system = _folder(tmp_path / "exports"), tmp_path / "system.yaml"
    ran = wssdoctor("collect", folder, "-o", system)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert b"list of USR02" in ran.stderr
    checked = wssdoctor("check", system, "--format", "json", "--fail-on", "never")
    assert checked.returncode == 3
    assert b"technical-user" in checked.stdout
    before = system.read_bytes()
    wssdoctor("collect", folder, "-o", system)
    assert system.read_bytes() == before


def test_the_output_may_stand_among_the_exports(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "exports")
    wssdoctor("collect", folder, "-o", folder / "system.yaml")
    first = (folder / "system.yaml").read_bytes()
    assert b"\n  system.yaml" not in wssdoctor("collect", folder, "-o", folder / "system.yaml").stderr
    assert (folder / "system.yaml").read_bytes() == first


def test_what_is_missing(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "exports")
    (folder / "0.txt").unlink()
    text = wssdoctor("collect", folder, "--missing").stdout.decode()
    assert "table USR02: MANDT, BNAME, UFLAG, USTYP, GLTGV, GLTGB, LOCNT, CODVN" in text
    assert "- technical_user.lock:" in text
    assert "table USREXTID" not in text
    markdown = wssdoctor("collect", folder, "--missing", "--format", "markdown").stdout.decode()
    assert markdown.startswith("# Still missing\n")
    assert "- [ ] **SE16, table USR02" in markdown
    assert "`technical_user.lock`" in markdown


def test_contradictions_are_inconclusive(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("|BNAME|UFLAG|\n|WS_A|0|\n")
    (tmp_path / "b.txt").write_text("|BNAME|UFLAG|\n|WS_A|64|\n")
    ran = wssdoctor("collect", tmp_path)
    assert ran.returncode == 3
    assert b"0 (a.txt:2) against 64 (b.txt:2)" in ran.stderr


def test_pins_come_from_a_file_or_a_variable_and_are_never_shown(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    own, _ = exports.certificate("Own")
    (folder / "SAPWSSE.pse").write_bytes(exports.pse(4, exports.der_of(own), [], "Pin-4711"))
    (tmp_path / "pin").write_text("Pin-4711\n")
    for ran in (
        wssdoctor("collect", folder, "--pin-file", tmp_path / "pin"),
        wssdoctor("collect", folder, environment={"WSSDOCTOR_PIN": "Pin-4711"}),
        wssdoctor("collect", folder, "--pin", stdin=b"Pin-4711\n"),
    ):
        assert b"BEGIN CERTIFICATE" in ran.stdout, ran.stderr
        assert b"4711" not in ran.stdout + ran.stderr
    refused = wssdoctor("collect", folder)
    assert refused.returncode == 2
    assert b"encrypted" in refused.stderr


def test_bad_input(tmp_path: Path) -> None:
    for arguments in ((tmp_path / "none",), (tmp_path, "--client", "1x"), (tmp_path, "--pin-file", tmp_path / "none")):
        ran = wssdoctor("collect", *arguments)
        assert ran.returncode == 2
        assert b"Traceback" not in ran.stderr


def test_from_a_folder_to_a_diagnosis_in_one_command(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "exports")
    (folder / "order").write_bytes((HEALTHY / "captures" / "01-order-create.http").read_bytes())
    ran = wssdoctor("check", folder, "--format", "json")
    report = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert len(report["replays"]) == 1
    inactive = next(one for one in report["findings"] if one["cause"] == "icf-node-inactive")
    # The evidence names the export itself, for there is no description to look into.
    places = [evidence.get("place", {}) for evidence in inactive["evidence"]]
    assert any("exports/2.txt" in place.get("file", "") and place.get("line") for place in places), places
    assert b"list of USR02" in ran.stderr


def test_a_folder_without_exports(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"\0\1\2")
    for command in ("check", "collect"):
        ran = wssdoctor(command, tmp_path)
        assert ran.returncode == 2
        assert b"no export in this folder" in ran.stderr
        assert b"not an export" in ran.stderr


def test_what_to_export_from_the_start() -> None:
    text = wssdoctor("collect", "--missing").stdout.decode()
    assert "technical_user.exists" in text
    assert wssdoctor("collect").returncode == 2


def test_a_client_is_chosen_for_a_check(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_A|0|\n|200|WS_A|64|\n")
    refused = wssdoctor("check", tmp_path)
    assert refused.returncode == 2
    assert b"--client 100" in refused.stderr
    assert wssdoctor("check", tmp_path, "--client", "200").returncode == 1
    assert wssdoctor("check", tmp_path, "--client", "2").returncode == 2
