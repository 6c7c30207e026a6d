"""A row of the list of findings as lines: what it is, its title, where it is. Knows no terminal."""

from __future__ import annotations

from rich.cells import cell_len

from wssdoctor.check.result import Subject
from wssdoctor.tui.lines import Line, Paragraph, Span, fit, fit_name, line, plain, span, wrap
from wssdoctor.tui.rows import Row

_WHERE = (10, 17, 26)
"""Cells for a place: beside a title that needs them to be whole, else at least, and at most."""
_NOWHERE = Subject().name
"""A place that tells nothing: a title that needs its room takes it."""


def row_line(row: Row, cells: int, *, in_basket: bool = False, in_tree: bool = False) -> Line:
    """Draw a row in one line: glyph and word, title, where. A title that lacks room takes what the place can do without."""
    return _drawn(row, cells, in_basket=in_basket, in_tree=in_tree, narrow=True, whole=False)[0]


def row_lines(
    row: Row, cells: int, *, narrow: bool = False, in_basket: bool = False, in_tree: bool = False
) -> list[Line]:
    """Draw a row with its whole title, in as many lines as that takes; ``narrow`` with the place as rows of one line have it."""
    return _drawn(row, cells, in_basket=in_basket, in_tree=in_tree, narrow=narrow, whole=True)


def _drawn(row: Row, cells: int, *, in_basket: bool, in_tree: bool, narrow: bool, whole: bool) -> list[Line]:
    if row.sign.kind == "heading":
        return [line(Span(" "), span(row.title, "heading"))]
    where = min(max(cells // (4 if narrow else 3), _WHERE[1]), _WHERE[2])
    margin = "  " if in_tree and row.depth and row.sign.kind != "group" else ""
    room = max(cells - where - 12 - len(margin), 12)
    branch = ("▾ " if row.open else "▸ ") if row.under else ""
    fold = "fold" if row.open else "unfold"
    if row.sign.kind == "group":
        mark = Span(branch, "heading", fold)
        fill = " " * max(room + 11 - len(branch) - len(row.title), 1)
        return [(Span(" "), mark, span(row.title, "heading"), Span(fill), span(fit(row.where, where - 1), "muted"))]
    lead = "└ " if row.depth and not in_tree else branch
    more = f"  (+{len(row.under)})" if row.under and not row.open else ""
    title = f"{lead}{row.title}"
    given = _given(cell_len(title) + len(more) - room, row.where, where) if narrow else 0
    text, room, where = line(title), room + given - len(more), where - given
    first, *rest = wrap(Paragraph(text, hang=len(lead)), room) if whole else [text]
    return [
        (
            Span(margin),
            Span("~" if in_basket else " ", "accent"),
            Span(f"{row.sign.glyph} {fit(row.sign.word, 6)} ", row.sign.tone),
            *((Span(branch, "text", fold),) if branch else ()),
            span(fit(plain(first), room)[len(branch) :]),
            Span(more, "muted", fold),
            Span("  "),
            span(fit_name(row.where, where - 1), "muted"),
        ),
        *((Span(" " * (len(margin) + 10)), *one) for one in rest),
    ]


def _given(lacks: int, place: str, where: int) -> int:
    """Return how many cells a place gives to a title that lacks some: blanks, and more where the title is whole with it."""
    own = min(cell_len(place) + 1, where)
    if place == _NOWHERE and lacks > where - own:
        return where
    most = where - min(own, _WHERE[0])
    return max(lacks if lacks <= most else min(lacks, where - own), 0)
