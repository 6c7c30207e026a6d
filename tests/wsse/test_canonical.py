"""Canonical forms: libxml2's against the ones written here, what is cut out, what is inherited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.present import present
from wssdoctor.wsse import names
from wssdoctor.wsse.canonical import METHODS, Canonicalization, canonicalize, canonicalize_without
from wssdoctor.wsse.canonical_writer import write_canonical
from wssdoctor.wsse.prefix_search import rename

TEXTS = st.text(alphabet="ab <>&\"'\t\n\r\u00e4\u20ac", max_size=8)
PREFIXES = ("", "p", "q", "r")
URIS = ("urn:a", "urn:b", "urn:c")


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Make XML text of an element with declarations of its own."""
    declared = draw(st.dictionaries(st.sampled_from(PREFIXES), st.sampled_from(URIS), max_size=3))
    declared |= {prefix: draw(st.sampled_from(URIS)) for prefix in ("p", "q")} if depth == 3 else {}
    prefix = draw(st.sampled_from(("p", "q")))
    name = f"{prefix}:{draw(st.sampled_from('xyz'))}" if draw(st.booleans()) else draw(st.sampled_from("xyz"))
    attributes = "".join(f' xmlns{":" if each else ""}{each}="{uri}"' for each, uri in declared.items())
    if draw(st.booleans()):
        attributes += f' b="{_escaped(draw(TEXTS))}" a="1"'
    if draw(st.booleans()):
        attributes += f' {draw(st.sampled_from(("p", "q")))}:c="2"'
    if draw(st.booleans()):
        attributes += ' xml:lang="de"'
    pieces = [_escaped(draw(TEXTS))]
    if depth:
        for _ in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(("element", "element", "comment", "instruction")))
            if kind == "element":
                pieces.append(draw(elements(depth - 1)))
            else:
                pieces.append("<!-- c -->" if kind == "comment" else "<?t d?>")
            pieces.append(_escaped(draw(TEXTS)))
    return f"<{name}{attributes}>{''.join(pieces)}</{name}>"


def _escaped(text: str) -> str:
    escapes = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;", "\n": "&#10;"}
    return "".join(escapes.get(character, character) for character in text)


@given(elements(), st.booleans(), st.booleans(), st.sets(st.sampled_from(("p", "q", "r"))), st.data())
def test_the_writer_agrees_with_libxml2(
    text: str, exclusive: bool, comments: bool, prefixes: set[str], data: st.DataObject
) -> None:
    root = etree.fromstring(text)
    apex = data.draw(st.sampled_from([each for each in root.iter("*")]))  # noqa: C416 - an iterator has no length
    listed = tuple(sorted(prefixes)) if exclusive else ()
    method = Canonicalization(exclusive=exclusive, comments=comments, prefixes=listed)
    if not exclusive:  # an element that is not the root goes wrong in lxml
        apex = etree.fromstring(etree.tostring(apex, with_tail=False))
    theirs = etree.tostring(
        apex,
        method="c14n",
        exclusive=exclusive,
        with_comments=comments,
        inclusive_ns_prefixes=list(listed) or None if exclusive else None,
    )
    ours = write_canonical(apex, exclusive=exclusive, comments=comments, prefixes=listed)
    assert ours == theirs
    assert canonicalize(apex, method) == theirs


@given(elements(), st.sampled_from(list(METHODS.values())), st.data())
def test_what_is_left_does_not_depend_on_what_is_taken_out(
    text: str, method: Canonicalization, data: st.DataObject
) -> None:
    root = etree.fromstring(text)
    inner = [each for each in root.iter("*") if each is not root]
    if not inner:
        return
    removed = data.draw(st.sampled_from(inner))
    before = etree.tostring(root)
    octets = canonicalize_without(root, [removed], method)
    assert etree.tostring(root) == before
    copy = etree.fromstring(canonicalize(root, Canonicalization(exclusive=False, comments=True)))
    twin = present(copy.find(root.getroottree().getelementpath(removed)))
    parent, previous = present(twin.getparent()), twin.getprevious()
    if twin.tail and previous is not None:
        previous.tail = (previous.tail or "") + twin.tail
    elif twin.tail:
        parent.text = (parent.text or "") + twin.tail
    parent.remove(twin)
    assert octets == canonicalize(copy, method)


def test_the_default_namespace_is_inclusive_where_it_is_listed() -> None:
    root = etree.fromstring('<a xmlns="urn:a" xmlns:p="urn:p"><p:b><p:c xmlns="urn:c"/></p:b></a>')
    method = Canonicalization(exclusive=True, prefixes=("#default",))
    expected = b'<p:b xmlns="urn:a" xmlns:p="urn:p"><p:c xmlns="urn:c"></p:c></p:b>'
    assert canonicalize(root[0], method) == expected


def test_attributes_are_inherited_and_given_back() -> None:
    root = etree.fromstring('<a xml:lang="de" xml:id="i" xml:base="http://x/y/"><b xml:base="z/"><c/></b></a>')
    apex = root[0][0]
    assert canonicalize(apex, METHODS[names.C14N10]) == (b'<c xml:base="z/" xml:id="i" xml:lang="de"></c>')
    assert canonicalize(apex, METHODS[names.C14N11]) == b'<c xml:base="http://x/y/z/" xml:lang="de"></c>'
    assert apex.items() == []


def test_the_signature_is_cut_out_among_namesakes() -> None:
    root = etree.fromstring("<a><s>1</s><s>2<s>3</s></s>tail<s>4</s></a>")
    assert canonicalize_without(root, [root[1]], METHODS[names.EXCLUSIVE]) == b"<a><s>1</s>tail<s>4</s></a>"


def test_the_signature_is_cut_out_among_namesakes_of_other_namespaces() -> None:
    root = etree.fromstring('<a><s xmlns="urn:1">1</s><s><s xmlns="urn:2">2</s></s><p:s xmlns:p="urn:1">3</p:s></a>')
    without = {root[1]: b'<a><s xmlns="urn:1">1</s>', root[1][0]: b'<a><s xmlns="urn:1">1</s><s></s>'}
    for removed, before in without.items():
        octets = canonicalize_without(root, [removed], METHODS[names.EXCLUSIVE])
        assert octets == before + b'<p:s xmlns:p="urn:1">3</p:s></a>'


@pytest.mark.parametrize(
    ("octets", "old", "new", "expected"),
    [
        (b'<p:a xmlns:p="u" p:b="1"></p:a>', b"p", b"q", b'<q:a xmlns:q="u" q:b="1"></q:a>'),
        (b'<p:a xmlns:o="o" xmlns:p="u"></p:a>', b"p", b"b", b'<b:a xmlns:b="u" xmlns:o="o"></b:a>'),
        (b'<p:a xmlns:p="u"></p:a>', b"p", b"", b'<a xmlns="u"></a>'),
        (b'<a xmlns="u"><b xmlns=""></b><c></c></a>', b"", b"p", b'<p:a xmlns:p="u"><b></b><p:c></p:c></p:a>'),
        (b'<p:a xmlns:p="u" p:b="1"></p:a>', b"p", b"", None),
    ],
)
def test_renaming(octets: bytes, old: bytes, new: bytes, expected: bytes | None) -> None:
    assert rename(octets, old, new) == expected
