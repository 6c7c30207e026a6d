"""The options that mean the same everywhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

LEVELS = ("high", "medium", "low")
"""Severities, worst first."""

FILE: click.Path = click.Path(path_type=Path, readable=False)
"""A file or folder; whoever reads it says what is wrong with it."""


class Form(NamedTuple):
    """How and where the result is written."""

    format: str
    output: Path | None
    color: str
    verbose: bool
    template: Path | None = None

    @property
    def colored(self) -> bool:
        """Whether the text is in colour: on a terminal, unless NO_COLOR (https://no-color.org) or TERM forbid it."""
        if self.color != "auto":
            return self.color == "always"
        if self.output is not None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return sys.stdout.isatty()


def _shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --output, --color and --verbose."""
    for option in (
        click.option("--verbose", "-v", is_flag=True, help="Leave nothing out of the text."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour the text; auto: on a terminal and without NO_COLOR.",
        ),
        click.option("--output", "-o", type=FILE, help="Write the result to this file, in one step."),
    ):
        function = option(function)
    return function


def with_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format, --output, --color and --verbose; the command receives them as ``form``."""

    @click.option("--format", "-f", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
    @_shared
    @wraps(function)
    def command(*args: Any, format: str, output: Path | None, color: str, verbose: bool, **rest: Any) -> Any:  # noqa: A002
        return function(*args, form=Form(format, output, color, verbose), **rest)

    return command


REPORT_FORMATS = ("text", "json", "html", "markdown", "junit", "sarif", "monitoring", "template")
"""Forms of a report; ``report.formats`` makes them."""


def with_report_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what ``with_form`` adds, with every form that a report has, and --template."""

    @click.option(
        "--format",
        "-f",
        type=click.Choice(REPORT_FORMATS),
        default="text",
        help="Form of the result.",
        show_default=True,
    )
    @click.option("--template", type=FILE, metavar="FILE", help="A Jinja2 template of yours, for --format template.")
    @_shared
    @wraps(function)
    def command(
        *args: Any,
        format: str,  # noqa: A002
        template: Path | None,
        output: Path | None,
        color: str,
        verbose: bool,
        **rest: Any,
    ) -> Any:
        if (template is None) == (format == "template"):
            what = (
                "--format template needs --template FILE" if template is None else "--template needs --format template"
            )
            raise click.UsageError(what)
        return function(*args, form=Form(format, output, color, verbose, template), **rest)

    return command


def _three_digits(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (len(value) == 3 and value.isascii() and value.isdigit()):
        raise click.BadParameter("three digits are expected, such as 100", ctx, param)
    return value


client = click.option(
    "--client", metavar="NNN", callback=_three_digits, help="Of the exports of a folder, only rows of this client."
)


def own_knowledge(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --knowledge; the command receives the folder as ``knowledge``."""
    return click.option(
        "--knowledge",
        type=FILE,
        metavar="DIR",
        help="A folder with knowledge of your own, over the shipped one. The variable WSSDOCTOR_KNOWLEDGE does the same for every command.",
    )(function)


def fail_on(default: str = "low") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --fail-on."""
    return click.option(
        "--fail-on",
        type=click.Choice([*LEVELS, "never"]),
        default=default,
        show_default=True,
        help="Exit with 1 from this severity on. What is unknown still exits with 3.",
    )


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Return the moment in UTC that RFC 3339 writes like this."""
    from wssdoctor.capture.moment import rfc3339

    found = rfc3339(value) if value is not None else None
    if value is not None and found is None:
        what = "a time with its offset from UTC is expected, such as 2026-11-20T10:00:00Z"
        raise click.BadParameter(what, ctx, param)
    return found


at = click.option(
    "--at",
    metavar="TIME",
    callback=_moment,
    help="Look at everything as at this time. Default: now for the system, its own time for each capture.",
)


lent_keys = click.option(
    "--key",
    "keys",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="A private key of the provider (PEM, DER, PKCS#12) that decrypts requests in this run, and is never shown. "
    "Its password: the variable WSSDOCTOR_PIN, or at the prompt.",
)
