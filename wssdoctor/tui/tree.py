"""The rows of the findings as a tree: consequences under their root cause, or everything under its stage. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec.structs import replace

from wssdoctor.consumer.stage import Stage as CallStage
from wssdoctor.provider.stage import Stage
from wssdoctor.tui.rows import GROUP, Branch, Key, Row

Shape: TypeAlias = Literal["list", "causes", "stages"]
SHAPES: tuple[Shape, ...] = ("list", "causes", "stages")
SHAPE_TITLES: dict[Shape, str] = {"list": "as a list", "causes": "by root cause", "stages": "by stage"}

_STAGES: dict[str, str] = {
    **{str(one): one.heading for one in Stage},
    **{str(one): one.heading for one in CallStage},
}
"""What each stage is called, of requests and then of outbound calls, in the order in which they are met."""
_NONE = "Of no one stage"
_WORDS = ("FAIL", "DEFECT", "ASK", "GAP", "MAYBE", "OUT")
_OPEN = ("FAIL", "DEFECT")


def arranged(rows: Sequence[Row], shape: Shape, toggled: Collection[Key], *, all_open: bool) -> list[Row]:
    """Return the rows that are seen. Consequences are folded at first, and stages in which nothing failed.

    ``toggled`` are branches that are not as they are at first; ``all_open`` unfolds them all, as a search does.
    """
    if shape == "list":
        return list(rows)
    branches = _by_cause(rows) if shape == "causes" else _by_stage(rows)
    found: list[Row] = []
    for branch in branches:
        first = any(one.sign.word in _OPEN for one in branch.under) if branch.sign.kind == "group" else False
        open_ = bool(branch.under) and (all_open or first != (branch.key in toggled))
        found.append(replace(branch, open=True) if open_ else branch)
        if open_:
            found += branch.under
    return found


def hiding(rows: Sequence[Row], key: Key) -> Key | None:
    """Return the folded branch in which a row is hidden."""
    return next((one.key for one in rows if not one.open and any(inner.key == key for inner in one.under)), None)


def around(rows: Sequence[Row], key: Key) -> Key | None:
    """Return the branch that a row is part of."""
    return next((one.key for one in rows if any(inner.key == key for inner in one.under)), None)


def _by_cause(rows: Iterable[Row]) -> Iterator[Row]:
    root: Row | None = None
    under: list[Row] = []
    for row in rows:
        if row.depth and root is not None:
            under.append(row)
            continue
        if root is not None:
            yield _branch(root, under)
        root, under = row, []
    if root is not None:
        yield _branch(root, under)


def _branch(root: Row, under: Sequence[Row]) -> Row:
    if not under:
        return root
    return Branch(root.sign, root.family, root.name, root.title, root.where, root.about, root.depth, tuple(under))


def _by_stage(rows: Iterable[Row]) -> Iterator[Row]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.sign.kind != "heading":
            first = row.results[0].stage if row.results else ""
            groups.setdefault(first if first in _STAGES else "", []).append(replace(row, depth=1))
    for stage in (*_STAGES, ""):
        if stage in groups:
            under = groups[stage]
            words = [one.sign.word for one in under]
            counts = ", ".join(f"{words.count(word)} {word}" for word in _WORDS if word in words)
            yield Branch(GROUP, "stage", stage, _STAGES.get(stage, _NONE), counts, under=tuple(under))
