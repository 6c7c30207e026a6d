"""Messages encrypted by python-xmlsec: OAEP in all its forms, key wrap, shared keys."""

from __future__ import annotations

from typing import Any

import xmlsec
from kit import (
    DS,
    KEK,
    KEYS,
    MORE,
    MSG10,
    MSG11,
    NOW,
    PAYLOADS,
    SHARED_KEY,
    SOAP11,
    WSSE,
    WSU,
    XENC,
    XENC11,
    Message,
    b64,
    context,
    element_at,
    encrypted,
    stamp,
    thumbprint,
)
from lxml import etree
from make_xmlsec import PYTHON_PRODUCER
from xmlsec_templates import SHA256


def encryption_template(data: str, transport: str, inside: str, *, key: str = "server", name: str | None = None) -> str:
    """Return an EncryptedData template; with `name` the key is a shared one."""
    key_reference = (
        f"<ds:KeyName>{name}</ds:KeyName>"
        if name
        else f'<wsse:SecurityTokenReference xmlns:wsse="{WSSE}"><wsse:KeyIdentifier EncodingType="{MSG10}#Base64Binary" ValueType="{MSG11}#ThumbprintSHA1">{thumbprint(key)}</wsse:KeyIdentifier></wsse:SecurityTokenReference>'
    )
    encrypted_key = (
        f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{transport}">{inside}</xenc:EncryptionMethod><ds:KeyInfo>{key_reference}</ds:KeyInfo>'
        "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey>"
    )
    return (
        f'<xenc:EncryptedData xmlns:xenc="{XENC}" Id="ED-1" Type="{XENC}Content"><xenc:EncryptionMethod Algorithm="{data}"/>'
        f'<ds:KeyInfo xmlns:ds="{DS}">{encrypted_key if transport else key_reference}</ds:KeyInfo>'
        "<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>"
    )


