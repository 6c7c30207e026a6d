"""The option that names remedies to be taken for carried out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

_REMEDY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Several(click.Command):
    """A command whose ``--apply`` takes all ids that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``--apply`` before each of the ids, as click knows options."""
        spread: list[str] = []
        applying = False
        for argument in args:
            if applying and _REMEDY.fullmatch(argument) and not os.path.lexists(argument):
                if spread[-1] != "--apply":
                    spread.append("--apply")
            else:
                applying = argument == "--apply"
            spread.append(argument)
        return super().parse_args(ctx, spread)


def _remedies(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    from wssdoctor.knowledge.load import load

    remedies = load().remedies.values()
    return [CompletionItem(one.id, help=one.title) for one in remedies if one.id.startswith(incomplete)]


def apply_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --apply to a command of the class ``Several``; the command receives the ids as ``apply``."""
    return click.option("--apply", multiple=True, metavar="REMEDY...", shell_complete=_remedies, help=says)
