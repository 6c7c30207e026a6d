"""Messages signed from templates by libxmlsec1: the command xmlsec1 and python-xmlsec."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import xmlsec
from kit import (
    DS,
    EXC,
    HMAC_KEY,
    KEYS,
    LONG_HMAC_KEY,
    SAML_CONTEXT,
    WSU,
    Message,
    signed,
)
from lxml import etree
from xmlsec_templates import SHA256, Template, template_text, templates

COMMAND_PRODUCER = "xmlsec1 1.2.37 (openssl)"
PYTHON_PRODUCER = "python-xmlsec 1.3.17 (libxmlsec1 1.3.9)"
BY_BOTH = {
    "sig-x509data", "sig-bst", "sig-sha1", "sig-c14n11", "sig-xml-attributes", "sig-declaration", "sig-ids-plain", "sig-ec384",
    "sig-payload-whitespace", "hmac-sha384", "sig-cert-expired",
}  # fmt: skip


def keys_of(name: str) -> tuple[str, str]:
    """Return the files of a key and its certificate."""
    return str(KEYS / f"{name}.key.pem"), str(KEYS / f"{name}.crt.pem")


def sign_by_command(t: Template, folder: Path) -> bytes:
    """Sign with the command xmlsec1."""
    source, output = folder / "in.xml", folder / "out.xml"
    source.write_bytes(template_text(t).encode(t.encoding))
    (folder / "hmac.bin").write_bytes(LONG_HMAC_KEY if t.key == "hmac-long" else HMAC_KEY)
    key = (
        ["--hmackey:HmacKey", str(folder / "hmac.bin")]
        if t.key.startswith("hmac")
        else ["--privkey-pem", ",".join(keys_of(t.key))]
    )
    ids = []
    for attribute, element in (("Id", f"{t.soap}:Body"), ("Id", f"{WSU}:Timestamp")):
        ids += [f"--id-attr:{attribute}", element]
    done = subprocess.run(
        ["xmlsec1", "--sign", *key, *ids, "--output", str(output), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().replace("\n", " ")[:300])
    octets = output.read_bytes()
    plain = not t.declaration and octets.startswith(b"<?xml")
    return octets.split(b"?>\n", 1)[1].rstrip(b"\n") if plain else octets


def sign_by_python(t: Template) -> bytes:
    """Sign with python-xmlsec."""
    root = etree.fromstring(template_text(t).encode())
    signature = root.find(f".//{{{DS}}}Signature")
    signing = xmlsec.SignatureContext()
    if t.key.startswith("hmac"):
        signing.key = xmlsec.Key.from_binary_data(
            xmlsec.constants.KeyDataHmac, LONG_HMAC_KEY if t.key == "hmac-long" else HMAC_KEY
        )
    else:
        private, public = keys_of(t.key)
        signing.key = xmlsec.Key.from_file(private, xmlsec.constants.KeyDataFormatPem)
        signing.key.load_cert_from_file(public, xmlsec.constants.KeyDataFormatPem)
    for element in root.iter(etree.Element):
        if element.get(f"{{{WSU}}}Id"):
            signing.register_id(element, "Id", WSU)
        if element.get("Id"):
            signing.register_id(element, "Id")
    signing.sign(signature)
    return (
        etree.tostring(root, encoding="utf-8", xml_declaration=bool(t.declaration))
        if t.declaration
        else etree.tostring(root, encoding="unicode").encode()
    )


def signed_messages() -> tuple[list[Message], list[str]]:
    """Sign every template with each program that can."""
    messages, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for t in templates():
            programs = {
                "both": ("xmlsec1", "pyxmlsec") if t.name in BY_BOTH else ("xmlsec1",),
                "python": ("pyxmlsec",),
            }[t.by]
            for program in programs:
                try:
                    octets = sign_by_command(t, Path(folder)) if program == "xmlsec1" else sign_by_python(t)
                except (RuntimeError, xmlsec.Error) as problem:
                    failures.append(f"{program}/{t.name}: {problem}")
                    continue
                producer = COMMAND_PRODUCER if program == "xmlsec1" else PYTHON_PRODUCER
                message = Message(f"{program}/{t.name}", octets, producer, t.features.split(), t.context)
                if t.expected:
                    message.expected = t.expected
                messages.append(message)
    return messages, failures


def sender_vouches_messages(assertions: dict[str, str]) -> list[Message]:
    """Put an unsigned assertion into the header and sign it together with the body (python-xmlsec)."""
    messages = []
    for version, attribute in (("saml20", "ID"), ("saml11", "AssertionID")):
        assertion = assertions[f"{version}-sv"]
        identifier = assertion.split(f' {attribute}="', 1)[1].split('"', 1)[0]
        extra = f'<ds:Reference URI="#{identifier}"><ds:Transforms><ds:Transform Algorithm="{EXC}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>'
        for name, references, key in (
            ("sv", extra, "client"),
            ("sv-assertion-unsigned", "", "client"),
            ("sv-stranger", extra, "client-stranger"),
        ):
            t = Template(name, "", {}, key=key, key_info="bst", security_extra=assertion, references_extra=references)
            root = etree.fromstring(template_text(t).encode())
            signing = xmlsec.SignatureContext()
            private, public = keys_of(key)
            signing.key = xmlsec.Key.from_file(private, xmlsec.constants.KeyDataFormatPem)
            signing.key.load_cert_from_file(public, xmlsec.constants.KeyDataFormatPem)
            signing.register_id(root.find(".//{*}Assertion"), attribute)
            for element in root.iter(etree.Element):
                if element.get(f"{{{WSU}}}Id"):
                    signing.register_id(element, "Id", WSU)
            signing.sign(root.find(f".//{{{DS}}}Signature"))
            message = Message(
                f"pyxmlsec/{version}-{name}",
                etree.tostring(root, encoding="unicode").encode(),
                PYTHON_PRODUCER,
                [version, "sender-vouches", "signature", "bst-x509v3", "timestamp", "unsigned-assertion"],
                signed(require_tokens=["Assertion"], saml=SAML_CONTEXT),
            )
            if name == "sv-assertion-unsigned":
                message.expected = {
                    "verdict": "reject",
                    "fault": "saml-confirmation-failed",
                    "or_fault": ["required-part-not-signed", "saml-signature-missing"],
                    "cause": "vouched-assertion-not-covered",
                    "where": "Assertion",
                }
            if name == "sv-stranger":
                message.expected = {
                    "verdict": "reject",
                    "fault": "cert-untrusted",
                    "or_fault": ["cert-chain-incomplete"],
                    "cause": "sender-certificate-issued-by-another-ca",
                    "where": "BinarySecurityToken",
                }
            messages.append(message)
    return messages
