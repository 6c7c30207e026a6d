"""Errors as people read them: what, where, why, and what to do next. All problems at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from wssdoctor.errors import Problem, WssdoctorError
from wssdoctor.report.shown import shown

_MOST = 100
_PACKAGE = Path(__file__).parent.parent


def problems(error: WssdoctorError) -> str:
    """Return the text of an error: each problem with its place; beyond a hundred the rest is counted."""
    kept = listed(error.problems[:_MOST])
    more = len(error.problems) - _MOST
    return f"{kept}wssdoctor: and {more} more problems\n" if more > 0 else kept


def listed(found: Iterable[Problem]) -> str:
    """Return each problem on lines of its own."""
    return "".join(f"{line}\n" for problem in found for line in _lines(problem))


def _lines(problem: Problem) -> list[str]:
    where = shown(str(problem.place)) if problem.place else ""
    lines = [f"wssdoctor: {where + ': ' if where else ''}{shown(problem.what)}"]
    if problem.why:
        lines.append(f"  why: {shown(problem.why)}")
    if problem.hint:
        lines.append(f"  do:  {shown(problem.hint)}")
    return lines


def defect(error: Exception) -> str:
    """Return one line about a defect of this program. The error's own text may hold data and is left out."""
    trace = error.__traceback__
    where = "an unknown place"
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            where = f"{file.relative_to(_PACKAGE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    again = " ".join(("wssdoctor --debug", *(shown(argument, 80) for argument in sys.argv[1:3])))
    return f"wssdoctor: internal error: {type(error).__name__} at {where}; please report it with what '{again} ...' shows\n"
