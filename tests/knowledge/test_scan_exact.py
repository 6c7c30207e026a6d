"""Looking only where a word of a message stands finds what looking at every line for every message finds."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge import ordinary
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import MOST, scan
from wssdoctor.knowledge.number import NUMBERED
from wssdoctor.knowledge.wording import Span, Values, finders, has_wording, lower, normal

BASE = load(overlays=())
FINDERS = {message.id: finders(message) for message in BASE.messages.values()}
VARIABLE = re.compile(r"(?:&[0-9A-Z]?)+|\.\.\.")
NUMBERS = [
    *(f"wss{between}{number}" for between in ("", " ", " no. ", "-", " (") for number in ("031", "31", "999")),
    *(f"{number}(wss)" for number in ("031", "e031", "999")),
    *(f"HTTP {number}" for number in (200, 401, 404, 500)),
    *(f"Logon failed (reason={number}, type=H)" for number in (1, 2, 34, 99)),
    *(f"return code={number} (see Note 320991)" for number in (2, 5, 99)),
    *(f"logon code {number}" for number in (2, 34, 99)),
    *(f"SSL handshake failed, rc = {number}" for number in (-58, -102, -999)),
    *(f"SSF return code {number}" for number in (5, 7, 99)),
    *("failed (-102) before SSL", "CRC: 5", "00 158", "message 00 158", "AU2 reason 2 and rc=1 rc=2 (Note 320991)"),
]
FRAMES = ("{}", "E {}", "10:00:01 100 USER01 {}", "<faultstring>{}</faultstring>", "{}  {}", "-{}-", "({} )")
KNOWN = [
    *(VARIABLE.sub("&", message.text) for message in BASE.messages.values() if has_wording(message)),
    *(name for message in BASE.messages.values() for name in (message.id, *message.aliases)),
    *NUMBERS,
]


def slow(line: str) -> set[str]:
    """What looking at a line for every message finds, without what another message at its place says better."""
    text = normal(line)
    lowered = lower(text)
    found: list[tuple[str, Span, Values]] = [
        (name, span, {}) for find in NUMBERED.values() for name, span in find(text, lowered, BASE)
    ]
    for name, looking in FINDERS.items():
        found += [(name, *match) for find in looking if (match := find(text, lowered))][:1]
    fixed = {(span[0], len(text[slice(*span)].strip())) for _, span, values in found if not values}
    return {
        name
        for name, (start, end), values in found
        if not values
        or all(
            begin != start or not 0 <= text[start:end].strip().find(next(iter(values.values()))) < length
            for begin, length in fixed
        )
    }


WORDS = st.sampled_from(["USER01", "'CN=a, O=b'", "20261127", "401", "in the body", "-102", "x.c 12", "no"])
TEXTS = st.builds(
    lambda text, values, blank: text.replace(" ", blank).replace("&", values[0], 1).replace("&", values[-1]),
    st.sampled_from(KNOWN),
    st.lists(WORDS, min_size=1, max_size=2),
    st.sampled_from([" ", " ", "  ", "\t"]),
)
CASED = st.builds(lambda text, change: change(text), TEXTS, st.sampled_from([str, str, str.upper, str.lower]))
LINES = st.one_of(
    st.builds(lambda frame, one, two: frame.format(one, two), st.sampled_from(FRAMES), CASED, CASED),
    st.sampled_from(ordinary.lines(200)),
)


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_each_line_names_what_all_finders_find_there(lines: list[str]) -> None:
    found: dict[int, set[str]] = {number: set() for number in range(1, len(lines) + 1)}
    for one in scan(BytesIO("\n".join(lines).encode()), BASE).found:
        found[one.line].add(one.id)
    assert found == {number: slow(line) for number, line in enumerate(lines, 1)}


@settings(max_examples=10)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_what_is_seen_often_hides_nothing_and_shows_nothing_new(lines: list[str]) -> None:
    often = [*lines, *lines] * MOST
    block = "\n".join([*often, " " * (1 << 18)])
    seen = scan(BytesIO((block + "\n" + "\n".join(lines)).encode()), BASE)
    named = Counter(one.id for one in seen.found)
    assert named == dict.fromkeys(set().union(*map(slow, lines)), MOST)
    assert seen.often == set(named)
