"""Messages signed and encrypted from templates by libxmlsec1: the command xmlsec1 and python-xmlsec."""

from __future__ import annotations

import datetime as dt
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xmlsec
from kit import (
    C14N,
    C14N11,
    DS,
    EXC,
    HMAC_KEY,
    KEK,
    KEYS,
    KNOWN,
    MORE,
    MORE07,
    MSG10,
    MSG11,
    NOW,
    PAYLOADS,
    SAML_CONTEXT,
    SAMLP,
    SHARED_KEY,
    SOAP11,
    SOAP12,
    WSSE,
    WSSE11,
    WSU,
    X509,
    XENC,
    XENC11,
    Message,
    b64,
    certificate,
    context,
    encrypted,
    signed,
    stamp,
    thumbprint,
)
from lxml import etree

COMMAND_PRODUCER = "xmlsec1 1.2.37 (openssl)"
PYTHON_PRODUCER = "python-xmlsec 1.3.17 (libxmlsec1 1.3.9)"
RSA256 = MORE + "rsa-sha256"
SHA256 = XENC + "sha256"


@dataclass
class Template:
    """A message to sign: what is referenced, how it is canonicalized, and how the key is named."""

    name: str
    features: str
    context: dict[str, Any]
    key: str = "client"
    method: str = RSA256
    method_inside: str = ""
    digest: str = SHA256
    c14n: str = EXC
    transform: str | None = EXC
    transforms: str = ""
    key_info: str = "x509"
    payload: str = "order"
    soap: str = SOAP11
    prefix: str = "soapenv"
    ids: str = "wsu"
    by: str = "both"
    uris: tuple[str, str] = ("#body-1", "#ts-1")
    envelope_attributes: str = ""
    security_extra: str = ""
    references_extra: str = ""
    expected: dict[str, Any] | None = None
    parts: tuple[str, ...] = ("body", "ts")
    declaration: str = ""
    encoding: str = "utf-8"


def key_info(kind: str, key: str) -> str:
    """Return the KeyInfo of a template."""
    reference = {
        "bst": f'<wsse:Reference URI="#token-1" ValueType="{X509}#X509v3"/>',
        "thumbprint": f'<wsse:KeyIdentifier EncodingType="{MSG10}#Base64Binary" ValueType="{MSG11}#ThumbprintSHA1">'
        f"{thumbprint(key) if kind == 'thumbprint' else ''}</wsse:KeyIdentifier>",
        "embedded": f'<wsse:Embedded><wsse:BinarySecurityToken EncodingType="{MSG10}#Base64Binary" ValueType="{X509}#X509v3">'
        f"{certificate(key) if kind == 'embedded' else ''}</wsse:BinarySecurityToken></wsse:Embedded>",
    }
    inside = {
        "x509": "<ds:X509Data/>",
        "x509-issuer": "<ds:X509Data><ds:X509IssuerSerial/></ds:X509Data>",
        "x509-subject": "<ds:X509Data><ds:X509SubjectName/><ds:X509Certificate/></ds:X509Data>",
        "x509-ski": "<ds:X509Data><ds:X509SKI/></ds:X509Data>",
        "keyname": "<ds:KeyName>HmacKey</ds:KeyName>",
        "keyvalue": "<ds:KeyValue/>",
        "none": "",
    }
    if kind in reference:
        return f"<ds:KeyInfo><wsse:SecurityTokenReference>{reference[kind]}</wsse:SecurityTokenReference></ds:KeyInfo>"
    return f"<ds:KeyInfo>{inside[kind]}</ds:KeyInfo>" if inside[kind] else ""


