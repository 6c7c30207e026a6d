"""Messages by node-soap and strong-soap, and assertions by the npm package saml put into envelopes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import xmlsec
from kit import (
    DS,
    KEYS,
    MAKE,
    PASSWORD,
    SAML_CONTEXT,
    SOAP11,
    SOAP12,
    USER,
    WSSE,
    Message,
    certificate,
    context,
    element_at,
    encrypted,
    envelope,
    signed,
)
from lxml import etree

SOAP_PRODUCER = "node-soap 1.13.0 (xml-crypto 6.3.2)"
STRONG_PRODUCER = "strong-soap 5.0.10"
SAML_PRODUCER = "npm saml 4.0.0 (xml-crypto, xml-encryption)"
MODULES = Path(os.environ.get("CORPUS_NODE_MODULES", MAKE / "node" / "node_modules"))


def run(script: str, *arguments: str) -> dict[str, Any]:
    """Run one of the Node.js scripts beside the installed packages; return what it printed."""
    environment = {**os.environ, "NODE_PATH": str(MODULES)}
    done = subprocess.run(
        ["node", "--no-deprecation", str(MAKE / "node" / script), str(KEYS), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def rejected(fault: str, cause: str, where: str, *others: str) -> dict[str, Any]:
    """Return the expectation of a refused message."""
    return {
        "verdict": "reject",
        "fault": fault,
        **({"or_fault": list(others)} if others else {}),
        "cause": cause,
        "where": where,
    }


def soap_messages() -> list[Message]:
    """Make what node-soap and strong-soap send."""
    ut: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken"]}
    both: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken", "Timestamp"]}
    markup: dict[str, Any] = {"users": {"o'neil&co": "a<b>&\"c'd"}, "require_tokens": ["UsernameToken"]}
    bst = "signature bst-x509v3 timestamp"
    table: dict[str, tuple[str, dict[str, Any]]] = {
        "ut-text": ("username-token password-text created timestamp", context(**both)),
        "ut-text-nonce": ("username-token password-text nonce created timestamp", context(**both)),
        "ut-text-no-timestamp": ("username-token password-text created", context(**ut)),
        "ut-text-no-created": ("username-token password-text", context(**ut)),
        "ut-digest": ("username-token password-digest nonce created timestamp", context(**both)),
        "ut-digest-no-timestamp": ("username-token password-digest nonce created", context(**ut)),
        "ut-digest-no-created": ("username-token password-digest nonce", context(**ut)),
        "ut-digest-markup": ("username-token password-digest nonce created timestamp markup", context(**markup)),
        "ut-text-markup": ("username-token password-text created timestamp markup", context(**markup)),
        "ut-digest-nonascii": (
            "username-token password-digest nonce created timestamp non-ascii",
            context(users={"müller": "Pässwörd-€"}, require_tokens=["UsernameToken"]),
        ),
        "ut-actor": (
            "username-token password-text created timestamp actor",
            context(actor="urn:example:gateway", **ut),
        ),
        "cert": (bst, signed()),
        "cert-wsu-id": (bst + " wsu-id", signed()),
        "cert-prefix": (bst + " ds-prefix", signed()),
        "cert-sha256-option": (bst, signed()),
        "cert-sha512": (bst + " rsa-sha512", signed()),
        "cert-sha1": (bst + " rsa-sha1", signed()),
        "cert-no-timestamp": ("signature bst-x509v3", signed("Body")),
        "cert-exc-only": (bst, signed()),
        "cert-enveloped-only": (bst + " no-canonicalization", signed()),
        "cert-timestamp-unsigned": (bst, signed("Body")),
        "cert-token-signed": (bst + " token-signed wsu-id", signed("Body", "Timestamp", "BinarySecurityToken")),
        "cert-to": (bst + " addressing", signed("Body", "Timestamp", "To")),
        "cert-soap12": (bst + " soap12", signed()),
        "cert-expired": (bst, signed()),
        "cert-stranger": (bst, signed()),
        "plus-cert": (bst + " username-token password-digest", signed(**ut)),
        "plus-cert-text": (bst + " username-token password-text", signed(**ut)),
        "cert-with-token": (bst + " username-token password-untyped", signed(**ut)),
        "strong-text": ("username-token password-text timestamp pretty", context(**both)),
        "strong-digest": ("username-token password-digest nonce created timestamp pretty", context(**both)),
    }
    refused = {
        "ut-digest-no-created": rejected(
            "password-digest-mismatch", "created-digested-but-not-sent", "UsernameToken", "created-missing"
        ),
        "cert-expired": rejected("cert-expired", "sender-certificate-expired", "BinarySecurityToken"),
        "cert-stranger": rejected(
            "cert-untrusted", "sender-certificate-issued-by-another-ca", "BinarySecurityToken", "cert-chain-incomplete"
        ),
        "cert-with-token": rejected(
            "reference-unresolved",
            "producer-signs-an-id-it-does-not-write",
            "Body",
            "key-info-missing",
            "signature-malformed",
            "token-reference-unresolved",
            "password-type-unsupported",
            "required-part-not-signed",
        ),
    }
    made = []
    for name, posted in run("soap.js").items():
        if posted is None:
            continue
        features, ctx = table[name]
        producer = STRONG_PRODUCER if name.startswith("strong") else SOAP_PRODUCER
        message = Message(f"node/{name}", posted.encode(), producer, features.split(), ctx)
        message.expected = refused.get(name, message.expected)
        made.append(message)
    return made


def sign_assertion(assertion: str, signer: str) -> str:
    """Sign an assertion (enveloped, after its issuer or at its end) with python-xmlsec."""
    root = etree.fromstring(assertion.encode())
    saml2 = root.tag.startswith("{urn:oasis:names:tc:SAML:2.0")
    attribute = "ID" if saml2 else "AssertionID"
    signature = xmlsec.template.create(root, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
    root.insert(1 if saml2 else len(root), signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri=f"#{root.get(attribute)}")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    signing = xmlsec.SignatureContext()
    signing.key = xmlsec.Key.from_file(str(KEYS / f"{signer}.key.pem"), xmlsec.constants.KeyDataFormatPem)
    signing.key.load_cert_from_file(str(KEYS / f"{signer}.crt.pem"), xmlsec.constants.KeyDataFormatPem)
    signing.register_id(root, attribute)
    signing.sign(signature)
    return etree.tostring(root, encoding="unicode")


def holder_of_key(unsigned: str, holder: str) -> str:
    """Turn an unsigned bearer assertion into a signed one whose subject must hold the key of `holder`."""
    key_info = f'<ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{certificate(holder)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
    root = etree.fromstring(unsigned.encode())
    if root.tag.startswith("{urn:oasis:names:tc:SAML:2.0"):
        element_at(root, ".//{*}SubjectConfirmation").set("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
        element_at(root, ".//{*}SubjectConfirmationData").append(etree.fromstring(key_info))
    else:
        for confirmation in root.iter("{*}SubjectConfirmation"):
            element_at(confirmation, "{*}ConfirmationMethod").text = "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key"
            confirmation.append(etree.fromstring(key_info))
    return sign_assertion(etree.tostring(root, encoding="unicode"), "sts")


def sender_vouches(unsigned: str) -> str:
    """Turn an unsigned bearer assertion into an unsigned sender-vouches one."""
    return (
        unsigned.replace("SAML:2.0:cm:bearer", "SAML:2.0:cm:sender-vouches")
        .replace("SAML:1.0:cm:bearer", "SAML:1.0:cm:sender-vouches")
        .replace(
            "<saml:ConfirmationMethod/>",
            "<saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:sender-vouches</saml:ConfirmationMethod>",
        )
    )


def assertions() -> dict[str, str]:
    """Make all assertions, by the name of the message they go into."""
    made = {name: text for name, text in run("saml.js", json.dumps(SAML_CONTEXT)).items() if text}
    for version in ("saml20", "saml11"):
        made[f"{version}-hok"] = holder_of_key(made[f"{version}-unsigned"], "client")
        made[f"{version}-sv"] = sender_vouches(made[f"{version}-unsigned"])
    return made


def saml_messages(made: dict[str, str]) -> list[Message]:
    """Put each bearer assertion into the security header of an envelope."""
    ctx = context(require_tokens=["Assertion"], saml=SAML_CONTEXT)
    refused = {
        "audience2": rejected("saml-audience-mismatch", "assertion-for-another-audience", "Assertion"),
        "issuer2": rejected("saml-issuer-unknown", "issuer-name-not-configured", "Assertion"),
        "recipient2": rejected("saml-recipient-mismatch", "assertion-for-another-recipient", "Assertion"),
        "sts-stranger": rejected(
            "saml-issuer-untrusted",
            "assertion-signed-by-an-untrusted-sts",
            "Assertion",
            "cert-untrusted",
            "cert-chain-incomplete",
        ),
        "sts-expired": rejected("saml-issuer-cert-expired", "sts-certificate-expired", "Assertion", "cert-expired"),
        "unsigned": rejected("saml-signature-missing", "assertion-not-signed", "Assertion"),
    }
    messages = []
    for name, assertion in made.items():
        version, _, kind = name.partition("-")
        if kind in ("hok", "sv"):
            continue
        soap, prefix = (SOAP12, "env") if kind == "bearer-email" else (SOAP11, "soapenv")
        header = f'<wsse:Security xmlns:wsse="{WSSE}" {prefix}:mustUnderstand="1">{assertion}</wsse:Security>'
        features = [version, "bearer", "assertion-signature", *(["encrypted-assertion"] if "encrypted" in kind else [])]
        message = Message(
            f"saml/{name}",
            envelope(headers=header, soap=soap, prefix=prefix).encode(),
            SAML_PRODUCER,
            features,
            encrypted("Assertion", require_tokens=["Assertion"], saml=SAML_CONTEXT) if "encrypted" in kind else ctx,
        )
        for ending, expectation in refused.items():
            if kind == ending or kind == f"bearer-{ending}":
                message.expected = expectation
        messages.append(message)
    return messages
