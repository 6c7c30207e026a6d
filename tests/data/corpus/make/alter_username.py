"""UsernameTokens changed, or with a digest computed in one of the wrong ways that occur."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from edits import (
    ACCEPT,
    SIG,
    Edit,
    altered,
    attribute,
    drop,
    each,
    element,
    find,
    flip,
    inside,
    later,
    refused,
    replace,
    substitute,
    text,
)
from kit import PASSWORD, USER, UTP, Message, b64


def recipe(make: Callable[[bytes, str, str, str], str]) -> Edit:
    """Return an edit that computes the password digest in another way: from nonce, its text, created, password."""

    def apply(message: str) -> str:
        token = element(message, "UsernameToken")
        nonce = find(token, rf"<{SIG}Nonce\b[^>]*>([^<]*)").group(1)
        created = find(token, rf"<{SIG}Created\b[^>]*>([^<]*)").group(1)
        return replace(message, token, text("Password", make(base64.b64decode(nonce), nonce, created, PASSWORD))(token))

    return apply


def sha1(*parts: bytes) -> str:
    """Return base64(SHA-1(parts))."""
    return b64(hashlib.sha1(b"".join(parts), usedforsecurity=False).digest())


def username_tokens(texts: list[Message], digests: list[Message]) -> list[Message]:
    """Change UsernameTokens, and imitate wrong ways to compute the digest."""
    mismatch = "password-digest-mismatch"
    where = "UsernameToken"
    recipes: list[tuple[str, str, Callable[[bytes, str, str, str], str], str | None]] = [
        (
            "nonce-not-decoded",
            "nonce-not-decoded",
            lambda n, t, c, p: sha1(t.encode(), c.encode(), p.encode()),
            "nonce-not-decoded",
        ),
        (
            "nonce-hex",
            "nonce-as-hexadecimal",
            lambda n, t, c, p: sha1(n.hex().encode(), c.encode(), p.encode()),
            "nonce-in-hex",
        ),
        (
            "nonce-omitted",
            "nonce-omitted-from-the-digest",
            lambda n, t, c, p: sha1(c.encode(), p.encode()),
            "nonce-left-out",
        ),
        (
            "created-omitted",
            "created-omitted-from-the-digest",
            lambda n, t, c, p: sha1(n, p.encode()),
            "created-left-out",
        ),
        (
            "created-first",
            "order-of-the-parts",
            lambda n, t, c, p: sha1(c.encode(), n, p.encode()),
            "digest-order-wrong",
        ),
        (
            "password-first",
            "order-of-the-parts",
            lambda n, t, c, p: sha1(p.encode(), n, c.encode()),
            "digest-order-wrong",
        ),
        (
            "sha256",
            "sha-256-instead-of-sha-1",
            lambda n, t, c, p: b64(hashlib.sha256(n + c.encode() + p.encode()).digest()),
            "digest-not-sha1",
        ),
        (
            "md5",
            "md5-instead-of-sha-1",
            lambda n, t, c, p: b64(hashlib.md5(n + c.encode() + p.encode(), usedforsecurity=False).digest()),
            "digest-not-sha1",
        ),
        (
            "hex-then-base64",
            "sha-1-in-hexadecimal",
            lambda n, t, c, p: b64(
                hashlib.sha1(n + c.encode() + p.encode(), usedforsecurity=False).hexdigest().encode()
            ),
            "digest-hex-encoded",
        ),
        (
            "hex",
            "sha-1-in-hexadecimal",
            lambda n, t, c, p: hashlib.sha1(n + c.encode() + p.encode(), usedforsecurity=False).hexdigest(),
            "digest-hex-encoded",
        ),
        (
            "utf-16",
            "password-in-utf-16",
            lambda n, t, c, p: sha1(n, c.encode(), p.encode("utf-16-le")),
            "password-in-another-encoding",
        ),
        (
            "hashed",
            "password-hashed-before-the-digest",
            lambda n, t, c, p: sha1(n, c.encode(), hashlib.sha1(p.encode(), usedforsecurity=False).digest()),
            "password-hashed-first",
        ),
        (
            "hashed-base64",
            "password-hashed-before-the-digest",
            lambda n, t, c, p: sha1(n, c.encode(), sha1(p.encode()).encode()),
            "password-hashed-first",
        ),
        (
            "padded",
            "space-after-the-password",
            lambda n, t, c, p: sha1(n, c.encode(), p.encode() + b" "),
            "white-space-around-password",
        ),
        (
            "newline",
            "line-break-after-the-password",
            lambda n, t, c, p: sha1(n, c.encode(), p.encode() + b"\n"),
            "white-space-around-password",
        ),
        (
            "upper",
            "password-in-capitals",
            lambda n, t, c, p: sha1(n, c.encode(), p.upper().encode()),
            "password-case-differs",
        ),
        (
            "milliseconds",
            "created-formatted-otherwise",
            lambda n, t, c, p: sha1(n, _reformatted(c).encode(), p.encode()),
            "created-reformatted",
        ),
        ("plain", "password-in-clear-declared-digest", lambda n, t, c, p: p, "password-in-clear"),
    ]
    made = []
    for number, (name, cause, make, reason) in enumerate(recipes):
        bases = digests[number % len(digests) :] + digests[: number % len(digests)]
        made += each(bases, f"recipe-{name}", recipe(make), refused(mismatch, cause, where, reason=reason), 1)
    token = partial(inside, "UsernameToken")
    table: list[tuple[str, Edit, dict[str, Any], list[Message]]] = [
        (
            "password",
            text("Password", lambda p: p[:-2] + "x" + p[-1]),
            refused("password-mismatch", "password-altered", where),
            texts,
        ),
        (
            "password-pretty",
            text("Password", lambda p: f"\n          {p}\n        "),
            refused("password-mismatch", "white-space-around-password", where, reason="white-space-around-password"),
            texts,
        ),
        (
            "password-case",
            text("Password", lambda p: p.capitalize()),
            refused("password-mismatch", "password-in-another-case", where, reason="password-case-differs"),
            texts,
        ),
        (
            "password-base64",
            text("Password", lambda p: b64(p.encode())),
            refused("password-mismatch", "password-sent-in-base64", where),
            texts,
        ),
        (
            "password-empty",
            text("Password", ""),
            refused("password-mismatch", "password-emptied", where, "password-missing"),
            texts,
        ),
        ("password-removed", token(drop("Password")), refused("password-missing", "password-removed", where), texts),
        (
            "type-short",
            token(attribute("Password", "Type", "PasswordText")),
            refused("password-type-unsupported", "password-type-without-namespace", where),
            texts,
        ),
        (
            "type-qname",
            token(attribute("Password", "Type", "wsse:PasswordText")),
            refused("password-type-unsupported", "password-type-as-prefixed-name", where),
            texts,
        ),
        (
            "type-unknown",
            token(attribute("Password", "Type", "urn:example:unknown")),
            refused("password-type-unsupported", "unknown-password-type", where),
            texts,
        ),
        (
            "type-absent",
            token(lambda t: substitute(t, r' Type="[^"]*#PasswordText"', "")),
            refused("password-type-unsupported", "password-type-removed", where, reason="password-type-left-out"),
            texts,
        ),
        (
            "type-digest",
            token(attribute("Password", "Type", UTP + "#PasswordDigest")),
            refused("nonce-missing", "text-declared-digest", where, mismatch, "created-missing"),
            texts[:1],
        ),
        (
            "username",
            token(text("Username", lambda u: u + "x")),
            refused("username-unknown", "username-altered", where),
            texts,
        ),
        (
            "username-case",
            token(text("Username", lambda u: u.upper())),
            refused("username-unknown", "username-in-another-case", where),
            texts,
        ),
        (
            "username-empty",
            token(text("Username", "")),
            refused("username-unknown", "username-emptied", where, "token-malformed"),
            texts,
        ),
        (
            "username-removed",
            token(drop("Username")),
            refused("token-malformed", "username-removed", where, "username-unknown", "username-token-missing"),
            texts,
        ),
        (
            "token-removed",
            drop("UsernameToken"),
            refused("username-token-missing", "username-token-removed", where),
            texts,
        ),
        (
            "digest",
            text("Password", lambda p: ("A" if p[0] != "A" else "B") + p[1:]),
            refused(mismatch, "digest-altered", where),
            digests,
        ),
        ("digest-cut", text("Password", lambda p: p[:-8]), refused(mismatch, "digest-truncated", where), digests),
        (
            "created",
            token(
                text(
                    "Created",
                    lambda c: re.sub(r"(\d)(?=(\.\d+)?(Z|\+))", lambda m: str((int(m.group(1)) + 1) % 10), c, count=1),
                )
            ),
            refused(mismatch, "created-altered", where),
            digests,
        ),
        (
            "created-fraction-added",
            token(text("Created", lambda c: re.sub(r"(:\d\d)(Z|\+)", r"\1.000\2", c))),
            refused(mismatch, "created-formatted-otherwise", where, reason="created-reformatted"),
            digests,
        ),
        (
            "created-fraction-lost",
            token(text("Created", lambda c: re.sub(r"\.\d{3}(?=Z)", "", c))),
            refused(mismatch, "fractions-of-seconds-lost", where, reason="created-reformatted"),
            digests,
        ),
        ("nonce", token(flip("Nonce")), refused(mismatch, "nonce-altered", where), digests),
        (
            "nonce-not-base64",
            token(text("Nonce", "%%%not base64%%%")),
            refused("nonce-malformed", "nonce-not-base64", where, mismatch),
            digests,
        ),
        ("nonce-removed", token(drop("Nonce")), refused("nonce-missing", "nonce-removed", where), digests),
        (
            "created-removed",
            token(drop("Created")),
            refused("created-missing", "created-removed", where, mismatch),
            digests,
        ),
        (
            "type-text",
            token(attribute("Password", "Type", UTP + "#PasswordText")),
            refused("password-mismatch", "digest-declared-text", where),
            digests,
        ),
        (
            "created-malformed",
            token(text("Created", "yesterday")),
            refused(mismatch, "created-malformed", where, "timestamp-malformed", "token-malformed"),
            digests,
        ),
    ]
    for name, edit, expected, bases in table:
        made += each(bases, name, edit, expected)
    for name, edit, bases in (
        (
            "ok-order",
            token(
                lambda t: replace(
                    replace(t, element(t, "Username"), ""),
                    element(t, "Password"),
                    element(t, "Password") + element(t, "Username"),
                )
            ),
            digests,
        ),
        ("ok-layout", token(lambda t: re.sub(r">(?=<)", ">\n          ", t)), digests),
        ("ok-nonce-wrapped", token(text("Nonce", lambda n: n[:10] + "\n" + n[10:])), digests),
        ("ok-password-cdata", text("Password", lambda p: f"<![CDATA[{p}]]>"), texts),
        ("ok-username-reference", token(text("Username", lambda u: f"&#x{ord(u[0]):X};{u[1:]}")), texts),
        ("ok-username-comment", token(text("Username", lambda u: f"{u[:2]}<!-- x -->{u[2:]}")), texts),
    ):
        made += each(bases, name, edit, ACCEPT)
    wrong: list[tuple[str, dict[str, Any], dict[str, Any], list[Message]]] = [
        (
            "wrong-password",
            {"users": {USER: "Secret!"}},
            refused("password-mismatch", "receiver-has-another-password", where),
            texts,
        ),
        (
            "wrong-password",
            {"users": {USER: "Secret!"}},
            refused(mismatch, "receiver-has-another-password", where),
            digests,
        ),
        (
            "unknown-user",
            {"users": {"bob": "secret"}},
            refused("username-unknown", "user-not-known-to-receiver", where),
            texts[:2] + digests,
        ),
        (
            "too-old",
            {"time": later(900)},
            refused("username-token-too-old", "message-arrives-late", where, "timestamp-too-old", "timestamp-expired"),
            [d for d in digests if b"Timestamp" not in d.octets],
        ),
        (
            "future",
            {"time": later(-900)},
            refused("username-token-created-in-future", "sender-clock-ahead", where, "timestamp-created-in-future"),
            [d for d in digests if b"Timestamp" not in d.octets],
        ),
        ("ok-within-tolerance", {"time": later(-90)}, ACCEPT, digests),
        (
            "signature-required",
            {"require_signed": ["Body"]},
            refused("signature-missing", "policy-wants-a-signature", "Security", "required-part-not-signed"),
            texts,
        ),
        (
            "timestamp-required",
            {"require_tokens": ["UsernameToken", "Timestamp"]},
            refused("timestamp-missing", "policy-wants-a-time-stamp", "Timestamp"),
            [t for t in texts if b"Timestamp" not in t.octets],
        ),
        (
            "encryption-required",
            {"require_encrypted": ["Body"]},
            refused("required-part-not-encrypted", "policy-wants-encryption", "Body"),
            texts,
        ),
    ]
    for name, ctx, expected, bases in wrong:
        made += each(bases, name, None, expected, context=ctx, mark="@")
    for base in digests[:2]:
        nonce = find(base.octets.decode(), rf"<{SIG}Nonce\b[^>]*>([^<]*)").group(1)
        made.append(
            altered(
                base,
                "replayed",
                None,
                refused("nonce-replayed", "same-message-sent-twice", where),
                context={"seen_nonces": [nonce]},
                mark="@",
            )
        )
    return made


def _reformatted(created: str) -> str:
    return re.sub(r"\.\d+", "", created) if "." in created else re.sub(r"(:\d\d)(Z|\+)", r"\1.000\2", created)
