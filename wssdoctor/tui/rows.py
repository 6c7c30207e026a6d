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

_SEVERITY_TONES: dict[str, Tone] = {"high": "fail", "medium": "warn", "low": "warn"}


class Row(Struct, frozen=True, gc=False):
    """One row of the list."""

    kind: Kind
    key: Key
    glyph: str
    word: str
    tone: Tone
    title: str
    where: str
    depth: int = 0
    finding: Finding | None = None
    results: tuple[Result, ...] = ()
    under: tuple[Row, ...] = ()
    """The rows of a branch of a tree, seen or folded."""
    open: bool = False
    """Whether they are seen."""

    @property
    def text(self) -> str:
        """What search looks at."""
        return f"{self.word} {self.title} {self.where} {' '.join(self.key)}".lower()


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
        rows.extend(_finding(one, base, "?", "MAYBE", "unknown") for one in groups["possible"])
    if groups["ruled-out"]:
        rows.append(_heading("ruled-out", "Ruled out"))
        rows.extend(_finding(one, base, "✓", "OUT", "pass") for one in groups["ruled-out"])
    return tuple(rows)


def _heading(key: str, title: str) -> Row:
    return Row("heading", ("heading", key), "", "", "heading", title, "")


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
        row = _finding(finding, base, "✗", "FAIL", _SEVERITY_TONES[finding.severity])
        rows[row.key] = row
        for one in folded.pop(finding.cause, ()):
            rows.setdefault(one.key, _finding(one, base, "✗", "FAIL", "warn", depth=1))
    for rest in folded.values():
        for one in rest:
            rows.setdefault(one.key, _finding(one, base, "✗", "FAIL", "warn"))
    return list(rows.values())


def _finding(finding: Finding, base: Base, glyph: str, word: str, tone: Tone, depth: int = 0) -> Row:
    title = base.causes[finding.cause].title
    return Row("finding", finding.key, glyph, word, tone, title, _where(finding), depth, finding, finding.results)


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
            "missing",
            ("missing", path),
            "?",
            "ASK",
            "unknown",
            f"{path} was not given",
            count(len(waiting.get(path, {})), "check"),
            results=tuple(waiting.get(path, {}).values()),
        )
        for path in wanted
    ]


def _not_modelled(results: Iterable[Result]) -> list[Row]:
    found: dict[str, Result] = {}
    for result in results:
        if result.outcome is Outcome.UNKNOWN and not result.missing:
            found.setdefault(result.check, result)
    return [
        Row(
            "not-modelled",
            ("not-modelled", check),
            "?",
            "GAP",
            "unknown",
            f"{result.title}: {result.says}",
            result.stage,
            results=(result,),
        )
        for check, result in found.items()
    ]


def _defect(result: Result) -> Row:
    return Row("defect", ("defect", result.check), "!", "DEFECT", "fail", result.says, result.stage, results=(result,))


def count(number: int, noun: str) -> str:
    """Say how many there are."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
