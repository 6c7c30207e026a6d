"""Facts put into a description's own text: everything else, comments too, stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from wssdoctor import yamlfile
from wssdoctor.description.description import Description
from wssdoctor.description.facts import steps
from wssdoctor.errors import InputError
from wssdoctor.yamlnode import compose

REMARK = "answered"
"""What stands behind a fact that was put in."""
EMPTY = 'format: "1"\n'
"""The description of which nothing is known."""


def with_facts(text: str, values: Mapping[str, Any], remark: str = REMARK) -> str:
    """Return the text of a description with facts put in, by concrete path, in order; ``remark`` is their comment.

    A path to the end of a list (``users[1]``, where there is one user) adds an item. The facts must not be there yet.
    Raises ``ValueError`` where a fact has no place in the text, or what comes out would be no description.
    """
    for path, value in values.items():
        text = _inserted(text, path, value, remark)
    try:
        yamlfile.decode(compose(text.encode(), "description"), Description, "description")
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


def _inserted(text: str, path: str, value: Any, remark: str) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    route = [part for name, index in steps(path) for part in ((name,) if index is None else (name, index))]
    while True:
        if not isinstance(node, yaml.MappingNode | yaml.SequenceNode):
            raise ValueError(f"{path} has no place in the description's text")  # noqa: TRY004 - about the text
        step = route.pop(0)
        below = _below(node, step)
        if below is None:
            return _put(text, node, step, _nested(route, value), remark)
        if not route:
            raise ValueError(f"{path} stands in the description already")
        node = below


def _below(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode):
        if not isinstance(step, int) or step > len(node.value):
            raise ValueError("a list is described by its items, in order")
        return node.value[step] if step < len(node.value) else None
    return next((value for key, value in node.value if key.value == step), None)


def _nested(route: list[str | int], value: Any) -> Any:
    """Return a value within the records that are still missing around it."""
    for step in reversed(route):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _put(text: str, node: yaml.CollectionNode, step: str | int, value: Any, remark: str) -> str:
    """Put an entry at the end of a mapping or a list."""
    entry: Any = [value] if isinstance(step, int) else {step: value}
    if node.flow_style:
        end = node.end_mark.index - 1
        inside = yaml.safe_dump(entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
        comma = ", " if node.value else ""
        return f"{text[:end].rstrip(' ')}{comma}{inside.strip()[1:-1]}{text[end:]}"
    return _at_line(text, _last_line(text, node), node.start_mark.column, entry, remark)


def _last_line(text: str, node: yaml.Node) -> int:
    """Return the line after the last one of a block, comments and blank lines after it left out."""
    lines = text.splitlines()
    line = node.end_mark.line + (1 if node.end_mark.column and node.end_mark.index >= len(text) else 0)
    while line > node.start_mark.line + 1 and (not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#")):
        line -= 1
    return int(line)


def _at_line(text: str, line: int, column: int, entry: Any, remark: str) -> str:
    dumped = yaml.safe_dump(entry, default_flow_style=False, sort_keys=False, allow_unicode=True, width=10**6)
    first, *rest = dumped.splitlines()
    new = [f"{first}  # {remark}" if remark and not first.endswith(("|", "|-", ">", ">-")) else first, *rest]
    lines = text.splitlines()
    lines[line:line] = [" " * column + one for one in new]
    return "\n".join(lines) + "\n"
