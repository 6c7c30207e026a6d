"""The files of a knowledge base: one cause or remedy each, lists of messages, one list of sources. Strict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor import yamlfile
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.knowledge import number, wording
from wssdoctor.knowledge.base import Base, Language, Words, packed
from wssdoctor.knowledge.folders import files
from wssdoctor.knowledge.overlay import over
from wssdoctor.knowledge.reading import AnyEntry, Entry, Kind, Reading
from wssdoctor.knowledge.record import Cause, Clue, Extension, Message, Precedent, Remedy, Rule, Source
from wssdoctor.knowledge.strings import refused, strings
from wssdoctor.knowledge.wording import Key


class _Messages(Struct, frozen=True, forbid_unknown_fields=True):
    messages: tuple[Message, ...]


class _Synonyms(Struct, frozen=True, forbid_unknown_fields=True):
    synonyms: tuple[tuple[str, ...], ...]


class _Clues(Struct, frozen=True, forbid_unknown_fields=True):
    clues: tuple[Clue, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...]


class _Precedents(Struct, frozen=True, forbid_unknown_fields=True):
    precedents: tuple[Precedent, ...]


class _Extensions(Struct, frozen=True, forbid_unknown_fields=True):
    extensions: tuple[Extension, ...]


class _Sources(Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[Source, ...]


def read(folder: Path, overlays: Sequence[Path] = ()) -> Base:
    """Read a knowledge base, and one's own knowledge over it.

    Raises ``InputError`` with every problem of every file, each with line and column: not YAML, an unknown key, a
    missing text, an id that nobody has, an id given twice.
    """
    reading = collect(folder, overlays)
    problems = (*reading.problems, *references(reading))
    if problems:
        raise InputError(*problems)
    messages = _by_id(reading.messages)
    return Base(
        messages=messages,
        causes=_by_id(reading.causes),
        remedies=_by_id(reading.remedies),
        sources=_by_id(reading.sources),
        packed_words=packed(_words(messages)),
        packed_language=packed(
            Language(
                synonyms=reading.synonyms,
                clues=_by_id(reading.clues),
                rules=_by_id(reading.rules),
                groups=reading.groups,
                precedents=_by_id(reading.precedents),
            )
        ),
    )


def _words(messages: dict[str, Message]) -> Words:
    """Return who looks at a line that holds a word."""
    found: dict[str, dict[Key, None]] = {}
    for message in messages.values():
        for word, key in wording.keys(message):
            found.setdefault(word, {})[key] = None
    for word, key in number.keys(messages):
        found.setdefault(word, {})[key] = None
    return {word: tuple(keys) for word, keys in sorted(found.items())}


def collect(folder: Path, overlays: Sequence[Path] = ()) -> Reading:
    """Decode all files of a folder and of the folders over it, gathering the problems of each."""
    reading = _collected(folder)
    for overlay in overlays:
        reading = over(reading, _collected(overlay))
    return reading


def _collected(folder: Path) -> Reading:
    messages: list[Entry[Message]] = []
    causes: list[Entry[Cause]] = []
    remedies: list[Entry[Remedy]] = []
    sources: list[Entry[Source]] = []
    synonyms: list[tuple[str, ...]] = []
    clues: list[Entry[Clue]] = []
    rules: list[Entry[Rule]] = []
    precedents: list[Entry[Precedent]] = []
    groups: dict[str, tuple[str, ...]] = {}
    extensions: list[tuple[Extension, dict[str, Place]]] = []
    problems: list[Problem] = []
    broken: set[Path] = set()
    for path in files(folder):
        try:
            room = path.relative_to(folder).parts[0]
            if room == "causes":
                causes.append(_single(path, Cause))
            elif room == "remedies":
                remedies.append(_single(path, Remedy))
            elif room == "messages":
                several = yamlfile.load(path, _Messages)
                messages += _listed(path, several.record.messages, several.places, "messages")
            elif room == "sources.yaml":
                listed = yamlfile.load(path, _Sources)
                sources += _listed(path, listed.record.sources, listed.places, "sources")
            elif room == "extensions.yaml":
                given = yamlfile.load(path, _Extensions)
                extensions += [
                    (one, _within(f"extensions[{index}].", given.places))
                    for index, one in enumerate(given.record.extensions)
                ]
            elif room == "synonyms.yaml":
                synonyms += yamlfile.load(path, _Synonyms).record.synonyms
            elif room == "clues":
                spoken = yamlfile.load(path, _Clues)
                clues += _listed(path, spoken.record.clues, spoken.places, "clues")
                groups |= spoken.record.groups
            elif room == "rules.yaml":
                ruled = yamlfile.load(path, _Rules)
                rules += _listed(path, ruled.record.rules, ruled.places, "rules")
            elif room == "precedents.yaml":
                reported = yamlfile.load(path, _Precedents)
                precedents += _listed(path, reported.record.precedents, reported.places, "precedents")
            else:
                problems.append(Problem(f"{room} is not part of a knowledge base", Place(file=str(path))))
        except InputError as error:
            problems += error.problems
            broken.add(path)
    if not (causes or messages or remedies or extensions or clues or rules or precedents or synonyms or broken):
        problems.append(Problem(f"{folder} holds no knowledge base", Place(file=str(folder)), "there are no records"))
    found = Reading(
        tuple(messages),
        tuple(causes),
        tuple(remedies),
        tuple(sources),
        tuple(synonyms),
        tuple(clues),
        tuple(rules),
        tuple(precedents),
        groups,
        tuple(extensions),
        tuple(problems),
        frozenset(broken),
    )
    return replace(found, problems=(*found.problems, *_unfit(found)))


def _within(prefix: str, places: dict[str, Place]) -> dict[str, Place]:
    return {path.removeprefix(prefix): place for path, place in places.items() if path.startswith(prefix)}


def _unfit(reading: Reading) -> Iterator[Problem]:
    """Yield texts that are refused: far too long, or with characters that do something to a terminal."""
    for entry in reading.entries():
        for path, text in strings(entry.record, keys=True):
            why = refused(text)
            if why:
                yield Problem(f"{path} is no text for people to read", entry.place(path), why)
    for extension, places in reading.extensions:
        for path, text in strings(extension, keys=True):
            why = refused(text)
            if why:
                yield Problem(f"{path} is no text for people to read", places.get(path), why)
    for words in (*reading.synonyms, *reading.groups.values()):
        for word in words:
            why = refused(word)
            if why:
                yield Problem("a synonym is no text for people to read", None, why)


def references(reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong between records: ids given twice, ids that nobody has."""
    names = {path.name for path in reading.broken}
    whole = not any(path.parent.name == "messages" for path in reading.broken)
    heard = not any(path.parent.name == "clues" for path in reading.broken)
    known: dict[str, set[str] | None] = {
        "message": {entry.record.id for entry in reading.messages} if whole else None,
        "cause": _known(reading.causes, reading.broken, "causes"),
        "remedy": _known(reading.remedies, reading.broken, "remedies"),
        "source": None if "sources.yaml" in names else {entry.record.id for entry in reading.sources},
        "clue": {entry.record.id for entry in reading.clues} if heard else None,
    }
    for kind in (
        reading.messages,
        reading.causes,
        reading.remedies,
        reading.sources,
        reading.clues,
        reading.rules,
        reading.precedents,
    ):
        yield from _twice(kind)
    for message in reading.messages:
        yield from _dangling(message, "cause", "causes", message.record.causes, known)
        yield from _dangling(message, "remedy", "remedies", message.record.remedies, known)
        yield from _dangling(message, "cause", "excludes", message.record.excludes, known)
    for cause in reading.causes:
        yield from _dangling(cause, "message", "messages", cause.record.messages, known)
        yield from _dangling(cause, "remedy", "remedies", cause.record.remedies, known)
        yield from _dangling(cause, "cause", "leads_to", cause.record.leads_to, known)
    for remedy in reading.remedies:
        yield from _dangling(remedy, "remedy", "after", remedy.record.after, known)
    for clue in reading.clues:
        yield from _dangling(clue, "message", "messages", clue.record.messages, known)
    for rule in reading.rules:
        yield from _dangling(rule, "clue", "when", rule.record.when, known)
        yield from _dangling(rule, "cause", "causes", rule.record.causes, known)
        yield from _dangling(rule, "cause", "unlikely", rule.record.unlikely, known)
    for precedent in reading.precedents:
        yield from _dangling(precedent, "cause", "cause", (precedent.record.cause,), known)
        yield from _dangling(precedent, "cause", "also", precedent.record.also, known)
    for entry in reading.entries():
        if not isinstance(entry.record, Source | Clue | Precedent):
            yield from _dangling(entry, "source", "sources", entry.record.sources, known)
    for remedy in reading.remedies:
        for name, hint in remedy.record.partners.items():
            yield from _dangling(remedy, "source", f"partners.{name}.sources", hint.sources, known)


