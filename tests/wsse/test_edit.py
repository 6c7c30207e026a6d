"""Changes to header blocks of a message."""

from __future__ import annotations

import pytest
from lxml import etree

from wssdoctor.wsse import names
from wssdoctor.wsse.edit import add_mandatory_header, release_headers, set_must_understand

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
