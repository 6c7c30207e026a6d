"""A ticket made with a lent key: what it decrypted is judged, and nothing of it is in the bundle."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.present import of_type
from tests.provider.test_decryption import FACTS, LENT, hidden_token, request
from tests.ticket import decoded
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.provider.decryption import Keys
from wssdoctor.redact.level import Level
from wssdoctor.report.build import build
from wssdoctor.report.formats import FORMATS, rendered
from wssdoctor.ticket.bundle import bundle
from wssdoctor.wsse.message import Message

PASSWORD = "geheim"


def case(keys: Keys) -> Case:
    found = request(hidden_token(), keys)
    assert found.capture.time is not None
    return Case(FACTS, (found,), found.capture.time.moment)


@pytest.mark.parametrize("level", list(Level))
def test_what_was_decrypted_is_not_in_the_bundle(level: Level) -> None:
    lit = case(LENT)
    assert PASSWORD.encode() in _plain(lit)
    base = load()
    report = build(diagnose(lit, base), base)
    assert report.replays[0].verdict != "undecided"
    for name, data in decoded.members(bundle(lit, report, level).data):
        assert decoded.found(data, {"password": PASSWORD}) == [], name
    for form in FORMATS:
        assert PASSWORD.encode() not in rendered(report, form, verbose=True)


def _plain(one: Case) -> bytes:
    message = one.requests[0].message
    assert PASSWORD.encode() not in one.requests[0].capture.envelope
    return etree.tostring(of_type(Message, message).root)
