"""YAML within limits, decoded into records with every problem and every place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor import yamlfile
from wssdoctor.errors import InputError
from wssdoctor.yamlnode import compose


class Item(Struct, frozen=True):
    name: str
    on: bool | UnsetType = UNSET


class Record(Struct, frozen=True):
    client: str | UnsetType = UNSET
    lock: Annotated[int, Meta(ge=0, le=255)] | UnsetType = UNSET
    kind: Literal["alpha", "beta"] | UnsetType = UNSET
    until: dt.date | UnsetType = UNSET
    items: tuple[Item, ...] | UnsetType = UNSET
    profile: dict[str, str] | UnsetType = UNSET
    anything: dict[str, Any] = {}


def decode(text: str | bytes) -> yamlfile.Decoded[Record]:
    data = text.encode() if isinstance(text, str) else text
    return yamlfile.decode(compose(data, "f.yaml"), Record, "f.yaml")


def problems(text: str | bytes) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(InputError) as caught:
        decode(text)
    return [
        (one.what, one.place.line if one.place else None, one.place.column if one.place else None)
        for one in caught.value.problems
    ]


def test_texts_stay_as_written_and_have_places() -> None:
    decoded = decode("client: 001\nitems:\n  - name: 7.50\n    on: yes\nprofile: {a/b: 5}\nuntil: 2027-01-31\n")
    assert decoded.record.client == "001"
    assert decoded.record.items == (Item("7.50", True),)
    assert decoded.record.profile == {"a/b": "5"}
    assert decoded.record.until == dt.date(2027, 1, 31)
    place = decoded.places["items[0].on"]
    assert (place.file, place.line, place.column) == ("f.yaml", 4, 9)


def test_all_problems_of_a_file_come_at_once() -> None:
    found = problems("clint: 1\nlock: 300\nkind: alpa\nitems:\n  - on: 3\nprofile: []\nuntil: never\n")
    assert [line for _, line, _ in found] == [1, 2, 3, 5, 5, 6, 7]


@pytest.mark.parametrize(("text", "hint"), [("clint: 1", "client"), ("kind: alpa", "alpha"), ("zzz: 1", "known here")])
def test_a_typing_mistake_names_the_nearest_known_word(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(text)
    assert hint in caught.value.problems[0].hint


def test_free_values_are_read_as_plain_data() -> None:
    decoded = decode("anything: {a: 1, b: [true, 'true', null, 2.5], c: {d: text}}")
    assert decoded.record.anything == {"a": 1, "b": [True, "true", None, 2.5], "c": {"d": "text"}}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a]",
        "[" * 100_000,
        "a: *nowhere",
        b"\x00\x01\x02",
        b"\xff\xfe\xfa",
        "- a\n- b",
        'client: "',
        "client: 1\n---\nclient: 2",
        "client: 1\nclient: 2",
        "? [complex]\n: key",
        "a: !!python/object/apply:os.system [ls]",
    ],
)
def test_hostile_or_broken_text_is_refused_with_its_place(text: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode(text)
    assert caught.value.problems[0].place is not None


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    bomb = "anything:\n" + "\n".join(f"  {line}" for line in lines)
    with pytest.raises(InputError) as caught:
        decode(bomb)
    assert len(caught.value.problems) == 1


def test_an_empty_document_is_an_empty_record() -> None:
    assert decode("# nothing\n").record == Record()


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(InputError):
            yamlfile.load(path, Record)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decode(data)
    except InputError as error:
        assert error.problems
