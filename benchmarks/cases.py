"""How often the right cause comes first for real cases, from what people saw and said alone.

    python -m benchmarks.cases [CASES.yaml] [--verbose]

A case counts as first, or among the first three, if its cause or an accepted alternative is. Symptoms were written with
some of these cases known, so that the plain figure is too good. The second figure is the sober one: for each case, the
symptoms of which much stands in the case itself are left out, for all causes alike.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml
from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wssdoctor.knowledge.base import Base, load  # noqa: E402
from wssdoctor.report.answer import answer  # noqa: E402

CASES = ROOT / "tests" / "data" / "cases.yaml"


_ALIKE = 0.4
"""The share of the words of a symptom that stand in a case, from which on the symptom may have been taken from it."""


def ranks(path: Path, *, sober: bool = False) -> dict[str, tuple[int, list[str]]]:
    """Return the rank of the right cause (0 where it is not named) and the first causes, by case."""
    base = load(overlays=())
    found: dict[str, tuple[int, list[str]]] = {}
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
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


def main(arguments: list[str]) -> None:
    """Print the figures."""
    given = [argument for argument in arguments if not argument.startswith("-")]
    path = Path(given[0]) if given else CASES
    for name, sober in (("as it is", False), ("without symptoms that are like the case", True)):
        found = ranks(path, sober=sober)
        if "--verbose" in arguments:
            for case, (rank, causes) in found.items():
                print(f"{rank:3}  {case:34} {', '.join(causes)}")
        first = sum(rank == 1 for rank, _ in found.values()) / len(found)
        three = sum(1 <= rank <= 3 for rank, _ in found.values()) / len(found)
        print(f"{len(found)} cases, {name}: first {first:.0%}, first three {three:.0%}")


if __name__ == "__main__":
    main(sys.argv[1:])
