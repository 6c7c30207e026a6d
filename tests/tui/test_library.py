from __future__ import annotations

import pytest

from tests.tui.screen import BASE
from wssdoctor.tui import library
from wssdoctor.tui.lines import plain, width

EVERYTHING = library.entries(BASE)


def found(text: str, here: tuple[str, ...] = ()) -> list[str]:
    return [one.id for one in library.search(EVERYTHING, text, library.recognised(text, BASE), here)]


def test_all_records_are_articles() -> None:
    assert len(EVERYTHING) == len(BASE.causes) + len(BASE.messages) + len(BASE.remedies)


def test_without_a_text_everything_is_there_and_what_applies_comes_first() -> None:
    ids = found("", ("wrong-client", "clock-skew"))
    assert len(ids) == len(EVERYTHING)
    assert set(ids[:2]) == {"wrong-client", "clock-skew"}


@pytest.mark.parametrize("text", ["WSS031", "wss 31", "E WSS(031) in SRT_MONI"])
def test_a_message_is_found_however_it_is_written_and_its_causes_follow(text: str) -> None:
    ids = found(text)
    assert ids[0] == "WSS031"
    assert ids[1 : 1 + len(BASE.messages["WSS031"].causes)] == list(BASE.messages["WSS031"].causes)


def test_words_find_titles_before_texts() -> None:
    assert found("clocks differ")[0] == "clock-skew"


def test_without_a_text_frequent_causes_come_before_rare_ones() -> None:
    frequencies = [BASE.causes[one].frequency for one in found("") if one in BASE.causes]
    assert frequencies == sorted(frequencies, key=("common", "occasional", "rare").index)


def test_an_article_of_a_cause_tells_what_to_do_before_it_lists_messages() -> None:
    entry = next(one for one in EVERYTHING if one.id == "auth-method-mismatch")
    text = "\n".join(plain(one.spans) for one in library.article(entry, BASE))
    assert text.index("Confirm") < text.index("Remedy") < text.index("Messages")


def test_words_that_fit_nothing_find_nothing() -> None:
    assert found("xyzzy plugh") == []


def test_every_article_can_be_read_and_every_line_fits() -> None:
    for entry in EVERYTHING:
        assert len(library.article(entry, BASE)) >= 4
        for cells in (60, 80, 140):
            assert width(library.entry_line(entry, cells, here=True)) <= cells


def test_an_article_of_a_message_leads_to_what_to_do() -> None:
    entry = next(one for one in EVERYTHING if one.id == "WSS021")
    text = "\n".join(plain(one.spans) for one in library.article(entry, BASE))
    assert "Do now" in text
    assert "Remedy" in text
