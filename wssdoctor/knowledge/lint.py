"""The house rules of the knowledge base: what the reader cannot demand, and a person under pressure needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from wssdoctor.errors import Problem
from wssdoctor.evidence import Place
from wssdoctor.knowledge import clue_lint
from wssdoctor.knowledge.files import collect, references
from wssdoctor.knowledge.folders import FOLDERS
from wssdoctor.knowledge.reading import AnyEntry, AnyRecord, Reading
from wssdoctor.knowledge.record import PLACEHOLDERS, Cause, Clue, Message, Patch, Precedent, Remedy, Source
from wssdoctor.knowledge.strings import strings

MAX_WORDS = 30
"""A sentence that is longer is read twice."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CLAIM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*(:[a-z0-9]+(-[a-z0-9]+)*)?")
_VARIABLE = re.compile(r"&[0-9A-Z]?")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"[a-z0-9_]+(\[([*+]|[a-z-]+|\d+)?\])?(\.[a-z0-9_]+(\[([*+]|[a-z-]+|\d+)?\])?)*")
_WEAKENING = {"https_required": False, "transport": "http", "detect_message_replays": False}
"""Facts whose value, set by a remedy, lowers what the system demands."""


def lint(folder: Path, overlays: Sequence[Path] = ()) -> tuple[Problem, ...]:
    """Return everything in a knowledge base that breaks a house rule, and everything that the reader refuses."""
    reading = collect(folder, overlays)
    problems = [*reading.problems, *references(reading), *_released(folder, reading), *_ignored((folder, *overlays))]
    if not reading.broken:
        problems += [*_between(reading), *clue_lint.lint(reading)]
    for extension, places in reading.extensions:
        problems += _long(extension.why, f"what is added to {extension.cause}", places.get("why", Place()))
    for entry in reading.entries():
        problems += _texts(entry)
        record = entry.record
        if isinstance(record, Message):
            problems += _message(entry, record)
        elif isinstance(record, Cause):
            problems += [*_file_name(entry), *_title(entry, record.title), *_cause(entry, record)]
        elif isinstance(record, Remedy):
            problems += [*_file_name(entry), *_title(entry, record.title), *_remedy(entry, record)]
        elif isinstance(record, Precedent):
            problems += _precedent(entry, record)
    return tuple(sorted(problems, key=_position))


def ids(reading: Reading) -> tuple[str, ...]:
    """Return the ids of all records, each with its kind, as ``ids.txt`` lists those of the last release."""
    kinds = ("cause", reading.causes), ("message", reading.messages), ("remedy", reading.remedies)
    return tuple(sorted(f"{kind} {entry.record.id}" for kind, entries in kinds for entry in entries))


def _released(folder: Path, reading: Reading) -> Iterator[Problem]:
    """Yield the ids of the last release that nobody has any more: ids are never renamed."""
    released = folder / "ids.txt"
    if reading.broken or not released.is_file():
        return
    known = set(ids(reading))
    for number, line in enumerate(released.read_text(encoding="utf-8").splitlines(), 1):
        if line and line not in known:
            yield Problem(f"{line} was released and is gone", Place(file=str(released), line=number, column=1))


def _ignored(folders: Iterable[Path]) -> Iterator[Problem]:
    """Yield files that nobody reads although their names look as if somebody did."""
    for folder in folders:
        for name in FOLDERS:
            for path in sorted((folder / name).glob("*.y*ml")):
                if path.suffix != ".yaml":
                    yield Problem(f"{path.name} is not read", Place(file=str(path)), hint="let its name end in .yaml")
                elif not path.is_file():
                    yield Problem(f"{path.name} is not read", Place(file=str(path)), "it is no file, or leads to none")


def _position(problem: Problem) -> tuple[str, int, int]:
    place = problem.place or Place()
    return place.file or "", place.line or 0, place.column or 0


def _file_name(entry: AnyEntry) -> Iterator[Problem]:
    if entry.record.id != entry.file.stem:
        what = f"the file is called {entry.file.stem} and its id is {entry.record.id}"
        yield Problem(what, entry.place("id"), hint="both are the same")


def _title(entry: AnyEntry, title: str) -> Iterator[Problem]:
    if title.endswith((".", "!", "?", ":")) or "\n" in title:
        yield Problem(f"{entry.record.id}: a title is one line without full stop", entry.place("title"))


