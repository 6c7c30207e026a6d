"""Ask the peers: WSS4J, libxmlsec1 (python-xmlsec), and OpenSSL, each within what it can judge."""

from __future__ import annotations

import base64
import copy
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import java
import xmlsec
from kit import CORPUS, DS, WSU, XENC
from lxml import etree

WSSE11_PARTS = re.compile(r"^\{[^}]*\}")


@dataclass
class Answer:
    """What a peer said: accept, reject, or that it cannot judge; with its own words."""

    verdict: str
    says: str = ""
    signed: set[str] = field(default_factory=set)
    encrypted: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)


class Wss4j:
    """A long-running JVM that judges one message per line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            java.command("Wss4jJudge"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, octets: bytes, context: dict[str, Any], *, root: Path = CORPUS, timeless: bool = False) -> Answer:
        """Judge octets under a context; `timeless` leaves life times of tokens aside."""
        words: dict[str, str] = {"time": context["time"]}
        files = {
            "trust": context.get("trust_anchors", []),
            "helpers": context.get("intermediates", []) + context.get("crls", []),
            "known": context.get("known_certs", []),
        }
        for key, names in files.items():
            words[key] = ",".join(str(root / name) for name in names)
        words["decryption"] = ",".join(f"{root / p['key']};{root / p['cert']}" for p in context.get("decryption_keys", []))
        words["max_age"] = str(context.get("max_age_seconds", 300))
        words["max_future"] = str(context.get("max_future_seconds", 60))
        words["actor"] = context.get("actor", "")
        words["nonces"] = " ".join(context.get("seen_nonces", []))
        if context.get("accept_key_value"):
            words["keyvalue"] = "1"
        if b":Salt>" in octets:
            words["derived_from_password"] = "1"
        if timeless:
            words["ignore_time"] = "1"
        words.update({f"user.{name}": password for name, password in context.get("users", {}).items()})
        words.update({f"secret.{name}": secret for name, secret in context.get("shared_keys_base64", {}).items()})
        line = "\t".join(["base64:" + base64.b64encode(octets).decode(), *(f"{k}={quote(v)}" for k, v in words.items())])
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        verdict, *rest = self.process.stdout.readline().rstrip("\n").split("\t")
        if verdict == "reject":
            return Answer("reject", rest[0] if rest else "")
        sets = {k: set(filter(None, v.split(","))) for k, v in (item.split("=", 1) for item in rest)}
        answer = Answer("accept", "", sets["signed"], sets["encrypted"], sets["tokens"])
        missing = self.missing(answer, context)
        if missing:
            answer.verdict, answer.says = "reject", "not protected or absent: " + ", ".join(missing)
        return answer

    @staticmethod
    def missing(answer: Answer, context: dict[str, Any]) -> list[str]:
        """Return what the context wants and the message does not protect or carry."""
        missing = []
        for key, found in (("require_signed", answer.signed), ("require_encrypted", answer.encrypted), ("require_tokens", answer.tokens)):
            for part in context.get(key, []):
                name = WSSE11_PARTS.sub("", part)
                if name not in found and name != "Assertion":  # WSS4J without OpenSAML reads no assertion
                    missing.append(part)
        return missing

    def close(self) -> None:
        """End the JVM."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


def core_validation(octets: bytes, key: xmlsec.Key | None = None, *, keys: list[xmlsec.Key] = []) -> Answer:  # noqa: B006
    """Ask libxmlsec1 whether every signature is valid, with the key in its KeyInfo or token, whoever owns it."""
    try:
        document = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as problem:
        return Answer("reject", str(problem))
    if document.getroottree().docinfo.doctype:
        return Answer("reject", "document type declaration")
    signatures = [s for s in document.iter(f"{{{DS}}}Signature")]
    if not signatures:
        return Answer("cannot", "no signature")
    for signature in signatures:
        if signature.find(f"{{{DS}}}KeyInfo") is None and key is None:
            return Answer("cannot", "no KeyInfo")
        for transform in signature.iter(f"{{{DS}}}Transform"):
            if transform.get("Algorithm", "").endswith("#STR-Transform"):
                return Answer("cannot", "STR-Transform")
        context = xmlsec.SignatureContext()
        try:
            _register_ids(context, document)
        except xmlsec.Error as problem:
            return Answer("reject", str(problem))
        chosen = key or _key_of(document, signature)
        if chosen is None:
            return Answer("cannot", "key is not in the message")
        context.key = chosen
        try:
            context.verify(signature)
        except xmlsec.Error as problem:
            return Answer("reject", str(problem))
    return Answer("accept")


