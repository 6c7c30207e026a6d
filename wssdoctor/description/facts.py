"""The facts of one description: looked up by path, each with its place, its declaration and its absence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from wssdoctor.description.description import Description
from wssdoctor.description.fact import Declaration, declarations
from wssdoctor.evidence import Place

DECLARATIONS: Mapping[str, Declaration] = declarations(Description)
"""Every fact of format 1, by path."""

_STEP = re.compile(r"([A-Za-z0-9_/<>-]+)(?:\[(\d*)\])?(?:\.|$)")


class Facts(msgspec.Struct, frozen=True):
    """A description with the places of its values. A changed description keeps the places of what did not change."""

    description: Description
    places: dict[str, Place]
    name: str
    """The description's file as the user named it."""

    def value(self, path: str) -> Any:
        """Return the value at a concrete path (``icf.nodes[0].active``), or ``UNSET`` if nobody gave it."""
        try:
            return _reader(path)(self.description)
        except (AttributeError, IndexError, KeyError, TypeError):  # ``UNSET`` has no fields and no items
            return UNSET

    def items(self, path: str) -> tuple[Any, ...] | msgspec.UnsetType:
        """Return the records of a list, or ``UNSET`` if nobody gave the list."""
        value = self.value(path)
        return value if isinstance(value, tuple) else UNSET

    def column(self, path: str, field: str) -> tuple[Any, ...] | msgspec.UnsetType:
        """Return one field of every record of a list, or ``UNSET`` if nobody gave the list."""
        value = self.value(path)
        return tuple(getattr(item, field) for item in value) if isinstance(value, tuple) else UNSET

    def place(self, path: str) -> Place:
        """Return where a fact stands; a fact that a change made has no line."""
        return self.places.get(path) or Place(fact=path)


Reading: TypeAlias = tuple[str, str]
"""What was read: a path, and the field where it was a column."""


class ReadFacts(Facts, frozen=True):
    """Facts that note what is read of them, so that an answer can be kept for as long as that stays the same."""

    reads: dict[Reading, Any]
    """What was read by (path, field of a column), with the value found."""

    @classmethod
    def of(cls, facts: Facts) -> ReadFacts:
        """Begin to note what is read."""
        return cls(facts.description, facts.places, facts.name, {})

    def value(self, path: str) -> Any:
        """Return the value at a concrete path, and note it."""
        value = self.reads[path, ""] = super().value(path)
        return value

    def column(self, path: str, field: str) -> tuple[Any, ...] | msgspec.UnsetType:
        """Return one field of every record of a list, and note only that."""
        value = Facts.value(self, path)
        column = tuple(getattr(item, field) for item in value) if isinstance(value, tuple) else UNSET
        self.reads[path, field] = column
        return column

    def taken(self) -> dict[Reading, Any]:
        """Return what was noted, and begin anew."""
        found = dict(self.reads)
        self.reads.clear()
        return found

    def same_in(self, facts: Facts) -> bool:
        """Whether other facts would have given the same in every reading."""
        others = other_sections(self.description, facts.description)
        return not others or all(
            read_again(facts, reading) == value
            for reading, value in self.reads.items()
            if section(reading[0]) in others
        )


def other_sections(one: Description, other: Description) -> frozenset[str]:
    """Return the names of the sections that are not the same objects in two descriptions; a change copies no others."""
    if one is other:
        return frozenset()
    return frozenset([name for name in Description.__struct_fields__ if getattr(one, name) is not getattr(other, name)])


@lru_cache(maxsize=4096)
def section(path: str) -> str:
    """Return the section of a description in which a path lies: ``icf`` of ``icf.nodes[0].active``."""
    return steps(path)[0][0]


def read_again(facts: Facts, reading: Reading) -> Any:
    """Return what a reading gives in other facts."""
    path, field = reading
    return facts.column(path, field) if field else facts.value(path)


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[tuple[str, int | None], ...]:
    """Split ``icf.nodes[0].active`` into names and indexes. Raises ``ValueError`` for anything else."""
    found = []
    position = 0
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None or step.group(2) == "":
            raise ValueError(f"not the path of a fact: {path}")
        found.append((step.group(1), None if step.group(2) is None else int(step.group(2))))
        position = step.end()
    return tuple(found)


@lru_cache(maxsize=4096)
def _reader(path: str) -> Callable[[Description], Any]:
    """Return the quickest way to a value: trying remedies reads the same few hundred paths again and again."""
    found = steps(path)
    dotted = ".".join(name for name, _ in found)
    if found[0][0] != "profile" and all(index is None for _, index in found):
        return attrgetter(dotted)
    return partial(_walked, found)


def _walked(found: tuple[tuple[str, int | None], ...], value: Any) -> Any:
    for name, index in found:
        value = value[name] if isinstance(value, dict) else getattr(value, name)
        if index is not None:
            value = value[index]
    return value


def general(path: str) -> str:
    """Return the general form of a concrete path: ``icf.nodes[].active``."""
    return re.sub(r"\[\d+\]", "[]", path)


def declared(path: str) -> Declaration:
    """Return the declaration of a concrete or general path. Raises ``KeyError`` for an unknown one."""
    return DECLARATIONS[general(path)]
