"""Writing an explanation where and how it is asked for: what ``explain`` and ``ask`` end with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wssdoctor.cli.options import Form
from wssdoctor.cli.output import write

if TYPE_CHECKING:
    from wssdoctor.report.explanation import Explanation


def tell(explanation: Explanation, form: Form, system: Path | None, knowledge: Path | None) -> int:
    """Write an explanation, whose commands repeat ``system`` and ``knowledge``; return the exit code."""
    if form.format == "json":
        from wssdoctor.report.jsonreport import to_json

        write(to_json(explanation), form.output)
    else:
        from wssdoctor.report.explaintext import render

        told = render(
            explanation,
            color=form.colored,
            verbose=form.verbose,
            system=str(system or ""),
            knowledge=str(knowledge or ""),
        )
        write(told, form.output)
    return 0 if explanation.recognised or explanation.causes else 3
