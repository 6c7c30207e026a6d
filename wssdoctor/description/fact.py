"""How a fact is declared: meaning, home in SAP, how to obtain it, sensitivity - once, on its field."""

from __future__ import annotations

import datetime
import typing
from functools import cache
from typing import Any, Literal, TypeAlias

import msgspec

from wssdoctor.evidence import Sensitivity
from wssdoctor.yamlfile import fields

Shape: TypeAlias = Literal["yes-no", "number", "day", "moment", "text", "texts", "record", "records", "mapping"]
"""What kind of value a fact has."""
_SHAPES: dict[type, Shape] = {bool: "yes-no", datetime.datetime: "moment", datetime.date: "day", str: "text"}


class Declaration(msgspec.Struct, frozen=True):
    """What is known about a fact apart from its value in one system."""

    path: str
    """Where it stands in a description; ``[]`` for any item of a list (``icf.nodes[].active``)."""
    meaning: str
    home: str
    """Where SAP keeps it: transaction, table-field."""
    obtain: str
    """How a person finds it out."""
    sensitivity: Sensitivity
    example: str
    """What the commented template shows, as YAML."""
    options: tuple[str, ...] = ()
    """The values that it may have, where they are a closed list of texts."""
    items: tuple[str, ...] = ()
    """The values that each item of it may have, where it is a list of such."""
    shape: Shape = "text"


def fact(
    meaning: str,
    *,
    home: str = "",
    obtain: str = "",
    sensitivity: Sensitivity = Sensitivity.PUBLIC,
    example: str = "",
) -> msgspec.Meta:
    """Declare a fact, as the metadata of its field's annotation."""
    extra = {"home": home, "obtain": obtain, "sensitivity": sensitivity, "example": example}
    return msgspec.Meta(description=meaning, extra=extra)


@cache
def declarations(kind: type[msgspec.Struct], prefix: str = "") -> dict[str, Declaration]:
    """Return every fact below a record by its path, in the order of declaration."""
    found: dict[str, Declaration] = {}
    for name, field in fields(kind).items():
        path = f"{prefix}.{name}" if prefix else name
        meta = next(
            (
                part
                for part in getattr(field.annotation, "__metadata__", ())
                if isinstance(part, msgspec.Meta) and part.extra is not None
            ),
            None,
        )
        if meta is not None and meta.extra is not None:
            options, items = _options(field.annotation), _items(field.annotation)
            found[path] = Declaration(
                path, meta.description or "", **meta.extra, options=options, items=items, shape=_shape(field.annotation)
            )
        nested, many = nested_record(field.annotation)
        if nested is not None:
            found.update(declarations(nested, f"{path}[]" if many else path))
    return found


def nested_record(annotation: Any) -> tuple[type[msgspec.Struct] | None, bool]:
    """Return the record inside an annotation, and whether the annotation is a list of them."""
    for part in (annotation, *_parts(annotation)):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            return part, False
        if typing.get_origin(part) is tuple:
            item = typing.get_args(part)[0]
            if isinstance(item, type) and issubclass(item, msgspec.Struct):
                return item, True
    return None, False


def _shape(annotation: Any) -> Shape:
    """Return what kind of value an annotation allows."""
    nested, many = nested_record(annotation)
    if nested is not None:
        return "records" if many else "record"
    parts = _parts(annotation)
    origins = {typing.get_origin(part) for part in parts}
    if tuple in origins or dict in origins:
        return "texts" if tuple in origins else "mapping"
    if _options(annotation):
        return "text"
    return next((shape for kind, shape in _SHAPES.items() if kind in (annotation, *parts)), "number")


def _options(annotation: Any) -> tuple[str, ...]:
    """Return the texts of a closed list, where an annotation is one rather than a list of such."""
    if typing.get_origin(annotation) is Literal:
        return tuple(str(one) for one in typing.get_args(annotation))
    if typing.get_origin(annotation) is tuple:
        return ()
    return tuple(dict.fromkeys(one for part in typing.get_args(annotation) for one in _options(part)))


def _items(annotation: Any) -> tuple[str, ...]:
    """Return the texts of a closed list, where an annotation is a list of such."""
    lists = (part for part in (annotation, *_parts(annotation)) if typing.get_origin(part) is tuple)
    return next((_options(typing.get_args(part)[0]) for part in lists), ())


def _parts(annotation: Any) -> tuple[Any, ...]:
    arguments = typing.get_args(annotation)
    return arguments + tuple(inner for part in arguments for inner in _parts(part))
