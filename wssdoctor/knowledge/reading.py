"""What stands in the files of a knowledge base: each record with its place, and the problems."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from wssdoctor.errors import Problem
from wssdoctor.evidence import Place
from wssdoctor.knowledge.record import Cause, Clue, Extension, Message, Precedent, Remedy, Rule, Source

Kind = TypeVar("Kind", Message, Cause, Remedy, Source, Clue, Rule, Precedent)


class Entry(Struct, Generic[Kind], frozen=True):
    """A record and where it stands."""

    record: Kind
    file: Path
    places: dict[str, Place]
    prefix: str
    """Path of the record in its file; empty where the file is the record."""

    def place(self, path: str = "") -> Place:
        """Return the place of a value of the record, such as ``remedies[0]``; of the record itself without a path."""
        whole = ".".join(part for part in (self.prefix, path) if part)
        found = self.places.get(whole)
        return found if found is not None else Place(file=str(self.file), line=1, column=1)


AnyRecord: TypeAlias = Message | Cause | Remedy | Source | Clue | Rule | Precedent
AnyEntry: TypeAlias = (
    Entry[Message] | Entry[Cause] | Entry[Remedy] | Entry[Source] | Entry[Clue] | Entry[Rule] | Entry[Precedent]
)


class Reading(Struct, frozen=True):
    """What the files of a folder hold, and what is wrong with those that cannot be decoded."""

    messages: tuple[Entry[Message], ...]
    causes: tuple[Entry[Cause], ...]
    remedies: tuple[Entry[Remedy], ...]
    sources: tuple[Entry[Source], ...]
    synonyms: tuple[tuple[str, ...], ...]
    clues: tuple[Entry[Clue], ...]
    rules: tuple[Entry[Rule], ...]
    precedents: tuple[Entry[Precedent], ...]
    groups: dict[str, tuple[str, ...]]
    """Words by the name under which clues speak of them."""
    extensions: tuple[tuple[Extension, dict[str, Place]], ...]
    """Each with the places of its values."""
    problems: tuple[Problem, ...]
    broken: frozenset[Path]
    """The files that cannot be decoded."""
    own: frozenset[Path] = frozenset()
    """The files of one's own knowledge."""

    def entries(self) -> Iterator[AnyEntry]:
        """Yield every record."""
        yield from self.causes
        yield from self.remedies
        yield from self.messages
        yield from self.sources
        yield from self.clues
        yield from self.rules
        yield from self.precedents
