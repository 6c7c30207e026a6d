"""The part of the app that keeps an eye on things: changed files, the place to come back to, the clipboard."""

from __future__ import annotations

import os
from functools import cached_property

from msgspec.structs import replace

from wssdoctor.tui import clipboard, resume, watch
from wssdoctor.tui.doctor import Doctor
from wssdoctor.tui.keynames import key
from wssdoctor.tui.session import Opening
from wssdoctor.tui.state import FILTERS
from wssdoctor.tui.tree import SHAPES
from wssdoctor.tui.whatif import Basket

SECONDS = 2.0
"""Between two looks at the files of the case."""


class Keeper(Doctor):
    """An app that reloads a case whose files change, comes back after a crash, and copies."""

    opens_nothing = True
    """Whether it begins without a case."""
    _trace: tuple[Opening, watch.Trace] | None = None
    _kept: resume.Place | None = None
    _coming_back: resume.Place | None = None

    @cached_property
    def seat(self) -> resume.Seat | None:
        """Where the place in the open case is kept, if it can be."""
        return resume.seat(self.state_folder, broken_off=self.opens_nothing)

    def on_unmount(self) -> None:
        """Let another instance have the file of the place."""
        if self.seat is not None:
            self.seat.leave()

    def watch_files(self) -> None:
        """Begin to look after the files of the case."""
        self.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Look whether the files of the case changed, off the screen's thread, and keep the place."""
        self.keep_place()
        opening = self.session.opening
        if opening is None or opening.sample or self.jobs.under_way("watch"):
            return  # many files take a while beside a run
        stop = self._stop
        self.jobs.begin(
            self, "watch", lambda: watch.trace(opening, stop.is_set), lambda trace: self._looked(opening, trace)
        )

    def _looked(self, opening: Opening, now: watch.Trace | None) -> None:
        before = self._trace
        if opening != self.session.opening or now is None:
            return
        self._trace = (opening, now)
        if before is None or before[0] != opening or before[1] == now:
            return
        refused = self.session.phase == "refused"
        if refused and getattr(self.screen, "context", "") == "error":
            self.pop_screen()
        if self.session.running or self.screen.is_modal:
            self._trace = before  # later
        elif not refused and (self.whatif.basket.actions or self.answered):
            remedies = "The remedies in the what-if basket stay in it, and are tried anew."
            answers = "The interview begins anew, without its answers."
            lost = [text for text, so in ((remedies, self.whatif.basket.actions), (answers, self.answered)) if so]
            self.ask("The files of the case changed", " ".join(("Read them again?", *lost)), "app.reload")
        else:
            self.say("The files of the case changed: read again.")
            self.action_reload()

    def action_reload(self) -> None:
        """Read the files of the case and check again, on the screen that is seen."""
        if self.session.opening is not None:
            self.open(self.session.opening, stay=True)

    # The place to come back to -----------------------------------------------------------------------------

    def keep_place(self) -> None:
        """Keep where the user is, if that changed."""
        opening = self.session.opening
        if opening is None:
            return
        place = resume.Place(
            str(opening.system.absolute()) if opening.system else None,
            tuple(str(path.absolute()) for path in opening.captures),
            opening.at,
            opening.sample,
            self.current_mode,
            self.view.key,
            self.view.filter,
            self.view.search,
            self.request,
            tuple(
                resume.Remedy(one.remedy, (one.subject.name, one.subject.path), one.captures)
                for one in self.whatif.basket.actions
            ),
            opening.client,
            self.view.shape,
            bool(opening.keys),
        )
        if place != self._kept and self.seat is not None:
            self._kept = place
            self.seat.save(place)

    def come_back(self, place: resume.Place) -> None:
        """Open the case that a session broke off in, and go on where it was once the case is read."""
        self._coming_back = place
        if place.lent:
            self.say(f"The private keys that were lent are not kept: {key('open')} lends them again.", loud=True)
        self.open(place.opening)
        chosen = next((one for one in FILTERS if one == place.filter), FILTERS[0])
        shape = next((one for one in SHAPES if one == place.shape), SHAPES[0])
        view = replace(self.view, key=place.finding, wanted=place.finding)
        self.view = replace(view, filter=chosen, search=place.search, shape=shape)
        self.choose_request(max(place.request, 0))

    def come_back_to_basket(self) -> None:
        """Put the remedies in that were in the basket when the session broke off, as far as they still serve."""
        place, self._coming_back = self._coming_back, None
        if place is None:
            return
        from wssdoctor.tui.whatif import offers

        wanted = {(one.remedy, one.subject[1]) for one in place.basket}
        actions = [
            offer.action
            for offer in offers(self.session, self.base)
            if (offer.action.remedy, offer.action.subject.path) in wanted and not offer.possible
        ]
        self.try_basket(Basket(tuple(actions)))
        if place.mode in ("requests", "whatif", "knowledge", "interview") and self.current_mode == "findings":
            self.action_go(place.mode)

    # Copying -----------------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy what is chosen."""
        self._copy("copied")

    def action_copy_all(self) -> None:
        """Copy everything that the pane or the screen holds."""
        self._copy("copied_all")

    def _copy(self, method: str) -> None:
        copied = getattr(self.screen, method, None)
        text = copied() if copied else ""
        if text:
            self.hand_over(text)
        else:
            self.say("There is nothing to copy here.")

    def hand_over(self, text: str) -> None:
        """Copy a text, and say which way it went."""
        words = clipboard.command(os.environ)
        if words is None:
            self._through_terminal(text)
        else:

            def handed(done: bool) -> None:
                if done:
                    self.say(f"{len(text)} characters copied with {words[0]}.")
                else:
                    self._through_terminal(text)

            self.jobs.begin(self, "copy", lambda: clipboard.copied(text, words), handed)

    def _through_terminal(self, text: str) -> None:
        self.copy_to_clipboard(text)
        if os.environ.get("TMUX") and self._driver is not None:
            self._driver.write(clipboard.for_tmux(text))
        self.say(
            f"{len(text)} characters handed to the terminal (OSC 52); not every terminal takes them. "
            f"{key('export')} writes a file."
        )
