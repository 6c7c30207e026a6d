"""One's own knowledge in the commands: written from templates, linted, proven, and used by explain, check and replay."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.command import HEALTHY, wssdoctor
from tests.knowledge.test_own import CAUSE, MESSAGE, SOURCES, written
from wssdoctor.report.schema import schema

REMEDY = """\
id: switch-off-gateway-header
title: Switch the header of the gateway off
actor: network
side: network
steps: [{do: Untick it.}]
risk: none
interruption: none
rollback: Tick it again.
basis: community
sources: [ours]
effect:
  request: [{do: remove-header, name: Authorization}]
"""
EXTENSIONS = """\
extensions:
  - cause: competing-credentials
    why: It is our gateway.
    remedies: [switch-off-gateway-header]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    written(tmp_path, "sources.yaml", SOURCES)
    written(tmp_path, "causes/our-gateway.yaml", CAUSE)
    written(tmp_path, "messages/ours.yaml", MESSAGE)
    written(tmp_path, "remedies/switch-off-gateway-header.yaml", REMEDY)
    written(tmp_path, "extensions.yaml", EXTENSIONS)
    return tmp_path


@pytest.fixture
def sick(tmp_path: Path) -> Path:
    """A request that brings an Authorization header besides its token."""
    capture = (HEALTHY / "captures" / "01-order-create.http").read_bytes()
    path = tmp_path / "requests" / "sick.http"
    path.parent.mkdir()
    path.write_bytes(capture.replace(b"Content-Type:", b"Authorization: Basic YTpi\r\nContent-Type:", 1))
    return path


def test_ones_own_remedy_is_proven_and_tried_on_a_request(own: Path, sick: Path) -> None:
    assert wssdoctor("knowledge", "lint", "--knowledge", own).returncode == 0
    done = wssdoctor("knowledge", "prove", "--knowledge", own, "--format", "json")
    made = json.loads(done.stdout)
    jsonschema.validate(made, schema("proofs"), jsonschema.Draft202012Validator)
    tried = {(one["record"], one["cause"]): one["outcome"] for one in made["proofs"]}
    assert (done.returncode, tried) == (
        0,
        {
            ("our-gateway", "our-gateway"): "unproven",
            ("switch-off-gateway-header", "competing-credentials"): "proven",
        },
    )
    apply = ("--apply", "switch-off-gateway-header")
    arguments = ("replay", "--system", HEALTHY / "system.yaml", sick)
    assert wssdoctor(*arguments, "--knowledge", own).returncode == 1
    assert wssdoctor(*arguments, "--knowledge", own, *apply).returncode == 0
    assert wssdoctor(*arguments, *apply).returncode == 2


def test_the_variable_names_the_folder_for_every_command(own: Path, sick: Path) -> None:
    variable = {"WSSDOCTOR_KNOWLEDGE": str(own)}
    done = wssdoctor("check", HEALTHY / "system.yaml", sick, "--format", "json", environment=variable)
    (finding,) = [one for one in json.loads(done.stdout)["findings"] if one["status"] == "confirmed"]
    assert [one["id"] for one in finding["remedies"]][-1] == "switch-off-gateway-header"
    said = wssdoctor("explain", "ZSEC 001", "--format", "json", environment=variable)
    assert json.loads(said.stdout)["causes"][0]["cause"] == "our-gateway"
    assert wssdoctor("explain", "ZSEC 001").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "--stage", "encryption"), 0),
        (("list", "--stage", "tls-handshake"), 0),
        (("list", "--stage", "nowhere"), 2),
        (("list", "--transaction", "NOSUCH"), 3),
        (("show", "wss 31"), 0),
        (("new", "message", "no/id"), 2),
        (("prove", "no-such"), 2),
        (("prove", "unlock-user"), 0),
        (("prove", "signer-cert-untrusted"), 3),
    ],
)
def test_exit_codes_of_browsing_and_proving(arguments: tuple[str, ...], code: int) -> None:
    done = wssdoctor("knowledge", *arguments)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_a_message_id_is_written_as_people_write_it(tmp_path: Path) -> None:
    done = wssdoctor("knowledge", "new", "message", "ZSEC 001", "--knowledge", tmp_path)
    assert done.stdout.decode().strip() == str(tmp_path / "messages" / "ZSEC001.yaml")
