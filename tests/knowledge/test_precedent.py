"""Reports that a description is like: what they say for causes, and one's own beside the shipped ones."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wssdoctor.diagnosis.ruling import Ruling
from wssdoctor.diagnosis.symptom import described
from wssdoctor.knowledge.base import packed
from wssdoctor.knowledge.folders import home
from wssdoctor.knowledge.lint import lint
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.precedent import nearest, pointed

BASE = load(overlays=())
DATA = Path(__file__).resolve().parents[1] / "data"
OWN = """\
precedents:
  - id: our-ticket
    url: https://tickets.example.com/1
    symptom: Kraftwerk meldet Abbruch
    description: The plant of the power station reports a break of its zebra call.
    cause: CAUSE
"""


def test_a_report_is_nearest_to_itself() -> None:
    for one in list(BASE.language.precedents.values())[::20]:
        near = nearest(f"{one.symptom} {one.description}", BASE)
        assert near[0].precedent == one
        assert pointed(near)[one.cause] > 0


@given(st.text(max_size=200))
def test_any_text_is_between_unlike_and_alike(text: str) -> None:
    near = nearest(text, BASE)
    assert all(0 <= one.likeness <= 1 for one in near)
    assert [one.likeness for one in near] == sorted((one.likeness for one in near), reverse=True)
    assert all(0 <= share <= 1 for share in pointed(near).values())


def test_ones_own_report_moves_its_cause_up_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "precedents.yaml").write_text(OWN.replace("CAUSE", "user-locked"))
    own = load(overlays=(tmp_path,), cache=tmp_path / "cache.json")
    text = "zebra call of the power station breaks"
    silent = Ruling((), {}, {}, {}, {})
    after = described(text, (), silent, own)
    before = described(text, (), silent, replace(own, packed_language=packed(replace(own.language, precedents={}))))
    place = [one.cause for one in after].index("user-locked")
    assert place < next((n for n, one in enumerate(before) if one.cause == "user-locked"), len(before) + 1)
    assert any("https://tickets.example.com/1" in why for why in after[place].why)


def test_a_report_of_an_unknown_cause_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precedents.yaml").write_text(OWN.replace("CAUSE", "user-lokced"))
    problem = lint(home(), (tmp_path,))[0]
    assert problem.place is not None
    assert problem.place.line == 6
    assert "user-locked" in (problem.hint or "")


def test_no_case_for_measuring_is_a_report() -> None:
    pages = {one.url.partition("#")[0] for one in BASE.language.precedents.values()}
    for name in ("cases.yaml", "cases-held-out.yaml"):
        measured = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))["cases"]
        assert not [case["id"] for case in measured if case["url"].partition("#")[0] in pages]
