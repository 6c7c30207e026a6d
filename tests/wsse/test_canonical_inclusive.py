from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from wssdoctor.wsse.canonical import METHODS, Canonicalization, canonicalize, canonicalize_into
from wssdoctor.wsse.names import C14N10


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<S xmlns="urn:u"><a><b><c><d/></c></b></a></S>', '<a xmlns="urn:u"><b><c><d></d></c></b></a>'),
        (
            '<S xmlns="urn:u" xmlns:n="urn:n"><a t="1">\n<b xmlns=""><c/></b>&#13;<d xmlns="urn:u"/></a> tail</S>',
            '<a xmlns="urn:u" xmlns:n="urn:n" t="1">\n<b xmlns=""><c></c></b>&#xD;<d></d></a>',
        ),
        (
            '<S><a xmlns="urn:u"><b><c k="&#9;&quot;"/></b></a></S>',
            '<a xmlns="urn:u"><b><c k="&#x9;&quot;"></c></b></a>',
        ),
    ],
)
def test_a_default_namespace_in_scope(source: str, expected: str) -> None:
    assert canonicalize(etree.fromstring(source)[0], METHODS[C14N10]).decode() == expected


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        ((), '<d:O xmlns:d="urn:d"><b:Z xmlns:b="urn:b"><d:z></d:z><y xmlns="urn:f"></y></b:Z></d:O>'),
        (
            ("b", "#default"),
            '<d:O xmlns="urn:f" xmlns:b="urn:b" xmlns:d="urn:d"><b:Z><d:z xmlns="urn:q"></d:z><y></y></b:Z></d:O>',
        ),
    ],
)
def test_the_default_namespace_in_a_prefix_list(prefixes: tuple[str, ...], expected: str) -> None:
    source = '<F xmlns="urn:f" xmlns:b="urn:b"><d:O xmlns:d="urn:d"><b:Z><d:z xmlns="urn:q"/><y/></b:Z></d:O></F>'
    method = Canonicalization(exclusive=True, prefixes=prefixes)
    target = etree.fromstring(source)[0]
    assert canonicalize(target, method).decode() == expected
    digest = hashlib.sha256()
    canonicalize_into(target, method, digest)
    assert digest.digest() == hashlib.sha256(expected.encode()).digest()


_TAGS = st.sampled_from(["a", "p:a", "q:b", "c"])
_DECLARED = st.sampled_from(
    ["", ' xmlns="urn:u"', ' xmlns="urn:v"', ' xmlns=""', ' xmlns:p="urn:u"', ' xmlns:q="urn:w"']
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    tag, declared = draw(_TAGS), draw(_DECLARED)
    inner = "".join(draw(st.lists(trees(depth - 1), max_size=2))) if depth else "text"
    return f"<{tag}{declared}>{inner}</{tag}>"


@settings(deadline=None)
@given(trees(), _DECLARED)
def test_an_element_is_canonicalised_as_within_its_document(inner: str, declared: str) -> None:
    """What is rendered inside does not depend on being the root, once the apex declares what is in scope."""
    extra = declared if declared.startswith(' xmlns="') else ' xmlns="urn:u"'
    source = f'<S xmlns:p="urn:p" xmlns:q="urn:q"{extra}><w>{inner}</w></S>'
    target = etree.fromstring(source)[0]
    alone = etree.fromstring(f'<w xmlns:p="urn:p" xmlns:q="urn:q"{extra}>{inner}</w>')
    expected = etree.tostring(alone, method="c14n")
    assert canonicalize(target, METHODS[C14N10]) == expected
    digest = hashlib.sha256()
    canonicalize_into(target, METHODS[C14N10], digest)
    assert digest.digest() == hashlib.sha256(expected).digest()
