"""Parsing: what is refused, with which fault, and how fast."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.wsse import document
from wssdoctor.wsse.document import MAX_ATTRIBUTES, DocumentError, parse_document

LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(12)
)


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS + b"]><a>&m;</a>",
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>\n<!-- x --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        b"\xef\xbb\xbf <!DOCTYPE a><a/>",
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        "<!DOCTYPE a><a/>".encode("utf-16-le"),
    ],
)
def test_document_types_are_refused(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(data)
    assert caught.value.fault == "xml-doctype-forbidden"


def test_a_document_type_in_text_is_no_document_type() -> None:
    assert parse_document(b"<a><![CDATA[<!DOCTYPE a>]]><!-- <!DOCTYPE a> --></a>").tag == "a"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "document-empty"),
        (b"<a>", None),
        (b"<a><b></b", "document-truncated"),
        (b"<x:a/>", "namespace-declaration-lost"),
        ("<a>\u00fc</a>".encode("latin-1"), "character-encoding-mangled"),
    ],
)
def test_what_is_not_well_formed(data: bytes, reason: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(data)
    assert caught.value.fault == "xml-not-well-formed"
    assert caught.value.as_fault().reason == reason
    assert pickle.loads(pickle.dumps(caught.value)).as_fault() == caught.value.as_fault()


def test_place_of_an_error() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(b"<a>\n  <b></c></a>")
    place = caught.value.problems[0].place
    assert place is not None
    assert place.line == 2


@pytest.mark.parametrize("depth", [257, 5000])
def test_depth_is_bounded(depth: int) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(b"<a>" * depth + b"</a>" * depth)
    assert caught.value.fault == "xml-limit-exceeded"


@pytest.mark.parametrize("name", [b'a%d="" ', b'xmlns:a%d="urn:x" '])
def test_attributes_are_bounded(name: bytes) -> None:
    many = b"".join(name % number for number in range(2 * MAX_ATTRIBUTES))
    with pytest.raises(DocumentError) as caught:
        parse_document(b"<a><b " + many + b"/></a>")
    assert caught.value.fault == "xml-limit-exceeded"


def test_namespace_names_that_are_no_uris_are_read() -> None:
    root = parse_document('<a xmlns="urn:{x} y" xmlns:b="http://www.m\u00fcller.example/"/>'.encode())
    assert document.namespace_of(root) == "urn:{x} y"


def test_xpath_uses_the_usual_prefixes() -> None:
    root = parse_document(
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><x/><x/></e:Body></e:Envelope>'
    )
    assert document.xpath(root[0][1]) == "/soap:Envelope/soap:Body/x[2]"


def test_text_is_read_whole_around_comments() -> None:
    assert document.text_of(parse_document(b"<a>ad<!-- x -->min<?y z?>istrator<b>!</b></a>")) == "administrator!"


@given(st.binary(max_size=200))
def test_any_octets_are_parsed_or_refused(data: bytes) -> None:
    try:
        parse_document(data)
    except DocumentError as error:
        assert error.problems


@given(
    st.lists(
        st.sampled_from(
            [b"<a>", b"</a>", b"<!--", b"-->", b"<?p ", b"?>", b"<![CDATA[", b"]]>", b"&#x41;", b"<!DOCTYPE", b"\xff"]
        )
    )
)
def test_any_markup_is_parsed_or_refused(pieces: list[bytes]) -> None:
    try:
        parse_document(b"".join(pieces))
    except DocumentError as error:
        assert error.fault in ("xml-not-well-formed", "xml-doctype-forbidden", "xml-limit-exceeded")
