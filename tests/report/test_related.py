"""What belongs together is found from either side: causes, and records by stage, transaction and note."""

from __future__ import annotations

import pytest

from wssdoctor.knowledge.load import load
from wssdoctor.report.related import STAGES, citing, naming, of_stage, related_causes

BASE = load(overlays=())


def test_the_relation_of_causes_holds_both_ways() -> None:
    related = {cause: dict(related_causes(cause, BASE)) for cause in BASE.causes}
    assert [(one, other) for one in related for other in related[one] if one not in related[other]] == []
    assert not any(one in related[one] for one in related)


def test_every_stage_with_a_check_leads_to_causes_and_their_remedies() -> None:
    for stage in STAGES:
        found = of_stage(stage, BASE)
        causes = found & BASE.causes.keys()
        assert causes
        assert {remedy for cause in causes for remedy in BASE.causes[cause].remedies} <= found


@pytest.mark.parametrize("name", ["STRUST", "strust", "WSS_SETUP", "SM20", "CERTRULE"])
def test_a_transaction_leads_to_what_names_it(name: str) -> None:
    found = naming(name, BASE)
    assert found & BASE.causes.keys()
    assert found & BASE.remedies.keys()


@pytest.mark.parametrize("note", ["320991", "0000320991", "1319507"])
def test_a_note_leads_to_what_cites_it(note: str) -> None:
    assert citing(note, BASE)


def test_no_transaction_is_found_inside_another_word() -> None:
    assert naming("SM2", BASE) == frozenset()
    assert citing("20991", BASE) == frozenset()
