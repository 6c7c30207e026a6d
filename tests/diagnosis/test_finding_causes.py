"""Causes are found where facts are hidden and only the answer is known; a lean form of ``benchmarks.interview``.

Somebody answers the questions who looks every fact up in the sick system.
"""

from __future__ import annotations

from statistics import median

import pytest
from msgspec import Struct

from tests.trouble import Hidden, Trouble, troubles
from wssdoctor.knowledge.load import load

BASE = load(overlays=())
_FIRST = {(one.cause, one.number): one for one in reversed(list(troubles(BASE)))}
"""Every fault of every cause, with the first request that shows it."""
SEEN = [one for _, one in sorted(_FIRST.items()) if one.messages or one.run.rejected]


class Course(Struct, frozen=True):
    """How an interview about one trouble went."""

    ruled_out: bool
    rank: int
    questions: int | None
    """Until the cause was found; nothing where it was not."""


def course(trouble: Trouble, hidden: Hidden) -> Course:
    interview = trouble.observed(hidden, BASE)
    rank = [one.cause for one in interview.ranking].index(trouble.cause) + 1
    ruled_out = False
    for count in range(7):
        status = next(one.status for one in interview.ranking if one.cause == trouble.cause)
        ruled_out = ruled_out or status == "ruled-out"
        if interview.question is None or count == 6:
            break
        interview = trouble.reply(interview)
    return Course(ruled_out, rank, count if interview.found == trouble.cause else None)


@pytest.mark.parametrize(
    ("hidden", "sample", "three", "five"),
    [("its facts", SEEN[::2], 0.95, 0.95), ("everything", SEEN[::4], 0.8, 0.9)],
    ids=["its facts", "everything"],
)
def test_a_cause_is_never_ruled_out_ranks_high_and_is_found_by_few_questions(
    hidden: Hidden, sample: list[Trouble], three: float, five: float
) -> None:
    """Where everything is hidden, several causes give the very same answer: not all of them can be among three."""
    courses = {trouble.name: course(trouble, hidden) for trouble in sample}
    assert not [name for name, one in courses.items() if one.ruled_out]
    assert sum(one.rank <= 3 for one in courses.values()) >= three * len(courses)
    counts = [one.questions for one in courses.values() if one.questions is not None]
    assert sum(count <= 5 for count in counts) >= five * len(courses)
    assert median(counts) <= 3
