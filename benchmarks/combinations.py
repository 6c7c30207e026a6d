"""Two and three faults at once: are all of them named, is the plan green, and is every remedy in it needed?

    python -m benchmarks.combinations [COUNT] [SEED]

Draws COUNT random pairs, and as many triples, of provider faults, of consumer faults and of both, each in one of the
healthy landscapes. Prints for each group the share in which every cause is confirmed, the share of plans that end green,
and the share of those without a needless remedy. What was drawn and left out is counted, with the rule.
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from tests import combination
from tests.combination import SIDES, Judged

SIZES = (2, 3)


def main(arguments: list[str]) -> int:
    """Print the figures, and each combination that falls short."""
    count, seed = (int(text) for text in (*arguments, *("200", "1")[len(arguments) :]))
    for size in SIZES:
        for side in SIDES:
            left_out: Counter[str] = Counter()
            drawn = combination.draws(random.Random(seed), size, side, left_out)
            taken = [next(drawn) for _ in range(count)]
            judged = [(landscape, faults, combination.judge(landscape, faults)) for landscape, faults in taken]
            shares = ", ".join(f"{name} {share:.1%}" for name, share in figures([one for *_, one in judged]).items())
            print(f"{size} {side} faults: {shares} of {count}")
            for why, number in sorted(left_out.items()):
                print(f"    left out {number}: {why}")
            for landscape, faults, found in judged:
                if found.unnamed or not found.green or found.needless:
                    print(f"    {landscape}: {', '.join(f'{cause}/{number}' for cause, number in faults)}: {found}")
    return 0


def figures(judged: list[Judged]) -> dict[str, float]:
    """Return the shares of a group."""
    green = [one for one in judged if one.green]
    return {
        "all named": sum(not one.unnamed for one in judged) / len(judged),
        "plan green": len(green) / len(judged),
        "green plans minimal": sum(not one.needless for one in green) / max(1, len(green)),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