def _register_ids(context: xmlsec.SignatureContext, document: Any) -> None:
    """Tell libxmlsec1 which attributes are Ids."""
    for element in document.iter(etree.Element):
        for name in ("Id", "ID", "AssertionID"):
            if element.get(name):
                context.register_id(element, name)
        if element.get(f"{{{WSU}}}Id"):
            context.register_id(element, "Id", WSU)


def _key_of(document: Any, signature: Any) -> xmlsec.Key | None:
    """Return the key of the certificate that the signature carries or directly refers to."""
    info = signature.find(f"{{{DS}}}KeyInfo")
    for element in info.iter(etree.Element):
        local = etree.QName(element).localname
        if local == "X509Certificate" or (local == "KeyIdentifier" and (element.get("ValueType") or "").endswith("#X509v3")):
            return _key(element.text)
        if local == "KeyIdentifier" and (element.get("ValueType") or "").endswith(("#SAMLID", "#SAMLAssertionID")):
            for assertion in document.iter("{*}Assertion"):
                if element.text in (assertion.get("ID"), assertion.get("AssertionID")):
                    return _key(assertion.findtext(f".//{{*}}SubjectConfirmation//{{{DS}}}X509Certificate"))
        if local == "Reference" and (element.get("ValueType") or "").endswith("#X509v3"):
            target = (element.get("URI") or "#")[1:]
            for token in document.iter("{*}BinarySecurityToken"):
                if token.get(f"{{{WSU}}}Id") == target:
                    return _key(token.text)
    return None


def _key(text: str | None) -> xmlsec.Key | None:
    try:
        der = base64.b64decode(text or "")
        return xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer, None)
    except (xmlsec.Error, ValueError):
        return None


def decryption(octets: bytes, context: dict[str, Any], root: Path = CORPUS) -> Answer:
    """Ask libxmlsec1 whether every EncryptedData decrypts with the context's keys."""
    try:
        document = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        return Answer("reject", str(problem))
    manager = xmlsec.KeysManager()
    for pair in context.get("decryption_keys", []):
        manager.add_key(xmlsec.Key.from_file(str(root / pair["key"]), xmlsec.constants.KeyDataFormatPem))
    keyed = False
    for name, secret in context.get("shared_keys_base64", {}).items():
        data = base64.b64decode(secret)
        key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataAes, data)
        key.name = name
        manager.add_key(key)
        keyed = True
    found = list(document.iter(f"{{{XENC}}}EncryptedData"))
    if not found:
        return Answer("cannot", "nothing encrypted")
    _inline_keys(document)
    if any(d.find(f".//{{{XENC}}}EncryptedKey") is None for d in found) and not keyed:
        return Answer("cannot", "the encrypted key is not found by libxmlsec1")
    for data in found:
        try:
            xmlsec.EncryptionContext(manager).decrypt(data)
        except xmlsec.Error as problem:
            return Answer("reject", str(problem))
    return Answer("accept")


def _inline_keys(document: Any) -> None:
    """Put a copy of each encrypted key of the header where libxmlsec1 looks for it: into the data that it is for."""
    for key in list(document.iter(f"{{{XENC}}}EncryptedKey")):
        for reference in key.iter(f"{{{XENC}}}DataReference"):
            for data in document.iter(f"{{{XENC}}}EncryptedData"):
                if "#" + (data.get("Id") or "") == reference.get("URI"):
                    info = data.find(f"{{{DS}}}KeyInfo")
                    if info is None:
                        info = etree.SubElement(data, f"{{{DS}}}KeyInfo")
                        data.insert(1, info)
                    for child in list(info):
                        info.remove(child)
                    inside = copy.deepcopy(key)
                    for listed in inside.findall(f"{{{XENC}}}ReferenceList"):
                        inside.remove(listed)
                    info.append(inside)
