"""Loading a description: all mistakes at once with their places, certificates resolved, absence kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import UNSET

from tests.landscape import FOLDER
from tests.present import present
from wssdoctor.description.description import Description
from wssdoctor.description.facts import DECLARATIONS, declared, steps
from wssdoctor.description.load import empty, load, loads
from wssdoctor.errors import InputError


def test_a_fact_knows_its_line_and_an_absent_one_is_unknown() -> None:
    facts = loads(b"format: 1\ntechnical_user:\n  lock: 64\n", "system.yaml")
    assert facts.value("technical_user.lock") == 64
    assert (facts.place("technical_user.lock").line, facts.place("technical_user.lock").column) == (3, 9)
    assert facts.value("technical_user.exists") is UNSET
    assert empty().value("icf.nodes[3].active") is UNSET


def test_typing_mistakes_come_together_with_the_nearest_known_word() -> None:
    text = b"""format: 1
system:
  sid: erp
  cleint: 100
technical_user:
  lock: locked
  valid_to: 31.12.2026
icf:
  nodes:
    - pth: /sap
"""
    with pytest.raises(InputError) as caught:
        loads(text, "system.yaml")
    lines = sorted(one.place.line or 0 for one in caught.value.problems if one.place)
    assert lines == [3, 4, 6, 7, 10, 10]
    assert any("client" in one.hint for one in caught.value.problems)


def test_a_clock_that_is_off_by_more_than_any_clock_is_refused() -> None:
    assert loads(b"format: 1\nclock: {offset_seconds: -0.5}\n", "system.yaml").value("clock.offset_seconds") == -0.5
    with pytest.raises(InputError) as caught:
        loads(b"format: 1\nclock: {offset_seconds: 1000000000000}\n", "system.yaml")
    assert "a number from -315360000 to 315360000" in caught.value.problems[0].what


def test_a_description_of_another_format_is_refused() -> None:
    with pytest.raises(InputError):
        loads(b"format: 2\n", "system.yaml")
    with pytest.raises(InputError) as caught:
        loads(b"", "system.yaml")
    assert "format" in caught.value.problems[0].what


@pytest.mark.parametrize("given", ["file", "pem"])
def test_a_certificate_gives_subject_and_validity(given: str) -> None:
    pem = (FOLDER / "wsse.pem").read_text()
    body = "file: wsse.pem" if given == "file" else "pem: |\n        " + pem.replace("\n", "\n        ")
    text = f"format: 1\npses:\n  - application: wsse\n    own_certificate:\n      {body}\n"
    facts = loads(text.encode(), "system.yaml", FOLDER)
    certificate = present(facts.items("pses"))[0].own_certificate
    assert certificate.not_after.year > 2050
    assert "CN=" in certificate.subject
    assert facts.place("pses[0].own_certificate.not_after").line == 5


@pytest.mark.parametrize(
    "body",
    [
        "file: missing.pem",
        "file: system.yaml",
        "pem: nonsense",
        "file: wsse.pem\n      subject: CN=other",
        "file: wsse.pem\n      pem: x",
    ],
)
def test_a_certificate_that_cannot_be_used_is_one_problem_with_its_place(body: str) -> None:
    text = f"format: 1\npses:\n  - application: wsse\n    own_certificate:\n      {body}\n"
    with pytest.raises(InputError) as caught:
        loads(text.encode(), "system.yaml", FOLDER)
    assert [one.place.line for one in caught.value.problems if one.place] == [5]


def test_a_description_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(InputError):
            load(path)


def test_every_declared_fact_says_what_it_means_and_how_to_obtain_it() -> None:
    for path, declaration in DECLARATIONS.items():
        assert declaration.meaning, path
        assert declaration.obtain or path == "format", path
    assert declared("icf.nodes[7].active") is DECLARATIONS["icf.nodes[].active"]
    assert Description.__struct_fields__


def test_paths_of_facts_are_read_strictly() -> None:
    assert steps("icf.nodes[0].active") == (("icf", None), ("nodes", 0), ("active", None))
    for wrong in ("icf.nodes[].active", "icf..nodes", "icf.nodes[x]", "a b"):
        with pytest.raises(ValueError, match="not the path"):
            steps(wrong)


def test_certificates_are_read_however_deep_they_stand() -> None:
    facts = load(FOLDER / "outbound" / "system.yaml")
    here = "consumer.calls[0].peer.certificates[0]"
    assert facts.value(f"{here}.names") == ("partner.example.com", "www.partner.example.com")
    assert facts.value(f"{here}.pem").startswith("-----BEGIN CERTIFICATE-----")
    assert facts.place(f"{here}.names").line == facts.place(f"{here}.file").line
    assert facts.value("consumer.calls[2].encryption_certificate.issuer").startswith("CN=Sample Issuing CA")


def test_a_certificate_that_cannot_be_read_is_named_with_its_line() -> None:
    text = b"""format: "1"
consumer:
  calls:
    - logical_port: LP
      peer:
        certificates:
          - { file: nowhere.pem }
          - { pem: nonsense }
          - { file: nowhere.pem, names: [a] }
"""
    with pytest.raises(InputError) as caught:
        loads(text, "system.yaml", FOLDER)
    assert [one.place.line for one in caught.value.problems if one.place] == [7, 8, 9]
