"""UsernameToken: each wrong recipe is named."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.wsse import names
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.item import UsernameToken
from wssdoctor.wsse.message import parse
from wssdoctor.wsse.reason import REASONS
from wssdoctor.wsse.username_token import judge, password_digest

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREATED = "2026-03-01T12:00:00.250Z"
NONCE = bytes(range(16))
PASSWORD = "S\u00e4cret & Co"
CONTEXT = Context(
    users={"alice": PASSWORD, "bob": "other"}, max_age=timedelta(seconds=300), max_future=timedelta(seconds=60)
)


def token(
    password: str | None,
    kind: str | None = names.PASSWORD_DIGEST,
    *,
    user: str = "alice",
    nonce: str | None = base64.b64encode(NONCE).decode(),
    created: str | None = CREATED,
) -> UsernameToken:
    type_attribute = f' Type="{kind}"' if kind is not None else ""
    escaped = password.replace("&", "&amp;") if password is not None else None
    pieces = [
        f"<wsse:Username>{user}</wsse:Username>",
        f"<wsse:Password{type_attribute}>{escaped}</wsse:Password>" if escaped is not None else "",
        f"<wsse:Nonce>{nonce}</wsse:Nonce>" if nonce is not None else "",
        f"<wsu:Created>{created}</wsu:Created>" if created is not None else "",
    ]
    envelope = (
        f'<e:Envelope xmlns:e="{names.SOAP11}" xmlns:wsse="{names.WSSE}" xmlns:wsu="{names.WSU}"><e:Header><wsse:Security>'
        f"<wsse:UsernameToken>{''.join(pieces)}</wsse:UsernameToken></wsse:Security></e:Header><e:Body/></e:Envelope>"
    )
    return parse(envelope.encode()).security[0].username_tokens[0]


def judged(found: UsernameToken, context: Context = CONTEXT) -> list[tuple[str, str | None]]:
    return [(fault.fault, fault.reason) for fault in judge(found, context, NOW)]


def encoded(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def sha1(*pieces: bytes) -> bytes:
    return hashlib.sha1(b"".join(pieces)).digest()


def test_right_digest() -> None:
    assert judged(token(encoded(password_digest(NONCE, CREATED, PASSWORD)))) == []


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20), st.binary(max_size=40))
def test_any_right_digest(password: str, nonce: bytes) -> None:
    found = token(encoded(password_digest(nonce, CREATED, password)), nonce=encoded(nonce) if nonce else "")
    assert judged(found, Context(users={"alice": password})) == []


C, P, T = CREATED.encode(), PASSWORD.encode(), base64.b64encode(NONCE)


@pytest.mark.parametrize(
    ("digest", "reason"),
    [
        (lambda: sha1(T, C, P), "nonce-not-decoded"),
        (lambda: sha1(NONCE.hex().encode(), C, P), "nonce-in-hex"),
        (lambda: sha1(NONCE, P), "created-left-out"),
        (lambda: sha1(C, P), "nonce-left-out"),
        (lambda: sha1(P), "nonce-and-created-left-out"),
        (lambda: sha1(NONCE, C), "password-left-out"),
        (lambda: sha1(P, C, NONCE), "digest-order-wrong"),
        (lambda: sha1(NONCE, b"2026-03-01T12:00:00Z", P), "created-reformatted"),
        (lambda: sha1(NONCE, C, P + b"\n"), "white-space-around-password"),
        (lambda: sha1(NONCE, C, PASSWORD.lower().encode()), "password-case-differs"),
        (lambda: sha1(NONCE, C, PASSWORD.encode("utf-16-le")), "password-in-another-encoding"),
        (lambda: sha1(NONCE, C, PASSWORD.encode("latin-1")), "password-in-another-encoding"),
        (lambda: sha1(NONCE, C, PASSWORD.replace("&", "&amp;").encode()), "password-escaped"),
        (lambda: sha1(NONCE, C, sha1(P)), "password-hashed-first"),
        (lambda: sha1(NONCE, C, hashlib.sha1(P).hexdigest().encode()), "password-hashed-first"),
        (lambda: hashlib.sha256(NONCE + C + P).digest(), "digest-not-sha1"),
        (lambda: sha1(NONCE, C, P).hex().encode(), "digest-hex-encoded"),
        (lambda: sha1(NONCE, C, b"other"), "password-of-another-user"),
        (lambda: sha1(NONCE, b"2026-03-01T12:00:01.250Z", P), "created-altered"),
        (lambda: sha1(b"something else"), None),
    ],
)
def test_recipes(digest: Callable[[], bytes], reason: str | None) -> None:
    assert judged(token(encoded(digest()))) == [("password-digest-mismatch", reason)]
    assert reason is None or reason in REASONS


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        (f"\n  {PASSWORD}\n", "white-space-around-password"),
        (PASSWORD.swapcase(), "password-case-differs"),
        (PASSWORD.encode().decode("latin-1"), "password-in-another-encoding"),
        (encoded(sha1(P)), "password-hashed-first"),
        (encoded(P), "password-base64-encoded"),
        ("wrong", None),
    ],
)
def test_wrong_texts(password: str, reason: str | None) -> None:
    assert judged(token(password, names.PASSWORD_TEXT)) == [("password-mismatch", reason)]


def test_right_text() -> None:
    assert judged(token(PASSWORD, names.PASSWORD_TEXT)) == []


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (token("x", None), "password-type-unsupported"),
        (token("x", "urn:other"), "password-type-unsupported"),
        (token(None), "password-missing"),
        (token("x", nonce=None), "nonce-missing"),
        (token("x", created=None), "created-missing"),
        (token("x", nonce="%%%"), "nonce-malformed"),
        (token(PASSWORD, names.PASSWORD_TEXT, user="Alice"), "username-unknown"),
        (token(PASSWORD, names.PASSWORD_TEXT, created="2026-03-01T11:00:00Z"), "username-token-too-old"),
        (token(PASSWORD, names.PASSWORD_TEXT, created="2026-03-01T12:10:00Z"), "username-token-created-in-future"),
        (token(PASSWORD, names.PASSWORD_TEXT, created="yesterday"), "timestamp-malformed"),
    ],
)
def test_faults(found: UsernameToken, fault: str) -> None:
    assert judged(found)[0][0] == fault


def test_a_nonce_is_used_once() -> None:
    seen = Context(users=CONTEXT.users, seen_nonces=frozenset((encoded(NONCE),)))
    assert judged(token(PASSWORD, names.PASSWORD_TEXT), seen)[-1][0] == "nonce-replayed"


def test_no_secret_is_shown() -> None:
    wrong = token("hunter2", names.PASSWORD_TEXT)
    shown = repr(wrong) + repr(judge(wrong, CONTEXT, NOW)) + repr(CONTEXT)
    assert "hunter2" not in shown
    assert PASSWORD not in shown
