"""A merged description as YAML: in the order of the format, each fact with the file and line that gave it."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, TypeAlias

import msgspec

from wssdoctor.collect.merge import LISTS, Merged, Record
from wssdoctor.description.description import Description
from wssdoctor.description.fact import nested_record
from wssdoctor.evidence import Place
from wssdoctor.yamlfile import fields

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_HEAD = """\
# A system description, collected from exports. Behind each fact stands the file and line that gave it.
# What is not here is unknown; 'wssdoctor collect FOLDER --missing' lists it with how to get it.
"""


Line: TypeAlias = tuple[str, Place | None]
"""A line of the description, with the place that gave its fact."""


class Written(msgspec.Struct, frozen=True):
    """A description in YAML, with what gave each of its lines."""

    text: str
    places: dict[int, Place]
    """By line, counted from 1."""


def written(merged: Merged) -> Written:
    """Return the description."""
    lines: list[Line] = [*_plain(*_HEAD.splitlines(), "", 'format: "1"')]
    for name, field in fields(Description).items():
        if name == "icf":
            listed = _list(merged, "icf.nodes", "    ")
            lines += [*_plain("", "icf:", "  nodes:"), *listed] if listed else []
        elif name in LISTS:
            listed = _list(merged, name, "  ")
            if listed:
                lines += [*_plain("", f"{name}:"), *listed]
            elif name in merged.complete:
                lines += _plain("", f"{name}: []")
        elif name == "profile":
            lines += _record(merged, name, None)
        else:
            kind, many = nested_record(field.annotation)
            lines += _record(merged, name, tuple(fields(kind))) if kind and not many else []
    text = "".join(f"{line}\n" for line, _ in lines)
    return Written(text, {number: place for number, (_, place) in enumerate(lines, 1) if place is not None})


def _plain(*lines: str) -> list[Line]:
    return [(line, None) for line in lines]


def _record(merged: Merged, name: str, order: tuple[str, ...] | None) -> list[Line]:
    found = next((record for record in merged.records if record.name == name and record.values), None)
    return [*_plain("", f"{name}:"), *_facts(found, order, "  ")] if found else []


def _list(merged: Merged, name: str, indent: str) -> list[Line]:
    order = tuple(fields(_item(name)))
    lines: list[Line] = []
    for record in merged.records:
        if record.name == name and record.values:
            (first, place), *others = _facts(record, order, f"{indent}  ")
            lines += [(f"{indent}- {first.lstrip()}", place), *others]
    return lines


def _item(name: str) -> Any:
    kind: Any = Description
    for part in name.split("."):
        kind = nested_record(fields(kind)[part].annotation)[0]
    return kind


def _facts(record: Record, order: tuple[str, ...] | None, indent: str) -> list[Line]:
    names = [name for name in order if name in record.values] if order else sorted(record.values)
    lines: list[Line] = []
    for name in names:
        value = record.values[name]
        found = _fact(_scalar(name), value.data, f"  # {_where(value.place)}", indent)
        lines += [(line, value.place) for line in found]
    return lines


def _fact(name: str, value: Any, where: str, indent: str) -> list[str]:
    if isinstance(value, dict):
        return [f"{indent}{name}:{where}", *_certificate(value, f"{indent}  ")]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = [f"{indent}{name}:{where}"]
        for item in value:
            inner = _certificate(item, f"{indent}    ")
            lines += [f"{indent}  - {inner[0].lstrip()}", *inner[1:]]
        return lines
    if isinstance(value, list):
        return [f"{indent}{name}: [{', '.join(map(_scalar, value))}]{where}"]
    return [f"{indent}{name}: {_scalar(value)}{where}"]


def _certificate(value: dict[str, Any], indent: str) -> list[str]:
    if "pem" in value:
        return [f"{indent}pem: |", *(f"{indent}  {line}" for line in value["pem"].splitlines())]
    return [f"{indent}{name}: {_scalar(value[name])}" for name in sorted(value)] or [f"{indent}subject: ''"]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    if value.isprintable():
        return json.dumps(value, ensure_ascii=False)
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def _where(place: Place) -> str:
    """Return a place for a comment: one line, printable."""
    return "".join(character if character.isprintable() else "?" for character in str(place))
