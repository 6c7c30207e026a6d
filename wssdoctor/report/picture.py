"""The picture of the provider's stages: where each request stops. Pure geometry; the page draws it.

Requests with the same verdict at the same stage share a lane once there are many.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wssdoctor.provider.stage import Stage
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.report import Replay, Report, RequestVerdict
from wssdoctor.report.shown import cells, shown
from wssdoctor.report.words import counted

STAGES = tuple(Stage)

_MOST_LANES = 40
_LABEL = 34
"""Characters of a lane's label; the title of the lane has all of them."""
_LEFT, _STEP, _HEAD, _LANE = 250, 60, 104, 24


class Column(Struct, frozen=True):
    """One stage."""

    heading: str
    x: int


class Lane(Struct, frozen=True):
    """One request, or several that end alike."""

    label: str
    title: str
    verdict: RequestVerdict
    y: int
    end: int
    """Where the line ends."""
    failing: tuple[int, ...]
    """Where it would fail again, once mended."""


class Picture(Struct, frozen=True):
    """Everything that is drawn, in user units."""

    width: int
    height: int
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    left: int
    top: int
    bottom: int


def picture(report: Report, names: Names) -> Picture | None:
    """Draw the requests of a report; nothing where none was replayed."""
    if not report.replays:
        return None
    columns = tuple(Column(stage.heading, _LEFT + _STEP * number) for number, stage in enumerate(STAGES))
    groups = _groups(report.replays)
    lanes = tuple(_lane(group, number, names) for number, group in enumerate(groups))
    bottom = _HEAD + _LANE * len(lanes)
    right = _LEFT + _STEP * len(STAGES)
    return Picture(right + 10, bottom + 10, columns, lanes, _LEFT, _HEAD, bottom)


def _groups(replays: Sequence[Replay]) -> list[list[Replay]]:
    if len(replays) <= _MOST_LANES:
        return [[one] for one in replays]
    groups: dict[tuple[str, str | None], list[Replay]] = {}
    for one in replays:
        groups.setdefault((one.verdict, one.stage), []).append(one)
    order = {str(stage): number for number, stage in enumerate(STAGES)}
    return sorted(groups.values(), key=lambda group: order.get(group[0].stage or "", len(order)))


def _lane(group: Sequence[Replay], number: int, names: Names) -> Lane:
    first = group[0]
    places = {str(stage): _LEFT + _STEP * column for column, stage in enumerate(STAGES)}
    end = _LEFT + _STEP * len(STAGES) - 20 if first.verdict == "accepted" else places.get(first.stage or "", _LEFT)
    where = f" at {first.stage}" if first.stage else ""
    label = names.of(first.capture) if len(group) == 1 else counted(len(group), "request")
    failing = {
        places[step.stage]
        for one in group
        for step in one.steps
        if step.outcome == "failed" and step.stage != one.stage and step.stage in places
    }
    return Lane(
        label=_cut(label),
        title=f"{label}: {first.verdict}{where}",
        verdict=first.verdict,
        y=_HEAD + _LANE * number + _LANE // 2,
        end=end,
        failing=tuple(sorted(failing)),
    )


def _cut(label: str) -> str:
    """Return the end of a long label, which tells names in one folder apart."""
    label = shown(label)
    while cells(label) > _LABEL:
        label = f"...{label[4:]}" if label.startswith("...") else f"...{label[3:]}"
    return label
