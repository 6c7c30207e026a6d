"""The knowledge base as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

import msgspec

from wssdoctor.knowledge.record import Cause, Clue, Message, Precedent, Remedy, Rule, Source
from wssdoctor.knowledge.wording import Key, class_pattern
from wssdoctor.typed import looked_at


def packed(value: object) -> msgspec.Raw:
    """Pack a part of a base."""
    return msgspec.Raw(msgspec.json.encode(value))


Words: TypeAlias = dict[str, tuple[Key, ...]]
"""What a line that holds a word is to be looked at for."""


class Language(msgspec.Struct, frozen=True):
    """What a trouble that somebody tells in own words is understood by."""

    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same to somebody who searches."""
    clues: dict[str, Clue] = {}
    rules: dict[str, Rule] = {}
    groups: dict[str, tuple[str, ...]] = {}
    """Words by the name under which clues speak of them."""
    precedents: dict[str, Precedent] = {}


class Base(msgspec.Struct, frozen=True, dict=True):
    """Everything that is known, by id. Indexes are made when first asked for.

    Half of it serves texts alone. It stays packed until a text comes: a check of a system needs none of it.
    """

    messages: dict[str, Message]
    causes: dict[str, Cause]
    remedies: dict[str, Remedy]
    sources: dict[str, Source]
    packed_words: msgspec.Raw = packed({})
    packed_language: msgspec.Raw = packed({})

    @cached_property
    def words(self) -> Words:
        """What a line that holds a word is to be looked at for."""
        return msgspec.json.decode(self.packed_words, type=looked_at(Words))

    @cached_property
    def language(self) -> Language:
        """What a trouble that somebody tells in own words is understood by."""
        return msgspec.json.decode(self.packed_language, type=looked_at(Language))

    @cached_property
    def class_pattern(self) -> str:
        """The pattern for numbers of the message classes."""
        return class_pattern(self.messages)

    @cached_property
    def messages_by_alias(self) -> Mapping[str, str]:
        """The messages by their other names."""
        return {alias: message.id for message in self.messages.values() for alias in message.aliases}

    @cached_property
    def causes_by_check(self) -> Mapping[str, str]:
        """The cause that each claim names: ``technical-user.exists``, or with a reason ``clock.within-tolerance:skew``."""
        return {claim: cause.id for cause in self.causes.values() for claim in cause.checks}

    @cached_property
    def causes_by_remedy(self) -> Mapping[str, tuple[str, ...]]:
        """The causes that each remedy is offered for."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.remedies, ())
        for cause in self.causes.values():
            for remedy in cause.remedies:
                found[remedy] += (cause.id,)
        return found

    @cached_property
    def roots_by_cause(self) -> Mapping[str, tuple[str, ...]]:
        """The causes of which each cause may be only a consequence."""
        found: dict[str, tuple[str, ...]] = {}
        for cause in self.causes.values():
            for consequence in cause.leads_to:
                found[consequence] = (*found.get(consequence, ()), cause.id)
        return found

    def cause_of(self, check: str, reason: str | None = None) -> Cause | None:
        """Return the cause that the failure of a check confirms, or nothing where no cause claims it."""
        found = self.causes_by_check.get(f"{check}:{reason}") or self.causes_by_check.get(check)
        return self.causes[found] if found else None
