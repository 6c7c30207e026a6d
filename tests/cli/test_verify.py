"""``wssdoctor verify``: exit codes, JSON by its schema, text, octets, many files."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from wssdoctor.cli.main import run
from wssdoctor.report.schema import schema
from wssdoctor.wsse.reason import REASONS

FOLDER = Path(__file__).parents[1] / "data" / "messages"
MESSAGES = {entry["id"]: entry for entry in yaml.safe_load((FOLDER / "manifest.yaml").read_text())["messages"]}


def context_file(name: str, folder: Path) -> Path:
    """Write the context of a message; the files that it names are where they are."""
    text = yaml.safe_dump(MESSAGES[name]["context"]).replace("keys/", f"{FOLDER}/keys/")
    file = folder / "context.yaml"
    file.write_text(text)
    return file


def verified(name: str, folder: Path, *more: str) -> tuple[int, Path]:
    out = folder / "out"
    message = FOLDER / MESSAGES[name]["file"]
    code = run(["verify", str(message), "--context", str(context_file(name, folder)), "--output", str(out), *more])
    return code, out


@pytest.mark.parametrize(
    ("name", "code"),
    [("wss4j/sig-bst-token", 0), ("zeep/sig-bst-ts-ut+body-pretty", 1), ("mtom/ok", 0), ("wss4j/sig-bst+laughs", 1)],
)
def test_json(name: str, code: int, tmp_path: Path) -> None:
    found, out = verified(name, tmp_path, "--format", "json")
    assert found == code
    document = json.loads(out.read_text())
    jsonschema.validate(document, schema("verify"))
    assert document["schema"] == "wssdoctor.verify/1"
    message = document["messages"][0]
    assert message["verdict"] == ("reject" if code else "accept")
    assert {"file", "verdict", "faults", "parts", "signatures", "tokens", "missing"} <= message.keys()
    for fault in message["faults"]:
        assert {"fault", "reason", "where", "says", "evidence"} <= fault.keys()


def test_text_names_the_reason_in_words(tmp_path: Path) -> None:
    code, out = verified("zeep/sig-bst-ts-ut+body-pretty", tmp_path)
    text = out.read_text()
    assert code == 1
    assert "REJECT" in text
    assert "body-pretty-printed" in text
    assert " ".join(REASONS["body-pretty-printed"].split()[:3]) in text


def test_nothing_known_is_undecided(tmp_path: Path) -> None:
    out = tmp_path / "out"
    message = FOLDER / MESSAGES["wss4j/sig-bst-token"]["file"]
    code = run(["verify", str(message), "--at", "2026-11-20T16:56:00Z", "--output", str(out), "--format", "json"])
    assert code == 3
    assert json.loads(out.read_text())["messages"][0]["missing"] == ["trust_anchors"]


def test_trust_on_the_command_line(tmp_path: Path) -> None:
    message = FOLDER / MESSAGES["wss4j/sig-bst-token"]["file"]
    trust = ["--trust", str(FOLDER / "keys" / "root-ca.crt.pem"), "--trust", str(FOLDER / "keys" / "inter-ca.crt.pem")]
    out = str(tmp_path / "out")
    assert run(["verify", str(message), "--at", "2026-11-20T16:56:00Z", "--output", out, *trust]) == 0


def test_what_is_encrypted_is_undecided_until_a_key_is_lent(tmp_path: Path) -> None:
    message, out = FOLDER / MESSAGES["wss4j/enc-aes256-oaep"]["file"], tmp_path / "out"
    arguments = ["verify", str(message), "--format", "json", "--output", str(out)]
    assert run(arguments) == 3
    (found,) = json.loads(out.read_text())["messages"]
    assert (found["faults"], [part["mark"] for part in found["parts"]]) == ([], ["unknown", "unknown"])
    assert run([*arguments, "--key", str(FOLDER / "keys/server.key.pem")]) == 0
    assert run([*arguments, "--key", str(FOLDER / "keys/server2.key.pem")]) == 1


def test_octets_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "octets"
    verified("wss4j/sig-bst-token", tmp_path, "--explain-digest", str(folder))
    names = sorted(path.name for path in folder.iterdir())
    assert [name.split(".")[-2] for name in names] == [
        "signature1-SignedInfo",
        "signature1-reference1-Body",
        "signature1-reference2-Timestamp",
        "signature1-reference3-BinarySecurityToken",
    ]
    assert (folder / names[0]).read_bytes().startswith(b"<ds:SignedInfo")


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path / "none.xml")]) == 2
    assert "none.xml" in capsys.readouterr().err
    (tmp_path / "bad.yaml").write_text("trust_anchors: [none.pem]\ncrls: [gone.pem]\n")
    assert run(["verify", str(tmp_path), "--context", str(tmp_path / "bad.yaml")]) == 2
    shown = capsys.readouterr().err
    assert "none.pem" in shown
    assert "gone.pem" in shown


def test_hostile_text_is_harmless(tmp_path: Path) -> None:
    hostile = b"<a xmlns:p='urn:\xc2\x9b31m'><p:\xe2\x80\xae/></b>"
    (tmp_path / "m.xml").write_bytes(hostile)
    out = tmp_path / "out"
    assert run(["verify", str(tmp_path / "m.xml"), "--output", str(out)]) == 1
    assert not {"\x9b", "\x1b", "\u202e"} & set(out.read_text())


def test_many_messages_in_processes(tmp_path: Path) -> None:
    name = "wss4j/sig-bst-token"
    data = (FOLDER / MESSAGES[name]["file"]).read_bytes()
    folder = tmp_path / "captures"
    folder.mkdir()
    for number in range(600):
        (folder / f"{number:03}.xml").write_bytes(data)
    out = tmp_path / "out"
    arguments = ["verify", str(folder), "-c", str(context_file(name, tmp_path)), "-f", "json", "-o", str(out)]
    assert run(arguments) == 0
    found = json.loads(out.read_text())["messages"]
    assert [Path(each["file"]).name for each in found] == [f"{number:03}.xml" for number in range(600)]
