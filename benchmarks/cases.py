"""How often the right cause comes first for real cases, from what people saw and said alone.

    python -m benchmarks.cases [CASES.yaml] [--verbose]

A case counts as first, or among the first three, if its cause or an accepted alternative is. Symptoms were written with
the first set known, so that its plain figure is too good. The figure beside it is the sober one: for each case, the
symptoms of which much stands in the case itself are left out, for all causes alike. The further cases are split by
their source: one half may be looked at, the other half is measured alone and never shown case by case. The late cases
were found when ranking and vocabulary were done. The fresh cases, 80, were collected later from other sources, and are
split in the same way: the figure of their half for measuring alone is the soberest. Before anybody had worked with
the other half, the right cause of the half for measuring came first for 58%, and among the first three for 77%. When
the first half had been worked with, the same day, these were 60% and 79%, of 43 cases. Since then all of these cases
have been looked at, so that every figure here is too good for cases that nobody has seen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wssdoctor.knowledge.base import Base  # noqa: E402
from wssdoctor.knowledge.load import load  # noqa: E402
from wssdoctor.report.answer import answer  # noqa: E402

CASES = ROOT / "tests" / "data" / "cases.yaml"
FURTHER = ROOT / "tests" / "data" / "cases-held-out.yaml"

_ALIKE = 0.4
"""The share of the words of a symptom that stand in a case, from which on the symptom may have been taken from it."""

Case = Mapping[str, Any]
Ranks = dict[str, tuple[int, list[str]]]


def read(path: Path, part: str = "cases") -> list[Case]:
    """Return the cases of a file, or of another part of it."""
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))[part]
    return cases


def held_out(case: Case) -> bool:
    """Whether a case is for measuring alone: its source decides, so that nobody can choose."""
    return int(sha256(case["url"].encode()).hexdigest()[-1], 16) % 2 == 1


def ranks(cases: Sequence[Case], *, sober: bool = False) -> Ranks:
    """Return the rank of the right cause (0 where it is not named) and the first causes, by case."""
    base = load(overlays=())
    found: Ranks = {}
    for case in cases:
        text = "\n".join(filter(None, (case["symptom"], case["symptom_description"])))
        causes = [one.cause for one in answer(text, without_alike(base, text) if sober else base).causes]
        right = {case["root_cause"], *case.get("also_acceptable", ())}
        rank = next((number for number, cause in enumerate(causes, 1) if cause in right), 0)
        found[case["id"]] = rank, causes[:4]
    return found


def without_alike(base: Base, text: str) -> Base:
    """Return the base without the symptoms that share much with a text."""
    there = words(text)

    def kept(symptom: str) -> bool:
        own = words(symptom)
        return len(own & there) < _ALIKE * len(own)

    causes = {name: replace(cause, symptoms=tuple(filter(kept, cause.symptoms))) for name, cause in base.causes.items()}
    return replace(base, causes=causes)


def words(text: str) -> set[str]:
    """Return the telling words of a text, without their endings."""
    return {word[:6] for word in re.findall(r"[a-z0-9_]+", text.lower()) if len(word) > 3 or word.isdigit()}


def tell(name: str, found: Ranks, *, verbose: bool) -> None:
    """Print the figures of a set of cases."""
    if verbose:
        for case, (rank, causes) in found.items():
            print(f"{rank:3}  {case:34} {', '.join(causes)}")
    first = sum(rank == 1 for rank, _ in found.values()) / len(found)
    three = sum(1 <= rank <= 3 for rank, _ in found.values()) / len(found)
    print(f"{len(found):3} {name:55} first {first:4.0%}   first three {three:4.0%}")


def main(arguments: list[str]) -> None:
    """Print the figures."""
    verbose = "--verbose" in arguments
    given = [Path(argument) for argument in arguments if not argument.startswith("-")]
    for path in given or [CASES]:
        cases = read(path)
        tell("cases, as it is", ranks(cases), verbose=verbose)
        tell("cases, without symptoms that are like the case", ranks(cases, sober=True), verbose=verbose)
    if not given:
        _tell_halves("further", read(FURTHER), verbose=verbose)
        tell("late cases, from after the ranking was done", ranks(read(FURTHER, "late")), verbose=False)
        _tell_halves("fresh", read(FURTHER, "fresh"), verbose=verbose)


def _tell_halves(name: str, cases: Sequence[Case], *, verbose: bool) -> None:
    """Print the figures of the half that may be looked at, and of the half for measuring alone."""
    looked_at = [case for case in cases if not held_out(case)]
    tell(f"{name} cases, the half that may be looked at", ranks(looked_at), verbose=verbose)
    alone = [case for case in cases if held_out(case)]
    tell(f"{name} cases, the half for measuring alone", ranks(alone), verbose=False)


if __name__ == "__main__":
    main(sys.argv[1:])
