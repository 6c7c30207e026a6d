"""Ask libxmlsec1 (python-xmlsec) what it can judge: signatures as such, and decryption."""

from __future__ import annotations

import base64
import copy
from pathlib import Path
from typing import Any

import xmlsec
from kit import CORPUS, DS, WSU, XENC
from lxml import etree
from wss4j import Answer


def core_validation(octets: bytes) -> Answer:
    """Ask libxmlsec1 whether every signature is valid, with the key in its KeyInfo or token, whoever owns it."""
    try:
        document = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as problem:
        return Answer("reject", str(problem))
    if document.getroottree().docinfo.internalDTD is not None:
        return Answer("reject", "document type declaration")
    signatures = list(document.iter(f"{{{DS}}}Signature"))
    if not signatures:
        return Answer("cannot", "no signature")
    for signature in signatures:
        if signature.find(f"{{{DS}}}KeyInfo") is None:
            return Answer("cannot", "no KeyInfo")
        for transform in signature.iter(f"{{{DS}}}Transform"):
            if transform.get("Algorithm", "").endswith("#STR-Transform"):
                return Answer("cannot", "STR-Transform")
        context = xmlsec.SignatureContext()
        try:
            _register_ids(context, document)
        except xmlsec.Error as problem:
            return Answer("reject", str(problem))
        chosen = _key_of(document, signature)
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
        if local == "X509Certificate" or (
            local == "KeyIdentifier" and (element.get("ValueType") or "").endswith("#X509v3")
        ):
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
