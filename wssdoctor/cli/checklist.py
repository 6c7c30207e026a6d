"""What is still missing as a check-list, in text and Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from wssdoctor.collect.missing import Lack, Missing
from wssdoctor.collect.recipe import SE16
from wssdoctor.report.shown import shown

_MOST_RECORDS = 5
_WIDTH = 100


def checklist(lacking: tuple[Missing, ...], form: str) -> str:
    """Return the list in ``text`` or ``markdown``, ready to hand to a colleague."""
    if not lacking:
        return "Nothing is missing.\n"
    return _markdown(lacking) if form == "markdown" else _text(lacking)


def _text(lacking: Iterable[Missing]) -> str:
    lines = ["STILL MISSING", ""]
    for sentence in SE16:
        lines += _wrapped(sentence, "")
    for group in lacking:
        lines += ["", *_wrapped(shown(group.obtain), "[ ] ", "    ")]
        for step in group.steps:
            lines += _wrapped(step, "    ")
        for table, columns in group.columns:
            lines += _wrapped(f"{table}: {', '.join(columns)}", "    table ", "      ")
        for lack in group.facts:
            lines += _wrapped(_fact(lack, shown(lack.path)), "    - ", "      ")
    return "\n".join(lines) + "\n"


def _markdown(lacking: Iterable[Missing]) -> str:
    lines = ["# Still missing", "", *(f"- {sentence}" for sentence in SE16), ""]
    for group in lacking:
        lines.append(f"- [ ] **{_literal(group.obtain)}**")
        lines += [f"  - {_literal(step)}" for step in group.steps]
        lines += [f"  - table {table}, columns {', '.join(columns)}" for table, columns in group.columns]
        lines += [f"  - {_literal(_fact(lack, f'`{lack.path}`'))}" for lack in group.facts]
    return "\n".join(lines) + "\n"


def _fact(lack: Lack, path: str) -> str:
    records = [shown(each) for each in lack.records[:_MOST_RECORDS]]
    if len(lack.records) > _MOST_RECORDS:
        records.append(f"{len(lack.records) - _MOST_RECORDS} more")
    of = f" (of {', '.join(records)})" if records else ""
    return f"{path}: {lack.meaning}{of}"


def _wrapped(text: str, indent: str, following: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _literal(text: str) -> str:
    """Keep what Markdown would take for markup; what stands between back ticks is literal already."""
    harmless = shown(text, 2000).replace("<", "&lt;")
    return harmless if "`" in text else harmless.replace("*", "\\*").replace("_", "\\_")
