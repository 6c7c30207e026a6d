"""What forensics show of an altered message holds no password: neither of a token nor of what was put into a body."""

from __future__ import annotations

import re

from tests import signed
from wssdoctor.capture.edit import replace_envelope
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.provider.request import Request
from wssdoctor.report.build import build
from wssdoctor.report.formats import FORMATS, rendered

_BODY = re.compile(rb"(<s:Body[^>]*>.*?)(</s:Body>)", re.DOTALL)


def shown(landscape: str, envelope: bytes, password: str = "") -> str:
    """Return every form of the report on an altered request of a landscape, whose users have this password."""
    facts, requests = signed.LANDSCAPES[landscape]()
    if password:
        facts = change(
            facts, {f"users[{index}].password": password for index in range(len(facts.items("users") or ()))}
        )
    altered = Request.of(replace_envelope(requests[0].capture, envelope))
    assert altered.capture.time is not None
    report = build(diagnose(Case(facts, (altered,), altered.capture.time.moment), load()), load())
    assert any(one.status == "confirmed" for one in report.findings)
    return "".join(rendered(report, form, verbose=True).decode() for form in FORMATS)


def test_nothing_that_was_put_into_a_signed_body_is_shown() -> None:
    envelope = signed.LANDSCAPES["x509"]()[1][0].capture.envelope
    altered = _BODY.sub(rb"\1<Password a='hxCANARY1'>hxCANARY2</Password>\2", envelope)
    assert altered != envelope
    assert "hxCANARY" not in shown("x509", altered)


def test_a_wrong_password_in_a_token_is_not_shown_nor_the_right_one() -> None:
    envelope = signed.LANDSCAPES["username-token"]()[1][0].capture.envelope
    altered = envelope.replace(b"sample-Passw0rd", b"hxCANARY3")
    assert altered != envelope
    text = shown("username-token", altered, "hxCANARY4")
    assert "hxCANARY" not in text
    assert "sample-Passw0rd" not in text
