"""Every form of a report by its name: the one place where scripts, the terminal UI and the ticket get them."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from wssdoctor.report.report import Report

Format: TypeAlias = Literal["text", "json", "html", "markdown", "junit", "sarif", "monitoring"]

FORMATS: tuple[Format, ...] = get_args(Format)

SUFFIXES: dict[Format, str] = {
    "text": ".txt",
    "json": ".json",
    "html": ".html",
    "markdown": ".md",
    "junit": ".junit.xml",
    "sarif": ".sarif",
    "monitoring": ".status.txt",
}
"""How files of each form are usually named."""


def rendered(report: Report, form: Format, *, verbose: bool = False, fail_on: str = "low") -> bytes:
    """Return a report in a form, in UTF-8. ``verbose`` concerns the text, ``fail_on`` the line for monitoring."""
    made: bytes | str
    match form:
        case "text":
            from wssdoctor.report import text

            made = text.render(report, verbose=verbose)
        case "json":
            from wssdoctor.report import jsonreport

            made = jsonreport.to_json(report)
        case "html":
            from wssdoctor.report import html

            made = html.render(report)
        case "markdown":
            from wssdoctor.report import markdown

            made = markdown.render(report)
        case "junit":
            from wssdoctor.report import junit

            made = junit.render(report)
        case "sarif":
            from wssdoctor.report import sarif

            made = sarif.render(report)
        case "monitoring":
            from wssdoctor.report import monitoring

            made = monitoring.render(report, fail_on)
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
