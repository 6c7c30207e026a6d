"""Findings: the list while checks run and after, with all about the chosen one beside or below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from wssdoctor.tui import rowlines, state
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, prose
from wssdoctor.tui.rows import Row
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.state import FindingList
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field, SearchField


class FindingsScreen(Place):
    """What is wrong, what is possible, what was not checked."""

    BINDINGS = bindings("findings")
    context = "findings"
    mode = "findings"
    needs_case = True
    tells_run = True

    _rows: Sequence[Row] = ()
    """The rows that are shown: those of the case may be others while a dialog lies over them."""

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        with Container(id="panes"):
            yield Choice(id="list")
            yield Article(id="about")
        search = SearchField("search findings", id="search")
        search.display = False
        yield search

    def show(self) -> None:
        doctor = self.doctor
        doctor.view = view = state.listed(doctor.view, doctor.session)
        uncounted = doctor.session.coverage is None
        self.update_classes(
            {"-exports": doctor.session.account is not None, "-uncounted": uncounted, "-empty": not view.rows}
        )
        self.query_one("#status", Banner).show(lambda cells: state.status_lines(doctor.session, view, cells))
        choice, self._rows = self.query_one(Choice), view.rows
        choice.show(
            len(view.rows),
            self._row,
            whole=self._whole_row,
            opened=self._opened_row,
            selectable=self._selectable,
            cursor=view.cursor,
        )
        if self.focused is None:
            choice.focus()
        self._describe(keep_place=True)

    def progressed(self) -> None:
        self.query_one("#status", Banner).redraw()

    @property
    def leading(self) -> tuple[str, ...]:
        row = self.doctor.view.chosen
        if super().leading or row is None:
            return super().leading
        if self.query_one(Article).has_focus:
            return ("back",)
        if row.under:
            return ("finding-fold",) if row.open else ("finding-unfold",)
        return ("account",) if self.doctor.session.account is not None else ()

    @property
    def left_out(self) -> tuple[str, ...]:
        row = self.doctor.view.chosen
        finding = row.finding if row is not None else None
        idle = ["finding-open"] if self.query_one(Article).has_focus else []
        if finding is None or finding.status != "confirmed":
            idle.append("finding-basket")
        if finding is None or not (finding.stops or finding.captures):
            idle.append("finding-request")
        return (*super().left_out, *idle)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what needs a finding where there is none."""
        if action in ("detail", "article") and self.doctor.view.chosen is None:
            return False
        if action in ("filter", "search", "shape", "unfold") and not self.doctor.view.total:
            return False
        return super().check_action(action, parameters)

    def _row(self, index: int, cells: int) -> Line:
        row = self._rows[index]
        return rowlines.row_line(row, cells, in_basket=self._tried(row), in_tree=self.doctor.view.shape != "list")

    def _whole_row(self, index: int, cells: int, *, narrow: bool = False) -> list[Line]:
        row, in_tree = self._rows[index], self.doctor.view.shape != "list"
        return rowlines.row_lines(row, cells, narrow=narrow, in_basket=self._tried(row), in_tree=in_tree)

    def _opened_row(self, index: int, cells: int) -> list[Line]:
        return self._whole_row(index, cells, narrow=True)

    def _tried(self, row: Row) -> bool:
        """Whether the basket holds a remedy of the row's finding."""
        finding = row.finding
        return finding is not None and any(
            action.subject.path == finding.subject.path
            and action.remedy in self.doctor.base.causes[finding.cause].remedies
            for action in self.doctor.whatif.basket.actions
        )

    def _selectable(self, index: int) -> bool:
        return self._rows[index].sign.kind != "heading"

    def _describe(self, *, keep_place: bool = False) -> None:
        self.query_one(Article).show(self._paragraphs(), keep_place=keep_place)

    def _paragraphs(self) -> list[Paragraph]:
        doctor = self.doctor
        if doctor.view.chosen is None and doctor.session.problems:
            from wssdoctor.tui.screens.error import problem_paragraphs

            return problem_paragraphs(doctor.session.problems)
        if doctor.view.chosen is None:
            return [prose(state.empty_text(doctor.session, doctor.view), "muted", indent=1)]
        from wssdoctor.tui import articles  # with all facts that there are: not before there is something to say

        return articles.row_article(doctor.view.chosen, doctor.session, doctor.base, doctor.whatif.basket.actions)

    @on(Choice.Highlighted)
    def _moved(self, message: Choice.Highlighted) -> None:
        if message.row != message.choice.cursor:
            return  # the list has changed since
        key = self._rows[message.row].key
        if key != self.doctor.view.key:
            self.doctor.view = state.chose(self.doctor.view, key)
            self._describe()
            self.query_one(CommandBar).redraw()

    @on(Choice.Chosen)
    def _opened(self) -> None:
        self.action_detail()

    def action_detail(self) -> None:
        """Read all about the finding: beside the list where there is room, else on a screen of its own.

        A stage of the tree is folded or unfolded.
        """
        row = self.doctor.view.chosen
        if row is None:
            return
        if row.sign.kind == "group":
            self._fold(state.folded if row.open else state.unfolded)
            return
        self.doctor.view = state.chose(self.doctor.view, row.key)  # what is read stays when the run ends
        if self.wide:
            self.query_one(Article).focus()
        else:
            from wssdoctor.tui.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen())

    def action_basket(self) -> None:
        """Put the best remedy of the finding into the basket, or take it out."""
        self.doctor.try_best(self.doctor.view.chosen)
        self.again()

    def action_filter(self) -> None:
        """Choose the next filter."""
        self.doctor.view = state.next_filter(self.doctor.view)
        self.again()

    def action_sort(self) -> None:
        """Choose the next order."""
        self.doctor.view = state.next_sort(self.doctor.view)
        self.again()

    def action_shape(self) -> None:
        """Choose the next shape: a list, a tree by root cause, a tree by stage."""
        self.doctor.view = state.next_shape(self.doctor.view)
        self.again()

    def action_fold(self) -> None:
        """Fold the branch that the chosen row is in."""
        self._fold(state.folded)

    def action_unfold(self) -> None:
        """Unfold the chosen branch."""
        self._fold(state.unfolded)

    def _fold(self, change: Callable[[FindingList], FindingList]) -> None:
        before = self.doctor.view
        if before.shape == "list":
            self.doctor.say(f"A list has nothing to fold: {key('finding-shape')} shows the findings as a tree.")
            return
        self.doctor.view = change(before)
        self.again()

    def action_search(self) -> None:
        """Open the line to search in."""
        search = self.query_one(Field)
        search.display = True
        search.focus()

    def action_request(self) -> None:
        """Show the request that the finding concerns."""
        self.doctor.show_evidence(self.doctor.view.chosen)

    def action_article(self) -> None:
        """Read the article of the cause."""
        self.doctor.show_article(self.doctor.view.chosen)

    @on(Field.Changed, "#search")
    def _searched(self, message: Field.Changed) -> None:
        self.doctor.view = replace(self.doctor.view, search=message.value)
        self.again()

    @on(Field.Submitted, "#search")
    def _found(self) -> None:
        self.query_one(Choice).focus()

    def copied(self) -> str:
        """Return all about the chosen finding as text."""
        return self.query_one(Article).text

    def copied_all(self) -> str:
        """Return the whole list as text."""
        return state.list_text(self.doctor.session, self.doctor.view)

    def close_inner(self) -> bool:
        """Close the search, or leave the text; say whether there was anything to leave."""
        search = self.query_one(Field)
        if search.display:
            search.display = False
            search.value = ""
            self.query_one(Choice).focus()
            return True
        if self.query_one(Article).has_focus:
            self.query_one(Choice).focus()
            return True
        return False
