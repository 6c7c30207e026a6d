"""The report through a template of the user's own (Jinja2, sandboxed).

The template sees ``report`` as the JSON document has it, ``verdict`` and ``coverage`` as sentences, and the filter
``shown``, which makes foreign text harmless. It is not escaped for any format: that is up to its author.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.report.report import Report
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line

_MOST_BYTES = 1024 * 1024


def render(report: Report, template: str, name: str) -> str:
    """Return what the template makes of the report. Raises ``InputError`` where the template fails, with its line."""
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["shown"] = shown
    try:
        return environment.from_string(template).render(
            report=msgspec.to_builtins(report), verdict=verdict_line(report), coverage=coverage_line(report.coverage)
        )
    except TemplateSyntaxError as error:
        place = Place(file=name, line=error.lineno)
        raise InputError.because("the template is not valid", place=place, why=str(error.message)) from None
    except SecurityError as error:
        place = Place(file=name)
        raise InputError.because("the template asks for what it must not have", place=place, why=str(error)) from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        hint = "wssdoctor schema report shows what a report holds"
        raise InputError.because(
            "the template failed", place=Place(file=name, line=_line(error)), why=str(error), hint=hint
        ) from None


def read(path: Path) -> str:
    """Return the text of a template file. Raises ``InputError`` for one that cannot be read."""
    place = Place(file=str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise InputError.because("the template is too large", place=place, why=f"more than {_MOST_BYTES} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise InputError.because("the template cannot be read", place=place, why=error.strerror or "") from None
    except UnicodeDecodeError:
        raise InputError.because("the template is not UTF-8", place=place) from None


def _line(error: Exception) -> int | None:
    """Return the line of the template in which an error arose."""
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
