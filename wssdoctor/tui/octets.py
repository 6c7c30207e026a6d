"""Two canonical forms side by side: what was signed, and what came. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, prose, span
from wssdoctor.tui.secrets import hide_passwords
from wssdoctor.tui.text import harmless
from wssdoctor.wsse.verification import Digested

MOST = 200_000
"""Octets of each side that are compared; what is left out is said."""
_MANY = 4000
"""Pieces up to which the sides are matched; beyond, matching would take long."""
_AROUND = 3
"""Equal pieces that are shown around a difference."""
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_NAME = re.compile(r"signature(\d+)-reference(\d+)-(.*)", re.DOTALL)
LEGEND = "≠ differs, · blank, ↵ line feed, ← carriage return, → tab"
_Run: TypeAlias = tuple[str, list[str], list[str]]
"""Whether pieces are equal or differ, and those of each side."""
_SEEN = str.maketrans({" ": "·", "\n": "↵", "\r": "←", "\t": "→"})


def title(one: Digested) -> str:
    """Say which part of the message it is, and which digest: ``Body (signature 1, reference 2)``."""
    found = _NAME.fullmatch(one.name)
    return f"{found[3]} (signature {found[1]}, reference {found[2]})" if found else one.name


def side_by_side(one: Digested, cells: int) -> list[Paragraph]:
    """Draw what was signed at the left and what came at the right, differences marked, equal parts left out."""
    if one.signed is None:
        return [
            prose("The octets that were signed could not be found.", "warn", indent=1),
            prose(
                "None of the usual changes (layout, line ends, encoding, prefixes, canonical form, single texts) leads "
                "back to the digest that was sent, so the content itself was changed. Below is what came; compare it "
                "with what the sender wrote.",
                indent=1,
            ),
            blank(),
            *[Paragraph((span(piece),), 1, 3) for piece in _pieces(_text(one.octets))],
        ]
    half = max((cells - 3) // 2, 10)
    runs = list(_runs(_pieces(_text(one.signed)), _pieces(_text(one.octets))))
    said: list[Paragraph] = [
        prose(_counted(runs), "warn"),
        Paragraph((Span(fit("signed", half), "heading"), Span(" │ ", "muted"), Span(fit("received", half), "heading"))),
    ]
    for tag, before, after in runs:
        said += _rows(tag, before, after, half)
    if max(len(one.signed), len(one.octets)) > MOST:
        said.append(prose(f"Only the first {MOST} octets are compared.", "warn", indent=1))
    return said


def plain_text(one: Digested) -> str:
    """Return both sides as text, for copying: where it is pasted, nothing in it is obeyed."""
    if one.signed is None:
        text = _text(one.octets)
    else:
        left, right = _pieces(_text(one.signed)), _pieces(_text(one.octets))
        text = "\n".join(difflib.unified_diff(left, right, "signed", "received", lineterm=""))
    return "\n".join(harmless(line, 10 * MOST) for line in text.split("\n"))


def _text(octets: bytes) -> str:
    return hide_passwords(octets[:MOST].decode("utf-8", "backslashreplace"))


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _runs(left: list[str], right: list[str]) -> Iterator[_Run]:
    """Yield runs that are equal or differ. Where there are many pieces, only the ends are matched."""
    if max(len(left), len(right)) <= _MANY:
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        for tag, one, two, three, four in matcher.get_opcodes():
            yield tag, left[one:two], right[three:four]
        return
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    yield "equal", left[:start], right[:start]
    yield "replace", left[start : len(left) - end], right[start : len(right) - end]
    yield "equal", left[len(left) - end :], right[len(right) - end :]


def _counted(runs: Sequence[_Run]) -> str:
    """Say how many places differ, and whether nothing but white space does."""
    differing = [(before, after) for tag, before, after in runs if tag != "equal"]
    text = f"{len(differing)} places differ" if len(differing) != 1 else "1 place differs"
    blank_only = all("".join(before).split() == "".join(after).split() for before, after in differing)
    return f"{text}, in nothing but white space" if differing and blank_only else text


def _rows(tag: str, before: list[str], after: list[str], half: int) -> Iterator[Paragraph]:
    if tag == "equal":
        hidden = len(before) - 2 * _AROUND
        shown = [*before[:_AROUND], None, *before[-_AROUND:]] if hidden > 1 else list(before)
        for piece in shown:
            if piece is None:
                yield Paragraph((Span(f"   … {hidden} equal pieces …", "muted"),))
            else:
                yield from _pair([(piece, "muted")], [(piece, "muted")], half)
        return
    for index in range(max(len(before), len(after))):
        one = before[index] if index < len(before) else ""
        two = after[index] if index < len(after) else ""
        yield from _pair(*_told_apart(one.translate(_SEEN), two.translate(_SEEN)), half)


def _told_apart(one: str, two: str) -> tuple[list[tuple[str, Tone]], list[tuple[str, Tone]]]:
    """Mark where two pieces begin and cease to differ."""
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1

    def parts(text: str, tone: Tone) -> list[tuple[str, Tone]]:
        return [(text[:start], "text"), (text[start : len(text) - end], tone), (text[len(text) - end :], "text")]

    return parts(one, "pass"), parts(two, "fail")


def _pair(left: list[tuple[str, Tone]], right: list[tuple[str, Tone]], half: int) -> Iterator[Paragraph]:
    """Yield as many lines as the longer side takes."""
    sides = [_cut([span(text, tone) for text, tone in side if text], half) for side in (left, right)]
    changed = any(tone != "muted" for _, tone in (*left, *right))
    for index in range(max(map(len, sides))):
        one, two = (side[index] if index < len(side) else (Span(" " * half),) for side in sides)
        yield Paragraph(
            (*one, Span(" ≠ " if changed and index == 0 else " │ ", "accent" if changed else "muted"), *two)
        )


def _cut(spans: list[Span], cells: int) -> list[Line]:
    from wssdoctor.tui.lines import width, wrap

    lines = wrap(Paragraph(tuple(spans)), cells)
    return [(*one, Span(" " * max(cells - width(one), 0))) for one in lines]
