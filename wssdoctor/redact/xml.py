"""Redacting a SOAP message by its structure: what is not known to be harmless is taken out.

Elements stay, so that the skeleton of the message is seen. Comments and processing instructions go. Each text and each
attribute goes through the rule of its place; without a rule it becomes ``<text>``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from lxml import etree

from wssdoctor.redact.certificates import Certificates
from wssdoctor.redact.level import Level
from wssdoctor.redact.register import Register
from wssdoctor.redact.texts import Texts
from wssdoctor.redact.words import is_ordinary
from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, local_name, namespace_of
from wssdoctor.wsse.timestamp import parse_datetime

_STANDARD = {
    **names.PREFIXES,
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/2001/XMLSchema": "xsd",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing": "wsa04",
    "http://schemas.xmlsoap.org/ws/2004/09/policy": "wsp",
    "http://www.w3.org/ns/ws-policy": "wsp15",
    "http://docs.oasis-open.org/ws-rx/wsrm/200702": "wsrm",
    "http://schemas.xmlsoap.org/ws/2005/02/rm": "wsrm05",
}
"""Namespaces that standards give; every other one names somebody."""

_STANDARD_URI = re.compile(
    r"http://www\.w3\.org/(?:\d{4}/\d\d|TR/\d{4}/[\w-]+|ns/[\w-]+)/?[a-z0-9-]*[#/]?[\w-]{0,40}"
    r"|http://docs\.oasis-open\.org/(?:wss|ws-sx|wsrm|wsfed)/[\w./-]{1,80}(?:#[\w-]{1,40})?"
    r"|http://schemas\.xmlsoap\.org/ws/[\w./-]{1,80}(?:#[\w-]{1,40})?"
    r"|http://schemas\.xmlsoap\.org/soap/[\w./-]{1,40}"
    r"|urn:oasis:names:tc:SAML:\d\.\d:[a-z]+(?:-[a-z]+)*(?::[A-Za-z0-9-]{1,40}){0,3}",
)
_DIGEST_SIZES = (20, 28, 32, 48, 64)
_ID = re.compile(r"[A-Za-z]*ID|[Ii]d")
_MOMENTS = frozenset(
    {"NotBefore", "NotOnOrAfter", "IssueInstant", "AuthenticationInstant", "AuthnInstant", "SessionNotOnOrAfter"}
)
_URIS = frozenset(
    {"Algorithm", "ValueType", "EncodingType", "Type", "TokenType", "Format", "Method", "NameFormat", "actor", "role"}
    | {"ConfirmationMethod", "AuthenticationMethod", "AttributeNamespace", "encodingStyle", "Usage"}
)
_PLAIN = re.compile(r"true|false|-?\d{1,6}(?:\.\d{1,3})?", re.IGNORECASE)
_NUMBERS = frozenset({"Iteration", "Offset", "Length", "Generation", "KeySize", "X509SerialNumber", "MessageNumber"})
_SHORTEST, _LONGEST, _MOST_CONTENTS = 4, 200, 5000
"""Characters of a text of a body that is looked for before anything is written, and how many of them."""
_REFERENCES = frozenset({"URI", "Reference", "InResponseTo", "AssertionIDReference"})


class Messages:
    """Redacts messages with one register."""

    def __init__(self, texts: Texts, certificates: Certificates) -> None:
        self._texts = texts
        self._register: Register = texts.register
        self._certificates = certificates
        self._rules = self._made_rules()
        self._namespaces: dict[str, str] = {}
        self._contents = 0

    def redacted(self, root: Element) -> bytes:
        """Return the redacted message in UTF-8."""
        made = self._element(root, None, body=False)
        etree.cleanup_namespaces(made, top_nsmap=None)
        return etree.tostring(made, encoding="UTF-8", xml_declaration=True) + b"\n"

    def _element(self, element: Element, parent: Element | None, *, body: bool) -> Element:
        space, name = namespace_of(element), local_name(element)
        standard = space in _STANDARD
        if not standard:
            if self._register.level is Level.STRICT:
                name = self._register.name("element", name).strip("<>")
            else:
                self._texts.allowed.update(re.findall(r"[a-z]+", name.lower()))
        uri = self._namespace(space)
        prefix = _STANDARD.get(space) or (f"n{list(self._namespaces).index(space) + 1}" if uri else None)
        tag = f"{{{uri}}}{name}" if uri else name
        nsmap = {prefix: uri} if uri and prefix and prefix != "xml" else None
        made = etree.Element(tag, nsmap=nsmap) if parent is None else etree.SubElement(parent, tag, nsmap=nsmap)
        self._attributes(element, made)
        body = body or (local_name(element) == "Body" and space in (names.SOAP11, names.SOAP12))
        fault = body and self._in_fault(element)
        made.text = self._text(element, "".join(self._own_text(element)), body=body and not fault)
        for child in element.iterchildren("*"):
            self._element(child, made, body=body).tail = _blank(child.tail)
        others = sum(1 for _ in element.iterchildren(etree.Comment, etree.ProcessingInstruction))
        if others:
            self._register.drop("comments and processing instructions", others)
        return made

    def _own_text(self, element: Element) -> list[str]:
        """Return the text of an element that is not in its children."""
        return [element.text or "", *(child.tail or "" for child in element)]

    def _text(self, element: Element, text: str, *, body: bool) -> str | None:
        if not text.strip():
            return _blank(element.text)
        name = local_name(element)
        space = namespace_of(element)
        rule = self._rules.get(name) if space in _STANDARD or (not space and not body) else None
        if rule is not None:
            return rule(text.strip(), element)
        self._register.drop("texts in bodies" if body else "texts of elements without a rule")
        return self._foreign(text.strip())

    def _foreign(self, text: str) -> str:
        """Note a text that is left out, so that it is looked for before anything is written."""
        if _SHORTEST <= len(text) <= _LONGEST and self._contents < _MOST_CONTENTS and not is_ordinary(text):
            self._contents += 1
            self._register.secret("content", text)
        return "<text>"

    def _attributes(self, element: Element, made: Element) -> None:
        for key, value in element.attrib.items():
            tag = etree.QName(str(key))
            space, name = tag.namespace or "", tag.localname
            if space and space not in _STANDARD:
                self._register.drop("attributes of foreign namespaces")
                continue
            shown = self._attribute(element, name, str(value))
            known = space or name in _URIS | _MOMENTS | _REFERENCES or _ID.fullmatch(name) or self._is_standard(element)
            if not known and self._register.level is Level.STRICT:
                self._register.drop("attributes in bodies")
                continue
            made.set(str(key), shown)

    def _attribute(self, element: Element, name: str, value: str) -> str:
        level_keeps = self._register.level is Level.NAMES
        if _PLAIN.fullmatch(value):
            return value
        if name in _MOMENTS:
            return value if parse_datetime(value) else self._foreign(value)
        if name in _REFERENCES:
            return self._reference(value)
        if _ID.fullmatch(name):
            return self._identifier(value)
        if name in _URIS or (name == "Name" and local_name(element) == "Attribute"):
            return self._uri(value)
        if name in ("Issuer", "NameQualifier", "SPNameQualifier", "SPProvidedID", "Recipient", "DNSAddress"):
            return self._register.name("issuer", value)
        if name in ("IPAddress", "Address", "AttributeName", "Namespace"):
            return self._register.name("attribute" if name == "AttributeName" else "address", value)
        if name in ("lang", "version", "Version") and re.fullmatch(r"[A-Za-z0-9.-]{1,8}", value) and level_keeps:
            return value
        self._register.drop("attributes without a rule")
        return self._foreign(value)

    def _made_rules(self) -> dict[str, Callable[[str, Element], str]]:
        """Return by local name what becomes of an element's text."""

        def secret(kind: str) -> Callable[[str, Element], str]:
            return lambda text, _: self._register.secret(kind, text)

        def name(kind: str) -> Callable[[str, Element], str]:
            return lambda text, _: self._register.name(kind, text)

        def uri(text: str, _: Element) -> str:
            return self._uri(text)

        def moment(text: str, _: Element) -> str:
            return text if parse_datetime(text) else self._foreign(text)

        def number(text: str, _: Element) -> str:
            return text if _PLAIN.fullmatch(text) or text.isdigit() else self._foreign(text)

        def told(text: str, _: Element) -> str:
            return self._texts.closed(text)

        rules: dict[str, Callable[[str, Element], str]] = {
            "Username": name("user"),
            "Password": secret("password"),
            "Nonce": secret("nonce"),
            "Salt": secret("nonce"),
            "Created": moment,
            "Expires": moment,
            "BinarySecurityToken": self._token,
            "X509Certificate": self._token,
            "KeyIdentifier": self._key_identifier,
            "Embedded": secret("key"),
            "X509SubjectName": self._subject,
            "X509IssuerName": self._subject,
            "X509SKI": self._hash,
            "X509CRL": secret("list"),
            "KeyName": name("key-name"),
            "Modulus": secret("key"),
            "Exponent": secret("key"),
            "SecretKey": secret("key"),
            "BinarySecret": secret("key"),
            "MgmtData": secret("key"),
            "CipherValue": secret("cipher"),
            "SignatureValue": name("signature"),
            "DigestValue": self._hash,
            "NameIdentifier": self._subject_of_assertion,
            "NameID": self._subject_of_assertion,
            "BaseID": self._subject_of_assertion,
            "Issuer": name("issuer"),
            "AttributeValue": secret("attribute"),
            "Audience": uri_or_name(self._texts),
            "ConfirmationMethod": uri,
            "AuthnContextClassRef": uri,
            "AuthnContextDeclRef": uri,
            "AuthenticatingAuthority": name("issuer"),
            "AssertionIDReference": lambda text, _: self._identifier(text),
            "To": uri_or_name(self._texts),
            "Address": uri_or_name(self._texts),
            "Action": name("action"),
            "MessageID": name("message"),
            "RelatesTo": name("message"),
            "Identifier": name("context"),
            "Label": name("label"),
            "TokenType": uri,
            "RequestType": uri,
            "KeyType": uri,
            "KeySize": number,
            "faultcode": told,
            "faultstring": told,
            "faultactor": uri_or_name(self._texts),
            "Value": told,
            "Text": told,
            "Role": uri_or_name(self._texts),
            "Node": uri_or_name(self._texts),
        }
        return rules | dict.fromkeys(_NUMBERS, number)

    def _in_fault(self, element: Element) -> bool:
        """Whether an element tells of a fault; what stands in its detail is content."""
        spaces = (names.SOAP11, names.SOAP12)
        path = [element, *element.iterancestors()]
        locals_ = [local_name(one) for one in path]
        return (
            any(local_name(one) == "Fault" and namespace_of(one) in spaces for one in path)
            and "detail" not in locals_
            and "Detail" not in locals_
        )

    def _is_standard(self, element: Element) -> bool:
        return namespace_of(element) in _STANDARD

    def _namespace(self, uri: str) -> str:
        if (
            not uri
            or uri in _STANDARD
            or (uri.startswith("urn:sap-com:document:sap:") and self._texts.closed(uri) == uri)
        ):
            if uri and uri not in _STANDARD:
                self._namespaces.setdefault(uri, uri)
            return uri
        self._namespaces.setdefault(uri, "")
        made = self._register.name("namespace", uri)
        return made if made == uri else f"urn:{made.strip('<>')}"

    def _identifier(self, value: str) -> str:
        return self._register.name("id", value).strip("<>")

    def _reference(self, value: str) -> str:
        if value.startswith("#"):
            return f"#{self._identifier(value[1:])}" if len(value) > 1 else value
        if value.startswith("cid:"):
            return self._register.name("part", value)
        return self._uri(value) if ":" in value else self._identifier(value)

    def _uri(self, value: str) -> str:
        if _STANDARD_URI.fullmatch(value) or re.fullmatch(r"#[A-Za-z0-9-]{1,40}", value):
            return value
        return self._texts.closed(value) if self._register.level is Level.NAMES else self._register.name("uri", value)

    def _token(self, text: str, _: Element) -> str:
        return self._certificates.base64(text) or self._register.secret("ticket", text)

    def _hash(self, text: str, _: Element) -> str:
        try:
            fits = len(base64.b64decode("".join(text.split()), validate=True)) in _DIGEST_SIZES
        except (binascii.Error, ValueError):
            fits = False
        if not fits or self._register.level is Level.STRICT:
            return self._register.name("digest", text)
        self._texts.digests.add("".join(text.split()))
        return text

    def _key_identifier(self, text: str, element: Element) -> str:
        kind = element.get("ValueType") or ""
        if kind.endswith(("#ThumbprintSHA1", "#X509SubjectKeyIdentifier")):
            return self._hash(text, element)
        if kind.endswith(("#SAMLAssertionID", "#SAMLID")):
            return self._identifier(text)
        return self._certificates.base64(text) or self._register.name("key-name", text)

    def _subject(self, text: str, _: Element) -> str:
        return self._texts.distinguished_name(text)

    def _subject_of_assertion(self, text: str, element: Element) -> str:
        if (element.get("Format") or "").endswith("X509SubjectName"):
            return self._texts.distinguished_name(text)
        return self._register.name("user", text)


def uri_or_name(texts: Texts) -> Callable[[str, Element], str]:
    """Return the rule for addresses: standard ones are kept."""

    def rule(text: str, _: Element) -> str:
        return text if _STANDARD_URI.fullmatch(text) else texts.url(text)

    return rule


def _blank(text: str | None) -> str | None:
    """Return blanks that lay a message out, without anything else."""
    return text if text and not text.strip() else None
