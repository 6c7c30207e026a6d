"""Encrypted messages damaged, and given to receivers with other keys."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from edits import (
    ACCEPT,
    Edit,
    altered,
    attribute,
    body,
    drop,
    each,
    flip,
    inside,
    refused,
    substitute,
    text,
)
from kit import USER, XENC, XENC11, Message, b64


def encryption(bases: dict[str, Message]) -> list[Message]:
    """Damage encrypted messages, and give them to receivers with other keys."""
    oaep = [bases[i] for i in ("wss4j/enc-aes256-rsa-oaep-mgf1p", "pyxmlsec/enc-aes256-oaep", "wss4j/enc-thumbprint")]
    gcm = [bases["wss4j/enc-aes256-gcm"], bases["pyxmlsec/enc-aes128gcm-oaep"]]
    key = partial(inside, "EncryptedKey")
    made = []
    table: list[tuple[str, Edit, dict[str, Any], list[Message]]] = [
        (
            "key-cipher",
            key(flip("CipherValue")),
            refused("key-unwrap-failed", "encrypted-key-altered", "EncryptedKey", "decryption-failed"),
            oaep,
        ),
        (
            "key-cut",
            key(text("CipherValue", lambda c: c[:100])),
            refused("key-unwrap-failed", "encrypted-key-truncated", "EncryptedKey", "decryption-failed"),
            oaep,
        ),
        (
            "key-not-base64",
            key(text("CipherValue", "***")),
            refused(
                "key-unwrap-failed", "encrypted-key-not-base64", "EncryptedKey", "decryption-failed", "token-malformed"
            ),
            oaep,
        ),
        (
            "gcm-cipher",
            body(flip("CipherValue")),
            refused("decryption-failed", "encrypted-data-altered", "EncryptedData"),
            gcm,
        ),
        (
            "gcm-cut",
            body(text("CipherValue", lambda c: re.sub(r"\s", "", c)[:-24])),
            refused("decryption-failed", "encrypted-data-truncated", "EncryptedData"),
            gcm,
        ),
        (
            "cbc-cut",
            body(text("CipherValue", lambda c: re.sub(r"\s", "", c)[:-24])),
            refused("decryption-failed", "encrypted-data-truncated", "EncryptedData", "decrypted-content-malformed"),
            oaep,
        ),
        (
            "data-empty",
            body(text("CipherValue", "")),
            refused("decryption-failed", "encrypted-data-emptied", "EncryptedData", "decrypted-content-malformed"),
            oaep,
        ),
        (
            "mode",
            body(attribute("EncryptionMethod", "Algorithm", XENC + "aes256-cbc")),
            refused("decryption-failed", "cipher-mode-altered", "EncryptedData", "decrypted-content-malformed"),
            gcm[:1],
        ),
        (
            "method-key-size",
            body(attribute("EncryptionMethod", "Algorithm", XENC + "aes128-cbc")),
            refused("decryption-failed", "encryption-method-altered", "EncryptedData", "key-unwrap-failed"),
            oaep[:2],
        ),
        (
            "method-unknown",
            body(attribute("EncryptionMethod", "Algorithm", "urn:example:unknown")),
            refused("algorithm-unknown", "unknown-encryption-method", "EncryptedData"),
            oaep,
        ),
        (
            "key-method-unknown",
            key(attribute("EncryptionMethod", "Algorithm", "urn:example:unknown")),
            refused("algorithm-unknown", "unknown-key-transport", "EncryptedKey"),
            oaep,
        ),
        (
            "key-method-other",
            key(attribute("EncryptionMethod", "Algorithm", XENC + "rsa-1_5")),
            refused("key-unwrap-failed", "key-transport-altered", "EncryptedKey", "decryption-failed"),
            oaep,
        ),
        (
            "key-removed",
            drop("EncryptedKey"),
            refused(
                "encrypted-key-missing",
                "encrypted-key-removed",
                "EncryptedData",
                "token-reference-unresolved",
                "required-part-not-encrypted",
                "decryption-key-not-found",
            ),
            oaep,
        ),
        (
            "reference-dangling",
            key(lambda t: substitute(t, r'(DataReference URI="#)', r"\1x")),
            refused("encrypted-reference-unresolved", "data-reference-changed", "EncryptedKey"),
            oaep,
        ),
        (
            "thumbprint",
            key(flip("KeyIdentifier")),
            refused("decryption-key-not-found", "thumbprint-altered", "EncryptedKey"),
            oaep[1:],
        ),
        (
            "label",
            key(text("OAEPparams", "YW5vdGhlcg==")),
            refused("key-unwrap-failed", "oaep-label-altered", "EncryptedKey", "decryption-failed"),
            [bases["pyxmlsec/enc-oaep-label"]],
        ),
        (
            "oaep-digest",
            key(attribute("DigestMethod", "Algorithm", XENC + "sha512")),
            refused("key-unwrap-failed", "oaep-digest-altered", "EncryptedKey", "decryption-failed"),
            [bases["pyxmlsec/enc-oaep-sha256"]],
        ),
        (
            "mgf",
            key(attribute("MGF", "Algorithm", XENC11 + "mgf1sha384")),
            refused("key-unwrap-failed", "mask-generation-function-altered", "EncryptedKey", "decryption-failed"),
            [bases["pyxmlsec/enc-oaep11-sha256-mgf1sha256"]],
        ),
        (
            "ok-wrapped-cipher",
            body(text("CipherValue", lambda c: "\n" + "\n".join(re.findall(".{1,64}", re.sub(r"\s", "", c))) + "\n")),
            ACCEPT,
            [*gcm[:1], *oaep[:1]],
        ),
        ("ok-keyinfo-absent", body(drop("KeyInfo")), ACCEPT, oaep),
        (
            "ok-mime-type",
            body(lambda t: substitute(t, r"(<\S*EncryptedData )", r'\1MimeType="text/xml" ')),
            ACCEPT,
            oaep,
        ),
        (
            "dk-offset",
            text("Offset", "1"),
            refused("signature-value-mismatch", "derived-key-offset-altered", "DerivedKeyToken"),
            [bases["wss4j/dk-sign-encryptedkey"], bases["wss4j/sct-dksign-v2"]],
        ),
        (
            "dk-length",
            text("Length", "16"),
            refused("signature-value-mismatch", "derived-key-length-altered", "DerivedKeyToken"),
            [bases["wss4j/dk-sign-encryptedkey"], bases["wss4j/sct-dksign-v1"]],
        ),
        (
            "dk-nonce",
            inside("DerivedKeyToken", flip("Nonce")),
            refused("signature-value-mismatch", "derived-key-nonce-altered", "DerivedKeyToken"),
            [bases["wss4j/sct-dksign-v2"]],
        ),
        (
            "sct-identifier",
            text("Identifier", "uuid:another"),
            refused("context-unknown", "context-identifier-altered", "SecurityContextToken", "key-not-found"),
            [bases["wss4j/sct-dksign-v2"], bases["wss4j/sct-sign-v1"]],
        ),
        (
            "salt",
            text("Salt", "AQIDBAUGBwgJCgsMDQ4PEA=="),
            refused("signature-value-mismatch", "derivation-salt-altered", "Signature"),
            [bases["wss4j/ut-derived-key"]],
        ),
        (
            "iteration",
            text("Iteration", "2000"),
            refused("signature-value-mismatch", "derivation-count-altered", "Signature"),
            [bases["wss4j/ut-derived-key"]],
        ),
    ]
    for name, edit, expected, on in table:
        made += each(on, name, edit, expected)
    other = [{"key": "keys/server2.key.pem", "cert": "keys/server2.crt.pem"}]
    receivers: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        (
            "wss4j/enc-thumbprint",
            "wrong-receiver",
            {"decryption_keys": other},
            refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey"),
        ),
        (
            "wss4j/enc-ski",
            "wrong-receiver",
            {"decryption_keys": other},
            refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey"),
        ),
        (
            "wss4j/enc-bst",
            "wrong-receiver",
            {"decryption_keys": other},
            refused("decryption-key-not-found", "encrypted-for-another-receiver", "EncryptedKey"),
        ),
        (
            "pyxmlsec/enc-aes192-oaep",
            "no-key",
            {"decryption_keys": None},
            refused("decryption-key-not-found", "receiver-has-no-key", "EncryptedKey"),
        ),
        (
            "pyxmlsec/enc-kw-aes256",
            "wrong-key",
            {"shared_keys_base64": {"Kek256": b64(bytes(32))}},
            refused("key-unwrap-failed", "receiver-has-another-shared-key", "EncryptedKey", "decryption-failed"),
        ),
        (
            "pyxmlsec/enc-kw-aes128",
            "unknown-key",
            {"shared_keys_base64": {}},
            refused("decryption-key-not-found", "receiver-does-not-know-the-key", "EncryptedKey", "key-not-found"),
        ),
        (
            "wss4j/enc-symmetric",
            "unknown-key",
            {"shared_keys_base64": {}},
            refused("decryption-key-not-found", "receiver-does-not-know-the-key", "EncryptedData", "key-not-found"),
        ),
        (
            "pyxmlsec/enc-shared-gcm",
            "wrong-key",
            {"shared_keys_base64": {"SharedKey1": b64(bytes(16))}},
            refused("decryption-failed", "receiver-has-another-shared-key", "EncryptedData"),
        ),
        (
            "wss4j/enc-3des",
            "3des-forbidden",
            {"forbidden_algorithms": [XENC + "tripledes-cbc"]},
            refused("algorithm-forbidden", "policy-forbids-3des", "EncryptedData"),
        ),
        (
            "wss4j/enc-aes128-rsa-1_5",
            "rsa15-forbidden",
            {"forbidden_algorithms": [XENC + "rsa-1_5"]},
            refused("algorithm-forbidden", "policy-forbids-rsa-1_5", "EncryptedKey"),
        ),
        (
            "wss4j/hmac-encryptedkeysha1",
            "unknown-key",
            {"shared_keys_base64": {}},
            refused("key-not-found", "receiver-does-not-know-the-key", "KeyInfo"),
        ),
        (
            "wss4j/sct-dksign-v2",
            "unknown-context",
            {"shared_keys_base64": {}},
            refused("context-unknown", "receiver-does-not-know-the-context", "SecurityContextToken", "key-not-found"),
        ),
        (
            "wss4j/sct-dksign-v1",
            "wrong-secret",
            {"shared_keys_base64": {"*": b64(bytes(32))}},
            refused("signature-value-mismatch", "receiver-has-another-secret", "Signature"),
        ),
        (
            "xmlsec1/hmac-sha256",
            "wrong-key",
            {"shared_keys_base64": {"HmacKey": b64(bytes(32))}},
            refused("signature-value-mismatch", "receiver-has-another-shared-key", "Signature"),
        ),
        (
            "xmlsec1/hmac-sha256",
            "unknown-key",
            {"shared_keys_base64": {}},
            refused("key-not-found", "receiver-does-not-know-the-key", "KeyInfo"),
        ),
        (
            "wss4j/ut-derived-key",
            "wrong-password",
            {"users": {USER: "Secret!"}},
            refused("signature-value-mismatch", "receiver-has-another-password", "Signature", "password-mismatch"),
        ),
    ]
    for identifier, name, ctx, expected in receivers:
        made.append(altered(bases[identifier], name, None, expected, context=ctx, mark="@"))
    return made
