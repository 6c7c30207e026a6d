"""How often the right cause comes first for real cases, from what people saw and said alone.

    python benchmarks/cases.py [CASES.yaml] [--verbose]

A case counts as first, or among the first three, if its cause or an accepted alternative is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wssdoctor.knowledge.base import load  # noqa: E402
from wssdoctor.report.answer import answer  # noqa: E402

CASES = ROOT / "tests" / "data" / "cases.yaml"


def ranks(path: Path) -> dict[str, tuple[int, list[str]]]:
    """Return the rank of the right cause (0 where it is not named) and the first causes, by case."""
    base = load()
    found: dict[str, tuple[int, list[str]]] = {}
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
        text = "\n".join(filter(None, (case["symptom"], case["symptom_description"])))
        causes = [one.cause for one in answer(text, base).causes]
        right = {case["root_cause"], *case.get("also_acceptable", ())}
        rank = next((number for number, cause in enumerate(causes, 1) if cause in right), 0)
        found[case["id"]] = rank, causes[:4]
    return found


def main(arguments: list[str]) -> None:
    """Print the figures."""
    given = [argument for argument in arguments if not argument.startswith("-")]
    found = ranks(Path(given[0]) if given else CASES)
    if "--verbose" in arguments:
        for name, (rank, causes) in found.items():
            print(f"{rank:3}  {name:34} {', '.join(causes)}")
    first = sum(rank == 1 for rank, _ in found.values())
    three = sum(1 <= rank <= 3 for rank, _ in found.values())
    print(
        f"{len(found)} cases: first {first} ({first / len(found):.0%}), first three {three} ({three / len(found):.0%})"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
