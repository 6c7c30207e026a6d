"""Documents without an envelope: enveloped, enveloping and detached signatures, and encrypted documents, by xmlsec1."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from edits import ACCEPT, refused
from kit import C14N, C14N11, DS, EXC, HMAC_KEY, KEK, KEYS, MORE, XENC, XENC11, Message, b64, context
from make_xmlsec import COMMAND_PRODUCER

DOC = "urn:example:doc"
SHA256 = XENC + "sha256"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
CONTENT = (
    '<d:Part Id="part-1"><d:A x="1">one</d:A><d:B> two </d:B><!-- three --></d:Part><d:Part Id="part-2">Größe</d:Part>'
)


def reference(uri: str, *transforms: str, digest: str = SHA256, kind: str = "") -> str:
    """Return a Reference; a transform is an algorithm, or an algorithm and its content separated by a blank."""
    inside = "".join(
        f'<ds:Transform Algorithm="{t.split(" ", 1)[0]}">{t.split(" ", 1)[1] if " " in t else ""}</ds:Transform>'
        for t in transforms
    )
    wrapped = f"<ds:Transforms>{inside}</ds:Transforms>" if inside else ""
    typed = f' Type="{kind}"' if kind else ""
    return f'<ds:Reference URI="{uri}"{typed}>{wrapped}<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>'


def signature(
    references: str,
    *,
    method: str = MORE + "rsa-sha256",
    c14n: str = C14N,
    key_info: str = "<ds:X509Data/>",
    objects: str = "",
) -> str:
    """Return a Signature to be filled in."""
    info = f"<ds:KeyInfo>{key_info}</ds:KeyInfo>" if key_info else ""
    return (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="{method}"/>'
        f"{references}</ds:SignedInfo><ds:SignatureValue/>{info}{objects}</ds:Signature>"
    )


def document(inside: str) -> str:
    """Return a document of two parts with more in it."""
    return f'<d:Doc xmlns:d="{DOC}">{CONTENT}{inside}</d:Doc>'


def obj(content: str, identifier: str = "object-1") -> str:
    """Return a ds:Object."""
    return f'<ds:Object Id="{identifier}">{content}</ds:Object>'


def filtered(expression: str) -> str:
    """Return an XPath transform."""
    return f'{XPATH} <ds:XPath xmlns:ds="{DS}" xmlns:d="{DOC}">{expression}</ds:XPath>'


def filter2(*steps: tuple[str, str]) -> str:
    """Return an XPath Filter 2.0 transform."""
    parts = "".join(
        f'<f:XPath xmlns:f="{FILTER2}" xmlns:d="{DOC}" xmlns:ds="{DS}" Filter="{kind}">{path}</f:XPath>'
        for kind, path in steps
    )
    return f"{FILTER2} {parts}"


def signed_documents() -> list[tuple[str, str, str, dict[str, Any], str]]:
    """Return name, text, key, context and features."""
    enveloped = DS + "enveloped-signature"
    value: dict[str, Any] = {"accept_key_value": True}
    hmac = {"shared_keys_base64": {"*": b64(HMAC_KEY)}}
    table: list[tuple[str, str, str, dict[str, Any], str]] = []

    def add(name: str, text: str, key: str = "client", features: str = "", **ctx: Any) -> None:
        table.append((name, text, key, context(**ctx), "bare signature " + features))

    for label, uri in (
        ("c14n", C14N),
        ("c14n-comments", C14N + "#WithComments"),
        ("c14n11", C14N11),
        ("exc", EXC),
        ("exc-comments", EXC + "WithComments"),
    ):
        add(
            f"enveloped-{label}",
            document(signature(reference("", enveloped, uri), c14n=uri)),
            features=f"enveloped {label}",
        )
    add("enveloped-no-c14n", document(signature(reference("", enveloped))), features="enveloped")
    add("enveloping", signature(reference("#object-1"), objects=obj(CONTENT.replace("d:", ""))), features="enveloping")
    add(
        "enveloping-text",
        signature(reference("#object-1"), objects=obj("some text &amp; more\n")),
        features="enveloping",
    )
    add(
        "enveloping-exc",
        signature(reference("#object-1", EXC), c14n=EXC, objects=obj(f'<d:A xmlns:d="{DOC}">x</d:A>')),
        features="enveloping",
    )
    add(
        "enveloping-base64",
        signature(reference("#object-1", DS + "base64"), objects=obj(b64(b"decoded before the digest"))),
        features="enveloping base64-transform",
    )
    add(
        "enveloping-keyvalue",
        signature(reference("#object-1"), objects=obj("x"), key_info="<ds:KeyValue/>"),
        features="enveloping key-value",
        **value,
    )
    add(
        "enveloping-dsa-keyvalue",
        signature(
            reference("#object-1"),
            objects=obj("x"),
            key_info="<ds:KeyValue/>",
            method="http://www.w3.org/2009/xmldsig11#dsa-sha256",
        ),
        "client-dsa",
        "enveloping key-value dsa",
        **value,
    )
    add(
        "enveloping-ecdsa",
        signature(reference("#object-1"), objects=obj("x"), method=MORE + "ecdsa-sha384"),
        "client-ec384",
        "enveloping ecdsa-sha384",
    )
    for bits in ("1", "256", "512"):
        family = DS if bits == "1" else MORE
        add(
            f"enveloping-hmac-sha{bits}",
            signature(reference("#object-1"), objects=obj("x"), method=f"{family}hmac-sha{bits}", key_info=""),
            "hmac",
            "enveloping hmac",
            **hmac,
        )
    add(
        "enveloping-two",
        signature(reference("#object-1") + reference("#object-2", C14N), objects=obj("x") + obj("y", "object-2")),
        features="enveloping two-references",
    )
    add("detached", document(signature(reference("#part-1") + reference("#part-2", EXC))), features="detached")
    add(
        "detached-xpointer",
        document(signature(reference("#xpointer(id('part-1'))", C14N + "#WithComments"))),
        features="detached xpointer",
    )
    add(
        "whole-xpointer",
        document(signature(reference("#xpointer(/)", enveloped, C14N + "#WithComments"))),
        features="enveloped xpointer",
    )
    add(
        "xpath-signature",
        document(signature(reference("", filtered("not(ancestor-or-self::ds:Signature)")))),
        features="xpath",
    )
    add("xpath-part", document(signature(reference("", filtered("ancestor-or-self::d:Part")))), features="xpath")
    add(
        "xpath-text",
        document(
            signature(
                reference(
                    "", filtered("not(ancestor-or-self::ds:Signature) and not(self::comment())"), C14N + "#WithComments"
                )
            )
        ),
        features="xpath",
    )
    add(
        "xpath-local-name",
        document(signature(reference("", filtered("not(ancestor-or-self::*[local-name()='Signature'])")))),
        features="xpath",
    )
    add(
        "filter2-subtract",
        document(signature(reference("", filter2(("subtract", "/descendant::ds:Signature"))))),
        features="xpath-filter-2",
    )
    add(
        "filter2-intersect",
        document(signature(reference("", filter2(("intersect", "/d:Doc/d:Part"), ("subtract", "//d:B"))))),
        features="xpath-filter-2",
    )
    manifest = f'<ds:Manifest Id="manifest-1">{reference("#object-1")}</ds:Manifest>'
    add(
        "manifest",
        signature(reference("#manifest-1", kind=DS + "Manifest"), objects=obj("x") + obj(manifest, "object-2")),
        features="enveloping manifest",
    )
    add(
        "x509-issuer-serial",
        signature(
            reference("#object-1"), objects=obj("x"), key_info="<ds:X509Data><ds:X509IssuerSerial/></ds:X509Data>"
        ),
        features="enveloping issuer-serial",
        known_certs=["keys/client.crt.pem"],
    )
    add(
        "x509-many",
        signature(
            reference("#object-1"),
            objects=obj("x"),
            key_info="<ds:X509Data><ds:X509Certificate/><ds:X509SubjectName/><ds:X509IssuerSerial/><ds:X509SKI/></ds:X509Data>",
        ),
        features="enveloping x509-data",
    )
    add(
        "properties",
        signature(
            reference("#object-1") + reference("#properties-1", kind=DS + "SignatureProperties"),
            objects=obj("x")
            + obj(
                '<ds:SignatureProperties Id="properties-1"><ds:SignatureProperty Target="#s">2026</ds:SignatureProperty></ds:SignatureProperties>',
                "object-2",
            ),
        ),
        features="enveloping signature-properties",
    )
    return table


def sign(text: str, key: str, folder: Path) -> bytes:
    """Sign with the command xmlsec1."""
    source, output, secret = folder / "in.xml", folder / "out.xml", folder / "hmac.bin"
    source.write_text(text, encoding="utf-8")
    secret.write_bytes(HMAC_KEY)
    chosen = (
        ["--hmackey", str(secret)] if key == "hmac" else ["--privkey-pem", f"{KEYS / key}.key.pem,{KEYS / key}.crt.pem"]
    )
    ids = ["--id-attr:Id", f"{DOC}:Part", "--id-attr:Id", f"{DS}:Manifest", "--id-attr:Id", f"{DS}:SignatureProperties"]
    done = subprocess.run(
        ["xmlsec1", "--sign", *chosen, *ids, "--output", str(output), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().replace("\n", " ")[:200])
    return output.read_bytes()


def encrypted_documents(folder: Path) -> list[Message]:
    """Encrypt an element, the content of one, and octets, with xmlsec1."""
    source, template, output, kek = folder / "in.xml", folder / "template.xml", folder / "out.xml", folder / "kek.bin"
    source.write_text(document(""), encoding="utf-8")
    kek.write_bytes(KEK[256])
    decrypt = {"decryption_keys": [{"key": "keys/server.key.pem", "cert": "keys/server.crt.pem"}]}
    shared = {"shared_keys_base64": {"Kek256": b64(KEK[256])}}
    made = []
    oaep = f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{XENC}rsa-oaep-mgf1p"/><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey>'
    wrap = f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{XENC}kw-aes256"/><ds:KeyInfo><ds:KeyName>Kek256</ds:KeyName></ds:KeyInfo><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey>'
    for name, kind, algorithm, session, inside, keys, ctx in (
        (
            "element",
            "Element",
            XENC + "aes256-cbc",
            "aes-256",
            oaep,
            ["--pubkey-cert-pem", f"{KEYS}/server.crt.pem"],
            decrypt,
        ),
        (
            "content",
            "Content",
            XENC11 + "aes128-gcm",
            "aes-128",
            oaep,
            ["--pubkey-cert-pem", f"{KEYS}/server.crt.pem"],
            decrypt,
        ),
        (
            "3des",
            "Element",
            XENC + "tripledes-cbc",
            "des-192",
            oaep,
            ["--pubkey-cert-pem", f"{KEYS}/server.crt.pem"],
            decrypt,
        ),
        ("kw", "Element", XENC + "aes192-cbc", "aes-192", wrap, ["--aeskey:Kek256", str(kek)], shared),
        (
            "keyname",
            "Element",
            XENC + "aes256-cbc",
            "",
            "<ds:KeyName>Kek256</ds:KeyName>",
            ["--aeskey:Kek256", str(kek)],
            shared,
        ),
    ):
        template.write_text(
            f'<xenc:EncryptedData xmlns:xenc="{XENC}" Type="{XENC}{kind}"><xenc:EncryptionMethod Algorithm="{algorithm}"/>'
            f'<ds:KeyInfo xmlns:ds="{DS}">{inside}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>'
        )
        generated = ["--session-key", session] if session else []
        command = [
            "xmlsec1",
            "--encrypt",
            *keys,
            *generated,
            "--xml-data",
            str(source),
            "--node-name",
            f"{DOC}:Part",
            "--output",
            str(output),
            str(template),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[:200])
        features = ["bare", "encryption", name]
        made.append(
            Message(f"bare/enc-{name}", output.read_bytes(), COMMAND_PRODUCER, features, context(**ctx), ACCEPT, "xml")
        )
    return made


def messages() -> tuple[list[Message], list[str]]:
    """Make them all, and a few changed ones."""
    made: list[Message] = []
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, text, key, ctx, features in signed_documents():
            try:
                octets = sign(text, key, folder)
            except RuntimeError as problem:
                failures.append(f"bare/{label}: {problem}")
                continue
            made.append(Message(f"bare/{label}", octets, COMMAND_PRODUCER, features.split(), ctx, ACCEPT, "xml"))
        made += encrypted_documents(folder)
    by = {m.id: m for m in made}
    for identifier, old, new in (
        ("bare/enveloped-exc", b">one<", b">two<"),
        ("bare/detached", b">one<", b">two<"),
        ("bare/enveloping-text", b"some text", b"some test"),
        (
            "bare/enveloping-base64",
            b64(b"decoded before the digest").encode(),
            b64(b"decoded after the digest!").encode(),
        ),
        ("bare/xpath-part", b">one<", b">two<"),
        ("bare/filter2-intersect", b">one<", b">two<"),
        ("bare/enveloping-hmac-sha256", b">x<", b">y<"),
    ):
        base = by.get(identifier)
        if base and old in base.octets:
            expected = refused("digest-mismatch", "text-changed", "document")
            made.append(
                Message(
                    f"{identifier}+text",
                    base.octets.replace(old, new),
                    base.producer,
                    base.features,
                    base.context,
                    expected,
                    "xml",
                    derived_from=identifier,
                )
            )
    for identifier, old, new in (
        ("bare/filter2-intersect", b">\xe2", b""),
        ("bare/xpath-part", b"</d:Doc>", b"<d:Unsigned>1</d:Unsigned></d:Doc>"),
        ("bare/enveloped-c14n", b"<!-- three -->", b""),
    ):
        base = by.get(identifier)
        if base and old in base.octets:
            made.append(
                Message(
                    f"{identifier}+ok-elsewhere",
                    base.octets.replace(old, new),
                    base.producer,
                    base.features,
                    base.context,
                    ACCEPT,
                    "xml",
                    derived_from=identifier,
                )
            )
    return made, failures
