"""URLs, cipher suites, names and profile values, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.consumer.cipher_suite import common
from wssdoctor.consumer.name import common_name, same
from wssdoctor.consumer.reverse_proxy import parse as reverse_proxy
from wssdoctor.consumer.url import Url, parse


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://partner.example.com/orders?x=1", Url("https", "partner.example.com", 443, "/orders")),
        ("HTTP://Partner:8000", Url("http", "partner", 8000, "/")),
        ("https://[2001:db8::1]:8443/a", Url("https", "2001:db8::1", 8443, "/a")),
        ("partner.example.com/orders", None),
        ("ftp://partner.example.com/", None),
        ("https:///orders", None),
        ("https://partner.example.com:99999/", None),
        ("https://partner.example.com:0/", None),
        ("https://part ner/", None),
        ("https://partner\n/", None),
        ("", None),
    ],
)
def test_urls(text: str, url: Url | None) -> None:
    assert parse(text) == url


@given(st.text(max_size=60))
def test_no_text_breaks_a_url(text: str) -> None:
    found = parse(text)
    assert found is None or (found.host and 0 < found.port < 65536)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ("TLS_ECDHE_RSA_WITH_AES256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", True),
        ("TLS_ECDHE_RSA_WITH_AES256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384", True),
        ("TLS_RSA_WITH_AES128_CBC_SHA", "AES128-SHA", True),
        ("TLS_ECDHE_RSA_WITH_AES256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", False),
        ("TLS_RSA_WITH_AES128_CBC_SHA", "AES256-SHA", False),
        ("TLS_ECDHE_RSA_WITH_AES128_CBC_SHA", "TLS_RSA_WITH_AES128_CBC_SHA", False),
    ],
)
def test_cipher_suites_are_the_same_in_every_writing(first: str, second: str, fits: bool) -> None:
    assert bool(common([first], [second])) is fits
    assert bool(common([second], [first])) is fits


def test_names_are_compared_as_names_and_other_texts_as_they_stand() -> None:
    assert same("CN=Partner, O=Example", "cn=partner,o=example")
    assert not same("CN=Partner, O=Example", "CN=Partner")
    assert same("no name at all", " no name at all ")
    assert common_name("CN=Partner,O=Example") == "Partner"
    assert common_name("O=Example") is None
    assert common_name("no name at all") is None


def test_a_value_that_was_cut_off_is_no_reverse_proxy() -> None:
    assert reverse_proxy('SUBJECT="CN=wd, O=Example", ISSUER="CN=CA"') == ("CN=wd, O=Example", "CN=CA")
    assert reverse_proxy('issuer="CN=CA",subject="CN=wd"') == ("CN=wd", "CN=CA")
    assert reverse_proxy('SUBJECT="CN=wd, O=Example", ISSUER="CN=C') is None
