"""SoapUI project files: requests as they stand in the editor, before SoapUI adds what it adds when sending."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from wssdoctor.capture.recording.exchange import Exchange, request_text
from wssdoctor.capture.source import Source

_NAMESPACE = "http://eviware.com/soapui/config"
_CON = f"{{{_NAMESPACE}}}"
_HEADERS = re.compile(r"@request-headers$")
_ENTRY = re.compile(r'<(?:\w+:)?entry\s+key="([^"]*)"\s+value="([^"]*)"')
_REMARK = "As in SoapUI's editor: properties not expanded, outgoing WS-Security configuration not applied."
_CONTENT_TYPES = {"1_1": "text/xml;charset=UTF-8", "1_2": "application/soap+xml;charset=UTF-8"}


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the requests of interfaces, then those of test steps. Raises InputError for XML that is refused."""
    root = _parsed(source)
    actions = {(one.get("name"), two.get("name")): two.get("action", "") for one, two in _operations(root)}
    versions = {one.get("name"): one.get("soapVersion", "1_1") for one, _ in _operations(root)}
    for interface, operation in _operations(root):
        for call in operation.iterfind(f"{_CON}call"):
            key = interface.get("name"), operation.get("name")
            label = f"{operation.get('name', '')}-{call.get('name', '')}"
            yield _exchange(call, label, actions.get(key, ""), versions.get(key[0], "1_1"))
    for step in root.iter(f"{_CON}testStep"):
        config, request = step.find(f"{_CON}config"), step.find(f"{_CON}config/{_CON}request")
        if step.get("type") != "request" or config is None or request is None:
            continue
        key = config.findtext(f"{_CON}interface"), config.findtext(f"{_CON}operation")
        yield _exchange(request, step.get("name", ""), actions.get(key, ""), versions.get(key[0], "1_1"))


def _parsed(source: Source) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=True)
    try:
        return etree.fromstring(source.data, parser)
    except etree.XMLSyntaxError as error:
        raise source.refusal("The SoapUI project is not well-formed XML.", why=str(error)[:200]) from None


def _operations(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for interface in root.iterfind(f"{_CON}interface"):
        for operation in interface.iterfind(f"{_CON}operation"):
            yield interface, operation


def _exchange(call: etree._Element, label: str, action: str, version: str) -> Exchange:
    url = (call.findtext(f"{_CON}endpoint") or "").strip()
    headers = [("Content-Type", _CONTENT_TYPES.get(version, _CONTENT_TYPES["1_1"]))]
    if version == "1_1":
        headers.append(("SOAPAction", f'"{action}"'))
    for setting in call.iter(f"{_CON}setting"):
        if _HEADERS.search(setting.get("id", "")):
            headers += _ENTRY.findall(setting.text or "")
    body = (call.findtext(f"{_CON}request") or "").encode()
    known = re.fullmatch(r"https?://[^/\s$]+(/\S*)?", url)
    return Exchange(label, request_text("POST", url, headers, body), url=url if known else None, remark=_REMARK)
