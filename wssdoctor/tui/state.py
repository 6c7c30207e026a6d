"""The list of findings as the screen shows it: rows, filter, search, cursor by finding. Knows no terminal."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Outcome, Result
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.knowledge.base import Base
from wssdoctor.tui.lines import Line, Span, Tone, file_name, fit, fit_end, line, span, spread
from wssdoctor.tui.session import Session

Filter: TypeAlias = Literal["problems", "confirmed", "everything"]
FILTERS: tuple[Filter, ...] = ("problems", "confirmed", "everything")
FILTER_TITLES = {
    "problems": "problems and gaps",
    "confirmed": "confirmed only",
    "everything": "everything, ruled out too",
}

Kind: TypeAlias = Literal["heading", "finding", "missing", "not-modelled", "defect"]
Key: TypeAlias = tuple[str, str]
"""What makes a row the same row after the list changed."""

_SEVERITY_TONES: dict[str, Tone] = {"high": "fail", "medium": "warn", "low": "warn"}


class Row(Struct, frozen=True):
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

    @property
    def text(self) -> str:
        """What search looks at."""
        return f"{self.word} {self.title} {self.where} {' '.join(self.key)}".lower()


class FindingList(Struct, frozen=True):
    """The rows, and what was asked of them."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    """Rows without headings before filter and search."""
    filter: Filter = "problems"
    search: str = ""
    key: Key | None = None
    """The chosen row."""

    @property
    def shown(self) -> int:
        """Rows without headings."""
        return sum(row.kind != "heading" for row in self.rows)

    @property
    def cursor(self) -> int:
        """Where the chosen row is; the first row where it is gone."""
        return next((index for index, row in enumerate(self.rows) if row.key == self.key), 0)

    @property
    def chosen(self) -> Row | None:
        """The chosen row."""
        return next((row for row in self.rows if row.key == self.key and row.kind != "heading"), None)


def listed(before: FindingList, session: Session, base: Base) -> FindingList:
    """Make the list of a session anew; filter, search and the chosen row stay."""
    everything = _rows(session, base)
    wanted = [row for row in everything if _passes(row, before)]
    rows: list[Row] = []
    for index, row in enumerate(wanted):
        if row.kind == "heading" and (index + 1 == len(wanted) or wanted[index + 1].kind == "heading"):
            continue
        rows.append(row)
    keys = [row.key for row in rows if row.kind != "heading"]
    key = before.key if before.key in keys else (keys[0] if keys else None)
    return FindingList(tuple(rows), sum(row.kind != "heading" for row in everything), before.filter, before.search, key)


def next_filter(view: FindingList) -> FindingList:
    """Choose the next filter."""
    return replace(view, filter=FILTERS[(FILTERS.index(view.filter) + 1) % len(FILTERS)])


def stepped(view: FindingList, rows: int) -> FindingList:
    """Choose another row, as far as there are any."""
    keys = [row.key for row in view.rows if row.kind != "heading"]
    if not keys:
        return view
    here = keys.index(view.key) if view.key in keys else 0
    return replace(view, key=keys[max(0, min(here + rows, len(keys) - 1))])


def _passes(row: Row, view: FindingList) -> bool:
    if row.kind == "heading":
        return True
    if view.filter == "confirmed" and row.word not in ("FAIL", "DEFECT"):
        return False
    if view.filter == "problems" and row.word == "OUT":
        return False
    return all(word in row.text for word in view.search.lower().split())


def _rows(session: Session, base: Base) -> list[Row]:
    rows: list[Row] = []
    groups: dict[str, list[Finding]] = {"confirmed": [], "possible": [], "ruled-out": []}
    for finding in session.findings:
        groups[finding.status].append(finding)
    if groups["confirmed"]:
        rows.append(_heading("confirmed", "What is wrong"))
        rows.extend(_confirmed(groups["confirmed"], base))
    defects = [result for result in _results(session) if result.outcome is Outcome.ERROR]
    if defects:
        rows.append(_heading("defects", "Checks of this program that broke"))
        rows.extend(_defect(result) for result in {one.check: one for one in defects}.values())
    gaps = [*_missing(session), *_not_modelled(session)]
    if gaps:
        rows.append(_heading("gaps", "Not checked: facts to collect, and what is not modelled yet"))
        rows.extend(gaps)
    if groups["possible"]:
        rows.append(_heading("possible", "Possible as far as is known"))
        rows.extend(_finding(one, base, "?", "MAYBE", "unknown") for one in groups["possible"])
    if groups["ruled-out"]:
        rows.append(_heading("ruled-out", "Ruled out"))
        rows.extend(_finding(one, base, "✓", "OUT", "pass") for one in groups["ruled-out"])
    return rows


def _heading(key: str, title: str) -> Row:
    return Row("heading", ("heading", key), "", "", "heading", title, "")


def _confirmed(findings: list[Finding], base: Base) -> list[Row]:
    """Return root causes, each followed by what it explains."""
    rows = []
    folded = [finding for finding in findings if finding.folded_under]
    for finding in findings:
        if finding.folded_under:
            continue
        rows.append(_finding(finding, base, "✗", "FAIL", _SEVERITY_TONES[finding.severity]))
        rows.extend(
            _finding(one, base, "✗", "FAIL", "warn", depth=1) for one in folded if one.folded_under == finding.cause
        )
    placed = {row.key for row in rows}
    rows.extend(_finding(one, base, "✗", "FAIL", "warn") for one in folded if one.key not in placed)
    unique: dict[Key, Row] = {row.key: row for row in reversed(rows)}
    return list(reversed(unique.values()))


def _finding(finding: Finding, base: Base, glyph: str, word: str, tone: Tone, depth: int = 0) -> Row:
    title = base.causes[finding.cause].title
    return Row("finding", finding.key, glyph, word, tone, title, _where(finding), depth, finding, finding.results)


def _where(finding: Finding) -> str:
    """Say what a finding is about in few words: the item, else the one request, else how many there are."""
    if finding.subject.path:
        return finding.subject.name
    captures = finding.stops if finding.status == "confirmed" and finding.stops else finding.captures
    return file_name(captures[0]) if len(captures) == 1 else finding.subject.name


def _results(session: Session) -> list[Result]:
    replayed = [result for replay in session.run.replays for result in replay.results]
    return [*session.run.survey, *replayed]


def _missing(session: Session) -> list[Row]:
    waiting: dict[str, dict[str, Result]] = {}
    for result in _results(session):
        for path in result.missing:
            waiting.setdefault(path, {})[result.check] = result
    wanted = session.coverage.missing_facts if session.coverage else ()
    return [
        Row(
            "missing",
            ("missing", path),
            "?",
            "ASK",
            "unknown",
            f"{path} was not given",
            _count(len(waiting.get(path, {})), "check"),
            results=tuple(waiting.get(path, {}).values()),
        )
        for path in wanted
    ]


def _not_modelled(session: Session) -> list[Row]:
    found: dict[str, Result] = {}
    for result in _results(session):
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def row_line(row: Row, cells: int, *, in_basket: bool = False) -> Line:
    """Draw a row: glyph and word, title, where."""
    if row.kind == "heading":
        return line(Span(" "), span(row.title, "heading"))
    where = 22 if cells < 90 else 26
    room = max(cells - where - 12, 12)
    title = ("└ " if row.depth else "") + row.title
    tried = "~" if in_basket else " "
    return (
        Span(f" {row.glyph} {fit(row.word, 6)} ", row.tone),
        span(fit(title, room), "text"),
        Span(f" {tried}", "accent"),
        span(fit_end(row.where, where - 1), "muted"),
    )


def status_lines(session: Session, view: FindingList, cells: int) -> list[Line]:
    """Say how far the run is or what it came to, then what was not checked, then what the list shows."""
    return [_verdict(session, cells), _coverage(session, cells), _asked(view, cells)]


_PHASES = {
    "reading": "READING the files",
    "checks": "RUNNING",
    "remedies": "TRYING REMEDIES",
    "plan": "SEARCHING THE SMALLEST PLAN",
}


def _verdict(session: Session, cells: int) -> Line:
    rejected = session.run.rejected
    replays = len(session.run.replays)
    requests = Span(f"{rejected} of {_count(replays, 'request')} rejected ", "muted") if replays else Span("")
    causes = len(session.confirmed)
    if session.running:
        far = f" {_PHASES[session.phase]}"
        if session.phase == "checks" and session.total is not None:
            far += f"  {session.done} of {_count(session.total, 'request')}"
        elif session.phase == "remedies" and session.total:
            far += f"  {session.done} of {session.total}"
        so_far = f"   ✗ {_count(causes, 'cause')} so far" if session.phase != "reading" else ""
        left = (Span(far, "accent"), Span(so_far, "fail"), Span("   Esc cancels", "muted"))
        return spread(left, (Span(""),), cells)
    if session.phase == "cancelled":
        text = " ! CANCELLED: only a part was checked, nothing below is complete"
        return spread((Span(text, "warn"),), (requests,), cells)
    if session.phase == "crashed":
        return spread((Span(" ! STOPPED by a defect of this program: nothing below is complete", "fail"),), (), cells)
    if session.coverage is None:
        return (Span(" No case is open.", "muted"),)
    if causes:
        return spread((Span(f" ✗ {_count(causes, 'cause').upper()} CONFIRMED", "fail"),), (requests,), cells)
    unclear = session.coverage.unknown + session.coverage.error
    if unclear:
        text = f" ? INCONCLUSIVE: no fault confirmed, but {_count(unclear, 'check')} could not be answered"
        return spread((Span(text, "unknown"),), (requests,), cells)
    if session.coverage.waiting_for_request:
        text = " ? No fault in the system; no request was given, so logons were not checked"
        return spread((Span(text, "unknown"),), (), cells)
    return spread((Span(" ✓ HEALTHY: every check that applies passed", "pass"),), (requests,), cells)


def _coverage(session: Session, cells: int) -> Line:
    found = session.coverage
    if found is None:
        return ()
    parts: list[Span] = [Span(f" {_count(found.checks, 'check')}: ", "muted"), Span(f"✓ {found.passed} passed", "pass")]
    parts.append(Span(f"  ✗ {found.failed} failed", "fail" if found.failed else "muted"))
    parts.append(Span(f"  ? {found.unknown} unknown", "unknown" if found.unknown else "muted"))
    if found.error:
        parts.append(Span(f"  ! {found.error} broken", "fail"))
    if found.not_applicable:
        parts.append(Span(f"  – {found.not_applicable} n/a", "muted"))
    if found.missing_facts:
        parts.append(Span(f"  {_count(len(found.missing_facts), 'fact')} missing", "unknown"))
    if found.waiting_for_request and not session.running:
        parts.append(Span(f"  {found.waiting_for_request} need a request", "unknown"))
    return spread(tuple(parts), (), cells)


def _asked(view: FindingList, cells: int) -> Line:
    hidden = view.total - view.shown
    left = f" Shown: {FILTER_TITLES[view.filter]}"
    if view.search:
        left += f", with “{view.search}”"
    right = f"{view.shown} of {view.total}" + (f", {hidden} more under other filters " if hidden else " ")
    return spread((span(left, "muted"),), (Span(right, "warn" if hidden and view.search else "muted"),), cells)


def empty_text(session: Session, view: FindingList) -> str:
    """Say why the list is empty."""
    if session.running:
        return "Nothing found so far."
    if view.total:
        return f"0 of {view.total} shown. f changes the filter, Esc clears the search."
    if session.coverage is None:
        return "No case is open: o opens one, t opens the sample."
    return "No check failed and none was left open. What applies passed; f shows what was ruled out."
