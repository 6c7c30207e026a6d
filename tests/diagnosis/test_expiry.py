"""Certificates that expire soon are findings with their dates, each once, when they are asked for."""

from __future__ import annotations

import datetime as dt

from tests.landscape import MOMENT, case
from wssdoctor.description.load import loads
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.expiry import expiring
from wssdoctor.knowledge.load import load

BASE = load()
SYSTEM = b"""format: "1"
pses:
  - application: wsse
    own_certificate: { subject: CN=Soon, not_after: 2026-12-01T00:00:00Z }
    trusted:
      - { subject: CN=Soon, not_after: 2026-12-01T00:00:00Z }
      - { subject: CN=Sooner, not_after: 2026-11-25T00:00:00Z }
      - { subject: CN=Late, not_after: 2028-01-01T00:00:00Z }
      - { subject: CN=Gone, not_after: 2026-01-01T00:00:00Z }
suppressions:
  - { cause: cert-expiring, subject: CN=Soon, reason: replaced next week, until: 2026-12-31 }
"""


def test_each_certificate_is_found_once_and_the_soonest_first() -> None:
    found = expiring(loads(SYSTEM, "system.yaml"), MOMENT, 30, BASE)
    assert [one.subject.name for one in found] == ["certificate CN=Sooner", "certificate CN=Soon"]
    assert [len(one.results[0].evidence) for one in found] == [1, 2]
    assert {one.severity for one in found} == {"medium"}
    place = found[0].results[0].evidence[0].place
    assert place is not None
    assert (place.file, place.line) == ("system.yaml", 7)


def test_the_number_of_days_decides() -> None:
    facts = loads(SYSTEM, "system.yaml")
    assert [len(expiring(facts, MOMENT, days, BASE)) for days in (0, 4, 5, 10, 11, 500)] == [0, 0, 1, 1, 2, 3]


def test_they_are_asked_for_and_can_be_suppressed() -> None:
    facts = loads(SYSTEM, "system.yaml")
    plain = diagnose(Case(facts, (), MOMENT), BASE)
    assert not any(one.cause == "cert-expiring" for one in plain.findings)
    asked = diagnose(Case(facts, (), MOMENT), BASE, expiring_within=30)
    found = {one.subject.name: bool(one.suppressed) for one in asked.findings if one.cause == "cert-expiring"}
    assert found == {"certificate CN=Sooner": True, "certificate CN=Soon": True}
    later = diagnose(Case(facts, (), MOMENT + dt.timedelta(days=1)), BASE, expiring_within=2)
    assert not any(one.cause == "cert-expiring" for one in later.findings)


def test_a_healthy_landscape_stays_healthy() -> None:
    assert not diagnose(case(), BASE, expiring_within=30).confirmed
