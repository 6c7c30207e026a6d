"""YAML whose values know their place: decoded into typed records, all errors at once.

Decoding is directed by the type of the record, so ``client: 001`` and ``release: 7.50`` stay the texts that were written.
"""

from __future__ import annotations

import datetime
import difflib
import enum
import re
import types
import typing
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.yamlnode import MAX_BYTES, MAX_NODES, MappingNode, Node, ScalarNode, SequenceNode, compose

Record = TypeVar("Record", bound=msgspec.Struct)


class Decoded(msgspec.Struct, typing.Generic[Record], frozen=True):
    """A record and the place of each of its values, by path (``icf.nodes[0].active``)."""

    record: Record
    places: dict[str, Place]


def load(path: Path, kind: type[Record], *, shown: str | None = None) -> Decoded[Record]:
    """Read a YAML file into a record.

    Raises ``InputError`` with every problem found: unreadable, too large, not YAML, unknown keys, wrong values.
    """
    name = shown or str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError.because(
            f"cannot read {name}", place=Place(file=name), why=error.strerror or str(error)
        ) from None
    return decode(compose(data, name), kind, name)


def decode(node: Node | None, kind: type[Record], file: str) -> Decoded[Record]:
    """Decode a composed document into ``kind``. Raises ``InputError`` with all problems of the file."""
    decoder = _Decoder(file)
    empty = MappingNode([], 1, 1)
    record = decoder.struct(node if node is not None else empty, kind, "")
    if decoder.problems:
        raise InputError(*decoder.problems)
    return Decoded(record, decoder.places)


_INVALID: Any = object()
"""Stands for a value that was reported as a problem."""


