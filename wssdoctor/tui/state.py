"""The list of findings as the screen shows it: rows, filter, search, cursor by finding. Knows no terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.provider.stage import Stage
from wssdoctor.tui import account, tree
from wssdoctor.tui.coverage import coverage_line
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import (
    Line,
    Span,
    Tone,
    file_name,
    plain,
    span,
    spread,
    width,
)
from wssdoctor.tui.rows import Key, Row, count
from wssdoctor.tui.session import Opening, Session

Filter: TypeAlias = Literal["problems", "confirmed", "everything"]
FILTERS: tuple[Filter, ...] = ("problems", "confirmed", "everything")
FILTER_TITLES = {
    "problems": "problems and gaps",
    "confirmed": "confirmed only",
    "everything": "everything, ruled out too",
}


Sort: TypeAlias = Literal["cause", "requests", "stage", "name"]
SORTS: tuple[Sort, ...] = ("cause", "requests", "stage", "name")
SORT_TITLES = {
    "cause": "root cause first",
    "requests": "what stops most requests",
    "stage": "stage",
    "name": "name",
}


class FindingList(Struct, frozen=True, dict=True):
    """The rows, and what was asked of them."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    """Rows without headings before filter and search."""
    filter: Filter = "problems"
    search: str = ""
    sort: Sort = "cause"
    shape: tree.Shape = "list"
    toggled: frozenset[Key] = frozenset()
    """Branches of the tree that are not as they are at first."""
    searched: int = 0
    """Rows that pass the filter: those that a search looks at."""
    shown: int = 0
    """Rows that pass filter and search, folded ones too, without headings."""
    beyond: int = 0
    """Rows that the search would find if the filter did not hide them."""
    key: Key | None = None
    """The chosen row."""
    wanted: Key | None = None
    """The row that the user chose: chosen again when it comes back."""

    @cached_property
    def cursor(self) -> int:
        """Where the chosen row is; the first row where it is gone."""
        return max(_place(self.rows, self.key), 0)

    @property
    def chosen(self) -> Row | None:
        """The chosen row."""
        row = self.rows[self.cursor] if self.rows else None
        return row if row is not None and row.key == self.key and row.sign.kind != "heading" else None


def listed(before: FindingList, session: Session) -> FindingList:
    """Make the list of a session anew; filter, search and the chosen row stay."""
    words = before.search.lower().split()
    filtered: list[Row] = []
    hidden: list[Row] = []
    for row in session.rows:
        (filtered if _passes(row, before.filter) else hidden).append(row)
    wanted = _sorted([row for row in filtered if _has(row, words)] if words else filtered, before.sort)
    passing: list[Row] = []
    for index, row in enumerate(wanted):
        if row.sign.kind == "heading" and (index + 1 == len(wanted) or wanted[index + 1].sign.kind == "heading"):
            continue
        passing.append(row)
    view = replace(
        before,
        total=_number(session.rows),
        searched=_number(filtered),
        shown=_number(passing),
        beyond=sum(_has(row, words) for row in hidden) if words else 0,
    )
    rows = _arranged(passing, view)
    folded = tree.hiding(rows, before.wanted) if before.wanted else None
    if folded is not None:
        view = replace(view, toggled=view.toggled ^ {folded})
        rows = _arranged(passing, view)
    first = next((row.key for row in rows if row.sign.kind != "heading"), None)
    key = next((one for one in (before.wanted, before.key) if _place(rows, one) >= 0), first)
    return replace(view, rows=tuple(rows), key=key)


def _place(rows: Sequence[Row], key: Key | None) -> int:
    """Return where a row is, -1 where it is not. There may be very many: no key is made of each."""
    if key is None:
        return -1
    family, name = key
    return next((index for index, row in enumerate(rows) if row.name == name and row.family == family), -1)


def _number(rows: Sequence[Row]) -> int:
    return sum(row.sign.kind != "heading" for row in rows)


def _arranged(rows: Sequence[Row], view: FindingList) -> list[Row]:
    return tree.arranged(rows, view.shape, view.toggled, all_open=bool(view.search))


def _sorted(rows: list[Row], sort: Sort) -> list[Row]:
    """Sort the rows under each heading; by root cause they come sorted, consequences under their cause."""
    if sort == "cause":
        return rows
    found: list[Row] = []
    group: list[Row] = []
    for row in (*rows, None):
        if row is None or row.sign.kind == "heading":
            found += sorted(group, key=_SORT_KEYS[sort])
            group = []
            if row is not None:
                found.append(row)
        else:
            group.append(replace(row, depth=0))
    return found


def _stops(row: Row) -> tuple[int, str]:
    return -len(row.finding.stops) if row.finding else 0, row.title


def _stage(row: Row) -> tuple[int, str]:
    first = row.results[0].stage if row.results else ""
    return _STAGES.index(first) if first in _STAGES else len(_STAGES), row.title


def _name(row: Row) -> tuple[int, str]:
    return 0, row.title.casefold()


_SORT_KEYS: dict[Sort, Callable[[Row], tuple[int, str]]] = {"requests": _stops, "stage": _stage, "name": _name}
_STAGES: tuple[str, ...] = tuple(Stage)


def next_sort(view: FindingList) -> FindingList:
    """Choose the next order."""
    return replace(view, sort=SORTS[(SORTS.index(view.sort) + 1) % len(SORTS)])


def next_shape(view: FindingList) -> FindingList:
    """Choose the next shape: a list, a tree by root cause, a tree by stage."""
    shape = tree.SHAPES[(tree.SHAPES.index(view.shape) + 1) % len(tree.SHAPES)]
    return replace(view, shape=shape, toggled=frozenset())


def folded(view: FindingList) -> FindingList:
    """Fold the branch that the chosen row is, or is part of, and choose it."""
    row = view.chosen
    if row is None:
        return view
    branch = row.key if row.under and row.open else tree.around(view.rows, row.key)
    if branch is None:
        return view
    return chose(replace(view, toggled=view.toggled ^ {branch}), branch)


def unfolded(view: FindingList) -> FindingList:
    """Unfold the chosen branch."""
    row = view.chosen
    return replace(view, toggled=view.toggled ^ {row.key}) if row is not None and row.under and not row.open else view


def next_filter(view: FindingList) -> FindingList:
    """Choose the next filter."""
    return replace(view, filter=FILTERS[(FILTERS.index(view.filter) + 1) % len(FILTERS)])


def chose(view: FindingList, key: Key) -> FindingList:
    """Choose a row, whether it is there yet or not."""
    return replace(view, key=key, wanted=key)


def stepped(view: FindingList, rows: int) -> FindingList:
    """Choose another row, as far as there are any."""
    found = [row for row in view.rows if row.sign.kind != "heading"]
    if not found:
        return view
    here = max(_place(found, view.key), 0)
    return chose(view, found[max(0, min(here + rows, len(found) - 1))].key)


def _passes(row: Row, wanted: Filter) -> bool:
    if row.sign.kind == "heading" or wanted == "everything":
        return True
    return row.sign.word in ("FAIL", "DEFECT") if wanted == "confirmed" else row.sign.word != "OUT"


def _has(row: Row, words: Sequence[str]) -> bool:
    """Whether a row has all words; a heading stays for the rows under it."""
    if row.sign.kind == "heading":
        return True
    text = row.text
    for word in words:  # noqa: SIM110 - a generator for each of very many rows takes a third longer
        if word not in text:
            return False
    return True


def status_lines(session: Session, view: FindingList, cells: int) -> list[Line]:
    """Say how far the run is or what it came to, then what was not checked, then what the list shows."""
    part = " so far" if session.running else " until then" if session.phase in ("cancelled", "crashed") else ""
    found = session.coverage
    covered = coverage_line(found, cells, running=session.running, part=part) if found else ()
    lines = [_verdict(session, cells), covered, _asked(view, cells)]
    if session.account is not None:
        lines.insert(2, account.headline(session.account))
    return lines


_PHASES = {
    "reading": "READING",
    "checks": "RUNNING",
    "remedies": "TRYING REMEDIES",
    "plan": "SEARCHING THE SMALLEST PLAN",
}


def _verdict(session: Session, cells: int) -> Line:
    causes = len(session.confirmed)
    if session.running:
        far = f" {_PHASES[session.phase]}"
        if session.phase == "reading" and session.opening is not None:
            far += f" {_files(session.opening)}"
        elif session.phase == "checks" and session.total is not None:
            far += f"  {session.done} of {count(session.total, 'request')}"
        elif session.phase == "remedies" and session.total:
            far += f"  {session.done} of {session.total}"
        so_far = f"   ✗ {count(causes, 'cause')} so far" if session.phase != "reading" else ""
        return spread((Span(far, "accent"), Span(so_far, "fail")), (span(f"{key('back')} cancels ", "muted"),), cells)
    left = _outcome(session)
    requests = next((one for one in _requests(session) if width(left) + width(one) < cells), ())
    return spread(left, requests, cells)


_UNFINISHED: dict[str, Span] = {
    "reading": Span("READING", "accent"),
    **dict.fromkeys(("checks", "remedies", "plan"), Span("RUNNING", "accent")),
    "cancelled": Span("! CANCELLED", "warn"),
    "crashed": Span("! STOPPED", "fail"),
    "refused": Span("✗ NOT READ", "fail"),
}


def unfinished(session: Session) -> Line:
    """Say in a word that a run goes on, or did not come to its end; nothing where it did."""
    word = _UNFINISHED.get(session.phase)
    return (word,) if word else ()


def _files(opening: Opening) -> str:
    """Name what is read."""
    captures = () if opening.sample else opening.captures
    system = opening.name if opening.sample or opening.system else ""
    return ", ".join([*([system] if system else []), *(file_name(str(path)) for path in captures)])


def _requests(session: Session) -> list[Line]:
    """Count the requests, in more words and in fewer: what is neither rejected nor undecided is accepted."""
    replays = session.run.replays
    if not replays:
        return []
    rejected, undecided = (sum(one.verdict == verdict for one in replays) for verdict in ("rejected", "undecided"))
    also = Span(f", {undecided} undecided" if undecided else "", "unknown")
    if len(replays) < session.captured:
        captured = Span(f", {session.captured} captured ", "muted")
        return [(Span(f"{rejected} of {len(replays)} rejected", "muted"), also, captured)]
    wholes = (count(len(replays), "request"), str(len(replays)))
    return [(Span(f"{rejected} of {whole} rejected", "muted"), also, Span(" ")) for whole in wholes]


def _outcome(session: Session) -> Line:
    """Say what a run came to that is under way no longer."""
    causes = len(session.confirmed)
    if session.phase == "cancelled":
        replays = len(session.run.replays)
        far = f" after {replays} of {count(session.captured, 'request')}" if replays else ""
        return (Span(f" ! CANCELLED{far}: only a part", "warn"),)
    if session.phase == "crashed":
        return (Span(" ! STOPPED by a defect of this program: only a part", "fail"),)
    if session.phase == "refused":
        problems = count(len(session.problems), "problem")
        return (span(f" ✗ NOT READ: {problems}; {key('again')} reads again, {key('open')} opens others", "fail"),)
    if session.coverage is None:
        return ()
    refused = len(session.diagnosis.unsettled) if session.diagnosis else 0
    if refused:
        words = f"{count(refused, 'request')} CONTRADICTED by the system"
        first = f"{count(causes, 'cause').upper()} CONFIRMED, {words}" if causes else f"INCONCLUSIVE: {words}"
        return (Span(f" ✗ {first}", "fail"),)
    if causes:
        return (Span(f" ✗ {count(causes, 'cause').upper()} CONFIRMED", "fail"),)
    if session.unread:
        return (Span(" ? INCONCLUSIVE: exports refused or contradictory", "unknown"),)
    unclear = session.coverage.unknown + session.coverage.error
    if unclear:
        return (Span(f" ? INCONCLUSIVE: no fault confirmed, {count(unclear, 'check')} unanswered", "unknown"),)
    if session.coverage.waiting_for_request:
        return (Span(" ? No fault in the system; no request, so logons unchecked", "unknown"),)
    return (Span(" ✓ HEALTHY: every check that applies passed", "pass"),)


def _asked(view: FindingList, cells: int) -> Line:
    if not view.total:
        return ()
    left = f" Shown: {FILTER_TITLES[view.filter]}"
    if view.shape != "list":
        left += f", {tree.SHAPE_TITLES[view.shape]}"
    if view.search:
        left += f", with “{view.search}”"
    if view.sort != "cause":
        left += f", sorted by {SORT_TITLES[view.sort]}"
    tone: Tone = "muted"
    if view.search:
        right = f"{view.shown} of {view.searched} found"
        if view.beyond:
            right += f", {view.beyond} more hidden: {_unhiding(view)} shows"
        tone = "warn" if view.beyond or view.shown < view.searched else "muted"
    else:
        right = f"{view.shown} of {view.total}" + (
            f", {key('finding-filter')} filters" if view.shown < view.total else ""
        )
    return spread((span(left, "muted"),), (Span(f"{right} ", tone, "filter"),), cells)


def _unhiding(view: FindingList) -> str:
    """Return the keys after which no filter hides anything."""
    return " ".join([key("finding-filter")] * (len(FILTERS) - 1 - FILTERS.index(view.filter)))


def empty_text(session: Session, view: FindingList) -> str:
    """Say why the list is empty."""
    if view.search and view.total:
        searched = "" if view.filter == "everything" else f" of those searched ({FILTER_TITLES[view.filter]})"
        hidden = f" The filter hides {count(view.beyond, 'row')} with them: Enter, then {_unhiding(view)}."
        return f"No row{searched} has these words.{hidden if view.beyond else ''} {key('back')} clears the search."
    if view.total and (view.filter != "problems" or session.phase != "done" or session.unread):
        return f"0 of {view.total} shown. {key('finding-filter')} changes the filter."
    if session.opening is None:
        return f"No case is open: {key('open')} opens one. {key('back')} leads to the start and the sample."
    if session.running:
        return "Nothing found so far. What is wrong is listed here while the checks go on."
    if session.phase in ("refused", "crashed"):
        return f"Nothing is known: the run did not come to its end. {key('again')} runs it again."
    if session.phase == "cancelled":
        return f"Nothing was found until then. {key('again')} runs it again."
    if session.unread:
        return f"No check failed, but something in the exports was left out: {key('account')} says what."
    more = f" {_unhiding(view)} shows what was ruled out." if view.total else ""
    return f"No check that was run failed, and none was left open.{more}"


def not_there(session: Session) -> str:
    """Say why there is no case to look at; empty where there is one."""
    if session.opening is None:
        return f"No case is open: {key('open')} opens one."
    if session.phase == "refused":
        return f"The case cannot be read: {key('go-findings')} says why, {key('again')} reads it again."
    if session.case is None:
        return "The files are being read."
    return ""


def list_text(session: Session, view: FindingList) -> str:
    """Return the list as text, as it is shown now."""
    lines = [plain(one).strip() for one in status_lines(session, view, 100)]
    for row in view.rows:
        depth = "  " * (row.depth + 1)
        heads = row.sign.kind in ("heading", "group")
        lines.append(f"\n{row.title}" if heads else f"{depth}{row.sign.word:<6} {row.title}  ({row.where})")
    return "\n".join(lines)
