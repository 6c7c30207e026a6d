"""The account of a collection: what was read and not read, dropped, contradictory, and what is still unknown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wssdoctor.collect.collect import Collected
    from wssdoctor.collect.merge import Value
    from wssdoctor.collect.missing import Missing

_MOST = 50
_VALUE = 60


def account(collected: Collected, lacking: tuple[Missing, ...], folder: Path | None, output: Path | None) -> str:
    """Tell what became of every file, and what to do next. ``output`` is the description that was written."""
    from wssdoctor.cli.problems import listed
    from wssdoctor.description.change import flat

    merged = collected.merged
    lines = _part("Read", [_of(name, what) for name, what in collected.recognised])
    lines += _part("Not read", [_of(str(each.place), each.what) for each in collected.unrecognised])
    lines += _part("To note", [_of(str(each.place), each.what) for each in collected.notes])
    lines += _part(
        "Older statements that gave way to newer ones",
        [f"{each.fact}: {_said(each.newer)} is newer than {_said(each.older)}" for each in merged.superseded],
    )
    lines += _part(
        "Secrets, dropped unread: leave them out of exports, and delete these copies",
        [f"{count} x {what} ({', '.join(files)})" for what, count, files in collected.dropped],
    )
    lines += _part(
        "Contradictions, left out: find out which is true",
        [f"{each.fact}: {_said(each.first)} against {_said(each.second)}" for each in merged.contradictions],
    )
    text = "".join(f"{line}\n" for line in lines) + listed(collected.refused)
    known = len(flat(collected.facts)) - 1
    unknown = sum(len(lack.records) or 1 for group in lacking for lack in group.facts)
    text += f"{known} facts are known, {unknown} are not"
    text += (
        f"; 'wssdoctor collect {_shown(str(folder or '...'))} --missing' lists those with how to get them.\n"
        if unknown
        else ".\n"
    )
    if output is not None:
        text += f"Next: wssdoctor check {_shown(str(output))}\n"
    return text


def refuse_nothing(collected: Collected, folder: Path | None) -> None:
    """Raise ``InputError`` where no file was an export: an empty description would look like a system."""
    if collected.recognised or collected.refused or collected.dropped:
        return
    from wssdoctor.errors import InputError, Problem
    from wssdoctor.evidence import Place

    unread = [Problem(each.what, each.place) for each in collected.unrecognised[:_MOST]]
    hint = "'wssdoctor collect --missing' lists what to export and how"
    raise InputError(
        *unread, Problem("there is no export in this folder", Place(file=str(folder or "the system")), hint=hint)
    )


def _part(title: str, entries: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(entries))
    if not found:
        return []
    shown = [f"  {_shown(entry)}" for entry in found[:_MOST]]
    if len(found) > _MOST:
        shown.append(f"  and {len(found) - _MOST} more")
    return [f"{title}:", *shown]


def _of(where: str, what: str) -> str:
    return f"{where}: {what}"


def _said(value: Value) -> str:
    """Return what was said and where; certificates by their subject."""
    return f"{_short(value.data)} ({value.place})"


def _short(data: Any) -> str:
    if isinstance(data, dict):
        return _subject(data)
    if isinstance(data, list):
        return f"{len(data)} entries"
    text = ("yes" if data else "no") if isinstance(data, bool) else str(data)
    return text if len(text) <= _VALUE else f"{text[:_VALUE]}..."


def _subject(certificate: dict[str, Any]) -> str:
    if "pem" in certificate:
        from wssdoctor.wsse.outline import outline

        found = outline(certificate["pem"].encode())
        return f"{found.subject}, valid to {found.not_after:%Y-%m-%d}"
    return str(certificate.get("subject", "a certificate"))


def _shown(text: str) -> str:
    from wssdoctor.report.shown import shown

    return shown(text)
