"""The commented template of a system description, generated from the declarations of its facts.

Every line is a comment. Taking away its first ``#`` turns a line that begins with ``#`` into YAML and one that begins
with ``##`` into a comment, so that all lines uncommented are a full description.
"""

from __future__ import annotations

import textwrap
import typing
from typing import Any

import msgspec

from wssdoctor.description.description import Description
from wssdoctor.description.fact import Declaration, nested_record
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.evidence import Sensitivity
from wssdoctor.yamlfile import fields

_WIDTH = 100
_INSTEAD = {"file": "instead of the four facts that follow", "pem": "instead of the four facts that follow"}
"""Facts of a certificate that may not be given beside its others: the template only speaks of them."""

_HEAD = """\
## A system description for wssdoctor, format 1.
##
## Take the first '#' away from the lines that you know, and correct the values: all of them are examples. A line needs
## the ones above it to which it belongs: '  lock: 0' needs 'technical_user:'. Leave out what you do not know: a fact
## that nobody gave is unknown and never taken for good. 'wssdoctor check' then says which facts it misses most.
##
## Write no passwords here. 'wssdoctor schema description' prints the JSON Schema with which editors complete and check
## this file.

format: "1"
"""


def template() -> str:
    """Return the template."""
    return "\n".join((_HEAD, *_record(Description, "", "")))


def _record(kind: type[msgspec.Struct], path: str, indent: str, *, item: bool = False) -> list[str]:
    """Return the lines of a record's facts; those of an item of a list begin with a dash."""
    lines: list[str] = []
    dash = item
    for name, field in fields(kind).items():
        here = f"{path}.{name}" if path else name
        if here == "format":
            continue
        nested, many = nested_record(field.annotation)
        declaration = DECLARATIONS.get(here)
        prose = _prose(declaration, indent) if declaration else _about(nested, indent)
        choices = ", ".join(_choices(field.annotation)) if nested is None else ""
        if choices:
            prose += _comment(f"One of {choices}", indent)
        if nested is not None:
            lines += [*prose, f"#{indent}{name}:"]
            lines += (
                _record(nested, f"{here}[]", f"{indent}    ", item=True)
                if many
                else _record(nested, here, f"{indent}  ")
            )
        elif declaration is None or not declaration.example or name in _INSTEAD:
            lines += [*prose, *_comment(f"{name}: {_INSTEAD.get(name, 'left out here')}", indent)]
        else:
            start = f"{indent[:-2]}- " if dash else indent
            dash = False
            lines += [*prose, f"#{start}{name}: {declaration.example}"]
        lines += [""] * (lines[-1] != "")
    return lines


def _about(kind: type[msgspec.Struct] | None, indent: str) -> list[str]:
    return _comment(((kind.__doc__ or "") if kind else "").strip(), indent)


def _prose(declaration: Declaration, indent: str) -> list[str]:
    lines = _comment(f"{declaration.meaning}.", indent)
    if declaration.home:
        lines += _comment(f"Home: {declaration.home}", indent)
    if declaration.obtain and declaration.obtain != declaration.home:
        lines += _comment(f"How:  {declaration.obtain}", indent)
    if declaration.sensitivity is Sensitivity.SECRET:
        lines += _comment("Secret: it leaves this file for no report.", indent)
    return lines


def _choices(annotation: Any) -> tuple[str, ...]:
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return next(filter(None, map(_choices, typing.get_args(annotation))), ())


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"## {indent}", subsequent_indent=f"## {indent}  ", break_on_hyphens=False
    )
