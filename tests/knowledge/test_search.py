from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.search import Index, Kind

BASE = load(overlays=())
INDEX = Index(BASE)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("secure storage after system copy", "cause", "secure-storage-unreadable"),
        ("Kennwort initial", "cause", "user-password-initial-or-expired"),
        ("Zertifikat abgelaufen", "cause", "cert-expired"),
        ("Benutzer gesperrt", "cause", "user-locked"),
        ("DELAY_LOGON does not exist", "cause", "technical-user-missing"),
        ("clocks without NTP", "cause", "clock-skew"),
        ("run report WSS_SETUP", "remedy", "run-wss-setup"),
        ("OCSP responder unknown certificate", "message", "SSF_API_REVOCATION_CERTIFICATE_UNKNOWN"),
    ],
)
def test_words_find_records(text: str, kind: Kind, expected: str) -> None:
    assert expected in [hit.id for hit in INDEX.search(text, (kind,))[:3]]


@given(st.text(max_size=300))
def test_any_text_is_a_question(text: str) -> None:
    hits = INDEX.search(text)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_words_without_meaning_find_nothing() -> None:
    assert INDEX.search("the and of it") == []