class _Decoder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._visited = 0
        self.problems: list[Problem] = []
        self.places: dict[str, Place] = {}

    def struct(self, node: Node, kind: type[Record], path: str) -> Record:
        if not isinstance(node, MappingNode):
            self._problem(node, path, f"expected keys and values ({_named(_keys(kind))})", _written(node))
            return typing.cast("Record", _INVALID)
        hints = fields(kind)
        values: dict[str, Any] = {}
        broken = False
        for key, child in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            here = f"{path}.{name}" if path else name
            if name not in hints:
                self._unknown_key(key, path, name, list(hints))
            elif name in values:
                self._problem(key, here, "given twice", "", hint="keep one of them")
            else:
                values[name] = self.value(child, hints[name].annotation, here)
                broken = broken or values[name] is _INVALID
        missing = [name for name, hint in hints.items() if hint.required and name not in values]
        for name in missing:
            self._problem(node, f"{path}.{name}" if path else name, "missing", "", hint=f"add '{name}:'")
        if missing or broken:
            return typing.cast("Record", _INVALID)
        try:
            return kind(**{hints[name].attribute: value for name, value in values.items()})
        except (ValueError, TypeError) as error:
            self._problem(node, path, str(error), "")
            return typing.cast("Record", _INVALID)

    def value(self, node: Node, annotation: Any, path: str) -> Any:
        self._count(node)
        self.places[path] = Place(file=self._file, line=node.line, column=node.column, fact=path)
        inner, alternatives = _unwrapped(annotation)
        if type(None) in alternatives and _is_null(node):
            return None
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            return self.struct(node, inner, path)
        origin = typing.get_origin(inner)
        if origin in (list, tuple):
            return self._items(node, inner, origin, path)
        if origin is dict:
            return self._entries(node, typing.get_args(inner)[1], path)
        if inner is Any:
            return self._natural(node)
        return self._scalar(node, annotation, inner, path)

    def _items(self, node: Node, inner: Any, origin: Any, path: str) -> Any:
        if not isinstance(node, SequenceNode):
            self._problem(node, path, "expected a list ('- ...' lines)", _written(node))
            return _INVALID
        item = typing.get_args(inner)[0]
        items = [self.value(child, item, f"{path}[{index}]") for index, child in enumerate(node.value)]
        return _INVALID if any(entry is _INVALID for entry in items) else origin(items)

    def _entries(self, node: Node, item: Any, path: str) -> Any:
        if not isinstance(node, MappingNode):
            self._problem(node, path, "expected keys and values", _written(node))
            return _INVALID
        entries: dict[str, Any] = {}
        for key, child in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if name in entries:
                self._problem(key, f"{path}.{name}", "given twice", "", hint="keep one of them")
            entries[name] = self.value(child, item, f"{path}.{name}")
        return _INVALID if any(entry is _INVALID for entry in entries.values()) else entries

    def _scalar(self, node: Node, annotation: Any, inner: Any, path: str) -> Any:
        if not isinstance(node, ScalarNode):
            self._problem(node, path, f"expected {_expected(inner)}", _written(node))
            return _INVALID
        try:
            return msgspec.convert(_raw(node, inner), annotation, strict=True)
        except msgspec.ValidationError:
            choices = _choices(inner)
            if choices:
                near = difflib.get_close_matches(node.value, choices, n=1)
                self._problem(
                    node,
                    path,
                    f"expected one of {_named(choices)}",
                    _written(node),
                    hint=f"did you mean '{near[0]}'?" if near else "",
                )
            else:
                self._problem(
                    node, path, f"expected {_constraint(annotation, inner) or _expected(inner)}", _written(node)
                )
            return _INVALID

    def _natural(self, node: Node) -> Any:
        """Turn a node of unknown type into plain data, scalars as YAML 1.2 would read them."""
        self._count(node)
        if isinstance(node, MappingNode):
            return {key.value: self._natural(child) for key, child in node.value if isinstance(key, ScalarNode)}
        if isinstance(node, SequenceNode):
            return [self._natural(child) for child in node.value]
        if _is_null(node):
            return None
        for inner in (bool, int, float):
            value = _raw(typing.cast("ScalarNode", node), inner)
            if not isinstance(value, str):
                return value
        return node.value

    def _count(self, node: Node) -> None:
        """Bound what following aliases can make of a small file."""
        self._visited += 1
        if self._visited > MAX_NODES:
            raise InputError.because(
                f"more than {MAX_NODES} values after following aliases",
                place=Place(file=self._file, line=node.line, column=node.column),
            )

    def _unknown_key(self, key: Node, path: str, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"known here: {_named(known)}"
        self._problem(key, f"{path}.{name}" if path else name, f"unknown key '{name[:80]}'", "", hint=hint)

    def _problem(self, node: Node, path: str, expected: str, found: str, *, hint: str = "") -> None:
        what = f"{path}: {expected}" + (f", found {found}" if found else "") if path else expected
        place = Place(file=self._file, line=node.line, column=node.column)
        self.problems.append(Problem(what, place, "", hint))


class Field(msgspec.Struct, frozen=True):
    """A field of a record as the decoder sees it: its annotation, its attribute, whether it must be given."""

    annotation: Any
    attribute: str
    required: bool


@cache
def fields(kind: type[msgspec.Struct]) -> dict[str, Field]:
    """Return the fields of a record by the name they carry in YAML."""
    return {field.encode_name: Field(field.type, field.name, field.required) for field in msgspec.structs.fields(kind)}


def _unwrapped(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Strip ``Annotated`` and the ``Unset``/``None`` alternatives of an annotation."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        alternatives = typing.get_args(annotation)
        kinds = [kind for kind in alternatives if kind not in (msgspec.UnsetType, type(None))]
        if len(kinds) == 1:
            return _unwrapped(kinds[0])[0], alternatives
        return annotation, alternatives
    return annotation, ()


def _raw(node: ScalarNode, inner: Any) -> object:
    text = node.value
    if inner is bool and node.plain:
        return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
            text.lower(), text
        )
    if inner is int and node.plain and re.fullmatch(r"[-+]?\d{1,18}", text):
        return int(text)
    if inner is float and node.plain and re.fullmatch(r"[-+]?\d{1,18}(\.\d{1,9})?", text):
        return float(text)
    return text


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.plain and node.value in ("", "~", "null")


def _keys(kind: type[msgspec.Struct]) -> list[str]:
    return list(fields(kind))


def _choices(inner: Any) -> list[str]:
    if typing.get_origin(inner) is typing.Literal:
        return [str(choice) for choice in typing.get_args(inner)]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return [str(member.value) for member in inner]
    if inner is bool:
        return ["true", "false"]
    return []


def _expected(inner: Any) -> str:
    if inner is datetime.date:
        return "a date such as 2027-12-31"
    if inner is datetime.datetime:
        return "a time such as 2026-11-20T10:00:00Z"
    return {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}.get(inner, "a value")


def _constraint(annotation: Any, inner: Any) -> str:
    """Say what the innermost ``Meta`` of an annotation demands, if it demands more than its type."""
    for part in (annotation, *typing.get_args(annotation)):
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, msgspec.Meta) and meta.ge is not None and meta.le is not None:
                return f"{_expected(inner)} from {meta.ge} to {meta.le}"
            if isinstance(meta, msgspec.Meta) and meta.pattern is not None:
                return f"a text of the form {meta.pattern}"
    return next(filter(None, (_constraint(part, inner) for part in typing.get_args(annotation))), "")


def _written(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "keys and values"
    if isinstance(node, SequenceNode):
        return "a list"
    return "nothing" if _is_null(node) else f"'{str(node.value)[:60]}'"


def _named(names: list[str]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
