"""How often the right cause comes first for real cases, from what people saw and said alone.

    python -m benchmarks.cases [CASES.yaml] [--reports] [--verbose]

A case counts as first, or among the first three, if its cause or an accepted alternative is. Symptoms were written
with the first set known, so that its plain figure is too good. The figure beside it is soberer: for each case, the
symptoms of which much stands in the case itself are left out, for all causes alike. With ``--reports``, which takes
minutes, each report of the knowledge base is judged without those from its own page; the rules were written with
these reports known. So a second figure leaves out more for each page: the symptoms that share much with the report,
the rules that apply to reports of this page alone, what is said for a clue by this page alone, and the causes of
messages that are not SAP's and stand on this page alone. What is left was not made for the report, or serves others
too. The cases for measuring alone were collected from public sources by somebody who did not know the rules, and
nobody who worked on the knowledge has looked at them; they are never shown case by case. Their figure is the
soberest. The questions were written for this project, as people type them; half of them were only measured, too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from wssdoctor.knowledge.base import Base, packed  # noqa: E402
from wssdoctor.knowledge.clue import heard  # noqa: E402
from wssdoctor.knowledge.load import load  # noqa: E402
from wssdoctor.report.answer import answer, named  # noqa: E402

CASES = ROOT / "tests" / "data" / "cases.yaml"
QUESTIONS = ROOT / "tests" / "data" / "questions.yaml"
HELD_OUT = ROOT / "tests" / "data" / "cases-held-out.yaml"

_ALIKE = 0.4
"""The share of the words of a symptom that stand in a case, from which on the symptom may have been taken from it."""

Case = Mapping[str, Any]
Ranks = dict[str, tuple[int, list[str]]]


def read(path: Path) -> list[Case]:
    """Return the cases of a file."""
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    return cases


def reported() -> list[Case]:
    """Return the reports of the knowledge base as cases."""
    return [
        {
            "id": one.id,
            "url": one.url,
            "symptom": one.symptom,
            "symptom_description": one.description,
            "root_cause": one.cause,
            "also_acceptable": one.also,
        }
        for one in load(overlays=()).language.precedents.values()
    ]


def ranks(cases: Sequence[Case], *, sober: bool = False, strict: bool = False) -> Ranks:
    """Return the rank of the right cause (0 where it is not named) and the first causes, by case."""
    base = load(overlays=())
    kept = pages(base) if strict else None
    found: Ranks = {}
    for case in cases:
        text = "\n".join(filter(None, (case["symptom"], case["symptom_description"])))
        known = without_page(without_alike(base, text) if sober or strict else base, case["url"])
        known = without_own(known, case["url"], kept) if kept else known
        causes = [one.cause for one in answer(text, known).causes]
        right = {case["root_cause"], *case.get("also_acceptable", ())}
        rank = next((number for number, cause in enumerate(causes, 1) if cause in right), 0)
        found[case["id"]] = rank, causes[:4]
    return found


def without_page(base: Base, url: str) -> Base:
    """Return the base without the reports from a page."""
    page = url.partition("#")[0]
    kept = {name: one for name, one in base.language.precedents.items() if one.url.partition("#")[0] != page}
    return replace(base, packed_language=packed(replace(base.language, precedents=kept)))


def without_alike(base: Base, text: str) -> Base:
    """Return the base without the symptoms that share much with a text."""
    there = words(text)

    def kept(symptom: str) -> bool:
        own = words(symptom)
        return len(own & there) < _ALIKE * len(own)

    causes = {name: replace(cause, symptoms=tuple(filter(kept, cause.symptoms))) for name, cause in base.causes.items()}
    return replace(base, causes=causes)


Kept = tuple[Mapping[tuple[str, ...], set[str]], Mapping[str, set[str]], Mapping[str, set[str]]]
"""The pages on which stand: a saying of a clue, all clues of a rule, a message."""


def pages(base: Base) -> Kept:
    """Return on which pages of reports each saying, rule and message of a base stands."""
    sayings: dict[tuple[str, ...], set[str]] = {}
    rules: dict[str, set[str]] = {}
    messages: dict[str, set[str]] = {}
    single = {
        f"{name}/{place}": replace(clue, id=f"{name}/{place}", said=(saying,), messages=())
        for name, clue in base.language.clues.items()
        for place, saying in enumerate(clue.said)
    }
    alone = replace(base, packed_language=packed(replace(base.language, clues=single)))
    for one in base.language.precedents.values():
        text, page = f"{one.symptom}\n{one.description}", one.url.partition("#")[0]
        seen = {found.id for found in named(text, base)}
        said = {clue for clue, record in base.language.clues.items() if seen.intersection(record.messages)}
        for name in seen:
            messages.setdefault(name, set()).add(page)
        for each in heard(text, (), alone):
            clue = each.clue.partition("/")[0]
            said.add(clue)
            sayings.setdefault((clue, *single[each.clue].said), set()).add(page)
        for rule in base.language.rules.values():
            if said.issuperset(rule.when):
                rules.setdefault(rule.id, set()).add(page)
    return sayings, rules, messages


def without_own(base: Base, url: str, kept: Kept) -> Base:
    """Return the base without the sayings, rules and causes of messages that serve one page alone."""
    sayings, rules, messages = kept
    own = {url.partition("#")[0]}
    language = replace(
        base.language,
        clues={
            name: replace(clue, said=tuple(one for one in clue.said if sayings.get((name, one)) != own))
            for name, clue in base.language.clues.items()
        },
        rules={name: rule for name, rule in base.language.rules.items() if rules.get(name) != own},
    )
    return replace(
        base,
        packed_language=packed(language),
        messages={
            name: replace(one, causes=()) if messages.get(name) == own and one.basis != "sap" else one
            for name, one in base.messages.items()
        },
    )


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
        for half in ("tuned", "kept"):
            typed = [case for case in read(QUESTIONS) if case["half"] == half]
            tell(f"questions as people type them, {half}", ranks(typed), verbose=verbose and half == "tuned")
        tell("cases for measuring alone", ranks(read(HELD_OUT)), verbose=False)
    if "--reports" in arguments:
        tell("reports, each without those from its page", ranks(reported()), verbose=verbose)
        tell("reports, each without what serves its page alone", ranks(reported(), strict=True), verbose=verbose)


if __name__ == "__main__":
    main(sys.argv[1:])
