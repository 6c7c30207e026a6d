"""Presenting a report: in the form asked for, with the exit code that tells the truth about it."""

from __future__ import annotations

from collections.abc import Collection

from wssdoctor.cli.options import Form
from wssdoctor.cli.output import write
from wssdoctor.cli.system import ALL_READ, System
from wssdoctor.report import monitoring
from wssdoctor.report.exitcode import MONITORING_CODES, exit_code, monitoring_status
from wssdoctor.report.formats import FORMATS, Format, rendered
from wssdoctor.report.report import Report
from wssdoctor.report.text import PARTS, Part, render


def present(report: Report, form: Form, fail_on: str, parts: Collection[Part] = PARTS, about: System = ALL_READ) -> int:
    """Write a report and return the exit code; ``parts`` is what a text shows, ``about`` how far the system was read."""
    if form.template is not None:
        from wssdoctor.report import template

        write(template.render(report, template.read(form.template), str(form.template)), form.output)
    elif form.format == "text":
        write(render(report, color=form.colored, verbose=form.verbose, parts=parts), form.output)
    elif form.format == "monitoring":
        write(monitoring.render(report, fail_on, about.unread), form.output)
        return MONITORING_CODES[monitoring_status(report, fail_on, about.unread)]
    else:
        write(rendered(report, _format(form.format), fail_on=fail_on), form.output)
    return about.code(exit_code(report, fail_on))


def _format(name: str) -> Format:
    return next(one for one in FORMATS if one == name)
