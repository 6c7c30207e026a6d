"""Which wrong computation would have produced the password digest that was sent: each try costs a microsecond."""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from html import escape, unescape

from wssdoctor.wsse.timestamp import parse_datetime

Recipe = tuple[str, str, bytes]
"""Reason, the computation in words, the octets that are hashed."""


def text_reason(sent: str, expected: str) -> str | None:
    """Say how a wrong PasswordText comes from the right password; None if it does not."""
    for reason, variant in _password_variants(expected):
        if sent == variant:
            return reason
    if sent.strip() == expected:
        return "white-space-around-password"
    digest = hashlib.sha1(expected.encode(), usedforsecurity=False)
    hashed = (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
    if sent in hashed or sent == hashlib.md5(expected.encode(), usedforsecurity=False).hexdigest():
        return "password-hashed-first"
    if sent == base64.b64encode(expected.encode()).decode():
        return "password-base64-encoded"
    return None


def digest_reason(
    sent: str, nonce_text: str, nonce: bytes, created: str, password: str, users: Mapping[str, str]
) -> tuple[str | None, str]:
    """Find the recipe that gives the digest sent: reason and the computation in words, or (None, "")."""
    written = "".join(sent.split())
    if sent == password:
        return "password-in-clear", "nothing: it is the password itself"
    unwrapped = _from_hex(written)
    if unwrapped is not None:
        return _of_hex(unwrapped, nonce_text, nonce, created, password)
    for reason, words, octets in _recipes(nonce_text, nonce, created, password, users):
        if base64.b64encode(hashlib.sha1(octets, usedforsecurity=False).digest()).decode() == written:
            return reason, words
    for text in _near_created(created):
        if base64.b64encode(
            hashlib.sha1(nonce + text.encode() + password.encode(), usedforsecurity=False).digest()
        ) == (written.encode("utf-8", "replace")):
            reason = "created-reformatted" if text[:19] == created[:19] else "created-altered"
            return reason, f"the digest with Created {text!r}"
    right = nonce + created.encode() + password.encode()
    for name in ("sha256", "sha512", "md5", "sha384", "sha224"):
        if base64.b64encode(hashlib.new(name, right, usedforsecurity=False).digest()).decode() == written:
            return "digest-not-sha1", f"{name.upper()} instead of SHA-1"
    return None, ""


def _near_created(created: str) -> Iterator[str]:
    """Created with one digit, or its fraction, another; or minutes and hours off."""
    for position, character in enumerate(created[:40]):
        if character.isdigit():
            for digit in "0123456789":
                yield created[:position] + digit + created[position + 1 :]
    head, zone = created[:19], "Z" if created.endswith("Z") else ""
    for milli in range(1000):
        yield f"{head}.{milli:03d}{zone}"
    moment = parse_datetime(created)
    if moment is None:
        return
    for minutes in (*range(-120, 121), -1440, 1440):
        try:
            shifted = (moment + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
        except OverflowError:
            continue
        yield shifted + created[19:]


def _from_hex(written: str) -> bytes | None:
    """The digest when it was sent as hexadecimal, plainly or inside base64."""
    text = written
    if len(written) != 40:
        try:
            text = base64.b64decode(written, validate=True).decode("ascii")
        except (binascii.Error, ValueError):
            return None
    try:
        return bytes.fromhex(text) if len(text) == 40 else None
    except ValueError:
        return None


def _of_hex(digest: bytes, nonce_text: str, nonce: bytes, created: str, password: str) -> tuple[str | None, str]:
    for reason, words, octets in _recipes(nonce_text, nonce, created, password, {}):
        if hashlib.sha1(octets, usedforsecurity=False).digest() == digest:
            extra = "" if reason == "password-digest-right" else f", and {words}"
            return "digest-hex-encoded", f"the digest in hexadecimal{extra}"
    return None, ""


def _recipes(nonce_text: str, nonce: bytes, created: str, password: str, users: Mapping[str, str]) -> Iterator[Recipe]:
    c, p, t = created.encode(), password.encode(), nonce_text.strip().encode()
    yield "password-digest-right", "the right digest", nonce + c + p
    yield "nonce-not-decoded", "SHA-1(nonce in base64 + Created + password)", t + c + p
    yield "nonce-not-decoded", "SHA-1(nonce element's text + Created + password)", nonce_text.encode() + c + p
    yield "nonce-in-hex", "SHA-1(nonce in hexadecimal + Created + password)", nonce.hex().encode() + c + p
    yield "nonce-in-hex", "SHA-1(nonce in hexadecimal + Created + password)", nonce.hex().upper().encode() + c + p
    for inner in _decodings(nonce):
        yield "nonce-encoded-twice", "SHA-1(nonce decoded once more + Created + password)", inner + c + p
    yield "created-left-out", "SHA-1(nonce + password)", nonce + p
    yield "nonce-left-out", "SHA-1(Created + password)", c + p
    yield "nonce-and-created-left-out", "SHA-1(password)", p
    yield "password-left-out", "SHA-1(nonce + Created)", nonce + c
    orders = {
        "nonce + password + Created": nonce + p + c,
        "Created + nonce + password": c + nonce + p,
        "Created + password + nonce": c + p + nonce,
        "password + nonce + Created": p + nonce + c,
        "password + Created + nonce": p + c + nonce,
    }
    for words, octets in orders.items():
        yield "digest-order-wrong", f"SHA-1({words})", octets
    for text in created_variants(created):
        for reason, octets in (("created-reformatted", nonce), ("created-reformatted", t)):
            yield reason, f"SHA-1(nonce + {text!r} + password)", octets + text.encode() + p
    for reason, variant in _password_variants(password):
        words = "SHA-1(nonce + Created + the password with this change)"
        yield reason, words, nonce + c + variant.encode()
        yield reason, words, t + c + variant.encode()
    for encoding in ("latin-1", "cp1252", "utf-16-le", "utf-16-be", "utf-16", "cp850"):
        try:
            octets = password.encode(encoding)
            wide = created.encode(encoding) + octets
        except UnicodeEncodeError:
            continue
        yield "password-in-another-encoding", f"the password in {encoding}", nonce + c + octets
        yield "password-in-another-encoding", f"Created and password in {encoding}", nonce + wide
    for name in ("sha1", "md5", "sha256"):
        hashed = hashlib.new(name, p, usedforsecurity=False)
        words = f"SHA-1(nonce + Created + {name.upper()}(password))"
        for octets in (
            hashed.digest(),
            base64.b64encode(hashed.digest()),
            hashed.hexdigest().encode(),
            hashed.hexdigest().upper().encode(),
        ):
            yield "password-hashed-first", words, nonce + c + octets
            yield "password-hashed-first", words, t + c + octets
    for other in users.values():
        if other != password:
            yield (
                "password-of-another-user",
                "the right digest with another user's password",
                nonce + c + other.encode(),
            )


def _decodings(nonce: bytes) -> Iterator[bytes]:
    decode: tuple[Callable[[bytes], bytes], ...] = (
        lambda octets: base64.b64decode(octets, validate=True),
        binascii.unhexlify,
    )
    for each in decode:
        try:
            yield each(nonce)
        except (binascii.Error, ValueError):
            continue


def _password_variants(password: str) -> Iterator[tuple[str, str]]:
    yield "password-empty", ""
    for variant in (
        password.strip(),
        password + "\n",
        password + " ",
        " " + password,
        password + "\r\n",
        f"\n{password}\n",
    ):
        if variant != password:
            yield "white-space-around-password", variant
    for variant in (password.lower(), password.upper(), password.swapcase(), password.capitalize()):
        if variant != password:
            yield "password-case-differs", variant
    for variant in (escape(password), escape(password, quote=False), unescape(password)):
        if variant != password:
            yield "password-escaped", variant
    for form in ("NFC", "NFD"):
        variant = unicodedata.normalize(form, password)
        if variant != password:
            yield "password-unicode-normalised", variant
    for encoding in ("latin-1", "cp1252"):
        for written, read in (("utf-8", encoding), (encoding, "utf-8")):
            try:
                variant = password.encode(written).decode(read)
            except UnicodeError:
                continue
            if variant != password:
                yield "password-in-another-encoding", variant
    if password.encode("ascii", "replace").decode() != password:
        yield "password-in-another-encoding", password.encode("ascii", "replace").decode()


def created_variants(created: str) -> list[str]:
    """Give other ways to write the same instant, as libraries re-format it."""
    moment = parse_datetime(created)
    found = [created.strip()]
    if moment is None or moment == datetime.max.replace(tzinfo=UTC):
        return [each for each in found if each != created]
    base = moment.strftime("%Y-%m-%dT%H:%M:%S")
    milli, micro = f"{moment.microsecond // 1000:03d}", f"{moment.microsecond:06d}"
    bodies = [base, f"{base}.{milli}", f"{base}.{micro}", f"{base}.{milli}0000", f"{base}.{micro}0", f"{base}.0"]
    short = f"{base}.{micro}".rstrip("0").rstrip(".")
    for body in (*bodies, short):
        found += [f"{body}Z", body, f"{body}+00:00", f"{body}+0000"]
    for hours in range(-11, 13):
        if hours:
            local = moment + timedelta(hours=hours)
            sign = "+" if hours > 0 else "-"
            text = local.strftime("%Y-%m-%dT%H:%M:%S")
            for body in (text, f"{text}.{milli}"):
                found += [f"{body}{sign}{abs(hours):02d}:00", f"{body}Z", body]
    found += [moment.strftime("%Y-%m-%d %H:%M:%S"), moment.strftime("%Y%m%dT%H%M%SZ")]
    return [each for each in dict.fromkeys(found) if each != created]
