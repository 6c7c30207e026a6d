"""The scan finds a known value in every form in which it can hide, and says where without saying the value."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.redact.leak import LeakError, Scanner, unsearchable
from wssdoctor.redact.level import Level
from wssdoctor.redact.register import Known, Register

SECRET = 'hx<Zq7"&wv é!K'


def scanner(value: str = SECRET) -> Scanner:
    register = Register(Level.DEFAULT)
    register.secret("password", value)
    return Scanner(register.known())


FORMS = {
    "plain": SECRET.encode(),
    "upper case": SECRET.upper().encode(),
    "hex": SECRET.encode().hex().encode(),
    "HEX": SECRET.encode().hex().upper().encode(),
    "percent": urllib.parse.quote(SECRET).encode(),
    "form": urllib.parse.quote_plus(SECRET).encode(),
    "utf-16-le": SECRET.encode("utf-16-le"),
    "utf-16-be": SECRET.encode("utf-16-be"),
    "JSON": json.dumps(SECRET).encode(),
    "XML": html.escape(SECRET).encode(),
    "XML text": html.escape(SECRET, quote=False).encode(),
    "references": "".join(f"&#x{ord(one):X};" for one in SECRET).encode(),
    **{f"base64 at {shift}": base64.b64encode(b"x" * shift + SECRET.encode() + b"yz") for shift in range(3)},
    **{f"base64url at {shift}": base64.urlsafe_b64encode(b"x" * shift + SECRET.encode()) for shift in range(3)},
    "base64 of UTF-16": base64.b64encode(SECRET.encode("utf-16-le")),
    "base64 in lines": b"\n ".join(base64.b64encode(SECRET.encode())[start : start + 7] for start in range(0, 28, 7)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found(form: str) -> None:
    leaks = scanner().scan({"a.txt": b"before " + FORMS[form] + b" after"})
    assert {one.placeholder for one in leaks} == {"<password-1>"}
    message = str(LeakError.of(leaks)) + repr(LeakError.of(leaks).problems)
    assert SECRET not in message
    assert "a.txt" in message
    assert LeakError.of(leaks).exit_code == 4


def test_a_name_of_a_file_is_looked_at_too() -> None:
    assert scanner("hxZq7wvK").scan({"captures/hxzq7wvk.http": b""})


@given(st.binary(max_size=300), st.integers(0, 2))
def test_base64_is_found_wherever_it_stands(before: bytes, after: int) -> None:
    data = base64.b64encode(before + SECRET.encode() + b"x" * after)
    assert scanner().scan({"a": data})


def test_nothing_is_found_where_nothing_is() -> None:
    data = b"The user <password-1> logs on. " + base64.b64encode(bytes(range(256)))
    assert scanner().scan({"a": data}) == ()


def test_short_names_are_found_as_words_only() -> None:
    register = Register(Level.DEFAULT)
    register.name("sid", "QZX")
    found = Scanner(register.known())
    assert found.scan({"a": b"system qzx."})
    assert not found.scan({"a": b"aqzxb"})


def test_what_cannot_be_searched_for_is_counted() -> None:
    register = Register(Level.DEFAULT)
    for value in ("password", "12", "hxZq7wvK"):
        register.secret("password", value)
    assert [one.value for one in unsearchable(register.known())] == ["password", "12"]


def test_a_known_value_never_shows_itself() -> None:
    register = Register(Level.DEFAULT)
    register.secret("password", SECRET)
    assert SECRET not in repr(register.known())
    assert isinstance(register.known()[0], Known)