def encrypted_messages() -> tuple[list[Message], list[str]]:
    """Encrypt the body's content with python-xmlsec: OAEP in all its forms, key wrap, shared keys."""
    oaep = XENC + "rsa-oaep-mgf1p"
    oaep11 = XENC11 + "rsa-oaep"
    cbc = XENC + "aes256-cbc"
    table: list[tuple[str, str, str, str, str]] = [
        ("enc-aes128-rsa15", "aes128-cbc rsa-1_5", XENC + "aes128-cbc", XENC + "rsa-1_5", ""),
        ("enc-aes192-oaep", "aes192-cbc rsa-oaep", XENC + "aes192-cbc", oaep, ""),
        ("enc-aes256-oaep", "aes256-cbc rsa-oaep", cbc, oaep, ""),
        ("enc-3des-oaep", "tripledes-cbc rsa-oaep", XENC + "tripledes-cbc", oaep, ""),
        (
            "enc-oaep-label",
            "aes256-cbc rsa-oaep oaep-label",
            cbc,
            oaep,
            f"<xenc:OAEPparams>{b64(b'a label')}</xenc:OAEPparams>",
        ),
        (
            "enc-oaep-sha256",
            "aes256-cbc rsa-oaep oaep-digest-sha256",
            cbc,
            oaep,
            f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{SHA256}"/>',
        ),
        (
            "enc-oaep-sha512",
            "aes256-cbc rsa-oaep oaep-digest-sha512",
            cbc,
            oaep,
            f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{XENC}sha512"/>',
        ),
    ]
    table.append(("enc-embedded-key", "aes256-cbc rsa-oaep embedded-encrypted-key", cbc, oaep, ""))
    table += [
        (f"enc-aes{size}gcm-oaep", f"aes{size}-gcm rsa-oaep", f"{XENC11}aes{size}-gcm", oaep, "")
        for size in (128, 192, 256)
    ]
    digests = {"sha1": DS + "sha1", "sha256": SHA256, "sha384": MORE + "sha384", "sha512": XENC + "sha512"}
    for digest, uri in digests.items():
        for mgf in ("mgf1sha1", "mgf1sha256", "mgf1sha512"):
            inside = f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{uri}"/><xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{XENC11}{mgf}"/>'
            table.append(
                (
                    f"enc-oaep11-{digest}-{mgf}",
                    f"aes256-cbc rsa-oaep-xmlenc11 oaep-digest-{digest} {mgf}",
                    cbc,
                    oaep11,
                    inside,
                )
            )
    messages, failures = [], []
    header = f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}"><wsu:Timestamp><wsu:Created>{stamp(NOW)}</wsu:Created></wsu:Timestamp></wsse:Security>'
    jobs: list[tuple[str, str, str, str, str, str | None, dict[str, Any]]] = [
        (name, features + " thumbprint-sha1", data, transport, inside, None, encrypted())
        for name, features, data, transport, inside in table
    ]
    for size in (128, 192, 256):
        ctx = context(shared_keys_base64={f"Kek{size}": b64(KEK[size])}, require_encrypted=["Body"])
        jobs.append(
            (
                f"enc-kw-aes{size}",
                f"aes256-cbc kw-aes{size} keyname shared-key",
                cbc,
                f"{XENC}kw-aes{size}",
                "",
                f"Kek{size}",
                ctx,
            )
        )
    ctx = context(shared_keys_base64={"SharedKey1": b64(SHARED_KEY)}, require_encrypted=["Body"])
    jobs.append(("enc-shared-gcm", "aes128-gcm keyname shared-key", XENC11 + "aes128-gcm", "", "", "SharedKey1", ctx))
    jobs.append(("enc-shared-cbc", "aes128-cbc keyname shared-key", XENC + "aes128-cbc", "", "", "SharedKey1", ctx))
    for name, features, data, transport, inside, shared, ctx in jobs:
        text = f'<soapenv:Envelope xmlns:soapenv="{SOAP11}"><soapenv:Header>{header}</soapenv:Header><soapenv:Body>{PAYLOADS["order"]}</soapenv:Body></soapenv:Envelope>'
        root = etree.fromstring(text.encode())
        template = etree.fromstring(encryption_template(data, transport, inside, name=shared))
        body = root[1]
        manager = xmlsec.KeysManager()
        if shared and transport:
            key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataAes, KEK[int(shared[3:])])
        elif not shared:
            key = xmlsec.Key.from_file(str(KEYS / "server.crt.pem"), xmlsec.constants.KeyDataFormatCertPem)
        try:
            if transport:
                key.name = shared or ""
                manager.add_key(key)
            context_ = xmlsec.EncryptionContext(manager)
            kind, bits = (
                (xmlsec.constants.KeyDataDes, 192)
                if "tripledes" in data
                else (xmlsec.constants.KeyDataAes, int(data.rsplit("aes", 1)[1][:3]))
            )
            context_.key = (
                xmlsec.Key.generate(kind, bits, xmlsec.constants.KeyDataTypeSession)
                if transport
                else xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataAes, SHARED_KEY)
            )
            context_.encrypt_xml(template, body)
        except (xmlsec.Error, ValueError) as problem:
            failures.append(f"pyxmlsec/{name}: {problem}")
            continue
        if "embedded" not in features:
            _key_to_header(root)
        else:
            element_at(root, ".//{*}Security").append(etree.fromstring(REFERENCES))
        octets = etree.tostring(root, encoding="unicode").encode()
        messages.append(
            Message(f"pyxmlsec/{name}", octets, PYTHON_PRODUCER, ["encryption", "timestamp", *features.split()], ctx)
        )
    return messages, failures


REFERENCES = f'<xenc:ReferenceList xmlns:xenc="{XENC}"><xenc:DataReference URI="#ED-1"/></xenc:ReferenceList>'


def _key_to_header(root: Any) -> None:
    """Move the encrypted key into the security header, as WS-Security has it, and let the data refer to it."""
    security = root.find(".//{*}Security")
    info = root.find(f".//{{{XENC}}}EncryptedData/{{{DS}}}KeyInfo")
    encrypted_key = info.find(f"{{{XENC}}}EncryptedKey")
    if encrypted_key is None:
        security.append(etree.fromstring(REFERENCES))
        return
    encrypted_key.set("Id", "EK-1")
    encrypted_key.append(etree.fromstring(REFERENCES))
    security.append(encrypted_key)
    info.append(
        etree.fromstring(
            f'<wsse:SecurityTokenReference xmlns:wsse="{WSSE}"><wsse:Reference URI="#EK-1"/></wsse:SecurityTokenReference>'
        )
    )
