"""What-if: remedies in and out, the requests that become accepted, the way of one request through the stages."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer

from wssdoctor.tui import basketlines, lanes, whatif
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, Span, blank, prose
from wssdoctor.tui.requestlist import none_captured
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.session import Session
from wssdoctor.tui.state import not_there
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.choice import Choice

SECONDS = 0.7
"""Between two steps of the replay."""
NO_REQUEST = "No request was captured: each one would be replayed, today and with the remedies."


def _nothing() -> str:
    return f"No finding is confirmed, so there is no remedy to try; Findings ({key('go-findings')}) says why."


class WhatIfScreen(Place):
    """Remedies tried on a copy of the case."""

    BINDINGS = bindings("whatif")
    context = "whatif"
    mode = "whatif"
    needs_case = True

    def __init__(self) -> None:
        super().__init__()
        self._offers: tuple[whatif.Offer, ...] = ()
        self._playing: Timer | None = None

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
        self.query_one("#status", Banner).show(lambda cells: basketlines.summary(session, state, self._offers, cells))
        remedies = self.query_one("#remedies", Choice)
        remedies.show(
            len(self._offers) or 1,
            self._offer,
            whole=self._whole_offer if self._offers else None,
            opened=self._whole_offer if self._offers else None,
            selectable=lambda _: bool(self._offers),
            cursor=max(remedies.cursor, 0),
        )
        requests = self.query_one("#requests", Choice)
        calls = session.run.calls if session.run.survey else ()
        requests.show(
            1 + len(replays) + (1 + len(calls) if calls else 0),
            partial(self._request, session, state),  # those of the case may be others while a dialog lies over them
            selectable=lambda row: 0 < row <= len(replays),
            cursor=state.request + 1,
        )
        self.query_one("#matrix", Banner).show(lambda cells: lanes.matrix(session, state, cells))
        self.query_one("#lanes", Banner).show(
            lambda cells: [
                *lanes.lanes(session, state, cells, playing=self._playing is not None),
                lanes.legend(cells),
            ]
        )
        article = self.query_one(Article)
        article.show(lanes.stage_article(session, state) or self._nothing())
        nothing = not (session.running or self._offers or calls or replays)
        self.update_classes({"-no-replay": not replays, "-no-request": not calls and not replays, "-nothing": nothing})
        if self.has_class("-nothing"):
            article.focus()
        elif self.focused is None or not self.focused.is_on_screen:
            remedies.focus()

    def _nothing(self) -> list[Paragraph]:
        """Say what is missing where there is nothing to replay."""
        doctor = self.doctor
        if not_there(doctor.session):
            return [blank(), prose(not_there(doctor.session), "muted", indent=1)]
        if doctor.session.running:
            return [prose("The checks are running: what can be tried comes with them.", "muted", indent=1)]
        said = [] if self._offers else [blank(), prose(_nothing(), indent=1), blank()]
        return [*said, *none_captured(NO_REQUEST)]

    @property
    def lacking(self) -> bool:
        session = self.doctor.session
        return session.opening is None or not (session.running or session.run.replays)

    @property
    def left_out(self) -> tuple[str, ...]:
        basket, plan = self.doctor.whatif.basket, self.doctor.session.plan
        if basket.actions:
            return ("whatif-plan",) if plan is not None and set(plan.actions) <= set(basket.actions) else ()
        return ("whatif-changes",) if basket.before else ("whatif-changes", "whatif-undo")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what needs remedies, or requests, where there are none."""
        name = action.partition("(")[0]
        if name in ("in_or_out", "plan", "changes", "undo") and not self._offers:
            return False
        if name in ("play", "failure", "stage", "request") and not self.doctor.session.run.replays:
            return False
        return super().check_action(action, parameters)

    def _offer(self, index: int, cells: int) -> Line:
        if not self._offers:
            text = "Nothing to try yet." if self.doctor.session.running else _nothing()
            return (Span(f" {text}", "muted"),)
        return self._whole_offer(index, cells, whole=False)[0]

    def _whole_offer(self, index: int, cells: int, *, whole: bool = True) -> list[Line]:
        offer = self._offers[index]
        chosen = offer.action in self.doctor.whatif.basket.actions
        return basketlines.offer_lines(offer, cells, chosen=chosen, whole=whole)

    @property
    def _compared(self) -> str:
        """What the lists of requests and calls show."""
        return "today, and with the remedies" if self.doctor.whatif.basket.actions else "today"

    def _request(self, session: Session, state: whatif.WhatIf, index: int, cells: int) -> Line:
        if index == 0:
            many = session.run.replays
            return (Span(f" Requests: {self._compared if many else 'none was captured'}", "heading"),)
        row = index - 1
        if row < len(session.run.replays):
            return lanes.request_line(session, state, row, cells)
        if row == len(session.run.replays):
            return (Span(f" Outbound calls: {self._compared}", "heading"),)
        return lanes.outbound_line(session, state, row - len(session.run.replays) - 1, cells)

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

    def action_stage_at(self, stage: int) -> None:
        """Choose a stage by its place."""
        self.action_stage(stage - self.doctor.whatif.stage)

    def action_request_at(self, number: int) -> None:
        """Choose a request by its place; of the chosen one, go to the finding that stops it."""
        if number == self.doctor.whatif.request:
            self._why_rejected()
        else:
            self.action_request(number - self.doctor.whatif.request)

    def action_failure(self, step: int) -> None:
        """Go to the next stage that fails, or to the one before."""
        before = self.doctor.whatif
        self.doctor.whatif = whatif.next_failure(self.doctor.session, before, step)
        if self.doctor.whatif == before:
            self.doctor.say("Nothing else fails.")
        self.again()

    def action_play(self) -> None:
        """Walk through the stages of the chosen request, or stand still."""
        if self._stop_playing():
            return
        if not self.doctor.session.run.replays:
            self.doctor.say("No request was captured, so there is nothing to play.")
            return
        self.doctor.whatif = replace(self.doctor.whatif, stage=0)
        self.again()
        if self.app.animation_level == "none":
            while whatif.played(self.doctor.session, self.doctor.whatif) is not None:
                self._step()
        else:
            self._playing = self.set_interval(SECONDS, self._step)
            self.query_one("#lanes", Banner).redraw()

    def _step(self) -> None:
        later = whatif.played(self.doctor.session, self.doctor.whatif)
        if later is None or not self.is_current:
            self._stop_playing()
            return
        self.doctor.whatif = later
        self.again()

    def _stop_playing(self) -> bool:
        """Stand still; say whether the replay was playing."""
        timer, self._playing = self._playing, None
        if timer is not None:
            timer.stop()
            self.query_one("#lanes", Banner).redraw()
        return timer is not None

    def action_changes(self) -> None:
        """Show what the basket changes in the description."""
        from wssdoctor.tui.screens.changes import ChangesDialog

        self.app.push_screen(ChangesDialog())

    def action_finding(self) -> None:
        """Go to the finding that the chosen remedy is for, or that stops the chosen request."""
        if self.query_one("#requests", Choice).has_focus:
            self._why_rejected()
            return
        offer = self._chosen_offer()
        if offer is not None:
            self.doctor.show_finding((offer.cause, offer.action.subject.path))

    @on(Choice.Chosen, "#requests")
    def _why_rejected(self) -> None:
        """Go to the finding that stops the chosen request today."""
        replays, state = self.doctor.session.run.replays, self.doctor.whatif
        name = replays[state.request].capture if state.request < len(replays) else ""
        stopping = next((one for one in self.doctor.session.confirmed if name in one.stops), None)
        if stopping is None:
            self.doctor.say("No finding stops this request.")
        else:
            self.doctor.show_finding(stopping.key)

    def copied(self) -> str:
        """Return the log of the chosen request: each stage, today and with the remedies."""
        return "\n".join(lanes.log(self.doctor.session, self.doctor.whatif))

    def close_inner(self) -> bool:
        """Stand still, or back to the remedies; say whether there was anything to leave."""
        if self._stop_playing():
            return True
        remedies = self.query_one("#remedies", Choice)
        if remedies.has_focus or self.has_class("-nothing"):
            return False
        remedies.focus()
        return True

    def _chosen_offer(self) -> whatif.Offer | None:
        index = self.query_one("#remedies", Choice).cursor
        return self._offers[index] if 0 <= index < len(self._offers) else None
