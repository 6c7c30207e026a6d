"""Lines of toned text, laid out for a terminal. Every span is harmless from the moment it is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from wssdoctor.tui.text import harmless

Tone: TypeAlias = Literal[
    "text", "strong", "heading", "muted", "accent", "fail", "warn", "pass", "unknown", "security", "selected"
]
"""What a piece of text means; ``themes`` says how it looks. A word or glyph always says the same."""

ELLIPSIS = "…"
_EXTENSION = 4
"""Letters that the extension of a file has at most."""


class Span(Struct, frozen=True):
    """A piece of text in one tone. Make it with ``span`` or ``line``."""

    text: str
    tone: Tone = "text"
    act: str = ""
    """The action of the screen that a click on it runs; of a paragraph that is wrapped it goes."""


Line: TypeAlias = tuple[Span, ...]


class Paragraph(Struct, frozen=True):
    """Text that is wrapped to the width at hand."""

    spans: Line
    indent: int = 0
    """Cells before the first line."""
    hang: int = 0
    """Cells before the following lines."""


def span(text: object, tone: Tone = "text") -> Span:
    """Make a span of any text, however hostile."""
    return Span(harmless(str(text)), tone)


def line(*parts: str | Span) -> Line:
    """Make a line of texts and spans."""
    return tuple(part if isinstance(part, Span) else span(part) for part in parts)


def prose(text: str, tone: Tone = "text", *, indent: int = 0, hang: int | None = None) -> Paragraph:
    """Make a paragraph of text whose own line breaks mean nothing."""
    return Paragraph((span(" ".join(text.split()), tone),), indent, indent if hang is None else hang)


def labelled(label: str, text: str | Line, tone: Tone = "text", *, column: int = 10, indent: int = 1) -> Paragraph:
    """Make a paragraph with a label in a column of its own before it."""
    spans = (span(" ".join(text.split()), tone),) if isinstance(text, str) else text
    return Paragraph((span(fit(label, column), "muted"), *spans), indent, indent + column)


def items(label: str, texts: Sequence[str], tone: Tone = "text") -> list[Paragraph]:
    """Make a paragraph of each text, with a label before the first; where there are several, each has its point."""
    if len(texts) < 2:
        return [labelled(label, text, tone) for text in texts]
    return [
        Paragraph(
            (span(fit("" if index else label, 10), "muted"), Span("· ", "muted"), span(" ".join(text.split()), tone)),
            1,
            13,
        )
        for index, text in enumerate(texts)
    ]


def blank() -> Paragraph:
    """Make an empty line."""
    return Paragraph(())


def plain(spans: Iterable[Span]) -> str:
    """Return the text alone."""
    return "".join(one.text for one in spans)


def width(spans: Iterable[Span]) -> int:
    """Return how many cells the spans take."""
    return sum(_cells(one.text) for one in spans)


def act_at(spans: Line, cell: int) -> str:
    """Return what a click on a cell of a line runs; nothing where it does nothing by itself."""
    for one in spans:
        cell -= _cells(one.text)
        if cell < 0:
            return one.act
    return ""


def fit(text: str, cells: int) -> str:
    """Cut or fill a text to a number of cells; a cut is visible."""
    text = harmless(text)
    if cell_len(text) > cells:
        return set_cell_size(text, max(cells - 1, 0)) + ELLIPSIS if cells > 0 else ""
    return set_cell_size(text, cells)


def fit_end(text: str, cells: int) -> str:
    """Cut a text to a number of cells, or fill it; of a path that is too long the end is kept, at best from a slash on."""
    text = harmless(text)
    if "/" not in text or cell_len(text) <= cells:
        return fit(text, cells)
    kept = _tail(text, cells - 1)
    slash = kept.find("/")
    return fit(ELLIPSIS + (kept[slash:] if 0 < slash <= len(kept) // 2 else kept), cells)


def fit_name(text: str, cells: int) -> str:
    """Cut a name to a number of cells, or fill it; a cut is visible.

    First the extension of a file goes. Names are told apart by both ends: of a longer one the middle goes too. Of a path the
    end is kept.
    """
    text = harmless(text)
    if "/" in text or cell_len(text) <= cells:
        return fit_end(text, cells)
    stem, _, extension = text.rpartition(".")
    if stem and len(extension) <= _EXTENSION:
        if cell_len(stem) < cells:
            return fit(stem + ELLIPSIS, cells)
        text = stem
    end = max(cells - 1, 0) // 2
    return fit(set_cell_size(text, max(cells - 1 - end, 0)) + ELLIPSIS + _tail(text, end), cells)


def _tail(text: str, cells: int) -> str:
    """Return as much of the end of a text as fits."""
    text = text[-cells:] if cells > 0 else ""
    while text and cell_len(text) > cells:
        text = text[1:]
    return text


def file_name(path: str) -> str:
    """Return the last part of a path, for small places."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def clip(spans: Line, cells: int) -> Line:
    """Cut a line to a number of cells; a cut is visible."""
    if width(spans) <= cells:
        return spans
    kept: list[Span] = []
    left = cells
    for one in spans:
        size = cell_len(one.text)
        if size >= left:
            cut = fit(one.text, left) if size > left else fit(f"{one.text} ", left)
            kept.append(Span(cut, one.tone, one.act))
            break
        kept.append(one)
        left -= size
    return tuple(kept)


def spread(left: Line, right: Line, cells: int) -> Line:
    """Put two lines at the two ends of one; the left one is cut where they meet."""
    room = max(cells - width(right) - 1, 0)
    left = clip(left, room)
    return (*left, Span(" " * (cells - width(left) - width(right))), *right)


def wrap(paragraph: Paragraph, cells: int) -> list[Line]:
    """Break a paragraph at blanks into lines of at most so many cells; words that are too long are cut in pieces."""
    lines: list[Line] = []
    margin, hang = (min(wanted, max(cells - 8, 0)) for wanted in (paragraph.indent, paragraph.hang))
    current: list[Span] = [Span(" " * margin)] if margin else []
    used, empty = margin, True
    for word, tone in _words(paragraph.spans):
        size = _cells(word)
        if word[0] == " " and (used + size > cells or (empty and lines)):
            continue
        start = 0
        while used + size > cells:
            if empty or size > cells - hang:
                end = _end(word, start, cells - used, least=1 if empty else 0)
                current.append(Span(word[start:end], tone))
                size -= _cells(word[start:end])
                start = end
            lines.append(tuple(current))
            current, used, empty = ([Span(" " * hang)] if hang else []), hang, True
        rest = word[start:] if start else word
        if rest:
            if current and current[-1].tone == tone:
                current[-1] = Span(current[-1].text + rest, tone)
            else:
                current.append(Span(rest, tone))
            used, empty = used + size, False
    lines.append(tuple(current))
    return lines


_WORD = re.compile(" +|[^ ]+")


def _words(spans: Line) -> Iterator[tuple[str, Tone]]:
    """Yield runs of blanks and of other characters."""
    for one in spans:
        for word in _WORD.findall(one.text):
            yield word, one.tone


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _end(word: str, start: int, cells: int, least: int) -> int:
    """Return where a piece of a word ends that fills so many cells; it has at least so many characters."""
    least += start
    if word.isascii():
        end = min(max(start + cells, least), len(word))
        slash = 0 if "://" in word or "<" in word else word.rfind("/", start + cells // 2, end) + 1
        return slash if slash > least and end < len(word) else end  # of a path, whole names stay together
    used = 0
    for index in range(start, len(word)):
        used += cell_len(word[index])
        if used > cells:
            return max(index, least)
    return len(word)
