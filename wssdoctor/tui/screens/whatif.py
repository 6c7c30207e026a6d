"""What-if: remedies in and out, the requests that turn green, the way of one request through the stages."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from wssdoctor.tui import lanes, whatif
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Span, prose
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.choice import Choice


class WhatIfScreen(Place):
    """Remedies tried on a copy of the case."""

    CSS_PATH = "whatif.tcss"
    BINDINGS = bindings("whatif")
    context = "whatif"
    mode = "whatif"

    def __init__(self) -> None:
        super().__init__()
        self._offers: tuple[whatif.Offer, ...] = ()

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        with Container(id="panes"):
            yield Choice(id="remedies")
            yield Choice(id="requests")
        yield Banner(id="matrix")
        with Vertical(id="replay"):
            yield Banner(id="lanes")
            yield Article(id="stage")

    def show(self) -> None:
        doctor, state = self.doctor, self.doctor.whatif
        session = doctor.session
        self._offers = whatif.offers(session, doctor.base)
        replays = session.run.replays
        if replays and state.request >= len(replays):
            doctor.whatif = state = whatif.chosen(session, state, 0)
        self.query_one("#status", Banner).show(lambda cells: lanes.summary(session, state, self._offers, cells))
        remedies = self.query_one("#remedies", Choice)
        remedies.show(len(self._offers) or 1, self._offer, cursor=max(remedies.cursor, 0))
        requests = self.query_one("#requests", Choice)
        requests.show(
            len(replays) + 1,
            self._request,
            selectable=lambda row: row > 0,
            cursor=state.request + 1,
        )
        self.query_one("#matrix", Banner).show(lambda cells: lanes.matrix(session, state, cells))
        self.query_one("#lanes", Banner).show(
            lambda cells: [*lanes.lanes(session, state, cells), lanes.legend()] if replays else []
        )
        self.query_one(Article).show(lanes.stage_article(session, state) or [prose("")])
        if self.focused is None:
            remedies.focus()

    def _offer(self, index: int, cells: int) -> Line:
        if not self._offers:
            text = (
                " Nothing to try yet." if self.doctor.session.running else " No confirmed finding, so no remedy to try."
            )
            return (Span(text, "muted"),)
        offer = self._offers[index]
        return lanes.offer_line(offer, cells, chosen=offer.action in self.doctor.whatif.basket.actions)

    def _request(self, index: int, cells: int) -> Line:
        if index == 0:
            return (Span(" Requests: today, and with the remedies", "heading"),)
        return lanes.request_line(self.doctor.session, self.doctor.whatif, index - 1, cells)

    @on(Choice.Highlighted, "#requests")
    def _request_chosen(self, message: Choice.Highlighted) -> None:
        doctor = self.doctor
        if doctor.whatif.request != message.row - 1:
            doctor.whatif = whatif.chosen(doctor.session, doctor.whatif, message.row - 1)
            self.again()

    @on(Choice.Chosen, "#remedies")
    def _remedy_chosen(self) -> None:
        self.action_finding()

    def action_in_or_out(self) -> None:
        """Put the chosen remedy in, or take it out."""
        offer = self._chosen_offer()
        if offer is None:
            return
        if offer.possible:
            self.doctor.say(f"It cannot be tried: {offer.possible}")
            return
        basket = self.doctor.whatif.basket.toggled(offer.action)
        weakness = self.doctor.base.remedies[offer.action.remedy].weakens_security
        if weakness and offer.action in basket.actions:
            self.doctor.say(f"It weakens security: {weakness}", loud=True)
        self.doctor.try_basket(basket)

    def action_plan(self) -> None:
        """Fill in the plan."""
        plan = self.doctor.session.plan
        if plan is None or not plan.actions:
            self.doctor.say("There is no plan yet." if self.doctor.session.running else "There is nothing to plan.")
        else:
            self.doctor.try_basket(self.doctor.whatif.basket.changed(plan.actions))

    def action_undo(self) -> None:
        """Take back the last change of the basket."""
        self.doctor.try_basket(self.doctor.whatif.basket.undone())

    def action_reset(self) -> None:
        """Take all remedies out."""
        self.doctor.try_basket(self.doctor.whatif.basket.changed(()))

    def action_stage(self, step: int) -> None:
        """Choose another stage."""
        self.doctor.whatif = whatif.moved(self.doctor.session, self.doctor.whatif, stages=step)
        self.again()

    def action_request(self, step: int) -> None:
        """Choose another request."""
        self.doctor.whatif = whatif.moved(self.doctor.session, self.doctor.whatif, requests=step)
        self.again()

    def action_red(self) -> None:
        """Go to the next stage that stops."""
        before = self.doctor.whatif
        self.doctor.whatif = whatif.next_red(self.doctor.session, before)
        if self.doctor.whatif == before:
            self.doctor.say("Nothing is red.")
        self.again()

    def action_finding(self) -> None:
        """Go to the finding that the chosen remedy is for."""
        offer = self._chosen_offer()
        if offer is not None:
            self.doctor.show_finding((offer.cause, offer.action.subject.path))

    def close_inner(self) -> bool:
        """Back to the remedies; say whether one was elsewhere."""
        remedies = self.query_one("#remedies", Choice)
        if remedies.has_focus:
            return False
        remedies.focus()
        return True

    def _chosen_offer(self) -> whatif.Offer | None:
        index = self.query_one("#remedies", Choice).cursor
        return self._offers[index] if 0 <= index < len(self._offers) else None
