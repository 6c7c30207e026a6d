"""One's own knowledge laid over the shipped one: added, extended, replaced with a reason, and linked both ways."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from wssdoctor.errors import Problem
from wssdoctor.evidence import Place
from wssdoctor.knowledge.reading import Entry, Reading
from wssdoctor.knowledge.record import Cause, Extension, Message, Remedy

Own = TypeVar("Own", Message, Cause, Remedy)
_REPLACED = "Your own knowledge replaces its causes by one that does not name it."


def over(shipped: Reading, own: Reading) -> Reading:
    """Return what is shipped with one's own records: new ones, replaced ones with a reason, and additions.

    Causes and messages name each other. Where one side is one's own, the other follows, for nobody edits what is shipped.
    """
    problems = [*shipped.problems, *own.problems]
    causes = {entry.record.id: entry for entry in shipped.causes}
    for extension, places in own.extensions:
        cause = causes.get(extension.cause)
        if cause is None:
            near = difflib.get_close_matches(extension.cause, causes, n=1)
            hint = f"did you mean '{near[0]}'?" if near else ""
            problems.append(Problem(f"there is no cause {extension.cause}", places["cause"], hint=hint))
        else:
            causes[extension.cause] = _extended(cause, extension, places)
    messages = _merged(shipped.messages, own.messages, problems)
    causes = _merged(tuple(causes.values()), own.causes, problems)
    _link(messages, causes, own)
    return replace(
        shipped,
        messages=tuple(messages.values()),
        causes=tuple(causes.values()),
        extensions=own.extensions,
        remedies=tuple(_merged(shipped.remedies, own.remedies, problems).values()),
        sources=(*shipped.sources, *own.sources),
        synonyms=(*shipped.synonyms, *own.synonyms),
        clues=(*shipped.clues, *own.clues),
        rules=(*shipped.rules, *own.rules),
        precedents=(*shipped.precedents, *own.precedents),
        groups={
            name: (*shipped.groups.get(name, ()), *own.groups.get(name, ())) for name in (*shipped.groups, *own.groups)
        },
        problems=tuple(problems),
        broken=shipped.broken | own.broken,
        own=shipped.own | _files(own),
    )


def _extended(entry: Entry[Cause], extension: Extension, places: dict[str, Place]) -> Entry[Cause]:
    """Return a cause with what an extension adds, each addition at its own place."""
    values: dict[str, tuple[str, ...]] = {}
    where = dict(entry.places)
    for name in ("symptoms", "messages", "remedies", "sources"):
        present: tuple[str, ...] = getattr(entry.record, name)
        added = [(index, one) for index, one in enumerate(getattr(extension, name)) if one not in present]
        for position, (index, _) in enumerate(added, len(present)):
            where[".".join(filter(None, (entry.prefix, f"{name}[{position}]")))] = places[f"{name}[{index}]"]
        values[name] = (*present, *(one for _, one in added))
    return replace(entry, record=replace(entry.record, **values), places=where)


def _merged(shipped: Sequence[Entry[Own]], own: Sequence[Entry[Own]], problems: list[Problem]) -> dict[str, Entry[Own]]:
    found = {entry.record.id: entry for entry in shipped}
    for entry in own:
        if entry.record.id in found and not entry.record.override:
            what = f"{entry.record.id} is shipped already"
            hint = "say in override why yours replaces it, choose another id, or add to it in extensions.yaml"
            problems.append(Problem(what, entry.place("id"), hint=hint))
        found[entry.record.id] = entry
    return found


def _link(messages: dict[str, Entry[Message]], causes: dict[str, Entry[Cause]], own: Reading) -> None:
    """Let shipped causes and messages name, or name no more, what one's own records say of them."""
    own_messages = {entry.record.id for entry in own.messages}
    own_causes = {entry.record.id for entry in own.causes}
    for identifier, message in messages.items():
        named = message.record.causes
        if identifier not in own_messages:
            named = tuple(one for one in named if one not in own_causes or identifier in causes[one].record.messages)
            authors = (*own_causes, *(extension.cause for extension, _ in own.extensions))
            more = (one for one in causes if one in authors and identifier in causes[one].record.messages)
            named = tuple(dict.fromkeys((*named, *more)))
        if named != message.record.causes:
            no_cause = "" if named else _REPLACED
            evidence = "" if named else message.record.next_evidence
            changed = replace(message.record, causes=named, no_cause=no_cause, next_evidence=evidence)
            messages[identifier] = replace(message, record=changed)
    for identifier, cause in causes.items():
        if identifier in own_causes:
            continue
        seen = [
            one for one in cause.record.messages if one not in own_messages or identifier in messages[one].record.causes
        ]
        seen += [one for one in messages if one in own_messages and identifier in messages[one].record.causes]
        if tuple(dict.fromkeys(seen)) != cause.record.messages:
            causes[identifier] = replace(cause, record=replace(cause.record, messages=tuple(dict.fromkeys(seen))))


def _files(own: Reading) -> frozenset[Path]:
    return frozenset(entry.file for entry in own.entries())
