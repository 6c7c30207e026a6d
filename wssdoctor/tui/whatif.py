"""What-if as the screen shows it: the basket with undo, today against what-if, the way through the stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.check.result import Outcome
from wssdoctor.provider.stage import Stage
from wssdoctor.tui.lines import file_name
from wssdoctor.tui.session import Session

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.description.change import Difference
    from wssdoctor.diagnosis.run import Run
    from wssdoctor.diagnosis.whatif import Action, Tried
    from wssdoctor.knowledge.base import Base

STAGES = tuple(Stage)


class Basket(Struct, frozen=True):
    """The remedies to try, and the baskets before."""

    actions: tuple[Action, ...] = ()
    before: tuple[tuple[Action, ...], ...] = ()

    def changed(self, actions: Sequence[Action]) -> Basket:
        """Return a basket of other remedies that can be undone."""
        return self if tuple(actions) == self.actions else Basket(tuple(actions), (*self.before, self.actions))

    def toggled(self, action: Action) -> Basket:
        """Put a remedy in, or take it out."""
        if action in self.actions:
            return self.changed([one for one in self.actions if one != action])
        return self.changed([*self.actions, action])

    def undone(self) -> Basket:
        """Take the last change back."""
        return Basket(self.before[-1], self.before[:-1]) if self.before else self


class Offer(Struct, frozen=True):
    """A remedy that can be tried."""

    action: Action
    title: str
    cause: str
    subject: str
    weakens: bool
    trial: str | None
    """Outcome of its trial alone, where there is one."""
    possible: str = ""
    """Why it cannot be tried; empty where it can."""


class WhatIf(Struct, frozen=True):
    """The whole screen's state."""

    basket: Basket = Basket()
    result: Tried | None = None
    """What the basket does; none while it is worked out, or where it is empty."""
    why_not: str = ""
    """Why the basket could not be tried."""
    unclear: int = 0
    """Checks that have no answer with the basket."""
    changes: tuple[Difference, ...] = ()
    """What the basket changes in the description."""
    request: int = 0
    stage: int = 0


def offers(session: Session, base: Base) -> tuple[Offer, ...]:
    """Return the remedies of all confirmed findings, root causes first."""
    from wssdoctor.diagnosis.whatif import actions_for

    found: dict[Action, Offer] = {}
    for finding in session.confirmed:
        trials = {trial.remedy: trial.outcome for trial in finding.trials}
        for action in actions_for(finding, base):
            remedy = base.remedies[action.remedy]
            found.setdefault(
                action,
                Offer(
                    action,
                    remedy.title,
                    finding.cause,
                    about(action),
                    bool(remedy.weakens_security),
                    trials.get(remedy.id),
                    "" if remedy.effect is not None else remedy.unproven or "it has no effect to try",
                ),
            )
    return tuple(found.values())


def about(action: Action) -> str:
    """Say what a remedy acts on in few words: the item, else the one request, else how many there are."""
    if action.subject.path or len(action.captures) != 1:
        return action.subject.name
    return file_name(action.captures[0])


def turned(before: Run, after: Run) -> tuple[int, int]:
    """Return how many requests become accepted, and how many stop being so."""
    pairs = list(zip(before.replays, after.replays, strict=False))
    gained = sum(one.verdict != "accepted" and two.verdict == "accepted" for one, two in pairs)
    lost = sum(one.verdict == "accepted" and two.verdict != "accepted" for one, two in pairs)
    return gained, lost


def next_failure(session: Session, state: WhatIf, step: int = 1) -> WhatIf:
    """Go to the next failing stage of the what-if lane (or of today), in this request and those after it, or back."""
    replays = state.result.run.replays if state.result else session.run.replays
    failures = [
        (request, index)
        for request, replay in enumerate(replays)
        for index, one in enumerate(replay.steps)
        if one.outcome is Outcome.FAILED
    ]
    here = (state.request, state.stage)
    onwards = [one for one in failures if one > here] or failures
    back = [one for one in failures if one < here] or failures
    if not failures:
        return state
    request, stage = onwards[0] if step > 0 else back[-1]
    return replace(state, request=request, stage=stage)


def played(session: Session, state: WhatIf) -> WhatIf | None:
    """Go one stage on; nothing where both lanes have stopped, or at the end."""
    if state.stage + 1 >= len(STAGES):
        return None
    lanes = [session.run.replays[state.request]]
    if state.result is not None and state.request < len(state.result.run.replays):
        lanes.append(state.result.run.replays[state.request])
    if all(any(one.outcome is Outcome.FAILED for one in lane.steps[: state.stage + 1]) for lane in lanes):
        return None
    return replace(state, stage=state.stage + 1)


def moved(session: Session, state: WhatIf, *, requests: int = 0, stages: int = 0) -> WhatIf:
    """Choose another request (at the stage that stops it) or another stage."""
    count = len(session.run.replays)
    if not count:
        return state
    if requests:
        return chosen(session, state, (state.request + requests) % count)
    return replace(state, stage=max(0, min(state.stage + stages, len(STAGES) - 1)))


def chosen(session: Session, state: WhatIf, request: int) -> WhatIf:
    """Choose a request, at the stage that stops it."""
    replay = session.run.replays[request]
    return replace(state, request=request, stage=STAGES.index(replay.stage) if replay.stage else 0)


def first_rejected(session: Session, state: WhatIf) -> WhatIf:
    """Choose the first rejected request, unless a rejected one is chosen; at the stage that stops it."""
    replays = session.run.replays
    if state.request < len(replays) and replays[state.request].verdict == "rejected":
        return chosen(session, state, state.request)
    return next((chosen(session, state, i) for i, one in enumerate(replays) if one.verdict == "rejected"), state)
