"""Changes to header blocks of a message."""

from __future__ import annotations

import pytest
from lxml import etree

from wssdoctor.wsse import names
from wssdoctor.wsse.edit import add_mandatory_header, release_headers, set_must_understand, spoil

SECURITY = f'<w:Security xmlns:w="{names.WSSE}"/>'


def envelope(soap: str, header: str) -> bytes:
    return f'<s:Envelope xmlns:s="{soap}">{header}<s:Body/></s:Envelope>'.encode()


def mandatory(message: bytes, soap: str) -> list[str]:
    blocks = etree.fromstring(message).iterfind(f"{{{soap}}}Header/*")
    return [etree.QName(block).localname for block in blocks if block.get(f"{{{soap}}}mustUnderstand") in ("1", "true")]


@pytest.mark.parametrize("soap", [names.SOAP11, names.SOAP12])
@pytest.mark.parametrize("header", ["", "<s:Header/>", f"<s:Header>{SECURITY}</s:Header>"])
def test_a_header_that_nobody_knows_is_mandatory_until_it_is_released(soap: str, header: str) -> None:
    marked = add_mandatory_header(envelope(soap, header))
    assert mandatory(marked, soap) == ["Tracking"]
    assert mandatory(release_headers(marked), soap) == []
    assert release_headers(release_headers(marked)) == release_headers(marked)


@pytest.mark.parametrize("soap", [names.SOAP11, names.SOAP12])
def test_the_security_header_keeps_its_mark_when_others_are_released(soap: str) -> None:
    marked = add_mandatory_header(set_must_understand(envelope(soap, f"<s:Header>{SECURITY}</s:Header>"), True))
    assert mandatory(marked, soap) == ["Security", "Tracking"]
    assert mandatory(release_headers(marked), soap) == ["Security"]
    assert mandatory(set_must_understand(marked, False), soap) == ["Tracking"]


@pytest.mark.parametrize("part", ["timestamp", "password", "signed-info", "reference", "key-info"])
def test_what_is_not_there_cannot_be_spoilt(part: str) -> None:
    with pytest.raises(ValueError, match=part):
        spoil(envelope(names.SOAP11, f"<s:Header>{SECURITY}</s:Header>"), part)


def test_a_spoilt_envelope_is_of_no_soap_version() -> None:
    assert etree.fromstring(spoil(envelope(names.SOAP11, ""), "envelope")).tag == "{urn:example:not-soap}Envelope"


def test_a_spoilt_token_has_no_password() -> None:
    token = "<w:UsernameToken><w:Username>A</w:Username><w:Password>b</w:Password></w:UsernameToken>"
    header = f'<s:Header><w:Security xmlns:w="{names.WSSE}">{token}</w:Security></s:Header>'
    assert b"Password" not in spoil(envelope(names.SOAP12, header), "password")
