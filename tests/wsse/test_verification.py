"""What a Verification tells on demand is the same however it is had: at once, later, or in a copy."""

from __future__ import annotations

import copy
import pickle

from lxml import etree

from benchmarks.verify import CONTEXT, signed
from wssdoctor.wsse.canonical import Canonicalization, canonicalize_without
from wssdoctor.wsse.verification import Reports
from wssdoctor.wsse.verifier import Verifier


def test_a_copy_has_the_whole_content() -> None:
    verifier, message = Verifier(CONTEXT), signed(600)
    for data in (message, message.replace(b"<Quantity>1<", b"<Quantity>7<", 1)):
        found = verifier.verify(data)
        for twin in (pickle.loads(pickle.dumps(found)), copy.copy(found), verifier.verify(data)):
            assert twin == found
            assert hash(twin) == hash(found)
            assert (twin.parts, twin.signatures, twin.tokens) == (found.parts, found.signatures, found.tokens)
        assert {"Timestamp", "BinarySecurityToken", "Body"} <= {part.part for part in found.parts}


def test_it_lets_the_tree_go_once_read() -> None:
    found = Verifier(CONTEXT).verify(signed(600))
    assert not isinstance(found.reports, Reports)
    assert found.parts
    assert isinstance(found.reports, Reports)


def test_an_element_is_cut_out_among_namesakes() -> None:
    root = etree.fromstring(
        '<a xmlns:p="urn:p"><p:S>1</p:S><p:St/><p:S>2<p:S/><p:S a="b"><p:S>3</p:S></p:S></p:S>tail<p:S>4</p:S></a>'
    )
    left = canonicalize_without(root, [root[2]], Canonicalization(exclusive=False))
    assert left == b'<a xmlns:p="urn:p"><p:S>1</p:S><p:St></p:St>tail<p:S>4</p:S></a>'
