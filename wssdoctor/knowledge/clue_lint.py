"""The house rules of clues and rules: every word leads to a clue, every clue to a rule, and no rule contradicts another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.errors import Problem
from wssdoctor.knowledge.clue import group, phrase, terms
from wssdoctor.knowledge.reading import Entry, Reading
from wssdoctor.knowledge.record import Clue, Rule

_INSIDE = re.compile(r"\*\w|(?<!\w)\*")


def lint(reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong with clues, the groups of words that they speak of, and rules."""
    ruled = {name for rule in reading.rules for name in rule.record.when}
    spoken: set[str] = set()
    for clue in reading.clues:
        spoken |= {name for saying in clue.record.said for term in terms(saying) if (name := group(term))}
        yield from _clue(clue, reading)
        if clue.record.id not in ruled and clue.record.occasion is None:
            yield Problem(f"no rule heeds {clue.record.id}", clue.place("id"))
    for name in sorted(reading.groups.keys() - spoken):
        yield Problem(f"no clue speaks of <{name}>")
    yield from _rules(reading)


def _clue(entry: Entry[Clue], reading: Reading) -> Iterator[Problem]:
    clue = entry.record
    if not (clue.said or clue.messages):
        yield Problem(f"{clue.id}: nothing gives this clue", entry.place("id"), hint="say it in said, or in messages")
    if (clue.kind == "place") != (clue.occasion is not None):
        what = f"{clue.id}: a clue about the place, and no other, names an occasion"
        yield Problem(what, entry.place("kind"))
    if clue.means[0].isspace() or clue.means.endswith("."):
        hint = "it is shown after 'you say'"
        yield Problem(f"{clue.id}: means is part of a sentence", entry.place("means"), hint=hint)
    seen: set[frozenset[str]] = set()
    for index, saying in enumerate(clue.said):
        said = terms(saying)
        if frozenset(said) in seen:
            yield Problem(f"{clue.id}: {saying} is said already", entry.place(f"said[{index}]"))
        seen.add(frozenset(said))
        for term in said:
            name = group(term)
            if name is not None and name not in reading.groups:
                yield Problem(f"{clue.id}: there is no group <{name}>", entry.place(f"said[{index}]"))
            elif name is None and not phrase(term):
                yield Problem(f"{clue.id}: {saying} holds a term without words", entry.place(f"said[{index}]"))
            elif _INSIDE.search(term):
                what = f"{clue.id}: an asterisk ends a word, and does not in {saying}"
                yield Problem(what, entry.place(f"said[{index}]"))


def _rules(reading: Reading) -> Iterator[Problem]:
    occurs = {cause.record.id: cause.record.occurs for cause in reading.causes}
    clues = {clue.record.id: clue.record for clue in reading.clues}
    first: dict[frozenset[str], str] = {}
    for entry in reading.rules:
        rule = entry.record
        key = frozenset(rule.when)
        if not rule.when or len(key) < len(rule.when):
            yield Problem(f"{rule.id}: a rule names different clues", entry.place("when"))
        other = first.setdefault(key, rule.id)
        if other != rule.id:
            yield Problem(f"{rule.id} has the same clues as {other}", entry.place("when"))
        yield from _causes(entry)
        places = {clues[name].occasion for name in rule.when if name in clues} - {None}
        for index, cause in enumerate(rule.causes):
            if places and places.isdisjoint(occurs.get(cause, ())):
                what = f"{rule.id}: {cause} cannot be where the rule speaks of"
                yield Problem(what, entry.place(f"causes[{index}]"), hint=f"look at occurs of {cause}")


def _causes(entry: Entry[Rule]) -> Iterator[Problem]:
    rule = entry.record
    if not (rule.causes or rule.unlikely):
        yield Problem(f"{rule.id}: it says nothing of any cause", entry.place("id"))
    for cause in sorted({*rule.causes} & {*rule.unlikely}):
        yield Problem(f"{rule.id}: {cause} is likely and unlikely", entry.place("unlikely"))
    for name, causes in (("causes", rule.causes), ("unlikely", rule.unlikely)):
        if len({*causes}) < len(causes):
            yield Problem(f"{rule.id}: a cause is named twice", entry.place(name))
