"""A folder of exports to one description: every file recognised by content, merged, and checked against the format."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from wssdoctor.capture.recorded import begins_recording
from wssdoctor.collect import captured, icf, lists, observed, profile, sapcli, sapgenpse, secrets, wss_setup, xmlexport
from wssdoctor.collect import pse as psefile
from wssdoctor.collect.certificates import is_pem, is_pkcs12, read_pkcs12
from wssdoctor.collect.certificates import read as read_certificates
from wssdoctor.collect.findings import Findings, Note
from wssdoctor.collect.grid import is_markup, is_page
from wssdoctor.collect.merge import PART, Merged, merge
from wssdoctor.collect.placement import HOW
from wssdoctor.collect.source import Source
from wssdoctor.collect.table import Lists, finish
from wssdoctor.collect.write import Written, written
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import loads
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place

MAX_FILES = 5000
MANY_USERS = 100
"""From more users on, a list is taken for one of all users, of which only those that callers use matter."""
_SMALL = 1024 * 1024
_DESCRIPTION = re.compile(rb"^format: [\"']?1[\"']?\s*$", re.MULTILINE)


class Collected(msgspec.Struct, frozen=True):
    """The description with the account of how it came about."""

    text: str
    """The description in YAML."""
    facts: Facts
    merged: Merged
    recognised: tuple[tuple[str, str], ...]
    """File and what it is."""
    unrecognised: tuple[Note, ...]
    notes: tuple[Note, ...]
    dropped: tuple[tuple[str, int, tuple[str, ...]], ...]
    """Secrets that were not kept: what, how many, in which files."""
    refused: tuple[Problem, ...]
    captures: tuple[Path, ...]
    """Captured requests that lie among the exports."""


def collect(
    folder: Path | None,
    *,
    client: str | None = None,
    users: Iterable[str] = (),
    pins: Sequence[str] = (),
    leave_out: Iterable[Path] = (),
    systems: Iterable[Callable[[Findings], None]] = (),
) -> Collected:
    """Read all files of a folder, or a single file, and what ``systems`` answer.

    ``pins`` open PSE and PKCS#12 files; ``leave_out`` are files that are no exports, such as the output.
    Raises ``InputError`` where the folder cannot be read or rows come from several clients and none was chosen.
    """
    findings = Findings(client, frozenset(user.upper() for user in users))
    refused: list[Problem] = []
    for source in _sources(folder, {path.resolve() for path in leave_out}) if folder is not None else ():
        try:
            _read(source, pins, findings)
        except InputError as error:
            refused += error.problems
        except OSError as error:
            refused += source.refused(error.strerror or type(error).__name__).problems
    for ask in systems:
        try:
            ask(findings)
        except InputError as error:
            refused += error.problems
    if folder is None and refused and not findings.recognised:
        raise InputError(*refused)
    _client(findings, folder)
    _users(findings)
    icf.join(findings)
    profile.join(findings)
    merged = merge(findings)
    made = written(merged)
    notes = [*findings.notes, *_loose(merged), *_parts(findings)]
    return Collected(
        made.text,
        _facts(made, folder),
        merged,
        tuple(findings.recognised),
        tuple(findings.unrecognised),
        tuple(dict.fromkeys(notes)),
        _dropped(findings),
        tuple(refused),
        tuple(findings.captures),
    )


def _facts(made: Written, folder: Path | None) -> Facts:
    """Read what was written; every fact stands where its export gave it."""
    loaded = loads(made.text.encode(), str(folder or "the system"))
    base = folder if folder is None or folder.is_dir() else folder.parent
    places = {}
    for path, place in loaded.places.items():
        given = made.places.get(place.line or 0)
        if given is None:
            places[path] = Place(file=str(folder or "the system"), fact=path)
        else:
            file = given.file
            if base is not None and file is not None and not _is_no_file(file):
                file = str(base / file)
            places[path] = msgspec.structs.replace(given, file=file, fact=path)
    return msgspec.structs.replace(loaded, places=places)


def _is_no_file(name: str) -> bool:
    """Whether a fact came from an option or from a system and not from a file of the folder."""
    return name.startswith("--") or "://" in name


def _loose(merged: Merged) -> list[Note]:
    what = f"nothing says to which PSE this certificate belongs: {HOW}"
    return [Note(what, each.place) for each in merged.loose]


def _parts(findings: Findings) -> list[Note]:
    """Say which certificate lists were put together from files, for none of them says that it is the whole list."""
    whole = {each.key for each in findings.statements if each.record == "pses" and each.name == "trusted"}
    parts: dict[tuple[str, ...], Place] = {}
    for each in findings.statements:
        if each.record == "pses" and each.name == PART and each.key not in whole:
            parts.setdefault(each.key, each.place)
    what = "the certificates here are taken for the whole certificate list of this PSE; add what is missing"
    return [Note(what, place) for _, place in sorted(parts.items())]


def _sources(folder: Path, leave_out: set[Path]) -> list[Source]:
    if folder.is_file():
        return [Source(folder, folder.name)]
    if not folder.is_dir():
        raise InputError.because("there is no such folder", place=Place(file=str(folder)))
    found: list[Source] = []
    for here, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(here) / name
            if name.startswith(".") or not path.is_file() or path.resolve() in leave_out:
                continue
            found.append(Source(path, path.relative_to(folder).as_posix()))
            if len(found) > MAX_FILES:
                hint = "give the folder with the exports alone"
                raise InputError.because(f"more than {MAX_FILES} files", place=Place(file=str(folder)), hint=hint)
    return sorted(found, key=lambda source: source.name)


def _read(source: Source, pins: Sequence[str], findings: Findings) -> None:
    """Recognise one file and read it."""
    head = source.head
    why = "not an export that is known"
    if not head.strip():
        why = "empty"
    elif _DESCRIPTION.search(head):
        why = "a system description and no export; give it to 'wssdoctor check' by its name"
    elif (secret := secrets.held(head, source.path.name)) is not None:
        findings.drop(secret, 1, source.place())
        return
    elif observed.is_observation(head):
        observed.read(source, findings)
        return
    elif captured.is_request(head):
        findings.recognised.append((source.name, "captured request"))
        findings.captures.append(source.path)
        return
    elif begins_recording(head):
        findings.recognised.append((source.name, "recorded requests"))
        findings.captures.append(source.path)
        return
    elif captured.is_response(head):
        findings.recognised.append((source.name, "response to a captured request"))
        return
    elif head[:1] == b"\x30" and _der(source, pins, findings):
        return
    elif is_pem(head):
        dropped = len(findings.dropped)
        if read_certificates(source, source.whole(), findings) or len(findings.dropped) > dropped:
            return
        why = "PEM without a certificate that can be read"
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        why = "an old binary workbook (.xls); save it as .xlsx or as text"
    elif (head.startswith(b"PK\x03\x04") or source.is_text) and (_list(source, findings) or _text(source, findings)):
        return
    findings.unrecognised.append(Note(why, source.place()))


def _der(source: Source, pins: Sequence[str], findings: Findings) -> bool:
    data = source.whole()
    if is_pkcs12(data):
        read_pkcs12(source, data, pins, findings)
    elif psefile.is_pse(data):
        psefile.read(source, data, pins, findings)
    else:
        return read_certificates(source, data, findings)
    return True


def _list(source: Source, findings: Findings) -> bool:
    if is_markup(source.head):
        return False
    found = Lists(source)
    seen: list[str] = []
    for table, records in found:
        seen.append(table.name)
        lists.read(table, records, findings)
        finish(table, findings)
    if found.secret is not None:
        findings.drop(f"content of table {found.secret}", 1, source.place())
    if seen:
        findings.recognised.append((source.name, f"list of {' and '.join(dict.fromkeys(seen))}"))
    return bool(seen) or found.secret is not None


def _text(source: Source, findings: Findings) -> bool:
    if is_markup(source.head):
        return xmlexport.read(source, findings)
    if source.head.startswith(b"PK") or is_page(source.head):
        return False
    lines = source.start()
    if sapgenpse.is_output(lines):
        sapgenpse.read(source, findings)
    elif wss_setup.is_list(lines):
        wss_setup.read(source, findings)
    elif profile.is_profile(lines):
        profile.read(source, findings)
    elif not sapcli.read(source, lines, findings):
        return source.path.stat().st_size < _SMALL and read_certificates(source, source.whole(), findings)
    return True


def _client(findings: Findings, folder: Path | None) -> None:
    """State the client, if it is one. Raises ``InputError`` for several of which none was chosen."""
    if findings.client is not None:
        findings.state("system", (), Place(file="--client"), client=findings.client)
    elif len(findings.clients) > 1:
        found = sorted(findings.clients.items())
        how = f"wssdoctor check {folder or '...'} --client {found[0][0]}; collect takes --client too"
        raise InputError(
            *(Problem(f"rows of client {client}", place) for client, place in found[:10]),
            Problem("the exports come from several clients", hint=f"choose one: {how}"),
        )
    for client, place in findings.clients.items():
        findings.state("system", (), place, client=client)


def _users(findings: Findings) -> None:
    """Keep of a list of all users those that mappings lead to: what is wrong with the others is not asked."""
    stated = {each.key for each in findings.statements if each.record == "users"}
    if findings.users or len(stated) <= MANY_USERS:
        return
    mapped = {(each.value,) for each in findings.statements if each.record == "external_ids" and each.name == "user"}
    where = next(each.place for each in findings.statements if each.record == "users")
    findings.statements = [each for each in findings.statements if each.record != "users" or each.key in mapped]
    what = f"{len(stated)} users; only those in mappings were kept ({len(stated & mapped)})"
    findings.note(f"{what}: name those that callers use with --user", Place(file=where.file))


def _dropped(findings: Findings) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    counts: dict[str, tuple[int, list[str]]] = {}
    for each in findings.dropped:
        count, files = counts.get(each.what, (0, []))
        counts[each.what] = count + each.count, [*files, each.place.file or ""]
    return tuple((what, count, tuple(dict.fromkeys(files))) for what, (count, files) in sorted(counts.items()))
