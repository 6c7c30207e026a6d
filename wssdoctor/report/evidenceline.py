"""Evidence in single lines, for outputs that have no layout of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wssdoctor.evidence import Compared, Computed, Evidence, Located, Quoted
from wssdoctor.report.shown import shown


def evidence_lines(evidence: Iterable[Evidence]) -> Iterator[str]:
    """Yield each piece as a harmless line: what, observed and expected, where."""
    for piece in evidence:
        yield evidence_line(piece)


def evidence_line(piece: Evidence) -> str:
    """Return one piece of evidence as a line."""
    match piece:
        case Compared():
            what = f"{shown(piece.what)}: observed {shown(piece.observed)}, expected {shown(piece.expected)}"
        case Computed():
            inputs = ", ".join(f"{shown(name)} {shown(value)}" for name, value in piece.inputs)
            steps = "; ".join(shown(step) for step in piece.steps)
            what = f"{shown(piece.what)}: {'; '.join(filter(None, (inputs, steps)))} = {shown(piece.result)}"
        case Quoted():
            what = f'{shown(piece.source)} says: "{shown(piece.text)}"'
        case Located():
            what = shown(piece.what)
    return f"{what} [{shown(str(piece.place))}]" if piece.place is not None and str(piece.place) else what
