"""Clues: what people say is found in any order, near each other, in one sentence, and not where they deny it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wssdoctor.knowledge.base import Base, Language, packed
from wssdoctor.knowledge.clue import heard, terms
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.record import Clue

SHIPPED = load(overlays=())
SMALL = Base(
    messages={},
    causes={},
    remedies={},
    sources={},
    packed_language=packed(
        Language(
            clues={
                "renewed": Clue("renewed", "change", "it was renewed", said=("<certificate> + renew* + partner",)),
                "calls": Clue("calls", "place", "it calls", said=("system > calls > partner",), occasion="outbound"),
                "handshake": Clue(
                    "handshake", "error", "it fails", said=("ssl handshake",), messages=("SSSLERR_SSL_READ",)
                ),
            },
            groups={"certificate": ("cert", "server certificate")},
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The partner renewed its cert", "partner renewed its cert"),
        (
            "It fails since the SERVER-CERTIFICATE of our partner was renewed",
            "server certificate of our partner was renewed",
        ),
        ("The partner did not renew the cert", None),
        ("The partner renewed. The cert is old", None),
        ("cert" + " and" * 20 + " partner renewed", None),
        ("The partner renewed its certificates", None),
    ],
)
def test_terms_stand_near_each_other_in_one_sentence(text: str, words: str | None) -> None:
    assert [one.words for one in heard(text, (), SMALL)] == ([] if words is None else [words])


@pytest.mark.parametrize(
    ("text", "clues"), [("Our system calls the partner", ["calls"]), ("The partner calls our system", [])]
)
def test_terms_in_order_say_who_calls_whom(text: str, clues: list[str]) -> None:
    assert [one.clue for one in heard(text, (), SMALL)] == clues


def test_the_start_of_a_url_gives_no_clue() -> None:
    said = Clue("secure", "error", "https", said=("https",))
    base = replace(SMALL, packed_language=packed(Language(clues={"secure": said})))
    assert heard("GET https://host:443/x", (), base) == ()
    assert [one.clue for one in heard("over https only", (), base)] == ["secure"]


def test_a_message_gives_a_clue_as_words_do() -> None:
    assert [one.words for one in heard("nothing", ("SSSLERR_SSL_READ",), SMALL)] == ["SSSLERR_SSL_READ"]
    assert [one.clue for one in heard("no SSL handshake", (), SMALL)] == ["handshake"]


@given(st.text(max_size=300))
def test_any_text_gives_known_clues_once(text: str) -> None:
    found = [one.clue for one in heard(text, (), SHIPPED)]
    assert len(found) == len(set(found))
    assert set(found) <= SHIPPED.language.clues.keys()


def test_every_way_to_say_something_is_heard() -> None:
    for clue in SHIPPED.language.clues.values():
        for saying in clue.said:
            words = (SHIPPED.language.groups[term[1:-1]][0] if term[0] == "<" else term for term in terms(saying))
            text = " ".join(words).replace("*", "")
            assert clue.id in [one.clue for one in heard(text, (), SHIPPED)], saying