def _texts(entry: AnyEntry) -> Iterator[Problem]:
    """Yield texts that are blank, and sentences that are too long."""
    names = {"id", "address", "checks", "messages", "aliases", "effect", "faults", "cause"}
    names |= {"said"} if isinstance(entry.record, Clue) else set()
    names |= {"text", "title"} if isinstance(entry.record, Message | Source) else set()
    names |= {"url", "symptom"} if isinstance(entry.record, Precedent) else set()
    for path, text in strings(entry.record):
        if path.partition(".")[0].partition("[")[0] in names:
            continue
        given = entry.places.get(".".join(part for part in (entry.prefix, path) if part))
        if given is not None and not text.strip():
            yield Problem(f"{entry.record.id}: {path} is empty", given, hint="leave the key out, or say something")
        yield from _long(text, entry.record.id, entry.place(path))


def _long(text: str, of: str, place: Place) -> Iterator[Problem]:
    """Yield the sentences that are too long."""
    for sentence in _SENTENCE_END.split(text):
        count = len(sentence.split())
        if count > MAX_WORDS:
            what = f"{of}: a sentence of {count} words, at most {MAX_WORDS} are easy to read"
            yield Problem(what, place, hint=f"split it: {sentence[:60]}...")


def _message(entry: AnyEntry, message: Message) -> Iterator[Problem]:
    if bool(message.causes) == bool(message.no_cause):
        what = f"{message.id}: a message names its causes, or says in no_cause why there is none"
        yield Problem(what, entry.place("causes"))
    if message.causes and message.next_evidence:
        what = f"{message.id}: next_evidence is for a message that names no cause"
        yield Problem(what, entry.place("next_evidence"))
    for name in message.placeholders:
        if name not in message.text:
            yield Problem(f"{message.id}: the text has no {name}", entry.place(f"placeholders.{name}"))
    explained = {variable for name in message.placeholders for variable in _VARIABLE.findall(name)}
    for variable in dict.fromkeys(_VARIABLE.findall(message.text)):
        if variable not in explained:
            yield Problem(
                f"{message.id}: nobody explains {variable}", entry.place("text"), hint="say it in placeholders"
            )
    if not message.seen_by:
        yield Problem(f"{message.id}: who sees it where?", entry.place("id"), hint="say it in seen_by")


def _cause(entry: AnyEntry, cause: Cause) -> Iterator[Problem]:
    if not cause.remedies:
        yield Problem(f"{cause.id}: a cause has a remedy", entry.place("remedies"))
    if not (cause.checks and cause.faults) and not cause.unproven:
        what = f"{cause.id}: a cause has a check and a fault, or says in unproven why not"
        yield Problem(what, entry.place("faults" if cause.checks else "checks"))
    if cause.checks and cause.faults and cause.unproven:
        yield Problem(f"{cause.id}: it is proven, so unproven is wrong", entry.place("unproven"))
    if not cause.symptoms:
        yield Problem(f"{cause.id}: a cause has symptoms, by which people find it", entry.place("id"))
    if cause.id in cause.leads_to:
        yield Problem(f"{cause.id}: a cause does not lead to itself", entry.place("leads_to"))
    for index, claim in enumerate(cause.checks):
        if not _CLAIM.fullmatch(claim):
            hint = "room.check, or room.check:reason"
            yield Problem(
                f"{cause.id}: {claim} is not how a check is named", entry.place(f"checks[{index}]"), hint=hint
            )
    for index, fault in enumerate(cause.faults):
        yield from _patch(entry, fault, f"faults[{index}]")


def _precedent(entry: AnyEntry, precedent: Precedent) -> Iterator[Problem]:
    if precedent.cause in precedent.also:
        yield Problem(f"{precedent.id}: also names other causes than the cause", entry.place("also"))


def _remedy(entry: AnyEntry, remedy: Remedy) -> Iterator[Problem]:
    if not remedy.steps:
        yield Problem(f"{remedy.id}: a remedy has steps", entry.place("steps"))
    if (remedy.effect is None) == (not remedy.unproven):
        what = f"{remedy.id}: a remedy has an effect, or says in unproven why not"
        yield Problem(what, entry.place("effect"))
    if remedy.id in remedy.after:
        yield Problem(f"{remedy.id}: a remedy does not come after itself", entry.place("after"))
    if remedy.weakens_security and len(remedy.weakens_security.split()) < 6:
        what = f"{remedy.id}: weakens_security says in a sentence what becomes possible"
        yield Problem(what, entry.place("weakens_security"))
    for partner, hint in remedy.partners.items():
        if bool(hint.sources) == bool(hint.inferred):
            what = f"{remedy.id}: a hint names sources, or says in inferred from what it is reasoned"
            yield Problem(what, entry.place(f"partners.{partner}.how"))
    if remedy.effect is None:
        return
    yield from _patch(entry, remedy.effect, "effect")
    for path, value in remedy.effect.facts.items():
        name = path.rpartition(".")[2]
        lowers = name in _WEAKENING and _WEAKENING[name] == value
        if (lowers or name == "time_tolerance_seconds") and not remedy.weakens_security:
            what = f"{remedy.id}: it lowers what the system demands and does not say so in weakens_security"
            yield Problem(what, entry.place(f"effect.facts.{path}"))


