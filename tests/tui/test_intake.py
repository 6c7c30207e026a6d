from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import BRACKETED_PASTE_END as END
from textual._xterm_parser import BRACKETED_PASTE_START as START

from wssdoctor.tui.intake import MOST, SILENCE, Intake, Pasted

_TEXTS = st.text("ab\x1b[201~\n\x00é", max_size=30).filter(lambda text: END not in text and START not in text)
_ESC, _QUIT = "\x1b", "\x11"


def taken(parts: list[str]) -> tuple[str, list[Pasted]]:
    intake = Intake()
    found = [one for part in parts for one in intake.take(part, 0.0)]
    return "".join(one for one in found if isinstance(one, str)), [one for one in found if isinstance(one, Pasted)]


@given(typed=_TEXTS, pasted=_TEXTS, after=_TEXTS, cuts=st.sets(st.integers(1, 100)))
def test_what_is_pasted_is_a_text_however_it_is_cut(typed: str, pasted: str, after: str, cuts: set[int]) -> None:
    whole = f"{typed}{START}{pasted}{END}{after}"
    if whole.count(END) != 1 or whole.count(START) != 1:
        return
    ends = [0, *sorted(one for one in cuts if one < len(whole)), len(whole)]
    parts = [whole[begin:end] for begin, end in itertools.pairwise(ends)]
    assert taken(parts) == (f"{typed}{START}{END}{after}", [Pasted(pasted)])


def test_no_more_than_so_much_is_kept_and_the_rest_is_counted() -> None:
    _, pasted = taken([START, *["x" * 1_000_000] * 4, "x", END])
    assert [(len(one.text), one.lost) for one in pasted] == [(MOST, 2_000_001)]


def test_a_text_within_a_text_is_a_part_of_it() -> None:
    assert taken([f"{START}a{START}b{END}"])[1] == [Pasted(f"a{START}b")]


def test_without_its_end_a_text_is_dropped_by_a_key_once_nothing_comes_any_more() -> None:
    intake = Intake()
    assert list(intake.take(f"{START}one", 0.0)) == [START]
    assert list(intake.take(_ESC, SILENCE / 2)) == []
    assert not intake.stays_out(SILENCE)
    assert [intake.stays_out(SILENCE * 2) for _ in range(2)] == [True, False]
    assert list(intake.take(_QUIT, SILENCE * 2)) == [END, Pasted("", len("one"), ended=False), _QUIT]
    assert list(intake.take("j", SILENCE * 2)) == ["j"]
