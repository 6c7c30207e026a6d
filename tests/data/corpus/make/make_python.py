"""Messages by zeep, suds-community and signxml."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kit import (
    DS,
    KEYS,
    MAKE,
    PASSWORD,
    USER,
    WSSE,
    Message,
    context,
    element_at,
    signed,
    stamp,
)
from lxml import etree
from xmlsec_templates import Template, template_text

ZEEP_PRODUCER = "zeep 4.3.3 (python-xmlsec 1.3.17)"
SUDS_PRODUCER = "suds-community 1.2.0"
SIGNXML_PRODUCER = "signxml 5.2.0"
WSDL = MAKE / "node" / "orders.wsdl"
ORDER = {
    "Customer": "Käufer & Söhne",
    "Item": [{"Material": "M-17", "Quantity": 25}, {"Material": "M-18", "Quantity": 1}],
}


def zeep_messages() -> list[Message]:
    """Make what a zeep client posts."""
    import xmlsec
    import zeep
    from zeep.wsse import BinarySignature, Compose, Signature, UsernameToken
    from zeep.wsse.utils import WSU as MAKER

    now = dt.datetime.now(dt.UTC)

    def timestamp() -> Any:
        return MAKER.Timestamp(MAKER.Created(stamp(now)), MAKER.Expires(stamp(now + dt.timedelta(minutes=5))))

    key, cert = str(KEYS / "client.key.pem"), str(KEYS / "client.crt.pem")
    sha256 = {"signature_method": xmlsec.Transform.RSA_SHA256, "digest_method": xmlsec.Transform.SHA256}
    ut: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken"]}
    both: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken", "Timestamp"]}
    digest = "username-token password-digest nonce created"
    wrong = {
        "verdict": "reject",
        "fault": "password-digest-mismatch",
        "cause": "password-hashed-before-the-digest",
        "reason": "password-hashed-first",
        "where": "UsernameToken",
    }
    table: list[tuple[str, Any, str, dict[str, Any], dict[str, Any] | None]] = [
        ("ut-text", UsernameToken(USER, PASSWORD), "username-token password-text", context(**ut), None),
        (
            "ut-text-ts",
            UsernameToken(USER, PASSWORD, timestamp_token=timestamp()),
            "username-token password-text timestamp",
            context(**both),
            None,
        ),
        (
            "ut-digest",
            UsernameToken(USER, PASSWORD, use_digest=True),
            digest + " created-with-offset",
            context(**ut),
            None,
        ),
        (
            "ut-digest-zulu",
            UsernameToken(USER, PASSWORD, use_digest=True, zulu_timestamp=True),
            digest,
            context(**ut),
            None,
        ),
        (
            "ut-digest-nonce",
            UsernameToken(USER, PASSWORD, use_digest=True, zulu_timestamp=True, nonce="a text nonce"),
            digest + " text-nonce",
            context(**ut),
            None,
        ),
        (
            "ut-digest-nonascii",
            UsernameToken("müller", "Pässwörd-€-東", use_digest=True, zulu_timestamp=True),
            digest + " non-ascii",
            context(users={"müller": "Pässwörd-€-東"}, require_tokens=["UsernameToken"]),
            None,
        ),
        (
            "ut-digest-hashed",
            UsernameToken(USER, PASSWORD, use_digest=True, zulu_timestamp=True, hash_password=True),
            digest,
            context(**ut),
            wrong,
        ),
        (
            "ut-no-password",
            UsernameToken(USER),
            "username-token no-password",
            context(**ut),
            {"verdict": "reject", "fault": "password-missing", "cause": "no-password-sent", "where": "UsernameToken"},
        ),
        ("sig-bst-sha1", BinarySignature(key, cert), "signature bst-x509v3 rsa-sha1", signed("Body"), None),
        ("sig-bst", BinarySignature(key, cert, **sha256), "signature bst-x509v3", signed("Body"), None),
        ("sig-x509data-str", Signature(key, cert, **sha256), "signature x509-data-in-reference", signed("Body"), None),
        (
            "sig-bst-ts-ut",
            Compose(
                [
                    UsernameToken(USER, PASSWORD, use_digest=True, zulu_timestamp=True, timestamp_token=timestamp()),
                    BinarySignature(key, cert, **sha256),
                ]
            ),
            f"signature bst-x509v3 timestamp {digest}",
            signed(**ut),
            None,
        ),
        (
            "sig-x509data-ts",
            Compose([UsernameToken(USER, PASSWORD, timestamp_token=timestamp()), Signature(key, cert, **sha256)]),
            "signature x509-data-in-reference timestamp username-token password-text",
            signed(**ut),
            None,
        ),
        (
            "sig-expired",
            BinarySignature(str(KEYS / "client-expired.key.pem"), str(KEYS / "client-expired.crt.pem"), **sha256),
            "signature bst-x509v3",
            signed("Body"),
            {
                "verdict": "reject",
                "fault": "cert-expired",
                "cause": "sender-certificate-expired",
                "where": "BinarySecurityToken",
            },
        ),
        (
            "sig-self",
            BinarySignature(str(KEYS / "client-self.key.pem"), str(KEYS / "client-self.crt.pem"), **sha256),
            "signature bst-x509v3",
            signed("Body"),
            {
                "verdict": "reject",
                "fault": "cert-untrusted",
                "cause": "self-signed-certificate",
                "where": "BinarySecurityToken",
            },
        ),
    ]
    messages = []
    for name, plugin, features, ctx, expected in table:
        client = zeep.Client(str(WSDL), wsse=plugin)
        envelope = client.create_message(client.service, "CreateOrder", **ORDER)
        signed_envelope, _ = (
            plugin.apply(envelope, {}) if envelope.find(f".//{{{WSSE}}}Security") is None else (envelope, {})
        )
        octets = etree.tostring(signed_envelope, encoding="utf-8", xml_declaration=True)
        message = Message(f"zeep/{name}", octets, ZEEP_PRODUCER, features.split(), ctx)
        message.expected = expected or message.expected
        messages.append(message)
    return messages


def suds_messages() -> list[Message]:
    """Make what a suds client posts."""
    import suds.client
    import suds.wsse

    ut: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken"]}
    messages = []
    for name, options in (
        ("ut-text", {}),
        ("ut-text-nonce", {"nonce": True, "created": True}),
        ("ut-text-nonce-encoding", {"nonce": True, "created": True, "encoding": True}),
        ("ut-text-ts", {"timestamp": True}),
        ("ut-text-ts-created", {"timestamp": True, "created": True}),
        ("ts-only", {"timestamp": True, "user": False}),
        ("ut-text-nonascii", {"name": "müller", "password": "Pässwörd-€"}),
        ("ut-text-markup", {"name": "o'neil&co", "password": "a<b>&\"c'd"}),
    ):
        client = suds.client.Client(WSDL.as_uri(), nosend=True, cache=None)
        security = suds.wsse.Security()
        user, password = str(options.get("name", USER)), str(options.get("password", PASSWORD))
        if options.get("user", True):
            token = suds.wsse.UsernameToken(user, password)
            if options.get("nonce"):
                token.setnonce()
            if options.get("created"):
                token.setcreated()
            token.setnonceencoding(bool(options.get("encoding")))
            security.tokens.append(token)
        if options.get("timestamp"):
            security.tokens.append(suds.wsse.Timestamp(300))
        client.set_options(wsse=security)
        request = client.service.CreateOrder(**ORDER)
        features = [
            *(["username-token", "password-text"] if options.get("user", True) else []),
            *(k for k in ("nonce", "created", "timestamp") if options.get(k)),
        ]
        ctx = (
            context(require_tokens=["Timestamp"])
            if not options.get("user", True)
            else context(**{**ut, "users": {user: password}})
        )
        messages.append(Message(f"suds/{name}", request.envelope, SUDS_PRODUCER, features, ctx))
    return messages


def signxml_messages() -> list[Message]:
    """Make detached signatures over body and time stamp."""
    from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

    plain = "signature plain-x509data timestamp"
    table: list[tuple[str, str, dict[str, Any], str, str, dict[str, Any] | None]] = [
        ("detached", plain, {}, "client", "order", None),
        ("detached-nonascii", plain, {}, "client", "non-ascii", None),
        ("detached-default-namespace", plain, {}, "client", "default-namespace", None),
        (
            "detached-sha512",
            plain + " rsa-sha512",
            {"signature_algorithm": SignatureMethod.RSA_SHA512, "digest_algorithm": DigestAlgorithm.SHA512},
            "client",
            "order",
            None,
        ),
        (
            "detached-sha384",
            plain + " rsa-sha384",
            {"signature_algorithm": SignatureMethod.RSA_SHA384, "digest_algorithm": DigestAlgorithm.SHA384},
            "client",
            "order",
            None,
        ),
        (
            "detached-pss",
            plain + " rsa-pss-sha256",
            {"signature_algorithm": SignatureMethod.SHA256_RSA_MGF1},
            "client",
            "order",
            None,
        ),
        (
            "detached-pss-sha512",
            plain + " rsa-pss-sha512",
            {"signature_algorithm": SignatureMethod.SHA512_RSA_MGF1, "digest_algorithm": DigestAlgorithm.SHA512},
            "client",
            "order",
            None,
        ),
        ("detached-sha3", plain + " sha3-256", {"digest_algorithm": DigestAlgorithm.SHA3_256}, "client", "order", None),
        (
            "detached-ecdsa256",
            plain + " ecdsa-sha256",
            {"signature_algorithm": SignatureMethod.ECDSA_SHA256},
            "client-ec256",
            "order",
            None,
        ),
        (
            "detached-ecdsa384",
            plain + " ecdsa-sha384",
            {"signature_algorithm": SignatureMethod.ECDSA_SHA384},
            "client-ec384",
            "order",
            None,
        ),
        (
            "detached-ecdsa521",
            plain + " ecdsa-sha512",
            {"signature_algorithm": SignatureMethod.ECDSA_SHA512},
            "client-ec521",
            "order",
            None,
        ),
        (
            "detached-lookalike",
            plain,
            {},
            "client-lookalike",
            "order",
            {
                "verdict": "reject",
                "fault": "cert-untrusted",
                "cause": "issuer-of-the-same-name-with-another-key",
                "where": "KeyInfo",
            },
        ),
        (
            "detached-notyet",
            plain,
            {},
            "client-notyet",
            "order",
            {
                "verdict": "reject",
                "fault": "cert-not-yet-valid",
                "cause": "sender-certificate-not-yet-valid",
                "where": "KeyInfo",
            },
        ),
    ]
    messages = []
    for name, features, options, key, payload, expected in table:
        root = etree.fromstring(template_text(Template(name, "", {}, payload=payload, ids="plain")).encode())
        security = element_at(root, ".//{*}Security")
        security.remove(element_at(security, f"{{{DS}}}Signature"))
        settings = {"c14n_algorithm": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0, **options}
        signer = XMLSigner(method=methods.detached, **settings)
        signature = signer.sign(
            root,
            key=(KEYS / f"{key}.key.pem").read_bytes(),
            cert=(KEYS / f"{key}.crt.pem").read_text(),
            reference_uri=["#body-1", "#ts-1"],
            id_attribute="Id",
        )
        security.append(signature)
        octets = etree.tostring(root, encoding="unicode").encode()
        message = Message(f"signxml/{name}", octets, SIGNXML_PRODUCER, features.split(), signed())
        message.expected = expected or message.expected
        messages.append(message)
    return messages
