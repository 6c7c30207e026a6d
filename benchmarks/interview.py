"""How well causes are found: with all facts known, and with facts hidden and only the answer known.

Every fault of every cause is injected into every healthy landscape, for every request and outbound call that it
concerns. Prints how often the cause is confirmed and first; then, with its facts hidden and with everything hidden,
how often it is ruled out, how it ranks, and after how many questions an interview finds it. Somebody answers who looks
every fact up in the sick system. Run it as ``python -m benchmarks.interview [--verbose] [CAUSE...]``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from statistics import median
from typing import get_args

from msgspec import Struct

from tests.trouble import Hidden, Trouble, troubles
from wssdoctor.diagnosis.finding import find
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.load import load

MOST = 8
"""Questions after which an interview counts as lost."""


class Outcome(Struct, frozen=True):
    """What became of one trouble."""

    name: str
    known_first: bool
    """Whether it is confirmed and first with all facts known."""
    seen: bool
    """Whether anybody sees anything of it: a call that fails."""
    ruled_out: dict[str, bool]
    rank: dict[str, int]
    """At the start, from 1."""
    questions: dict[str, int | None]
    """Until it is found; nothing where it is not."""
    prompts: dict[str, int]
    """How many facts were asked for in these questions."""
    instead: dict[str, str]
    """What was found in its place."""


@cache
def base() -> Base:
    return load(overlays=())


def measured(trouble: Trouble) -> Outcome:
    """Look at one trouble in every way."""
    first = find(trouble.run, base())[0]
    seen = bool(trouble.messages) or bool(trouble.run.rejected)
    found = Outcome(trouble.name, first.cause == trouble.cause, seen, {}, {}, {}, {}, {})
    for hidden in get_args(Hidden) if seen else ():
        interview = trouble.observed(hidden, base())
        order = [one.cause for one in interview.ranking]
        found.rank[hidden] = order.index(trouble.cause) + 1
        count = prompts = 0
        ruled_out = False
        while True:
            status = next(one.status for one in interview.ranking if one.cause == trouble.cause)
            ruled_out = ruled_out or status == "ruled-out"
            if interview.question is None or count == MOST:
                break
            prompts += len(interview.question.facts) or 1
            interview = trouble.reply(interview)
            count += 1
        found.ruled_out[hidden] = ruled_out
        found.questions[hidden] = count if interview.found == trouble.cause else None
        found.prompts[hidden] = prompts
        found.instead[hidden] = interview.found or ""
    return found


def _measured(index: int) -> Outcome:
    return measured(_all()[index])


@cache
def _all() -> tuple[Trouble, ...]:
    return tuple(troubles(base()))


def report(outcomes: Sequence[Outcome], *, verbose: bool) -> Iterable[str]:
    first = sum(one.known_first for one in outcomes)
    yield f"troubles: {len(outcomes)}; all facts known, confirmed and first: {_share(first, len(outcomes))}"
    yield from (f"    not first: {one.name}" for one in outcomes if not one.known_first)
    seen = [one for one in outcomes if one.seen]
    yield f"troubles of which something is seen: {len(seen)}"
    for hidden in get_args(Hidden):
        three = sum(one.rank[hidden] <= 3 for one in seen)
        counts = [one.questions[hidden] for one in seen]
        reached = sorted(count for count in counts if count is not None)
        five = sum(count <= 5 for count in reached)
        yield f"hidden: {hidden}"
        yield f"  ruled out at any time: {sum(one.ruled_out[hidden] for one in seen)}"
        yield f"  first: {_share(sum(one.rank[hidden] == 1 for one in seen), len(seen))}"
        yield f"  among the first three: {_share(three, len(seen))}"
        yield f"  found by the interview: {_share(len(reached), len(seen))}"
        yield f"  in at most five questions: {_share(five, len(seen))}; median {median(reached)}, most {max(reached)}"
        yield f"  facts asked for, median: {median(one.prompts[hidden] for one in seen)}"
        for one in seen:
            late = one.rank[hidden] > 3 or (one.questions[hidden] or 99) > 5 if one.questions[hidden] != 0 else False
            if verbose and (late or one.ruled_out[hidden]):
                yield (
                    f"    {one.name}: rank {one.rank[hidden]}, questions {one.questions[hidden]}, "
                    f"found {one.instead[hidden] or 'nothing'}{', RULED OUT' if one.ruled_out[hidden] else ''}"
                )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})"


def main(arguments: Sequence[str]) -> None:
    causes = [one for one in arguments if not one.startswith("-")]
    chosen = [index for index, one in enumerate(_all()) if not causes or one.cause in causes]
    with ProcessPoolExecutor(2) as pool:
        outcomes = list(pool.map(_measured, chosen, chunksize=8))
    print("\n".join(report(outcomes, verbose="--verbose" in arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