def template_text(t: Template) -> str:
    """Write the message with an empty signature."""
    transform = "" if t.transform is None else f'<ds:Transform Algorithm="{t.transform}">{t.transforms}</ds:Transform>'
    wrapped = f"<ds:Transforms>{transform}</ds:Transforms>" if transform else ""
    references = "".join(
        f'<ds:Reference URI="{uri}">{wrapped}<ds:DigestMethod Algorithm="{t.digest}"/><ds:DigestValue/></ds:Reference>'
        for uri, part in zip(t.uris, ("body", "ts"), strict=True)
        if part in t.parts
    )
    body_id, ts_id = {
        "wsu": ('wsu:Id="body-1"', 'wsu:Id="ts-1"'),
        "plain": ('Id="body-1"', 'Id="ts-1"'),
        "xml": ('xml:id="body-1"', 'xml:id="ts-1"'),
        "strange": ('wsu:Id="_a.b-c·1"', 'wsu:Id="ts-Ünïcode"'),
    }[t.ids]
    token = (
        f'<wsse:BinarySecurityToken EncodingType="{MSG10}#Base64Binary" ValueType="{X509}#X509v3" wsu:Id="token-1">'
        f"{certificate(t.key)}</wsse:BinarySecurityToken>"
        if t.key_info == "bst"
        else ""
    )
    p = t.prefix
    expires = stamp(NOW + dt.timedelta(minutes=5))
    return (
        f'{t.declaration}<{p}:Envelope xmlns:{p}="{t.soap}" xmlns:wsu="{WSU}"{t.envelope_attributes}><{p}:Header>'
        f'<wsse:Security xmlns:wsse="{WSSE}" {p}:mustUnderstand="1">{token}<wsu:Timestamp {ts_id}><wsu:Created>{stamp(NOW)}</wsu:Created>'
        f"<wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>{t.security_extra}"
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{t.c14n}"/>'
        f'<ds:SignatureMethod Algorithm="{t.method}">{t.method_inside}</ds:SignatureMethod>{references}{t.references_extra}</ds:SignedInfo>'
        f"<ds:SignatureValue/>{key_info(t.key_info, t.key)}</ds:Signature></wsse:Security></{p}:Header>"
        f"<{p}:Body {body_id}>{PAYLOADS[t.payload]}</{p}:Body></{p}:Envelope>"
    )


