"""The JSON Schema of a system description, with which editors complete and check it while it is written."""

from __future__ import annotations

from typing import Any

import msgspec

from wssdoctor.description.description import Description
from wssdoctor.description.fact import nested_record
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.yamlfile import fields


def schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12). Texts may be written as numbers: ``client: 100``, ``release: 7.50``."""
    (made,), components = msgspec.json.schema_components([Description], ref_template="#/$defs/{name}")
    for kind in components.values():
        for name, value in kind.get("properties", {}).items():
            kind["properties"][name] = _lenient(value)
    _explain(Description, "", components)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "wssdoctor system description, format 1",
        **made,
        "$defs": components,
    }


def _lenient(value: Any) -> Any:
    """Let YAML's plain numbers stand for texts, as the loader does."""
    if isinstance(value, list):
        return [_lenient(item) for item in value]
    if not isinstance(value, dict):
        return value
    loose = {key: _lenient(child) for key, child in value.items()}
    if loose.get("type") == "string" and "format" not in loose:
        loose["type"] = ["string", "number"]
    if "enum" in loose and "type" not in loose:
        loose["enum"] = [*loose["enum"], *(int(choice) for choice in loose["enum"] if str(choice).isdigit())]
    return loose


def _explain(kind: type[msgspec.Struct], path: str, components: dict[str, Any]) -> None:
    """Add to each fact its home and how to obtain it; a record that stands in several places is explained once."""
    properties = components[kind.__name__]["properties"]
    for name, field in fields(kind).items():
        here = f"{path}.{name}" if path else name
        declaration = DECLARATIONS.get(here)
        if declaration is not None:
            said = [declaration.meaning]
            if declaration.home:
                said.append(f"Home: {declaration.home}")
            if declaration.obtain and declaration.obtain != declaration.home:
                said.append(f"How: {declaration.obtain}")
            properties[name]["description"] = ". ".join(said)
        nested, many = nested_record(field.annotation)
        if nested is not None:
            _explain(nested, f"{here}[]" if many else here, components)
