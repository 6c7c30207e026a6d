"""Pages keep to their width and lose nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.report.page import Page, wrapped
from wssdoctor.report.shown import cells

_TEXT = st.text("abcdefgh ij日本-/.", max_size=300)


@given(_TEXT, st.integers(20, 100))
def test_wrapped_lines_fit_and_keep_every_character(text: str, room: int) -> None:
    lines = list(wrapped(text, room))
    assert all(cells(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=60), _TEXT), max_size=5), st.integers(60, 100))
def test_a_page_keeps_its_width(rows: list[tuple[str, str]], width: int) -> None:
    page = Page(width)
    page.pairs(rows, indent=4)
    page.table(("first", "second"), [(name, "x") for name, _ in rows], indent=2)
    assert all(cells(line) <= width for line in page.text().splitlines())


def test_colour_is_only_an_extra() -> None:
    plain, coloured = Page(80), Page(80, color=True)
    for page in (plain, coloured):
        page.heading("findings")
        page.say("all is well", style="good", mark="- ")
    assert "\x1b[32mall is well\x1b[0m" in coloured.text()
    assert plain.text() == "FINDINGS\n- all is well\n"
