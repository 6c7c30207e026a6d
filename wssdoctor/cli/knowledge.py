"""``wssdoctor knowledge``: list, search, show, new, prove, lint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from msgspec.structs import replace

from wssdoctor.cli.options import FILE, Form, lent_keys, own_knowledge, with_form

if TYPE_CHECKING:
    from wssdoctor.report.article import Kind

_KINDS: dict[str, tuple[Kind, ...]] = {
    "all": ("cause", "message", "remedy"),
    "causes": ("cause",),
    "messages": ("message",),
    "remedies": ("remedy",),
}


@click.group
def knowledge() -> None:
    """Browse and lint what is known."""


@knowledge.command("list")
@click.argument("kind", type=click.Choice([*_KINDS]), default="all")
@click.option("--stage", help="Causes and their remedies of one stage of a call: icf-logon, signature ...")
@click.option("--transaction", help="What names a transaction or report: STRUST, SM20, WSS_SETUP ...")
@click.option("--note", help="What cites an SAP note or KBA by its number.")
@own_knowledge
@with_form
def list_(
    kind: str, stage: str | None, transaction: str | None, note: str | None, knowledge: Path | None, form: Form
) -> int:
    """List causes, messages and remedies. Exit code: 0 if anything fits, 3 if nothing does."""
    from wssdoctor.cli.output import write
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.article import catalogue, render_catalogue
    from wssdoctor.report.jsonreport import to_json
    from wssdoctor.report.related import STAGES, citing, naming, of_stage

    if stage is not None and stage not in STAGES:
        raise click.BadParameter(f"{stage!r} is none of {', '.join(dict.fromkeys(STAGES))}", param_hint="--stage")
    base = load(overlays=own_folders(knowledge))
    listed = catalogue(base, _KINDS[kind])
    for chosen, ids in ((stage, of_stage), (transaction, naming), (note, citing)):
        if chosen is not None:
            kept = ids(chosen, base)
            listed = replace(listed, entries=tuple(one for one in listed.entries if one.id in kept))
    write(to_json(listed) if form.format == "json" else render_catalogue(listed, color=form.colored), form.output)
    return 0 if listed.entries else 3


@knowledge.command
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@own_knowledge
@with_form
def search(text: tuple[str, ...], knowledge: Path | None, form: Form) -> int:
    """Search all records for words, best first. Exit code: 0 if anything fits, 3 if nothing does."""
    from wssdoctor.cli.output import write
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.knowledge.search import Index
    from wssdoctor.report.article import Catalogue, Entry, render_found
    from wssdoctor.report.jsonreport import to_json

    index = Index(load(overlays=own_folders(knowledge)))
    hits = index.search(" ".join(text))
    index.close()
    found = Catalogue("wssdoctor.knowledge/1", tuple(Entry(hit.kind, hit.id, hit.title) for hit in hits))
    write(to_json(found) if form.format == "json" else render_found(found, color=form.colored), form.output)
    return 0 if hits else 3


@knowledge.command
@click.argument("identifier", metavar="ID")
@own_knowledge
@with_form
def show(identifier: str, knowledge: Path | None, form: Form) -> int:
    """Show one cause, message or remedy with its sources and what is related."""
    from wssdoctor.cli.output import write
    from wssdoctor.errors import InputError
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.article import article, render_article
    from wssdoctor.report.jsonreport import to_json

    base = load(overlays=own_folders(knowledge))
    found = article(identifier, base)
    if found is None:
        from wssdoctor.knowledge.match import suggest

        near = suggest(identifier, base)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "wssdoctor knowledge list shows all ids; --knowledge DIR adds your own"
        )
        raise InputError.because(f"nothing has the id {identifier[:80]}", hint=hint)
    write(to_json(found) if form.format == "json" else render_article(found, base, color=form.colored), form.output)
    return 0


@knowledge.command
@click.argument("kind", type=click.Choice(["cause", "message", "remedy", "extension"]))
@click.argument("identifier", metavar="ID")
@own_knowledge
def new(kind: Literal["cause", "message", "remedy", "extension"], identifier: str, knowledge: Path | None) -> int:
    """Write a commented template of a record, to be filled in.

    It is written to the folder that --knowledge names, by default to your own one, which every command reads.
    """
    from wssdoctor.knowledge.folders import user_folder
    from wssdoctor.knowledge.template import write_template

    click.echo(write_template(kind, identifier, knowledge or user_folder()))
    return 0


@knowledge.command
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--system", type=FILE, help="Try them in this system, made healthy where it leaves something open.")
@click.option("--replay", type=FILE, multiple=True, metavar="CAPTURE...", help="Requests to try them with.")
@lent_keys
@own_knowledge
@with_form
def prove(
    identifiers: tuple[str, ...],
    system: Path | None,
    replay: tuple[Path, ...],
    keys: tuple[Path, ...],
    knowledge: Path | None,
    form: Form,
) -> int:
    """Try causes and remedies: each fault is found as its cause, each effect mends it.

    Without an ID, all of your own are tried. They are tried in a healthy system that is made up, with a plain UsernameToken
    and one call of each kind; other tokens need a captured request. Exit code: 0 all proven or said to be unproven, 1 an
    effect mends nothing, 3 something does not show in the system at hand.
    """
    import datetime as dt

    from wssdoctor.cli.keys import lent
    from wssdoctor.cli.output import write
    from wssdoctor.description.load import empty
    from wssdoctor.diagnosis.case import Case
    from wssdoctor.diagnosis.opening import opened
    from wssdoctor.diagnosis.proof import healthy, own_records, proofs
    from wssdoctor.errors import InputError
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load
    from wssdoctor.report.jsonreport import to_json
    from wssdoctor.report.proving import SCHEMA, Proofs, render

    base = load(overlays=own_folders(knowledge))
    for identifier in identifiers:
        if identifier not in base.causes and identifier not in base.remedies:
            raise InputError.because(f"no cause and no remedy has the id {identifier[:80]}")
    case = Case(empty(), (), dt.datetime.now(dt.UTC))
    if system is not None or replay:
        case = opened(system, replay, at=None, keys=lent(keys))
    tried = proofs(healthy(case), base, identifiers or own_records(base, load(overlays=())))
    made = Proofs(SCHEMA, tried)
    write(to_json(made) if form.format == "json" else render(made, color=form.colored), form.output)
    outcomes = {one.outcome for one in tried}
    return 1 if "not-mended" in outcomes else 3 if "not-shown" in outcomes else 0


@knowledge.command
@click.argument("folder", type=FILE, required=False)
@own_knowledge
@with_form
def lint(folder: Path | None, knowledge: Path | None, form: Form) -> int:
    """Hold a knowledge base against its rules and against the checks. Exit code 1 if anything breaks them.

    FOLDER is a folder with causes, messages, remedies and sources.yaml; without it, what is shipped is looked at,
    together with your own: the user's folder, and the one that --knowledge names.
    """
    from wssdoctor.cli.output import write
    from wssdoctor.cli.problems import listed
    from wssdoctor.diagnosis.lint import lint as cross_lint
    from wssdoctor.knowledge.files import collect
    from wssdoctor.knowledge.folders import home, own_folders
    from wssdoctor.knowledge.lint import lint as house_lint
    from wssdoctor.report.article import Lint
    from wssdoctor.report.jsonreport import to_json

    own = own_folders(knowledge) if folder is None else (knowledge,) if knowledge else ()
    folder = folder or home()
    problems = (*house_lint(folder, own), *cross_lint(collect(folder, own)))
    if form.format == "json":
        write(to_json(Lint("wssdoctor.lint/1", problems)), form.output)
    else:
        write(listed(problems) or "The knowledge base keeps its rules.\n", form.output)
    return 1 if problems else 0
