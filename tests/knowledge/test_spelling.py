"""Mistyped words: read as meant where nothing else fits, left alone otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.spelling import spelled

BASE = load(overlays=())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Logon with a certifcate fails", "Logon with a certificate fails"),
        ("user authentification does not work", "user authentication does not work"),
    ],
)
def test_a_mistyped_word_is_read_as_meant(typed: str, meant: str) -> None:
    assert spelled(typed, BASE) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Logon with a certificate fails",
        "https://certifcate.example.com/authentification",
        "CERTIFCATE_1 conection-x com.example.Authentification",
        "",
    ],
)
def test_known_words_names_and_addresses_stay(text: str) -> None:
    assert spelled(text, BASE) == text


@given(st.text(max_size=200))
def test_what_is_read_as_meant_stays(text: str) -> None:
    once = spelled(text, BASE)
    assert spelled(once, BASE) == once
    assert len(once.splitlines()) == len(text.splitlines())