def templates() -> list[Template]:
    """Return everything to sign."""
    plain = "signature timestamp plain-x509data"
    known = {"known_certs": KNOWN}
    hmac = {"shared_keys_base64": {"HmacKey": b64(HMAC_KEY)}}
    made = [
        Template("sig-x509data", plain, signed()),
        Template("sig-x509issuerserial", "signature timestamp plain-x509-issuer-serial", signed(**known), key_info="x509-issuer"),
        Template("sig-x509subject", plain + " x509-subject-name", signed(), key_info="x509-subject"),
        Template("sig-x509ski", "signature timestamp plain-x509-ski", signed(**known), key_info="x509-ski"),
        Template("sig-keyvalue", "signature timestamp key-value", signed(accept_key_value=True), key_info="keyvalue"),
        Template("sig-keyvalue-ec", "signature timestamp key-value ecdsa-sha256", signed(accept_key_value=True), key="client-ec256", method=MORE + "ecdsa-sha256", key_info="keyvalue", by="python"),
        Template("sig-bst", "signature timestamp bst-x509v3", signed(), key_info="bst"),
        Template("sig-thumbprint", "signature timestamp thumbprint-sha1", signed(**known), key_info="thumbprint"),
        Template("sig-embedded", "signature timestamp embedded-token", signed(), key_info="embedded"),
        Template("sig-soap12", plain + " soap12", signed(), soap=SOAP12, prefix="env"),
        Template("sig-sha1", plain + " rsa-sha1", signed(), method=DS + "rsa-sha1", digest=DS + "sha1"),
        Template("sig-sha224", plain + " rsa-sha224", signed(), method=MORE + "rsa-sha224", digest=MORE + "sha224"),
        Template("sig-sha384", plain + " rsa-sha384", signed(), method=MORE + "rsa-sha384", digest=MORE + "sha384"),
        Template("sig-sha512", plain + " rsa-sha512", signed(), method=MORE + "rsa-sha512", digest=XENC + "sha512"),
        Template("sig-dsa-sha256", plain + " dsa-sha256", signed(), key="client-dsa", method="http://www.w3.org/2009/xmldsig11#dsa-sha256"),
        Template("sig-ids-plain", plain + " plain-id", signed(), ids="plain"),
        Template("sig-ids-xml", plain + " xml-id", signed(), ids="xml"),
        Template("sig-ids-strange", plain + " strange-id", signed(), ids="strange", uris=("#_a.b-c·1", "#ts-Ünïcode")),
        Template("sig-c14n-inclusive", plain + " c14n-inclusive", signed(), c14n=C14N, transform=C14N, payload="prefixes"),
        Template("sig-c14n-inclusive-comments", plain + " c14n-inclusive-with-comments", signed(), c14n=C14N + "#WithComments", transform=C14N + "#WithComments", payload="mixed"),
        Template("sig-c14n11", plain + " c14n11", signed(), c14n=C14N11, transform=C14N11, payload="whitespace"),
        Template("sig-c14n11-comments", plain + " c14n11-with-comments", signed(), c14n=C14N11 + "#WithComments", transform=C14N11 + "#WithComments", payload="mixed"),
        Template("sig-exc-comments", plain + " exc-c14n-with-comments", signed(), c14n=EXC + "WithComments", transform=EXC + "WithComments", payload="mixed"),
        Template("sig-exc-prefixlist", plain + " prefix-list", signed(), transforms=f'<ec:InclusiveNamespaces xmlns:ec="{EXC}" PrefixList="a xsi #default unknown"/>', payload="prefixes", envelope_attributes=' xmlns:a="urn:example:a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'),
        Template("sig-no-transform", plain + " no-transform", signed(), transform=None, payload="prefixes"),
        Template("sig-xml-attributes", plain + " xml-attributes c14n-inclusive", signed(), c14n=C14N, transform=C14N, envelope_attributes=' xml:lang="de" xml:space="preserve"', payload="whitespace"),
        Template("sig-xml-attributes-11", plain + " xml-attributes c14n11", signed(), c14n=C14N11, transform=C14N11, envelope_attributes=' xml:lang="de" xml:base="http://example.com/a/"', payload="prefixes", by="python"),
        Template("sig-xpointer", plain + " xpointer", signed(), uris=("#xpointer(id('body-1'))", "#ts-1"), payload="mixed", transform=EXC + "WithComments"),
        Template("sig-xpath", plain + " xpath", signed(), transform="http://www.w3.org/TR/1999/REC-xpath-19991116", transforms="<ds:XPath>not(ancestor-or-self::*[local-name()='Nothing'])</ds:XPath>"),
        Template("sig-body-only", "signature plain-x509data timestamp", signed("Body"), parts=("body",)),
        Template("sig-declaration", plain + " xml-declaration", signed(), declaration='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'),
        Template("sig-whole", plain + " empty-uri enveloped", signed("Body", "Timestamp"), parts=(), references_extra=f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature"/><ds:Transform Algorithm="{EXC}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>'),
        Template("sig-payload-default-namespace", plain, signed(), payload="default-namespace"),
    ]
    made += [Template(f"sig-payload-{p}", f"{plain} payload-{p}", signed(), payload=p) for p in ("non-ascii", "mixed", "whitespace", "idoc", "empty", "prefixes", "laid-out")]
    made += [Template(f"sig-{key}", f"{plain} ecdsa-{d}", signed(), key=f"client-{key}", method=f"{MORE}ecdsa-{d}") for key, d in (("ec256", "sha256"), ("ec384", "sha384"), ("ec521", "sha512"))]
    made += [
        Template(f"hmac-{d}", f"signature timestamp hmac-{d} keyname", signed(**hmac), key="hmac", method=(DS if d == "sha1" else MORE) + f"hmac-{d}", key_info="keyname")
        for d in ("sha1", "sha224", "sha256", "sha384", "sha512")
    ]
    made += [
        Template("hmac-sha256-128", "signature timestamp hmac-sha256 hmac-output-length-128 keyname", signed(**hmac), key="hmac", method=MORE + "hmac-sha256", method_inside="<ds:HMACOutputLength>128</ds:HMACOutputLength>", key_info="keyname"),
    ]
    made += [
        Template(f"sig-cert-{c}", plain, signed(), key=f"client-{c}", expected=e)
        for c, e in (
            ("self", {"verdict": "reject", "fault": "cert-untrusted", "cause": "self-signed-certificate", "where": "KeyInfo"}),
            ("expired", {"verdict": "reject", "fault": "cert-expired", "cause": "sender-certificate-expired", "where": "KeyInfo"}),
            ("stranger", {"verdict": "reject", "fault": "cert-untrusted", "or_fault": ["cert-chain-incomplete"], "cause": "sender-certificate-issued-by-another-ca", "where": "KeyInfo"}),
        )
    ]
    pss = [Template(f"sig-pss-{d}", f"{plain} rsa-pss-{d}", signed(), method=f"{MORE07}{d}-rsa-MGF1", digest=SHA256, by="python") for d in ("sha1", "sha224", "sha256", "sha384", "sha512")]
    sha3 = [Template(f"sig-sha3-{n}", f"{plain} sha3-{n}", signed(), digest=f"{MORE07}sha3-{n}", by="python") for n in (224, 256, 384, 512)]
    return made + pss + sha3


def keys_of(name: str) -> tuple[str, str]:
    """Return the files of a key and its certificate."""
    return str(KEYS / f"{name}.key.pem"), str(KEYS / f"{name}.crt.pem")


def sign_by_command(t: Template, folder: Path) -> bytes:
    """Sign with the command xmlsec1."""
    source, output = folder / "in.xml", folder / "out.xml"
    source.write_bytes(template_text(t).encode(t.encoding))
    (folder / "hmac.bin").write_bytes(HMAC_KEY)
    key = ["--hmackey:HmacKey", str(folder / "hmac.bin")] if t.key == "hmac" else ["--privkey-pem", ",".join(keys_of(t.key))]
    ids = []
    for attribute, element in (("Id", f"{t.soap}:Body"), ("Id", f"{WSU}:Timestamp")):
        ids += [f"--id-attr:{attribute}", element]
    done = subprocess.run(["xmlsec1", "--sign", *key, *ids, "--output", str(output), str(source)], capture_output=True, text=True, check=False)
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
    if t.key == "hmac":
        signing.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, HMAC_KEY)
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
    return etree.tostring(root, encoding="utf-8", xml_declaration=bool(t.declaration)) if t.declaration else etree.tostring(root, encoding="unicode").encode()


