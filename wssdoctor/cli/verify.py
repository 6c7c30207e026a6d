"""``wssdoctor verify``."""

from __future__ import annotations

import datetime as dt
import os
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from wssdoctor.cli.options import FILE, Form, at, lent_keys, with_form

if TYPE_CHECKING:
    from wssdoctor.wsse.context import Context
    from wssdoctor.wsse.verification import Digested
    from wssdoctor.wsse.verifier import Verifier

_MANY = 256
"""From this number of messages on, all cores work."""
_CHUNK = 64


class Job(NamedTuple):
    """What a worker needs besides the file: how to judge and in which form to answer."""

    context: Context
    thorough: bool
    now: dt.datetime | None
    form: Form
    octets: Path | None


class Answer(NamedTuple):
    """A verdict and the report of one message in the form asked for."""

    verdict: str
    report: bytes


@click.command
@click.argument("messages", type=FILE, nargs=-1, required=True, metavar="MESSAGE...")
@click.option("--context", "-c", type=FILE, metavar="CONTEXT.yaml", help="What the receiver knows and demands.")
@click.option("--trust", type=FILE, multiple=True, metavar="PEM", help="Certificates that end a chain of trust.")
@lent_keys
@click.option("--explain-digest", type=FILE, metavar="FOLDER", help="Write what was digested there, for comparison.")
@click.option("--quick", is_flag=True, help="Do not search long for what was done to altered content.")
@at
@with_form
def verify(
    messages: tuple[Path, ...],
    context: Path | None,
    trust: tuple[Path, ...],
    keys: tuple[Path, ...],
    explain_digest: Path | None,
    quick: bool,
    at: dt.datetime | None,
    form: Form,
) -> int:
    """Say whether the signatures and tokens of messages hold, and if not, why.

    MESSAGE is a SOAP envelope, a MIME message, a raw HTTP request, a bare signed or encrypted XML document or a SAML
    Response; or a folder of them. What is encrypted stays unknown where neither --key nor the context says which keys
    the receiver holds. Exit code: 0 all accepted, 1 some rejected, 3 some undecided.
    """
    from wssdoctor.capture import files
    from wssdoctor.report.verification import json_document

    known = _context(context, trust, keys, at)
    if explain_digest is not None:
        _make_folder(explain_digest)
    paths = list(files.paths(messages))
    job = Job(known, not quick, dt.datetime.now(dt.UTC), form, explain_digest)
    verdicts: set[str] = set()

    def reports() -> Iterator[bytes]:
        for answer in _answers(paths, job):
            verdicts.add(answer.verdict)
            yield answer.report

    _write(json_document(reports()) if form.format == "json" else reports(), form.output)
    return 1 if "reject" in verdicts else 3 if "undecided" in verdicts else 0


def _context(file: Path | None, trust: tuple[Path, ...], keys: tuple[Path, ...], at: dt.datetime | None) -> Context:
    import msgspec

    from wssdoctor.wsse.context import Context, load_context, load_trust

    context = load_context(file) if file is not None else Context()
    if trust:
        anchors = (*context.trust_anchors, *load_trust(trust))
        context = msgspec.structs.replace(context, trust_anchors=anchors)
    if keys:
        from wssdoctor.cli.keys import lent

        context = msgspec.structs.replace(context, decryption_keys=(*context.private_keys, *lent(keys)))
    return msgspec.structs.replace(context, time=at) if at is not None else context


def _answers(paths: list[Path], job: Job) -> Iterable[Answer]:
    workers = min(os.cpu_count() or 1, len(paths) // _MANY)
    if workers < 2:
        from wssdoctor.wsse.verifier import Verifier

        verifier = Verifier(job.context, thorough=job.thorough)
        return (answer for path in paths for answer in answers(path, verifier, job))
    return _in_parallel(paths, job, workers)


def _in_parallel(paths: list[Path], job: Job, workers: int) -> Iterator[Answer]:
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(job,)) as pool:
        # Not all at once: answers that nobody has read yet would pile up.
        ahead = workers * 4
        chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
        running = deque(pool.submit(_chunk, chunk) for chunk in chunks[:ahead])
        for chunk in (*chunks[ahead:], *([None] * len(running))):
            yield from running.popleft().result()
            if chunk is not None:
                running.append(pool.submit(_chunk, chunk))


_worker: list[tuple[Verifier, Job]] = []
"""What a worker process holds; empty in the main process."""


def _begin(job: Job) -> None:
    from wssdoctor.wsse.verifier import Verifier

    _worker.append((Verifier(job.context, thorough=job.thorough), job))


def _chunk(paths: list[Path]) -> list[Answer]:
    verifier, job = _worker[0]
    return [answer for path in paths for answer in answers(path, verifier, job)]


def answers(path: Path, verifier: Verifier, job: Job) -> Iterator[Answer]:
    """Judge the message in a file, or those of a recording. Raises InputError where it cannot be read."""
    from wssdoctor.capture.recorded import recording, soap_calls
    from wssdoctor.capture.source import Source
    from wssdoctor.errors import InputError
    from wssdoctor.evidence import Place

    try:
        source = Source(str(path), path.read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError.because("the message cannot be read", place=Place(file=str(path)), why=why) from None
    recorded = recording(source)
    if recorded is None:
        yield answer(str(path), source.data, verifier, job)
        return
    for one in soap_calls(source, recorded):
        yield answer(f"{path}#{one.label}", one.octets(), verifier, job)


def answer(name: str, data: bytes, verifier: Verifier, job: Job) -> Answer:
    """Judge one message."""
    import msgspec

    from wssdoctor.report.verification import message_report, render

    found = verifier.verify(data, now=job.now, octets=job.octets is not None)
    if job.octets is not None:
        _write_octets(name, found.digested, job.octets)
    report = message_report(name, found)
    if job.form.format == "json":
        return Answer(found.verdict, msgspec.json.encode(report))
    text = render(report, color=job.form.colored, verbose=job.form.verbose)
    return Answer(found.verdict, text.encode("utf-8", "backslashreplace"))


def _write_octets(message: str, digested: Iterable[Digested], folder: Path) -> None:
    from wssdoctor.cli.output import write

    for each in digested:
        name = "".join(character if character.isalnum() or character in "-." else "_" for character in each.name)
        write(each.octets, folder / f"{Path(message).name[:80]}.{name[:80]}.c14n")


def _make_folder(folder: Path) -> None:
    from wssdoctor.errors import InputError
    from wssdoctor.evidence import Place

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError.because("the folder cannot be made", place=Place(file=str(folder)), why=why) from None


def _write(pieces: Iterator[bytes], output: Path | None) -> None:
    from wssdoctor.cli.output import write

    if output is not None:
        write(b"".join(pieces), output)
        return
    for piece in pieces:
        write(piece, None)
