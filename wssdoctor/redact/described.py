"""Redacting a description: each fact by its declared sensitivity, comments and formatting left behind."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from msgspec import UNSET

from wssdoctor.description.certificate import Certificate
from wssdoctor.description.facts import DECLARATIONS, Facts
from wssdoctor.evidence import Place, Sensitivity
from wssdoctor.redact.certificates import Certificates
from wssdoctor.redact.register import Register
from wssdoctor.redact.texts import Texts
from wssdoctor.redact.words import is_own
from wssdoctor.yamlnode import MappingNode, Node, ScalarNode, SequenceNode, compose

_KINDS = {
    "sid": "sid",
    "host": "host",
    "path": "path",
    "stored_user": "user",
    "user": "user",
    "name": "user",
    "alias": "user",
    "email": "email",
    "external_id": "identity",
    "subject": "dn",
    "issuer": "dn",
    "subject_filter": "dn",
    "issuer_filter": "dn",
    "intermediary_subject": "dn",
    "intermediary_issuer": "dn",
    "issuer_at_system": "dn",
    "client_authorities": "dn",
    "url": "url",
    "address": "url",
    "published_url": "url",
    "operations": "path",
    "services": "path",
    "local_provider": "issuer",
    "saml2_providers": "issuer",
    "logical_port": "port",
    "names": "host",
    "identifier": "context",
    "reason": "text",
    "identity": "name",
    "trusted_reverse_proxies": "dn",
    "ticket_issuers": "issuer",
    "value": "signature",
}
"""Kind of placeholder by the last part of a fact's path."""


class Descriptions:
    """Redacts descriptions with one register."""

    def __init__(self, texts: Texts, certificates: Certificates) -> None:
        self._texts = texts
        self._register: Register = texts.register
        self._certificates = certificates

    def redacted(self, facts: Facts) -> str:
        """Return the description as YAML. Its comments are not in it."""
        made = self._value(facts.description, "")
        text: str = yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
        return text

    def _value(self, value: Any, path: str) -> Any:
        if isinstance(value, Certificate):
            return self._certificate(value, path)
        if isinstance(value, msgspec.Struct):
            return {
                name: self._value(part, f"{path}.{name}" if path else name)
                for name in value.__struct_fields__
                if (part := getattr(value, name)) is not UNSET
            }
        if isinstance(value, tuple | list):
            return [self._value(part, path if not isinstance(part, msgspec.Struct) else f"{path}[]") for part in value]
        if isinstance(value, dict):
            return {self._texts.closed(name): self._texts.closed(part) for name, part in value.items()}
        return self._scalar(value, path)

    def _scalar(self, value: Any, path: str) -> Any:
        if not isinstance(value, str):
            return value
        declared = DECLARATIONS.get(path)
        if declared is not None and declared.sensitivity is Sensitivity.SECRET:
            return self._register.secret("password" if path.endswith("password") else "key", value)
        if declared is not None and declared.sensitivity is Sensitivity.IDENTIFYING:
            return self._identifying(value, path)
        return value if is_own(value) else self._texts.closed(value)

    def _identifying(self, value: str, path: str) -> str:
        last = path.rpartition(".")[2].removesuffix("[]")
        kind = "issuer" if path == "saml_trust.providers[].name" else _KINDS.get(last, "name")
        match kind:
            case "path":
                return value if value == "*" else self._texts.path(value)
            case "url":
                return self._texts.url(value) if "://" in value else self._texts.authority(value)
            case "dn" if "=" in value:
                return self._texts.distinguished_name(value)
            case "identity" if "=" in value:
                return self._texts.distinguished_name(value)
            case "issuer" if "=" in value:
                return self._texts.distinguished_name(value)
            case _:
                return self._register.name("name" if kind == "dn" else kind, value)

    def _certificate(self, value: Certificate, path: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if isinstance(value.pem, str):
            placeholder = self._certificates.pem_or_der(value.pem.encode("ascii", "replace"))
            if placeholder is not None:
                made["file"] = placeholder
        if isinstance(value.file, str):
            self._register.name("file", value.file)
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if name not in ("file", "pem") and part is not UNSET:
                made[name] = self._value(part, f"{path}.{name}")
        return made


def places(text: str, name: str) -> dict[str, Place]:
    """Return where each fact stands in a redacted description."""
    found: dict[str, Place] = {}

    def walk(node: Node, path: str) -> None:
        if path:
            found[path] = Place(file=name, line=node.line, column=node.column, fact=path)
        if isinstance(node, MappingNode):
            for key, child in node.value:
                if isinstance(key, ScalarNode):
                    walk(child, f"{path}.{key.value}" if path else key.value)
        elif isinstance(node, SequenceNode):
            for index, child in enumerate(node.value):
                walk(child, f"{path}[{index}]")

    root = compose(text.encode(), name)
    if root is not None:
        walk(root, "")
    return found