def signed_messages() -> tuple[list[Message], list[str]]:
    """Sign every template with each program that can."""
    messages, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number, t in enumerate(templates()):
            programs = {"both": ("xmlsec1", "pyxmlsec") if number % 5 == 0 else ("xmlsec1",), "python": ("pyxmlsec",)}[t.by]
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
        for name, references, key in (("sv", extra, "client"), ("sv-assertion-unsigned", "", "client"), ("sv-stranger", extra, "client-stranger")):
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
                message.expected = {"verdict": "reject", "fault": "saml-confirmation-failed", "or_fault": ["required-part-not-signed", "saml-signature-missing"], "cause": "vouched-assertion-not-covered", "where": "Assertion"}
            if name == "sv-stranger":
                message.expected = {"verdict": "reject", "fault": "cert-untrusted", "or_fault": ["cert-chain-incomplete"], "cause": "sender-certificate-issued-by-another-ca", "where": "BinarySecurityToken"}
            messages.append(message)
    return messages


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
        ("enc-oaep-label", "aes256-cbc rsa-oaep oaep-label", cbc, oaep, f"<xenc:OAEPparams>{b64(b'a label')}</xenc:OAEPparams>"),
        ("enc-oaep-sha256", "aes256-cbc rsa-oaep oaep-digest-sha256", cbc, oaep, f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{SHA256}"/>'),
        ("enc-oaep-sha512", "aes256-cbc rsa-oaep oaep-digest-sha512", cbc, oaep, f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{XENC}sha512"/>'),
    ]
    table.append(("enc-embedded-key", "aes256-cbc rsa-oaep embedded-encrypted-key", cbc, oaep, ""))
    for size in (128, 192, 256):
        table.append((f"enc-aes{size}gcm-oaep", f"aes{size}-gcm rsa-oaep", f"{XENC11}aes{size}-gcm", oaep, ""))
    digests = {"sha1": DS + "sha1", "sha256": SHA256, "sha384": MORE + "sha384", "sha512": XENC + "sha512"}
    for digest, uri in digests.items():
        for mgf in ("mgf1sha1", "mgf1sha256", "mgf1sha512"):
            inside = f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{uri}"/><xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{XENC11}{mgf}"/>'
            table.append((f"enc-oaep11-{digest}-{mgf}", f"aes256-cbc rsa-oaep-xmlenc11 oaep-digest-{digest} {mgf}", cbc, oaep11, inside))
    messages, failures = [], []
    header = f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}"><wsu:Timestamp><wsu:Created>{stamp(NOW)}</wsu:Created></wsu:Timestamp></wsse:Security>'
    jobs = [(name, features + " thumbprint-sha1", data, transport, inside, None, encrypted()) for name, features, data, transport, inside in table]
    for size in (128, 192, 256):
        ctx = context(shared_keys_base64={f"Kek{size}": b64(KEK[size])}, require_encrypted=["Body"])
        jobs.append((f"enc-kw-aes{size}", f"aes256-cbc kw-aes{size} keyname shared-key", cbc, f"{XENC}kw-aes{size}", "", f"Kek{size}", ctx))
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
            kind, bits = (xmlsec.constants.KeyDataDes, 192) if "tripledes" in data else (xmlsec.constants.KeyDataAes, int(data.rsplit("aes", 1)[1][:3]))
            context_.key = xmlsec.Key.generate(kind, bits, xmlsec.constants.KeyDataTypeSession) if transport else xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataAes, SHARED_KEY)
            context_.encrypt_xml(template, body)
        except (xmlsec.Error, ValueError) as problem:
            failures.append(f"pyxmlsec/{name}: {problem}")
            continue
        if "embedded" not in features:
            _key_to_header(root)
        else:
            root.find(".//{*}Security").append(etree.fromstring(REFERENCES))
        octets = etree.tostring(root, encoding="unicode").encode()
        messages.append(Message(f"pyxmlsec/{name}", octets, PYTHON_PRODUCER, ["encryption", "timestamp", *features.split()], ctx))
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
    info.append(etree.fromstring(f'<wsse:SecurityTokenReference xmlns:wsse="{WSSE}"><wsse:Reference URI="#EK-1"/></wsse:SecurityTokenReference>'))
