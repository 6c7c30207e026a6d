"""A question in its public form."""

from __future__ import annotations

from wssdoctor.diagnosis.question import Question as Found
from wssdoctor.diagnosis.question import Wanted
from wssdoctor.report.report import Choice, FactAsked, Question


def question(found: Found) -> Question:
    """Return the question as reports show it."""
    facts = tuple(map(_fact, found.facts))
    return Question(found.about, facts, found.decides, found.subject, found.cause, found.yes_if, found.no_if)


def _fact(wanted: Wanted) -> FactAsked:
    declared = wanted.declaration
    choices = tuple(Choice(one.shown, one.usual, one.causes) for one in wanted.choices)
    return FactAsked(declared.path, declared.meaning, declared.home, declared.obtain, wanted.path, choices)
