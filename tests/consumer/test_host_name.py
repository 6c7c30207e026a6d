"""Host names in certificates: RFC 6125, sections 6.4 and 6.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.consumer.host_name import matches

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("host", "names", "common_name", "fits"),
    [
        ("partner.example.com", ["partner.example.com"], None, True),
        ("PARTNER.example.com.", ["partner.EXAMPLE.com"], None, True),
        ("partner", ["partner.example.com"], None, False),
        ("other.example.com", ["partner.example.com"], "other.example.com", False),
        ("other.example.com", [], "other.example.com", True),
        ("other.example.com", [], None, False),
        ("a.example.com", ["*.example.com"], None, True),
        ("a.b.example.com", ["*.example.com"], None, False),
        ("example.com", ["*.example.com"], None, False),
        ("example.com", ["*.com"], None, False),
        ("a.example.com", ["a*.example.com"], None, False),
        ("a.example.com", ["a.*.com"], None, False),
        ("a.example.com", [], "*.example.com", True),
        ("192.0.2.1", ["192.0.2.1"], None, True),
        ("192.0.2.1", [], "192.0.2.1", False),
        ("192.0.2.1", ["*.0.2.1"], None, False),
        ("2001:db8::1", ["2001:0db8:0:0:0:0:0:1"], None, True),
        ("bücher.example", ["xn--bcher-kva.example"], None, True),
        ("a..example.com", ["*.example.com"], None, False),
        ("", [""], "", False),
    ],
)
def test_names(host: str, names: list[str], common_name: str | None, fits: bool) -> None:
    assert matches(host, names, common_name) is fits


@given(st.lists(LABEL, min_size=3, max_size=5).filter(lambda labels: not labels[-1].isdigit()))
def test_a_wildcard_stands_for_the_first_label_alone(labels: list[str]) -> None:
    host, parent = ".".join(labels), ".".join(labels[1:])
    assert matches(host, [f"*.{parent}"], None)
    assert not matches(f"more.{host}", [f"*.{parent}"], None)
    assert not matches(parent, [f"*.{parent}"], None)


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3), st.none() | st.text(max_size=40))
def test_no_text_breaks_it(host: str, names: list[str], common_name: str | None) -> None:
    assert matches(host, names, common_name) in (True, False)