def _patch(entry: AnyEntry, patch: Patch, path: str) -> Iterator[Problem]:
    if not patch.facts and not patch.request:
        yield Problem(f"{entry.record.id}: it changes nothing", entry.place(path))
    for fact in patch.facts:
        if not _PATH.fullmatch(fact):
            yield Problem(f"{entry.record.id}: {fact} is not the path of a fact", entry.place(f"{path}.facts.{fact}"))
    for where, text in (*strings(patch.facts, f"{path}.facts"), *strings(patch.request, f"{path}.request")):
        for name in _PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                hint = f"known are {', '.join(sorted(PLACEHOLDERS))}"
                yield Problem(f"{entry.record.id}: nobody fills {{{name}}}", entry.place(where), hint=hint)


def _between(reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong between records: orphans, one-sided links, checks that two causes claim."""
    used = {source for entry in reading.entries() for source in _cited(entry.record)}
    for source in reading.sources:
        if source.record.id not in used:
            yield Problem(f"nobody cites {source.record.id}", source.place("id"))
    yield from _grounds(reading)
    for cause in reading.causes:
        if not (cause.record.messages or cause.record.checks):
            yield Problem(f"no message and no check leads to {cause.record.id}", cause.place("messages"))
    offered = {remedy for cause in reading.causes for remedy in cause.record.remedies}
    for remedy in reading.remedies:
        if remedy.record.id not in offered:
            yield Problem(f"no cause offers {remedy.record.id}", remedy.place("id"))
    yield from _links(reading)
    yield from _claims(reading)


def _grounds(reading: Reading) -> Iterator[Problem]:
    """Yield records that do not say where they are from, and those that claim SAP's word without naming it."""
    bases = {source.record.id: source.record.basis for source in reading.sources}
    for entry in reading.entries():
        record = entry.record
        if isinstance(record, Source | Clue | Precedent):
            continue
        if not record.sources:
            yield Problem(f"{record.id}: it names no source", entry.place("sources"))
        elif record.basis == "sap" and "sap" not in {bases.get(source, "sap") for source in record.sources}:
            hint = "choose another basis, or cite SAP's text"
            yield Problem(f"{record.id}: its basis is sap, and no source is", entry.place("basis"), hint=hint)


def _cited(record: AnyRecord) -> tuple[str, ...]:
    if isinstance(record, Source | Clue | Precedent):
        return ()
    return record.cited if isinstance(record, Remedy) else record.sources


def _links(reading: Reading) -> Iterator[Problem]:
    messages = {entry.record.id: entry for entry in reading.messages}
    causes = {entry.record.id: entry for entry in reading.causes}
    for cause in reading.causes:
        for index, name in enumerate(cause.record.messages):
            if name in messages and cause.record.id not in messages[name].record.causes:
                hint = f"add it to the causes of {name}"
                yield Problem(f"{name} does not name {cause.record.id}", cause.place(f"messages[{index}]"), hint=hint)
    for message in reading.messages:
        for index, name in enumerate(message.record.causes):
            if name in causes and message.record.id not in causes[name].record.messages:
                hint = f"add it to the messages of {name}"
                place = message.place(f"causes[{index}]")
                yield Problem(f"{name} does not name {message.record.id}", place, hint=hint)


def _claims(reading: Reading) -> Iterator[Problem]:
    """Yield claims on the same failure: the same claim twice, or a check with and without a reason.

    Where one's own cause is among the claimants, it alone is named: nobody edits what is shipped.
    """
    counts = Counter(claim for entry in reading.causes for claim in entry.record.checks)
    mine = [entry for entry in reading.causes if entry.file in reading.own]
    for entry in mine or reading.causes:
        for index, claim in enumerate(entry.record.checks):
            check, _, reason = claim.partition(":")
            if counts[claim] > 1 or (reason and check in counts):
                hint = (
                    "one failure has one cause: override the one that is shipped, or leave the claim out"
                    if mine
                    else ""
                )
                yield Problem(f"{claim} is claimed more than once", entry.place(f"checks[{index}]"), hint=hint)
