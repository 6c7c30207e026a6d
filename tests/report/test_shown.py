"""Foreign text is harmless once shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.report.shown import cells, shown


@given(st.text(st.characters(codec=None, categories=None), max_size=80))
def test_nothing_that_controls_a_terminal_or_hides_survives(text: str) -> None:
    for character in shown(text):
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        }  # fmt: skip


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert shown(text) == text


@given(st.text(max_size=80))
def test_showing_twice_changes_nothing(text: str) -> None:
    assert shown(shown(text, 10_000), 10_000) == shown(text, 10_000)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b]0;owned\x07", "\u241b]0;owned\u2407"),
        ("a\nb\tc\r", "a\u240ab\u2409c\u240d"),
        ("\x7f", "\u2421"),
        ("\x9b31m", "<U+009B>31m"),
        ("user\u202etxt", "user<U+202E>txt"),
        ("pay\u200bpal", "pay<U+200B>pal"),
        ("\ufeff", "<U+FEFF>"),
        ("\udcff.xml", "<U+DCFF>.xml"),
        ("\U000e0041", "<U+E0041>"),
        ("Müller 日本", "Müller 日本"),
    ],
)
def test_each_kind(hostile: str, harmless: str) -> None:
    assert shown(hostile) == harmless


def test_what_is_cut_off_is_counted() -> None:
    assert shown("x" * 1000, 10) == "xxxxxxxxxx... (990 more characters)"
    assert shown("x" * 10, 10) == "xxxxxxxxxx"


def test_columns_of_wide_and_combining_characters() -> None:
    assert (cells("abc"), cells("日本"), cells("e\u0301")) == (3, 4, 1)
