"""Texts: known values, names by their form, and foreign words are replaced; our own words stay."""

from __future__ import annotations

import pytest

from wssdoctor.redact.level import Level
from wssdoctor.redact.register import Register
from wssdoctor.redact.texts import Texts


def texts(level: Level = Level.DEFAULT) -> Texts:
    register = Register(level)
    register.name("user", "QXUSER")
    register.name("sid", "QXZ")
    register.secret("password", "Hx!q7.wv")
    return Texts(register)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("user QXUSER is locked", "user <user-1> is locked"),
        ("user qxuser is locked", "user <user-1> is locked"),
        ("DELAY_L_QXZ", "DELAY_L_<sid-1>"),
        ("sent Hx!q7.wv", "sent <password-1>"),
        ("https://a.qx.example:44300/sap/bc/srt/zz", "https://<host-1>:44300/sap/bc/srt/<service-1>"),
        ("CN=Qx Zy, O=Qx, C=DE", "CN=<name-1>, O=<name-2>, C=DE"),
        ("from 10.1.2.3 at 2026-11-20T10:00:00Z", "from <address-1> at 2026-11-20T10:00:00Z"),
        ("mail to a.b@qx.example", "mail to <email-1>"),
        ("beyond Expires: 12008 s (3 h 20 min) late", "beyond Expires: 12008 s (3 h 20 min) late"),
        ("1810440 s (20 d 22 h) early", "1810440 s (20 d 22 h) early"),
        ("the value qxvbnm is not expected", "the value <word-1> is not expected"),
    ],
)
def test_closed(text: str, redacted: str) -> None:
    assert texts().closed(text) == redacted


def test_names_are_kept_where_asked_for_and_secrets_never() -> None:
    assert texts(Level.NAMES).closed("QXUSER sent Hx!q7.wv from qxvbnm") == "QXUSER sent <password-1> from qxvbnm"


def test_a_url_with_a_login() -> None:
    made = texts()
    assert made.url("https://joe:Zz9%20q!@h.qx.example/sap/bc") == "https://<login>@<host-1>/sap/bc"
    assert {"Zz9 q!"} < {one.value for one in made.register.known()}


def test_the_same_value_has_the_same_placeholder() -> None:
    register = Register(Level.DEFAULT)
    assert register.name("user", "QX") == register.name("user", "qx") == "<user-1>"
    assert register.name("user", "QY") == "<user-2>"
    assert register.secret("password", "a") != register.secret("password", "A")
    assert register.replaced == {"user": 3, "password": 2}
