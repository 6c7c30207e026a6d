"""YAML composed into nodes that know their place, within limits.

PyYAML's C parser delivers events with marks; composing them here keeps depth, size and aliases bounded and gives
each value its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 500_000
MAX_ALIASES = 1_000


class Node:
    """A composed value: ``value`` is a text, a list of nodes, or a list of (key, node)."""

    __slots__ = ("column", "line", "plain", "value")

    def __init__(
        self,
        value: str | list[Node] | list[tuple[Node, Node]],
        line: int,
        column: int,
        *,
        plain: bool = False,
    ) -> None:
        self.value = value
        self.line = line
        self.column = column
        self.plain = plain


class MappingNode(Node):
    """A mapping; ``value`` is its list of pairs in the order written."""

    value: list[tuple[Node, Node]]


class SequenceNode(Node):
    """A sequence; ``value`` is its list of items."""

    value: list[Node]


class ScalarNode(Node):
    """A scalar; ``value`` is its text, ``plain`` says that it was written without quotes."""

    value: str


def compose(data: bytes, file: str) -> Node | None:
    """Compose one YAML document within the limits; ``None`` for an empty one. Raises ``InputError``."""
    if len(data) > MAX_BYTES:
        raise InputError.because(
            f"{file} is larger than {MAX_BYTES // 2**20} MiB",
            place=Place(file=file),
            why="no file of this kind is that large",
        )
    try:
        events = yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return _Composer(events, file).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)
        raise InputError.because(
            f"{file} is not valid YAML", place=place, why=error.problem or str(error.context)
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise InputError.because(f"{file} is not YAML text", place=Place(file=file), why=why[:200]) from None


class _Composer:
    """Turns events into nodes; every limit is enforced here."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self._events = events
        self._file = file
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self._aliases = 0

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused("a second document begins here", event, "one file holds one document")
                root = self._node(next(self._events), 0)
        if isinstance(root, ScalarNode) and root.plain and root.value == "":
            return None
        return root

    def _node(self, event: Any, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._refused(f"more than {MAX_NODES} values", event, "the file is bounded in size")
        if depth > MAX_DEPTH:
            raise self._refused(f"nested deeper than {MAX_DEPTH} levels", event, "the format is flat")
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            self._aliases += 1
            if self._aliases > MAX_ALIASES:
                raise self._refused(f"more than {MAX_ALIASES} aliases", event, "aliases are bounded")
            if event.anchor not in self._anchors:
                raise self._refused(f"unknown alias *{event.anchor}", event, "no such anchor before this place")
            return self._anchors[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            scalar = ScalarNode(event.value, line, column, plain=event.implicit[0])
            return self._anchored(event.anchor, scalar)
        if isinstance(event, yaml.SequenceStartEvent):
            items = [self._node(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
            return self._anchored(event.anchor, SequenceNode(items, line, column))
        pairs = []
        for key in self._until(yaml.MappingEndEvent):
            name = self._node(key, depth + 1)
            pairs.append((name, self._node(next(self._events), depth + 1)))
        return self._anchored(event.anchor, MappingNode(pairs, line, column))

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _anchored(self, anchor: str | None, node: Node) -> Node:
        if anchor:
            self._anchors[anchor] = node
        return node

    def _refused(self, what: str, event: Any, why: str) -> InputError:
        place = Place(file=self._file, line=event.start_mark.line + 1, column=event.start_mark.column + 1)
        return InputError.because(what, place=place, why=why)
