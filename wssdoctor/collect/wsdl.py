"""WSDLs as SAP publishes them for a binding: the path of the endpoint, and what its WS-SecurityPolicy demands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.policy import Demand, PolicyError, alternatives, attached, demand, identified
from wssdoctor.collect.source import Origin
from wssdoctor.wsse.document import line_of, local_name

WSDL = "http://schemas.xmlsoap.org/wsdl/"
_MOST_PORTS = 500
_MOST_OPERATIONS = 200


def read(source: Origin, root: etree._Element, findings: Findings) -> None:
    """Read the ports of a WSDL 1.1 document whose address is a path of an AS ABAP."""
    policies = identified(root)
    bindings = {element.get("name"): element for element in root.iter(f"{{{WSDL}}}binding")}
    types = {element.get("name"): element for element in root.iter(f"{{{WSDL}}}portType")}
    for count, port in enumerate(root.iter(f"{{{WSDL}}}port")):
        address = next((child for child in port if local_name(child) == "address"), None)
        if address is None or count >= _MOST_PORTS:
            continue
        try:
            url = urlsplit(address.get("location", ""))
        except ValueError:
            continue
        path = url.path.rstrip("/").lower()
        if not path.startswith("/sap/"):
            continue
        place = source.place(line_of(address))
        binding = bindings.get(_local(port.get("binding", "")))
        if binding is None:
            findings.note("the binding of this endpoint is in another WSDL; save that one too", place)
            continue
        findings.state("bindings", (path,), place, path=path)
        port_type = types.get(_local(binding.get("type", "")))
        try:
            demands = _demands(port, binding, port_type, policies)
        except PolicyError as error:
            findings.note(f"{error}, so the security of this endpoint is not stated", place)
            continue
        if not demands:
            what = "the WSDL says nothing of security for this endpoint; download it with WS-Policy"
            findings.note(f"{what}, or look in SOAMANAGER", place)
            continue
        _state((path,), url.scheme, demands, source.place(line_of(binding)), findings)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _demands(
    port: etree._Element,
    binding: etree._Element,
    port_type: etree._Element | None,
    policies: Mapping[str, etree._Element],
) -> list[Demand]:
    """Return what every alternative of every operation demands. Raises ``PolicyError``."""
    subjects = [port, binding, *([port_type] if port_type is not None else [])]
    endpoint = [each for subject in subjects for each in attached(subject, policies)]
    named: dict[str, list[etree._Element]] = {}
    for element in binding.iterchildren(f"{{{WSDL}}}operation"):
        named.setdefault(element.get("name", ""), []).append(element)
    if port_type is not None:
        for element in port_type.iterchildren(f"{{{WSDL}}}operation"):
            named.setdefault(element.get("name", ""), []).append(element)
    own = [
        [
            policy
            for element in elements
            for subject in (element, *element.iterchildren(f"{{{WSDL}}}input"))
            for policy in attached(subject, policies)
        ]
        for elements in list(named.values())[:_MOST_OPERATIONS]
    ]
    found = [demand(choice) for operation in own or [[]] for choice in alternatives([*endpoint, *operation], policies)]
    if None in found and any(found):
        raise PolicyError("the policy offers to call with security and without it")
    return [each for each in found if each is not None]


def _state(key: tuple[str, ...], scheme: str, demands: list[Demand], place: Any, findings: Findings) -> None:
    """State what all alternatives have in common; where they differ, which is used is not known."""
    common: dict[str, Any] = {}
    for name in Demand.__struct_fields__:
        values = {getattr(each, name) for each in demands}
        if len(values) > 1:
            findings.note(f"the policy offers several alternatives that differ in {name}; it is not stated", place)
        else:
            value = values.pop()
            common[name] = list(value) if isinstance(value, tuple) else value
    if common.get("transport", "") is None:
        common["transport"] = "https" if scheme == "https" else "http"
    findings.state("bindings", key, place, **common)
