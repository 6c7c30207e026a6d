from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.hostile import CONTROL, HOSTILE
from wssdoctor.tui.lines import (
    Paragraph,
    Span,
    clip,
    file_name,
    fit,
    fit_end,
    fit_name,
    plain,
    prose,
    span,
    spread,
    width,
    wrap,
)

texts = st.text(max_size=200) | st.sampled_from(HOSTILE)
spans = st.lists(texts.map(span), max_size=5).map(tuple)


@given(spans, st.integers(0, 40), st.integers(0, 40), st.integers(10, 120))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(
    parts: tuple[Span, ...], indent: int, hang: int, cells: int
) -> None:
    lines = wrap(Paragraph(parts, indent, hang), cells)
    assert all(width(line) <= max(cells, 10) for line in lines)
    assert "".join(map(plain, lines)).replace(" ", "") == plain(parts).replace(" ", "")


@given(spans, st.integers(0, 100))
def test_clipped_lines_fit(parts: tuple[Span, ...], cells: int) -> None:
    assert width(clip(parts, cells)) <= cells


@given(texts, st.integers(0, 60))
def test_fitted_text_has_exactly_the_cells_asked_for(text: str, cells: int) -> None:
    assert width((span(fit(text, cells)),)) == cells
    assert width((span(fit_end(text, cells)),)) == cells
    assert width((span(fit_name(text, cells)),)) == cells


@given(spans, spans, st.integers(20, 120))
def test_spread_lines_fit_as_long_as_the_right_end_does(
    left: tuple[Span, ...], right: tuple[Span, ...], cells: int
) -> None:
    if width(right) < cells:
        assert width(spread(left, right, cells)) == cells


@given(texts)
def test_no_span_holds_what_a_terminal_obeys(text: str) -> None:
    assert not CONTROL & set(span(text).text)


def test_long_words_are_cut_in_pieces_quickly() -> None:
    lines = wrap(prose("x" * 3000, indent=2), 80)
    assert len(lines) == 39
    assert {width(line) for line in lines[:-1]} == {80}


def test_a_long_path_is_broken_between_its_names() -> None:
    path = "/sap/bc/srt/xip/sap/zstock_in/100/zstock_in/zstock_in"
    assert [plain(one) for one in wrap(prose(path), 40)] == [
        "/sap/bc/srt/xip/sap/zstock_in/100/",
        "zstock_in/zstock_in",
    ]
    assert plain(wrap(prose("http://" + "a/" * 40), 40)[0]).endswith("a")
    assert plain(wrap(prose("<a>" + "</b>" * 40), 40)[0]) == ("<a>" + "</b>" * 40)[:40]


def test_wide_characters_are_never_halved() -> None:
    lines = wrap(Paragraph((span("日本語" * 40),)), 11)
    assert all(width(line) <= 11 for line in lines)


def test_what_is_cut_is_seen() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert plain(clip((span("abc"), span("defgh")), 5)) == "abcd…"
    assert fit_end("/sap/bc/srt/order", 8) == "…/order "
    assert fit_end("/sap/bc/srt/order-create", 8) == "…-create"
    assert fit_name("order-create.http", 17) == "order-create.http"
    assert fit_name("order-create.http", 14) == "order-create… "
    assert fit_name("order-create.http", 12) == "order-…reate"
    assert fit_name("04-order-create-branch.http", 12) == "04-ord…ranch"


@given(st.from_regex(r"[a-z0-9-]{1,30}\.(http|xml|json)", fullmatch=True), st.integers(1, 40))
def test_a_name_of_a_file_is_whole_or_seen_to_be_cut(name: str, cells: int) -> None:
    shown = fit_name(name, cells).rstrip()
    assert shown == name or shown.count("…") == 1


def test_a_file_name_is_the_last_part_on_any_system() -> None:
    assert file_name("captures/01.http") == "01.http"
    assert file_name("C:\\captures\\01.http") == "01.http"
