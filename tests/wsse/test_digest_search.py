"""What was done to signed content is found out and named."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree

from tests.wsse.signed import BODY, context, first, judged, message, tree
from wssdoctor.wsse import names
from wssdoctor.wsse.verifier import Verifier

Change = Callable[[str], str]


def indented(text: str) -> str:
    root = etree.fromstring(text.encode())
    etree.indent(root[1], level=1)
    return etree.tostring(root, encoding="unicode")


CHANGES: dict[str, tuple[Change, str]] = {
    "laid out": (indented, "body-pretty-printed"),
    "laid out with CR LF": (lambda text: indented(text).replace("\n", "&#13;\n"), "body-pretty-printed"),
    "one text": (lambda text: text.replace(">10<", ">11<"), "body-text-changed"),
    "a longer text": (lambda text: text.replace(">10<", ">100<"), "body-text-changed"),
    "another number": (lambda text: text.replace(">10<", ">1000<"), "body-text-changed"),
    "a shorter text": (lambda text: text.replace(">10<", ">1<"), "body-text-changed"),
    "an attribute": (lambda text: text.replace('"PC"', '"PD"'), "attribute-value-changed"),
    "prefix": (
        lambda text: text.replace("o:Order", "x:Order").replace("xmlns:o", "xmlns:x"),
        "namespace-prefix-renamed",
    ),
    "default namespace": (
        lambda text: (
            text.replace("o:Order", "Order")
            .replace("xmlns:o", "xmlns")
            .replace("<Buyer>", '<Buyer xmlns="">')
            .replace("<Item ", '<Item xmlns="" ')
        ),
        "namespace-prefix-renamed",
    ),
    "an element more": (lambda text: text.replace("</Buyer>", "</Buyer><Note>x</Note>"), "element-added"),
    "order": (
        lambda text: re.sub(r'(<Item unit="PC">10</Item>)(<Item unit="KG">2</Item>)', r"\2\1", text),
        "elements-reordered",
    ),
    "encoding": (
        lambda text: text.replace("M\u00fcller", "M\u00fcller".encode().decode("latin-1")),
        "character-encoding-mangled",
    ),
    "composition": (lambda text: text.replace("\u00fc", "u\u0308"), "unicode-normalisation-changed"),
    "lost letters": (lambda text: text.replace("\u00fc", "\ufffd"), "character-encoding-mangled"),
    "an attribute more": (lambda text: text.replace("<Buyer>", '<Buyer x="1">'), "attribute-added"),
    "blanks around": (lambda text: text.replace(">10<", "> 10 <"), "white-space-around-text"),
    "SOAP 1.2": (lambda text: text.replace(names.SOAP11, names.SOAP12), "soap-version-changed"),
    "SOAP 1.2, laid out, another prefix": (
        lambda text: indented(
            text.replace(names.SOAP11, names.SOAP12)
            .replace("<e:", "<env:")
            .replace("</e:", "</env:")
            .replace(" e:", " env:")
            .replace(":e=", ":env=")
        ),
        "soap-version-changed",
    ),
    "rewritten": (lambda text: text.replace("M\u00fcller", "Somebody else"), "content-changed"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_to_the_body(name: str) -> None:
    change, reason = CHANGES[name]
    text = message().decode()
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    changed = change(text)
    assert changed != text
    assert first(changed.encode()) == ("digest-mismatch", reason)


BENIGN: dict[str, Change] = {
    "declaration": lambda text: '<?xml version="1.0" encoding="UTF-8"?>\n' + text,
    "byte order mark": lambda text: "\ufeff" + text,
    "quotes": lambda text: text.replace('unit="PC"', "unit='PC'"),
    "character references": lambda text: text.replace("10", "&#x31;0"),
    "CDATA": lambda text: text.replace(">10<", "><![CDATA[10]]><"),
    "comment": lambda text: text.replace(">10<", ">1<!-- x -->0<"),
    "blanks in tags": lambda text: text.replace("</Buyer>", "</Buyer  >"),
    "unused namespace": lambda text: text.replace("<e:Body", '<e:Body xmlns:unused="urn:unused"'),
    "wrapped value": lambda text: re.sub(
        r"(<ds:SignatureValue>)(.{20})(.{20})", lambda found: f"{found[1]}{found[2]}\r\n{found[3]}", text
    ),
    "white space between headers": lambda text: text.replace(
        "<wsse:BinarySecurityToken", "\n  <wsse:BinarySecurityToken"
    ),
}


@pytest.mark.parametrize("name", BENIGN)
def test_benign_changes(name: str) -> None:
    text = message().decode()
    changed = BENIGN[name](text)
    assert changed != text
    assert judged(changed.encode()).verdict == "accept"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    data = (declared + message().decode()).encode(encoding)
    assert judged(data).verdict == "accept"


def test_a_moved_time_stamp_is_named() -> None:
    data = message().replace(b"12:05:00Z</wsu:Expires>", b"14:17:00Z</wsu:Expires>")
    assert first(data) == ("digest-mismatch", "expires-altered")


def test_a_changed_id_is_found_by_its_content() -> None:
    root = tree()
    next(root.iter(BODY)).set(names.WSU_ID, "elsewhere")
    assert first(root) == ("reference-unresolved", "body-id-changed")


def test_an_altered_digest_value_is_told_from_altered_content() -> None:
    root = tree()
    value = next(root.iter("{http://www.w3.org/2000/09/xmldsig#}DigestValue"))
    value.text = "A" * 43 + "="
    found = judged(root)
    assert (found.faults[0].fault, found.faults[0].reason) == ("signature-value-mismatch", "digest-value-altered")


def test_the_tree_is_as_it_was() -> None:
    verifier = Verifier(context(), thorough=True)
    broken = message().replace(b'wsu:Id="B"', b'wsu:Id="X"')
    assert verifier.verify(broken) == verifier.verify(broken)
