"""``wssdoctor demo``."""

from __future__ import annotations

import click
from click.core import ParameterSource

from wssdoctor.cli.options import Form, fail_on, with_report_form


@click.command
@fail_on("never")
@with_report_form
@click.pass_context
def demo(ctx: click.Context, fail_on: str, form: Form) -> int:
    """Look at the built-in sample: on a terminal in the terminal UI, else as a report.

    A --format, or an --output, asks for the report too. The findings of the sample are no failure here.
    """
    from wssdoctor.cli.screen import on_terminal
    from wssdoctor.sample import MOMENT, folder

    system, captures = folder() / "system.yaml", folder() / "captures"
    asked = ctx.get_parameter_source("format") is not ParameterSource.DEFAULT or form.output is not None
    if on_terminal() and not asked:
        from wssdoctor.cli.main import loaded

        code: int = loaded("wssdoctor.tui.app:run")(system, [captures], sample=True)
        return code
    from wssdoctor.cli.present import present
    from wssdoctor.cli.progress import told
    from wssdoctor.diagnosis.diagnosis import diagnose
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.build import build

    case = opened(system, [captures], at=None, moment=MOMENT)
    base = load()
    with told() as listener:
        diagnosed = diagnose(case, base, listener=listener)
    return present(build(diagnosed, base), form, fail_on)
