"""What a run came to, as rows for a list: findings, broken checks, facts to collect. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from wssdoctor.check.result import Outcome, Result
from wssdoctor.tui.lines import Tone, file_name

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.diagnosis.diagnosis import Coverage
    from wssdoctor.diagnosis.finding import Finding
    from wssdoctor.diagnosis.run import Run
    from wssdoctor.knowledge.base import Base

Kind: TypeAlias = Literal["heading", "group", "finding", "missing", "not-modelled", "defect"]
Key: TypeAlias = tuple[str, str]
"""What makes a row the same row after the list changed."""


class Sign(Struct, frozen=True):
    """What a row is, and how it says so: rows of a kind share it."""

    kind: Kind
    glyph: str = ""
    word: str = ""
    tone: Tone = "heading"


HEADING = Sign("heading")
GROUP = Sign("group")
_LESSER = Sign("finding", "✗", "FAIL", "warn")
"""Of a lesser severity, or a consequence of another finding."""
_CONFIRMED = {"high": Sign("finding", "✗", "FAIL", "fail"), "medium": _LESSER, "low": _LESSER}
_POSSIBLE = Sign("finding", "?", "MAYBE", "unknown")
_RULED_OUT = Sign("finding", "✓", "OUT", "pass")
_MISSING = Sign("missing", "?", "ASK", "unknown")
_NOT_MODELLED = Sign("not-modelled", "?", "GAP", "unknown")
_DEFECT = Sign("defect", "!", "DEFECT", "fail")


class Row(Struct, frozen=True, gc=False):
    """One row of the list: few fields, as there may be very many."""

    sign: Sign
    family: str
    """The cause of a finding; of other rows what they are."""
    name: str
    """What tells it from others of its family."""
    title: str
    where: str
    about: Finding | tuple[Result, ...] = ()
    depth: int = 0

    @property
    def key(self) -> Key:
        """What makes it the same row in another list."""
        return self.family, self.name

    @property
    def finding(self) -> Finding | None:
        """The finding that it shows."""
        return None if isinstance(self.about, tuple) else self.about

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of checks that it rests on."""
        return self.about if isinstance(self.about, tuple) else self.about.results

    @property
    def under(self) -> tuple[Row, ...]:
        """The rows of a branch of a tree, seen or folded."""
        return ()

    @property
    def open(self) -> bool:
        """Whether they are seen."""
        return False

    @property
    def text(self) -> str:
        """What search looks at."""
        return f"{self.sign.word} {self.title} {self.where} {self.family} {self.name}".lower()


class Branch(Row, frozen=True, gc=False):
    """A row of a tree that others stand under."""

    under: tuple[Row, ...] = ()
    open: bool = False


def rows_of(run: Run, findings: Sequence[Finding], found: Coverage | None, base: Base) -> tuple[Row, ...]:
    """Return everything that a run came to: confirmed, broken, not checked, possible, ruled out; with headings."""
    rows: list[Row] = []
    groups: dict[str, list[Finding]] = {"confirmed": [], "possible": [], "ruled-out": []}
    for finding in findings:
        groups[finding.status].append(finding)
    if groups["confirmed"]:
        rows.append(_heading("confirmed", "What is wrong"))
        rows.extend(_confirmed(groups["confirmed"], base))
    defects = [result for result in run.results() if result.outcome is Outcome.ERROR]
    if defects:
        rows.append(_heading("defects", "Checks of this program that broke"))
        rows.extend(_defect(result) for result in {one.check: one for one in defects}.values())
    gaps = [*_missing(run.results(), found), *_not_modelled(run.results())]
    if gaps:
        rows.append(_heading("gaps", "Not checked: facts to collect, or not modelled yet"))
        rows.extend(gaps)
    if groups["possible"]:
        rows.append(_heading("possible", "Possible as far as is known"))
        rows.extend(_finding(one, base, _POSSIBLE) for one in groups["possible"])
    if groups["ruled-out"]:
        rows.append(_heading("ruled-out", "Ruled out"))
        rows.extend(_finding(one, base, _RULED_OUT) for one in groups["ruled-out"])
    return tuple(rows)


def _heading(key: str, title: str) -> Row:
    return Row(HEADING, "heading", key, title, "")


def _confirmed(findings: Sequence[Finding], base: Base) -> list[Row]:
    """Return root causes, each followed by what it explains; a consequence of two roots stands under the first."""
    folded: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.folded_under:
            folded.setdefault(finding.folded_under, []).append(finding)
    rows: dict[Key, Row] = {}
    for finding in findings:
        if finding.folded_under:
            continue
        row = _finding(finding, base, _CONFIRMED[finding.severity])
        rows[row.key] = row
        for one in folded.pop(finding.cause, ()):
            rows.setdefault(one.key, _finding(one, base, _LESSER, depth=1))
    for rest in folded.values():
        for one in rest:
            rows.setdefault(one.key, _finding(one, base, _LESSER))
    return list(rows.values())


def _finding(finding: Finding, base: Base, sign: Sign, depth: int = 0) -> Row:
    family, name = finding.key
    return Row(sign, family, name, base.causes[finding.cause].title, _where(finding), finding, depth)


def _where(finding: Finding) -> str:
    """Say what a finding is about in few words: the item, else the one request, else how many there are."""
    if finding.subject.path:
        return finding.subject.name
    captures = finding.stops if finding.status == "confirmed" and finding.stops else finding.captures
    return file_name(captures[0]) if len(captures) == 1 else finding.subject.name


def _missing(results: Iterable[Result], found: Coverage | None) -> list[Row]:
    waiting: dict[str, dict[str, Result]] = {}
    for result in results:
        for path in result.missing:
            waiting.setdefault(path, {})[result.check] = result
    wanted = found.missing_facts if found else ()
    return [
        Row(
            _MISSING,
            "missing",
            path,
            f"{path} was not given",
            count(len(waiting.get(path, {})), "check"),
            tuple(waiting.get(path, {}).values()),
        )
        for path in wanted
    ]


def _not_modelled(results: Iterable[Result]) -> list[Row]:
    found: dict[str, Result] = {}
    for result in results:
        if result.outcome is Outcome.UNKNOWN and not result.missing:
            found.setdefault(result.check, result)
    return [
        Row(_NOT_MODELLED, "not-modelled", check, f"{result.title}: {result.says}", result.stage, (result,))
        for check, result in found.items()
    ]


def _defect(result: Result) -> Row:
    return Row(_DEFECT, "defect", result.check, result.says, result.stage, (result,))


def count(number: int, noun: str) -> str:
    """Say how many there are."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else many}"
