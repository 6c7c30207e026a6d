"""UsernameTokens, time stamps, encryption, assertions and attachments gone wrong; and other receivers."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

from alter_structure import attribute, drop, flip
from edits import ACCEPT, Edit, altered, body, each, element, find, inside, refused, replace, substitute
from kit import DS, JUDGED_AT, PASSWORD, USER, UTP, XENC, XENC11, Message, b64, stamp

SIG = r"(?:[\w-]+:)?"


def text(local: str, new: str | Callable[[str], str]) -> Edit:
    """Return an edit of the text of the first element of this name."""

    def turn(match: re.Match[str]) -> str:
        return match.group(1) + (new if isinstance(new, str) else new(match.group(2)))

    return lambda t: substitute(t, rf"(<{SIG}{local}\b[^>]*>)([^<]*)", turn)


def later(seconds: int) -> str:
    """Return a time of judgement that much later."""
    return stamp(JUDGED_AT + dt.timedelta(seconds=seconds))


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
        ("nonce-not-decoded", "nonce-not-decoded", lambda n, t, c, p: sha1(t.encode(), c.encode(), p.encode()), "password-digest-nonce-not-decoded"),
        ("nonce-hex", "nonce-as-hexadecimal", lambda n, t, c, p: sha1(n.hex().encode(), c.encode(), p.encode()), None),
        ("nonce-omitted", "nonce-omitted-from-the-digest", lambda n, t, c, p: sha1(c.encode(), p.encode()), "password-digest-without-nonce"),
        ("created-omitted", "created-omitted-from-the-digest", lambda n, t, c, p: sha1(n, p.encode()), "password-digest-without-created"),
        ("created-first", "order-of-the-parts", lambda n, t, c, p: sha1(c.encode(), n, p.encode()), "password-digest-order"),
        ("password-first", "order-of-the-parts", lambda n, t, c, p: sha1(p.encode(), n, c.encode()), "password-digest-order"),
        ("sha256", "sha-256-instead-of-sha-1", lambda n, t, c, p: b64(hashlib.sha256(n + c.encode() + p.encode()).digest()), "password-digest-sha256"),
        ("md5", "md5-instead-of-sha-1", lambda n, t, c, p: b64(hashlib.md5(n + c.encode() + p.encode(), usedforsecurity=False).digest()), None),
        ("hex-then-base64", "sha-1-in-hexadecimal", lambda n, t, c, p: b64(hashlib.sha1(n + c.encode() + p.encode(), usedforsecurity=False).hexdigest().encode()), "password-digest-hex"),
        ("hex", "sha-1-in-hexadecimal", lambda n, t, c, p: hashlib.sha1(n + c.encode() + p.encode(), usedforsecurity=False).hexdigest(), "password-digest-hex"),
        ("utf-16", "password-in-utf-16", lambda n, t, c, p: sha1(n, c.encode(), p.encode("utf-16-le")), "password-digest-utf16"),
        ("hashed", "password-hashed-before-the-digest", lambda n, t, c, p: sha1(n, c.encode(), hashlib.sha1(p.encode(), usedforsecurity=False).digest()), "password-digest-of-hashed-password"),
        ("hashed-base64", "password-hashed-before-the-digest", lambda n, t, c, p: sha1(n, c.encode(), sha1(p.encode()).encode()), "password-digest-of-hashed-password"),
        ("padded", "space-after-the-password", lambda n, t, c, p: sha1(n, c.encode(), p.encode() + b" "), "password-whitespace"),
        ("newline", "line-break-after-the-password", lambda n, t, c, p: sha1(n, c.encode(), p.encode() + b"\n"), "password-whitespace"),
        ("upper", "password-in-capitals", lambda n, t, c, p: sha1(n, c.encode(), p.upper().encode()), "password-case"),
        ("milliseconds", "created-formatted-otherwise", lambda n, t, c, p: sha1(n, _reformatted(c).encode(), p.encode()), "created-reformatted"),
        ("plain", "password-in-clear-declared-digest", lambda n, t, c, p: p, "password-in-clear"),
    ]
    made = []
    for number, (name, cause, make, reason) in enumerate(recipes):
        bases = digests[number % len(digests) :] + digests[: number % len(digests)]
        made += each(bases, f"recipe-{name}", recipe(make), refused(mismatch, cause, where, reason=reason), 1)
    token = lambda edit: inside("UsernameToken", edit)  # noqa: E731
    table: list[tuple[str, Edit, dict[str, Any], list[Message]]] = [
        ("password", text("Password", lambda p: p[:-2] + "x" + p[-1]), refused("password-mismatch", "password-altered", where), texts),
        ("password-pretty", text("Password", lambda p: f"\n          {p}\n        "), refused("password-mismatch", "white-space-around-password", where, reason="password-whitespace"), texts),
        ("password-case", text("Password", lambda p: p.capitalize()), refused("password-mismatch", "password-in-another-case", where, reason="password-case"), texts),
        ("password-base64", text("Password", lambda p: b64(p.encode())), refused("password-mismatch", "password-sent-in-base64", where), texts),
        ("password-empty", text("Password", ""), refused("password-mismatch", "password-emptied", where, "password-missing"), texts),
        ("password-removed", token(drop("Password")), refused("password-missing", "password-removed", where), texts),
        ("type-unknown", token(attribute("Password", "Type", "urn:example:unknown")), refused("password-type-unsupported", "unknown-password-type", where), texts),
        ("type-digest", token(attribute("Password", "Type", UTP + "#PasswordDigest")), refused("nonce-missing", "text-declared-digest", where, mismatch, "created-missing"), texts[:1]),
        ("username", token(text("Username", lambda u: u + "x")), refused("username-unknown", "username-altered", where), texts),
        ("username-case", token(text("Username", lambda u: u.upper())), refused("username-unknown", "username-in-another-case", where), texts),
        ("username-empty", token(text("Username", "")), refused("username-unknown", "username-emptied", where, "token-malformed"), texts),
        ("username-removed", token(drop("Username")), refused("token-malformed", "username-removed", where, "username-unknown", "username-token-missing"), texts),
        ("token-removed", drop("UsernameToken"), refused("username-token-missing", "username-token-removed", where), texts),
        ("digest", text("Password", lambda p: ("A" if p[0] != "A" else "B") + p[1:]), refused(mismatch, "digest-altered", where), digests),
        ("digest-cut", text("Password", lambda p: p[:-8]), refused(mismatch, "digest-truncated", where), digests),
        ("created", token(text("Created", lambda c: re.sub(r"(\d)(?=(\.\d+)?(Z|\+))", lambda m: str((int(m.group(1)) + 1) % 10), c, count=1))), refused(mismatch, "created-altered", where), digests),
        ("created-fraction", token(text("Created", lambda c: re.sub(r"(:\d\d)(\.\d+)?(Z|\+)", lambda m: m.group(1) + (".000" if not m.group(2) else "") + m.group(3), c))), refused(mismatch, "created-formatted-otherwise", where, reason="created-reformatted"), digests),
        ("nonce", token(flip("Nonce")), refused(mismatch, "nonce-altered", where), digests),
        ("nonce-not-base64", token(text("Nonce", "%%%not base64%%%")), refused("nonce-malformed", "nonce-not-base64", where, mismatch), digests),
        ("nonce-removed", token(drop("Nonce")), refused("nonce-missing", "nonce-removed", where), digests),
        ("created-removed", token(drop("Created")), refused("created-missing", "created-removed", where, mismatch), digests),
        ("type-text", token(attribute("Password", "Type", UTP + "#PasswordText")), refused("password-mismatch", "digest-declared-text", where), digests),
        ("created-malformed", token(text("Created", "yesterday")), refused(mismatch, "created-malformed", where, "timestamp-malformed", "token-malformed"), digests),
    ]
    for name, edit, expected, bases in table:
        made += each(bases, name, edit, expected)
    for name, edit, bases in (
        ("ok-order", token(lambda t: replace(replace(t, element(t, "Username"), ""), element(t, "Password"), element(t, "Password") + element(t, "Username"))), digests),
        ("ok-layout", token(lambda t: re.sub(r">(?=<)", ">\n          ", t)), digests),
        ("ok-nonce-wrapped", token(text("Nonce", lambda n: n[:10] + "\n" + n[10:])), digests),
        ("ok-password-cdata", text("Password", lambda p: f"<![CDATA[{p}]]>"), texts),
        ("ok-username-reference", token(text("Username", lambda u: f"&#x{ord(u[0]):X};{u[1:]}")), texts),
        ("ok-username-comment", token(text("Username", lambda u: f"{u[:2]}<!-- x -->{u[2:]}")), texts),
        ("ok-type-absent", token(lambda t: substitute(t, r' Type="[^"]*#PasswordText"', "")), texts),
    ):
        made += each(bases, name, edit, ACCEPT)
    wrong: list[tuple[str, dict[str, Any], dict[str, Any], list[Message]]] = [
        ("wrong-password", {"users": {USER: "Secret!"}}, refused("password-mismatch", "receiver-has-another-password", where), texts),
        ("wrong-password", {"users": {USER: "Secret!"}}, refused(mismatch, "receiver-has-another-password", where), digests),
        ("unknown-user", {"users": {"bob": "secret"}}, refused("username-unknown", "user-not-known-to-receiver", where), texts[:2] + digests),
        ("too-old", {"time": later(900)}, refused("username-token-too-old", "message-arrives-late", where, "timestamp-too-old", "timestamp-expired"), [d for d in digests if b"Timestamp" not in d.octets]),
        ("future", {"time": later(-900)}, refused("username-token-created-in-future", "sender-clock-ahead", where, "timestamp-created-in-future"), [d for d in digests if b"Timestamp" not in d.octets]),
        ("ok-within-tolerance", {"time": later(-90)}, ACCEPT, digests),
        ("signature-required", {"require_signed": ["Body"]}, refused("signature-missing", "policy-wants-a-signature", "Security", "required-part-not-signed"), texts),
        ("timestamp-required", {"require_tokens": ["UsernameToken", "Timestamp"]}, refused("timestamp-missing", "policy-wants-a-time-stamp", "Timestamp"), [t for t in texts if b"Timestamp" not in t.octets]),
        ("encryption-required", {"require_encrypted": ["Body"]}, refused("required-part-not-encrypted", "policy-wants-encryption", "Body"), texts),
    ]
    for name, ctx, expected, bases in wrong:
        made += each(bases, name, None, expected, context=ctx, mark="@")
    for base in digests[:2]:
        nonce = find(base.octets.decode(), rf"<{SIG}Nonce\b[^>]*>([^<]*)").group(1)
        made.append(altered(base, "replayed", None, refused("nonce-replayed", "same-message-sent-twice", where), context={"seen_nonces": [nonce]}, mark="@"))
    return made


def _reformatted(created: str) -> str:
    return re.sub(r"\.\d+", "", created) if "." in created else re.sub(r"(:\d\d)(Z|\+)", r"\1.000\2", created)


def timestamps(bases: list[Message]) -> list[Message]:
    """Change unsigned time stamps, and judge them at other times."""
    where = "Timestamp"
    ts = lambda edit: inside("Timestamp", edit)  # noqa: E731
    shift = dt.timedelta(minutes=5)
    offset = lambda h: (JUDGED_AT - dt.timedelta(seconds=60) + dt.timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%S") + f"{h:+03d}:00"  # noqa: E731
    good: list[tuple[str, Edit]] = [
        ("ok-offset", ts(text("Created", offset(2)))),
        ("ok-negative-offset", ts(text("Created", offset(-7)))),
        ("ok-seven-digits", ts(text("Created", (JUDGED_AT - shift / 5).strftime("%Y-%m-%dT%H:%M:%S.1234567Z")))),
        ("ok-nine-digits", ts(text("Created", (JUDGED_AT - shift / 5).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")))),
        ("ok-white-space", ts(text("Created", lambda c: f"\n   {c}  "))),
        ("ok-comment", ts(text("Created", lambda c: c[:10] + "<!-- T -->" + c[10:]))),
        ("ok-expires-first", ts(lambda t: replace(replace(t, element(t, "Expires"), ""), element(t, "Created"), element(t, "Expires") + element(t, "Created")))),
    ]
    bad: list[tuple[str, Edit, dict[str, Any]]] = [
        ("swapped", ts(lambda t: re.sub(r"Created|Expires", lambda m: {"Created": "Expires", "Expires": "Created"}[m.group(0)], t)), refused("timestamp-expires-before-created", "created-and-expires-swapped", where, "timestamp-created-in-future", "timestamp-expired")),
        ("bad-month", ts(text("Created", "2026-13-01T00:00:00Z")), refused("timestamp-malformed", "month-13", where)),
        ("bad-day", ts(text("Created", "2026-02-30T00:00:00Z")), refused("timestamp-malformed", "february-30", where)),
        ("date-only", ts(text("Created", "2026-11-21")), refused("timestamp-malformed", "date-without-time", where)),
        ("sap-format", ts(text("Created", "20261121100000")), refused("timestamp-malformed", "sap-timestamp-format", where)),
        ("space-for-t", ts(text("Created", lambda c: c.replace("T", " "))), refused("timestamp-malformed", "space-instead-of-t", where)),
        ("epoch", ts(text("Created", "1795253700")), refused("timestamp-malformed", "seconds-since-1970", where)),
        ("created-empty", ts(text("Created", "")), refused("timestamp-malformed", "created-emptied", where, "timestamp-created-missing")),
        ("expires-malformed", ts(text("Expires", "never")), refused("timestamp-malformed", "expires-is-no-time", where)),
        ("created-removed", ts(drop("Created")), refused("timestamp-created-missing", "created-removed", where, "timestamp-malformed")),
        ("created-twice", ts(lambda t: replace(t, element(t, "Created"), element(t, "Created") * 2)), refused("timestamp-malformed", "two-created", where)),
        ("twice", lambda t: replace(t, element(t, "Timestamp"), element(t, "Timestamp") + re.sub(r' \S*Id="[^"]*"', "", element(t, "Timestamp"))), refused("timestamp-duplicate", "time-stamp-repeated", where)),
        ("removed", drop("Timestamp"), refused("timestamp-missing", "time-stamp-removed", where)),
        ("local-time-as-utc", ts(lambda t: re.sub(r"T(\d\d)(?=:)", lambda m: f"T{(int(m.group(1)) + 2) % 24:02d}", t)), refused("timestamp-created-in-future", "local-time-written-as-utc", where, "timestamp-expired")),
    ]
    made = []
    for name, edit in good:
        made += each(bases, name, edit, ACCEPT)
    for name, edit, expected in bad:
        made += each(bases, name, edit, expected)
    expiring = [b for b in bases if b"Expires" in b.octets]
    made += each(expiring, "expired", None, refused("timestamp-expired", "message-arrives-late", where, "timestamp-too-old"), context={"time": later(3000), "max_age_seconds": 86400}, mark="@")
    made += each(bases, "old", None, refused("timestamp-too-old", "message-arrives-late", where), context={"time": later(200), "max_age_seconds": 30}, mark="@")
    made += each(bases, "future", None, refused("timestamp-created-in-future", "sender-clock-ahead", where), context={"time": later(-3600)}, mark="@")
    made += each(bases, "ok-little-ahead", None, ACCEPT, context={"time": later(-100)}, mark="@")
    return made


def encryption(bases: dict[str, Message]) -> list[Message]:
    """Damage encrypted messages, and give them to receivers with other keys."""
    oaep = [bases[i] for i in ("wss4j/enc-aes256-rsa-oaep-mgf1p", "pyxmlsec/enc-aes256-oaep", "wss4j/enc-thumbprint")]
    gcm = [bases["wss4j/enc-aes256-gcm"], bases["pyxmlsec/enc-aes128gcm-oaep"]]
    key = lambda edit: inside("EncryptedKey", edit)  # noqa: E731
    data = lambda edit: body(edit)  # noqa: E731
    made = []
    table: list[tuple[str, Edit, dict[str, Any], list[Message]]] = [
        ("key-cipher", key(flip("CipherValue")), refused("key-unwrap-failed", "encrypted-key-altered", "EncryptedKey", "decryption-failed"), oaep),
        ("key-cut", key(text("CipherValue", lambda c: c[:100])), refused("key-unwrap-failed", "encrypted-key-truncated", "EncryptedKey", "decryption-failed"), oaep),
        ("key-not-base64", key(text("CipherValue", "***")), refused("key-unwrap-failed", "encrypted-key-not-base64", "EncryptedKey", "decryption-failed", "token-malformed"), oaep),
        ("gcm-cipher", data(flip("CipherValue")), refused("decryption-failed", "encrypted-data-altered", "EncryptedData"), gcm),
        ("gcm-cut", data(text("CipherValue", lambda c: re.sub(r"\s", "", c)[:-24])), refused("decryption-failed", "encrypted-data-truncated", "EncryptedData"), gcm),
        ("cbc-cut", data(text("CipherValue", lambda c: re.sub(r"\s", "", c)[:-24])), refused("decryption-failed", "encrypted-data-truncated", "EncryptedData", "decrypted-content-malformed"), oaep),
        ("data-empty", data(text("CipherValue", "")), refused("decryption-failed", "encrypted-data-emptied", "EncryptedData", "decrypted-content-malformed"), oaep),
        ("mode", data(attribute("EncryptionMethod", "Algorithm", XENC + "aes256-cbc")), refused("decryption-failed", "cipher-mode-altered", "EncryptedData", "decrypted-content-malformed"), gcm[:1]),
        ("method-key-size", data(attribute("EncryptionMethod", "Algorithm", XENC + "aes128-cbc")), refused("decryption-failed", "encryption-method-altered", "EncryptedData", "key-unwrap-failed"), oaep[:2]),
        ("method-unknown", data(attribute("EncryptionMethod", "Algorithm", "urn:example:unknown")), refused("algorithm-unknown", "unknown-encryption-method", "EncryptedData"), oaep),
        ("key-method-unknown", key(attribute("EncryptionMethod", "Algorithm", "urn:example:unknown")), refused("algorithm-unknown", "unknown-key-transport", "EncryptedKey"), oaep),
        ("key-method-other", key(attribute("EncryptionMethod", "Algorithm", XENC + "rsa-1_5")), refused("key-unwrap-failed", "key-transport-altered", "EncryptedKey", "decryption-failed"), oaep),
        ("key-removed", drop("EncryptedKey"), refused("encrypted-key-missing", "encrypted-key-removed", "EncryptedData", "token-reference-unresolved", "required-part-not-encrypted", "decryption-key-not-found"), oaep),
        ("reference-dangling", key(lambda t: substitute(t, r'(DataReference URI="#)', r"\1x")), refused("encrypted-reference-unresolved", "data-reference-changed", "EncryptedKey"), oaep),
        ("thumbprint", key(flip("KeyIdentifier")), refused("decryption-key-not-found", "thumbprint-altered", "EncryptedKey"), oaep[1:]),
        ("label", key(text("OAEPparams", "YW5vdGhlcg==")), refused("key-unwrap-failed", "oaep-label-altered", "EncryptedKey", "decryption-failed"), [bases["pyxmlsec/enc-oaep-label"]]),
        ("oaep-digest", key(attribute("DigestMethod", "Algorithm", XENC + "sha512")), refused("key-unwrap-failed", "oaep-digest-altered", "EncryptedKey", "decryption-failed"), [bases["pyxmlsec/enc-oaep-sha256"]]),
        ("mgf", key(attribute("MGF", "Algorithm", XENC11 + "mgf1sha384")), refused("key-unwrap-failed", "mask-generation-function-altered", "EncryptedKey", "decryption-failed"), [bases["pyxmlsec/enc-oaep11-sha256-mgf1sha256"]]),
        ("ok-wrapped-cipher", data(text("CipherValue", lambda c: "\n" + "\n".join(re.findall(".{1,64}", re.sub(r"\s", "", c))) + "\n")), ACCEPT, [*gcm[:1], *oaep[:1]]),
        ("ok-mime-type", data(lambda t: substitute(t, r'(<\S*EncryptedData )', r'\1MimeType="text/xml" ')), ACCEPT, oaep),
        ("dk-offset", text("Offset", "1"), refused("signature-value-mismatch", "derived-key-offset-altered", "DerivedKeyToken"), [bases["wss4j/dk-sign-encryptedkey"], bases["wss4j/sct-dksign-v2"]]),
        ("dk-length", text("Length", "16"), refused("signature-value-mismatch", "derived-key-length-altered", "DerivedKeyToken"), [bases["wss4j/dk-sign-encryptedkey"], bases["wss4j/sct-dksign-v1"]]),
        ("dk-nonce", inside("DerivedKeyToken", flip("Nonce")), refused("signature-value-mismatch", "derived-key-nonce-altered", "DerivedKeyToken"), [bases["wss4j/sct-dksign-v2"]]),
        ("sct-identifier", text("Identifier", "uuid:another"), refused("context-unknown", "context-identifier-altered", "SecurityContextToken", "key-not-found"), [bases["wss4j/sct-dksign-v2"], bases["wss4j/sct-sign-v1"]]),
        ("salt", text("Salt", "AQIDBAUGBwgJCgsMDQ4PEA=="), refused("signature-value-mismatch", "derivation-salt-altered", "Signature"), [bases["wss4j/ut-derived-key"]]),
        ("iteration", text("Iteration", "2000"), refused("signature-value-mismatch", "derivation-count-altered", "Signature"), [bases["wss4j/ut-derived-key"]]),
    ]
    for name, edit, expected, on in table:
        made += each(on, name, edit, expected)
    other = [{"key": "keys/server2.key.pem", "cert": "keys/server2.crt.pem"}]
    receivers: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("wss4j/enc-thumbprint", "wrong-receiver", {"decryption_keys": other}, refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey")),
        ("wss4j/enc-ski", "wrong-receiver", {"decryption_keys": other}, refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey")),
        ("wss4j/enc-bst", "wrong-receiver", {"decryption_keys": other}, refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey")),
        ("pyxmlsec/enc-aes192-oaep", "no-key", {"decryption_keys": None}, refused("decryption-key-not-found", "receiver-has-no-key", "EncryptedKey")),
        ("pyxmlsec/enc-kw-aes256", "wrong-key", {"shared_keys_base64": {"Kek256": b64(bytes(32))}}, refused("key-unwrap-failed", "receiver-has-another-shared-key", "EncryptedKey", "decryption-failed")),
        ("pyxmlsec/enc-kw-aes128", "unknown-key", {"shared_keys_base64": {}}, refused("decryption-key-not-found", "receiver-does-not-know-the-key", "EncryptedKey", "key-not-found")),
        ("wss4j/enc-symmetric", "unknown-key", {"shared_keys_base64": {}}, refused("decryption-key-not-found", "receiver-does-not-know-the-key", "EncryptedData", "key-not-found")),
        ("pyxmlsec/enc-shared-gcm", "wrong-key", {"shared_keys_base64": {"SharedKey1": b64(bytes(16))}}, refused("decryption-failed", "receiver-has-another-shared-key", "EncryptedData")),
        ("wss4j/enc-3des", "3des-forbidden", {"forbidden_algorithms": [XENC + "tripledes-cbc"]}, refused("algorithm-forbidden", "policy-forbids-3des", "EncryptedData")),
        ("wss4j/enc-aes128-rsa-1_5", "rsa15-forbidden", {"forbidden_algorithms": [XENC + "rsa-1_5"]}, refused("algorithm-forbidden", "policy-forbids-rsa-1_5", "EncryptedKey")),
        ("wss4j/hmac-encryptedkeysha1", "unknown-key", {"shared_keys_base64": {}}, refused("key-not-found", "receiver-does-not-know-the-key", "KeyInfo")),
        ("wss4j/sct-dksign-v2", "unknown-context", {"shared_keys_base64": {}}, refused("context-unknown", "receiver-does-not-know-the-context", "SecurityContextToken", "key-not-found")),
        ("wss4j/sct-dksign-v1", "wrong-secret", {"shared_keys_base64": {"*": b64(bytes(32))}}, refused("signature-value-mismatch", "receiver-has-another-secret", "Signature")),
        ("xmlsec1/hmac-sha256", "wrong-key", {"shared_keys_base64": {"HmacKey": b64(bytes(32))}}, refused("signature-value-mismatch", "receiver-has-another-shared-key", "Signature")),
        ("xmlsec1/hmac-sha256", "unknown-key", {"shared_keys_base64": {}}, refused("key-not-found", "receiver-does-not-know-the-key", "KeyInfo")),
        ("wss4j/ut-derived-key", "wrong-password", {"users": {USER: "Secret!"}}, refused("signature-value-mismatch", "receiver-has-another-password", "Signature", "password-mismatch")),
    ]
    for identifier, name, ctx, expected in receivers:
        made.append(altered(bases[identifier], name, None, expected, context=ctx, mark="@"))
    return made


def receivers_of_signatures(bases: dict[str, Message]) -> list[Message]:
    """Give sound signed messages to receivers that know, trust or demand something else."""
    stranger = ["keys/stranger-ca.crt.pem"]
    table: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("wss4j/sig-bst", "untrusted", {"trust_anchors": stranger}, refused("cert-untrusted", "receiver-trusts-another-ca", "BinarySecurityToken", "cert-chain-incomplete")),
        ("wss4j/sig-bst", "chain-incomplete", {"intermediates": None}, refused("cert-chain-incomplete", "intermediate-certificate-not-sent-and-not-known", "BinarySecurityToken", "cert-untrusted")),
        ("node/cert", "chain-incomplete", {"intermediates": ["keys/odd-ca.crt.pem"]}, refused("cert-chain-incomplete", "intermediate-certificate-not-sent-and-not-known", "BinarySecurityToken", "cert-untrusted")),
        ("wss4j/sig-bst", "lookalike-intermediate", {"intermediates": ["keys/lookalike-ca.crt.pem"]}, refused("cert-chain-incomplete", "intermediate-of-the-same-name-with-another-key", "BinarySecurityToken", "cert-untrusted")),
        ("wss4j/sig-pkipath", "ok-no-intermediates", {"intermediates": []}, ACCEPT),
        ("wss4j/sig-issuer", "unknown-here", {"known_certs": None}, refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted")),
        ("wss4j/sig-ski", "unknown-here", {"known_certs": ["keys/client-other.crt.pem"]}, refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted")),
        ("wss4j/sig-thumbprint", "unknown-here", {"known_certs": ["keys/client-other.crt.pem"]}, refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted")),
        ("xmlsec1/sig-x509ski", "unknown-here", {"known_certs": ["keys/client-other.crt.pem"]}, refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo")),
        ("wss4j/sig-issuer", "noski", {"known_certs": ["keys/client-noski.crt.pem"]}, refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted")),
        ("wss4j/sig-keyvalue", "not-accepted", {"accept_key_value": None}, refused("cert-untrusted", "bare-key-not-accepted", "KeyInfo", "key-not-found", "signer-not-authorized")),
        ("wss4j/sig-bst", "subject", {"subjects": ["CN=somebody else,OU=Clients,O=wssdoctor Test Material,C=DE"]}, refused("signer-not-authorized", "signer-is-not-an-expected-subject", "BinarySecurityToken")),
        ("wss4j/sig-bst", "ok-subject", {"subjects": ["CN=client,OU=Clients,O=wssdoctor Test Material,C=DE"]}, ACCEPT),
        ("wss4j/sig-rsa-1024", "too-weak", {"min_rsa_bits": 2048}, refused("key-too-weak", "rsa-key-of-1024-bits", "BinarySecurityToken")),
        ("wss4j/sig-bst", "ok-strong-enough", {"min_rsa_bits": 2048}, ACCEPT),
        ("wss4j/sig-rsa-sha1", "sha1-forbidden", {"forbidden_algorithms": [DS + "rsa-sha1", DS + "sha1"]}, refused("algorithm-forbidden", "policy-forbids-sha-1", "SignedInfo")),
        ("zeep/sig-bst-sha1", "sha1-forbidden", {"forbidden_algorithms": [DS + "sha1"]}, refused("algorithm-forbidden", "policy-forbids-sha-1", "SignedInfo")),
        ("wss4j/sig-body-only", "to-required", {"require_signed": ["Body", "To"]}, refused("required-part-not-signed", "policy-wants-a-signed-header", "To")),
        ("wss4j/sig-body-only", "timestamp-required", {"require_signed": ["Body", "Timestamp"]}, refused("required-part-not-signed", "policy-wants-a-signed-time-stamp", "Timestamp", "timestamp-missing")),
        ("wss4j/sig-bst", "token-required-signed", {"require_signed": ["Body", "BinarySecurityToken"]}, refused("required-part-not-signed", "policy-wants-a-signed-token", "BinarySecurityToken")),
        ("node/cert-timestamp-unsigned", "timestamp-required-signed", {"require_signed": ["Body", "Timestamp"]}, refused("required-part-not-signed", "policy-wants-a-signed-time-stamp", "Timestamp")),
        ("wss4j/sig-addressing", "from-required", {"require_signed": ["Body", "From"]}, refused("required-part-not-signed", "policy-wants-a-signed-header", "From")),
        ("wss4j/sig-bst", "assertion-required", {"require_tokens": ["Assertion"]}, refused("saml-signature-missing", "policy-wants-an-assertion", "Assertion", "required-part-not-signed", "token-reference-unresolved", "token-malformed")),
        ("wss4j/sig-bst", "username-required", {"require_tokens": ["UsernameToken"]}, refused("username-token-missing", "policy-wants-a-username-token", "UsernameToken")),
        ("wss4j/sig-bst", "encryption-required", {"require_encrypted": ["Body"]}, refused("required-part-not-encrypted", "policy-wants-encryption", "Body")),
        ("wss4j/sig-actor", "not-our-actor", {"actor": None}, refused("security-header-other-actor", "header-is-for-another-actor", "Security", "security-header-missing")),
        ("wss4j/sig-bst", "other-actor", {"actor": "urn:example:gateway"}, refused("security-header-other-actor", "receiver-plays-another-actor", "Security", "security-header-missing")),
        ("wss4j/sig-cert-expired", "ok-dates-ignored", {"certificate_dates_ignored": True}, ACCEPT),
        ("wss4j/sig-cert-notyet", "ok-later", {"time": "2045-01-01T00:00:00Z", "max_age_seconds": None, "max_future_seconds": None, "require_signed": ["Body"]}, refused("timestamp-expired", "judged-years-later", "Timestamp", "timestamp-too-old")),
        ("wss4j/sig-bst", "ok-crls", {"crls": ["keys/inter-ca.crl.pem", "keys/root-ca.crl.pem"]}, ACCEPT),
        ("wss4j/sig-bst", "ok-trusted-directly", {"trust_anchors": ["keys/client.crt.pem"], "intermediates": None}, ACCEPT),
        ("wss4j/sig-bst", "ok-intermediate-anchor", {"trust_anchors": ["keys/inter-ca.crt.pem"], "intermediates": None}, ACCEPT),
        ("wss4j/sig-bst", "expired", {"time": later(3000), "max_age_seconds": 86400}, refused("timestamp-expired", "message-arrives-late", "Timestamp", "timestamp-too-old")),
        ("wss4j/sig-cert-self", "ok-pinned", {"trust_anchors": ["keys/client-self.crt.pem"]}, ACCEPT),
    ]
    return [altered(bases[i], n, None, e, context=c, mark="@") for i, n, c, e in table]

