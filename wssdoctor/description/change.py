"""A change to a description, made on a copy: how faults are injected and remedies tried."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, cast

import msgspec
from msgspec import UNSET

from wssdoctor.description.description import Description
from wssdoctor.description.facts import DECLARATIONS, Facts, steps
from wssdoctor.evidence import Place, Sensitivity
from wssdoctor.typed import looked_at


def change(facts: Facts, values: Mapping[str, Any]) -> Facts:
    """Return a copy in which each concrete path holds its new value; ``UNSET`` makes a fact unknown.

    Values are plain data as YAML gives them; they are checked against the types of format 1.
    Raises ``ValueError`` for a path or a value that format 1 does not know.
    """
    touched = {"format", *(steps(path)[0][0] for path in values)}
    plain = _plain(facts.description, touched)
    places = dict(facts.places)
    for path, value in values.items():
        _put(plain, path, value)
        places.pop(path, None)
        if isinstance(facts.value(path), msgspec.Struct | tuple | dict):
            below = (f"{path}.", f"{path}[")
            for stale in [known for known in places if known.startswith(below)]:
                del places[stale]
    try:
        changed = msgspec.convert(plain, looked_at(Description))
    except msgspec.ValidationError as error:
        raise ValueError(f"not a change of a description: {error}") from None
    # Sections that were not touched stay the same objects: whoever compares can pass over them.
    sections = {name: getattr(changed, name) for name in touched}
    return Facts(msgspec.structs.replace(facts.description, **sections), places, facts.name)


class Difference(msgspec.Struct, frozen=True):
    """A fact that two descriptions state differently; an empty text where one of them does not state it."""

    path: str
    before: str
    after: str
    place: Place
    """Where it stands before."""


def differences(before: Facts, after: Facts) -> tuple[Difference, ...]:
    """Return the facts that differ, in the order of the format. Secret values are not shown."""
    first, second = flat(before), flat(after)
    paths = [*first, *(path for path in second if path not in first)]
    return tuple(
        Difference(path, _shown(path, first.get(path, "")), _shown(path, second.get(path, "")), before.place(path))
        for path in paths
        if first.get(path) != second.get(path)
    )


def _shown(path: str, value: str) -> str:
    declaration = DECLARATIONS.get(re.sub(r"\[\d+\]", "[]", path))
    secret = declaration is not None and declaration.sensitivity is Sensitivity.SECRET
    return "(secret)" if secret and value else value


def flat(facts: Facts) -> dict[str, str]:
    """Return every known fact as path and text."""
    found: dict[str, str] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, child in value.items():
                walk(child, f"{path}.{key}" if path else key)
        elif isinstance(value, list) and any(isinstance(child, dict) for child in value):
            for index, child in enumerate(value):
                walk(child, f"{path}[{index}]")
        else:
            found[path] = str(value).lower() if isinstance(value, bool) else str(value)

    walk(_plain(facts.description, Description.__struct_fields__), "")
    return found


def _plain(description: Description, sections: Collection[str]) -> dict[str, Any]:
    """Return sections of a description as plain data with lists, of which msgspec makes tuples."""

    def lists(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: lists(child) for key, child in value.items()}
        return [lists(child) for child in value] if isinstance(value, tuple) else value

    given = {name: getattr(description, name, UNSET) for name in sections}
    return {name: lists(msgspec.to_builtins(value)) for name, value in given.items() if value is not UNSET}


def _put(plain: dict[str, Any], path: str, value: Any) -> None:
    here: Any = plain
    route = steps(path)
    for name, index in route[:-1]:
        here = here.setdefault(name, {} if index is None else [])
        if index is not None:
            if index >= len(here):
                raise ValueError(f"no such item: {path}")
            here = here[index]
    name, index = route[-1]
    if value is UNSET:
        cast("dict[str, Any]", here).pop(name, None)
    elif index is None:
        here[name] = value
    elif index < len(here.get(name, [])):
        here[name][index] = value
    else:
        here.setdefault(name, []).append(value)
