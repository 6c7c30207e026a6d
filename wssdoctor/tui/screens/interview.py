"""Interview: one question at a time, how to find the answer, and how the causes rank."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult

from wssdoctor.description.answer import expected, read
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.interview import begin
from wssdoctor.tui import asking
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import prose
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field

if TYPE_CHECKING:
    from wssdoctor.diagnosis.interview import Interview
    from wssdoctor.diagnosis.question import Wanted


_FEW = 4
_RANKED = ((40, 18), (32, 12), (20, _FEW), (0, 3))
"""Lines of the screen, and how many causes are ranked from there on; a few have a line between them and the question."""


class InterviewScreen(Place):
    """Questions about the open case, or about nothing but what was pasted."""

    BINDINGS = bindings("interview")
    context = "interview"
    mode = "interview"
    AUTO_FOCUS = "Choice"

    def __init__(self) -> None:
        super().__init__()
        self._interview: Interview | None = None
        self._about: tuple[object, object] | None = None
        """The case and the pasted text that the interview is about."""
        self._given: dict[str, Any] = {}
        """Replies to facts of the question that is shown; ``None`` where nobody knows."""
        self._options: tuple[asking.Option, ...] = ()

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        yield Banner(id="ranking")
        yield Article(id="question")
        yield Choice(id="answers")
        value = Field(does="Answer", id="value", compact=True)
        value.display = False
        yield value

    def show(self) -> None:
        doctor = self.doctor
        if doctor.session.running:
            self._interview = self._about = None
            self._draw("The checks are running; questions come when they are done.")
            return
        about = (doctor.session.case, doctor.pasted)
        if self._about != about:
            self._about = about
            case = doctor.session.case or Case(empty(), (), dt.datetime.now(dt.UTC))
            messages = tuple(dict.fromkeys(one.id for one in doctor.pasted.recognised)) if doctor.pasted else ()
            self._work_out(begin(case, doctor.base, Evidence(messages=messages)))
        else:
            self._draw()

    def _work_out(self, interview: Interview) -> None:
        """Find the next question, which takes a while, off the screen's thread."""
        self._interview, self._given = None, {}
        self._draw()

        def work() -> Interview:
            _ = interview.ranking, interview.question, interview.before and interview.before.ranking
            return interview

        self.doctor.jobs.begin(self, "interview", work, self._worked_out)

    def _worked_out(self, interview: Interview) -> None:
        self._interview, self._given = interview, {}
        self.doctor.answered = len(interview.additions)
        self._draw()
        self.query_one(Choice).focus()

    def _draw(self, waiting: str = "Working out which look tells most ...") -> None:
        interview, base = self._interview, self.doctor.base
        self.query_one("#status", Banner).show(lambda cells: asking.status(interview, cells))
        ranking, rows = self.query_one("#ranking", Banner), self._ranked
        ranking.show(lambda cells: asking.ranking(interview, base, cells, rows))
        ranking.styles.height = rows if rows < _FEW else rows + 1
        question = interview.question if interview else None
        self._options = asking.options(question, self._given, base) if question else ()
        text = [prose(waiting, "accent", indent=1)] if interview is None else asking.asked(interview, self._given, base)
        self.query_one(Article).show(text)
        self.query_one(Article).refresh(layout=True)  # as high as its text, whatever it was before
        answers = self.query_one(Choice)
        longest = max((len(one.text) for one in self._options), default=0)
        answers.show(len(self._options), lambda row, cells: asking.option_line(self._options[row], cells, longest))
        answers.display = bool(self._options)
        self.query_one(CommandBar).refresh()
        if interview is not None and not self._options:
            self.query_one(Article).focus()

    @property
    def _ranked(self) -> int:
        """How many causes of the ranking there is room for."""
        height = self.app.size.height
        return next(rows for least, rows in _RANKED if height >= least)

    @property
    def leading(self) -> tuple[str, ...]:
        ended = self._interview is not None and self._interview.question is None
        return super().leading or (("interview-article",) if ended else ())

    @property
    def left_out(self) -> tuple[str, ...]:
        interview = self._interview
        there = {
            "interview-answer": bool(self._options),
            "interview-skip": bool(self._options),
            "interview-undo": bool(self._given) or (interview is not None and interview.before is not None),
            "interview-save": interview is not None and bool(interview.additions),
        }
        return tuple(name for name, so in there.items() if not so)

    @property
    def waiting(self) -> bool:
        """Whether the next question is being worked out."""
        return self._interview is None

    @on(Choice.Chosen)
    def action_answer(self) -> None:
        """Answer with the chosen row."""
        interview = self._interview
        row = self.query_one(Choice).cursor
        if interview is None or not 0 <= row < len(self._options):
            return
        option = self._options[row]
        if option.kind in ("yes", "no"):
            self._work_out(interview.said(option.kind == "yes"))
        elif option.kind == "other":
            self._open_value()
        elif option.kind == "unknown":
            self.action_skip()
        else:
            self._give(option.value)

    def action_skip(self) -> None:
        """Go on without an answer."""
        interview = self._interview
        question = interview.question if interview else None
        if interview is None or question is None:
            return
        if asking.fact_asked(question, self._given) is None:
            self._work_out(interview.skipped())
        else:
            self._give(None)

    @on(Field.Submitted)
    def _typed(self, message: Field.Submitted) -> None:
        wanted = self._wanted
        if wanted is None or not message.value.strip():
            self._close_value()
            return
        try:
            value = read(message.value, wanted.declaration)
        except ValueError as error:
            self.doctor.say(str(error), loud=True)
        else:
            if self._give(value):
                self._close_value()

    @on(Field.ManyLines)
    def _pasted(self, message: Field.ManyLines) -> None:
        """Take the lines of a list that was copied for its values."""
        message.field.insert_text_at_cursor("; ".join(message.text.split("\n")))

    @property
    def _wanted(self) -> Wanted | None:
        """The fact that is asked for."""
        question = self._interview.question if self._interview else None
        return asking.fact_asked(question, self._given) if question else None

    def _give(self, value: object) -> bool:
        """Reply to the fact that is asked for; with the last one of the question, go on. Say whether it can be."""
        interview, wanted = self._interview, self._wanted
        if interview is None or wanted is None:
            return False
        self._given[wanted.path] = value
        known = {path: one for path, one in self._given.items() if one is not None}
        if value is not None:
            try:
                interview.answered(known)
            except ValueError:
                del self._given[wanted.path]
                self.doctor.say(f"Expected is {expected(wanted.declaration)}.", loud=True)
                return False
        if self._wanted is None:
            self._work_out(interview.answered(known))
        else:
            self._draw()
        return True

    def action_undo(self) -> None:
        """Take back the last answer."""
        interview = self._interview
        if self._given:
            self._given.popitem()
            self._draw()
        elif interview is not None and interview.before is not None:
            self._work_out(interview.before)
        else:
            self.doctor.say("Nothing was answered yet.")

    def action_article(self) -> None:
        """Read the article of the most likely cause."""
        first = self._interview.ranking[0] if self._interview and self._interview.ranking else None
        if first is not None:
            self.doctor.wanted_article = first.cause
            self.doctor.action_go("knowledge")

    def action_save(self) -> None:
        """Put the answers into the text of the description, after a question."""
        interview, doctor = self._interview, self.doctor
        if interview is None or not interview.additions:
            doctor.say("Nothing was answered yet.")
        elif doctor.session.opening and doctor.session.opening.sample:
            doctor.say("The sample stays as it is. Open a case of your own to save answers.")
        else:
            kept = asking.kept(doctor.session, Path.cwd())
            doctor.ask("Save the answers?", asking.saving(interview.additions, kept), "screen.write")

    def action_write(self) -> None:
        """Write the description with the answers, and read the case again where it is the case's own."""
        from wssdoctor.atomic import replace_file
        from wssdoctor.description.insert import with_facts

        interview, doctor = self._interview, self.doctor
        if interview is None:
            return
        kept = asking.kept(doctor.session, Path.cwd())
        try:
            replace_file(kept.path, with_facts(kept.text(), interview.additions).encode())
        except OSError as error:
            doctor.say(f"Not written: {error.strerror or error}", loud=True)
        except ValueError as error:
            doctor.say(f"Not written: {error}", loud=True)
        else:
            doctor.say(f"Written: {kept.path}")
            doctor.answered = 0
            if kept.own:
                doctor.action_again()

    def close_inner(self) -> bool:
        """Leave the line to type in; say whether it was there."""
        if self.query_one(Field).display:
            self._close_value()
            return True
        return False

    def _open_value(self) -> None:
        wanted, field = self._wanted, self.query_one(Field)
        field.placeholder = expected(wanted.declaration) if wanted is not None else ""
        field.value = ""
        field.display = True
        field.focus()

    def _close_value(self) -> None:
        self.query_one(Field).display = False
        self.query_one(Choice).focus()