def _single(path: Path, kind: type[Kind]) -> Entry[Kind]:
    decoded = yamlfile.load(path, kind)
    return Entry(decoded.record, path, decoded.places, "")


def _listed(path: Path, records: tuple[Kind, ...], places: dict[str, Place], key: str) -> Iterator[Entry[Kind]]:
    for index, record in enumerate(records):
        yield Entry(record, path, places, f"{key}[{index}]")


def _by_id(entries: tuple[Entry[Kind], ...]) -> dict[str, Kind]:
    return {entry.record.id: entry.record for entry in entries}


def _known(entries: Iterable[AnyEntry], broken: frozenset[Path], room: str) -> set[str]:
    """Return the ids of one kind; a file that cannot be decoded counts by its name, so that it is reported once."""
    return {entry.record.id for entry in entries} | {path.stem for path in broken if path.parent.name == room}


def _twice(entries: Iterable[AnyEntry]) -> Iterator[Problem]:
    first: dict[str, AnyEntry] = {}
    for entry in entries:
        if entry.record.id in first:
            other = first[entry.record.id].place("id")
            yield Problem(
                f"the id {entry.record.id} is given twice",
                entry.place("id"),
                f"the first is at {other.file}:{other.line}",
            )
        else:
            first[entry.record.id] = entry


def _dangling(
    entry: AnyEntry, what: str, key: str, ids: tuple[str, ...], known: dict[str, set[str] | None]
) -> Iterator[Problem]:
    import difflib

    there = known[what]
    if there is None:
        return
    for index, identifier in enumerate(ids):
        if identifier not in there:
            near = difflib.get_close_matches(identifier, there, n=1)
            yield Problem(
                f"{entry.record.id}: there is no {what} {identifier}",
                entry.place(key if key == what else f"{key}[{index}]"),  # a single value, or one of several
                hint=f"did you mean '{near[0]}'?" if near else "",
            )
