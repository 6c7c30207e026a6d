"""Hold the verifier's canonicalization against Santuario's (which WSS4J uses) on random documents.

    python -m benchmarks.canonical_differential [--count 3000] [--seed 1]

The documents declare few prefixes over and over, on elements and attributes, undeclare the default namespace, carry xml:
attributes, comments, instructions and characters that are written as references. Each is canonicalized from a random element
by each of the six methods. Exit code 1 when any octets differ.
"""

from __future__ import annotations

import argparse
import base64
import random
import subprocess
import sys
import time

from lxml import etree

from benchmarks.places import java
from wssdoctor.wsse.canonical import Canonicalization, canonicalize

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": Canonicalization(exclusive=False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": Canonicalization(exclusive=False, comments=True),
    "http://www.w3.org/2006/12/xml-c14n11": Canonicalization(exclusive=False, later=True),
    "http://www.w3.org/2006/12/xml-c14n11#WithComments": Canonicalization(exclusive=False, comments=True, later=True),
    EXCLUSIVE: Canonicalization(exclusive=True),
    EXCLUSIVE + "WithComments": Canonicalization(exclusive=True, comments=True),
}
PREFIXES = ("", "a", "b", "c")
URIS = ("urn:one", "urn:two", "http://example.com/three")
TEXTS = (
    "text",
    "  ",
    "\n    ",
    "a &amp; b &lt; c &gt; d",
    "&#13;\n",
    "\t",
    "é ü €",
    "&#x1F4E6;",
    "<!-- a comment -->",
    "<?an instruction?>",
    "<![CDATA[ <raw> & ]]>",
    '"quoted"',
)
XML_ATTRIBUTES = (
    'xml:lang="de"',
    'xml:space="preserve"',
    'xml:id="id{}"',
    'xml:base="http://example.com/{}/"',
    'xml:base="../x{}/"',
)


class Maker:
    """Writes one random document."""

    def __init__(self, source: random.Random, more_xml: bool) -> None:
        self.source = source
        self.more_xml = more_xml
        self.number = 0

    def element(self, scope: dict[str, str], depth: int) -> str:
        """Write an element and what is in it; `scope` is the namespaces in scope."""
        source = self.source
        scope = dict(scope)
        declared: dict[str, str] = {}
        for prefix in PREFIXES:
            if source.random() < 0.35:
                declared[prefix] = source.choice((scope.get(prefix) or URIS[0], *URIS, *(("",) if not prefix else ())))
        scope.update(declared)
        usable = [p for p in PREFIXES if scope.get(p) or not p]
        prefix = source.choice(usable)
        name = f"{prefix}:e" if prefix else "e"
        attributes = {f"xmlns:{p}" if p else "xmlns": uri for p, uri in declared.items()}
        for p in usable:
            if source.random() < 0.25 and not any(
                scope.get(p) == scope.get(q) for q in usable if q and q != p and f"{q}:x" in attributes
            ):
                attributes[f"{p}:x" if p else "x"] = source.choice(
                    ("1", "a&#9;b", "&lt;&amp;&quot;", "é", "&#10;", " spaced ")
                )
        if source.random() < 0.2:
            self.number += 1
            choices = XML_ATTRIBUTES if self.more_xml else XML_ATTRIBUTES[:2]
            key, value = source.choice(choices).format(self.number).split("=", 1)
            attributes[key] = value.strip('"')
        items = list(attributes.items())
        source.shuffle(items)
        inside = "".join(
            self.element(scope, depth - 1) if depth and source.random() < 0.6 else source.choice(TEXTS)
            for _ in range(source.randrange(4))
        )
        written = "".join(f' {key}="{value}"' for key, value in items)
        return f"<{name}{written}>{inside}</{name}>" if inside or source.random() < 0.5 else f"<{name}{written}/>"


def main() -> int:
    """Compare, print what differs and how often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--more-xml",
        action="store_true",
        help="with xml:id and xml:base too: Santuario inherits the outermost xml:id, not the nearest",
    )
    parser.add_argument("--show", type=int, default=10, help="print this many differences")
    options = parser.parse_args()
    if not java.available():
        print("WSS4J and a JDK are not here: nothing to compare with")
        return 0
    source = random.Random(options.seed)
    peer = subprocess.Popen(
        java.command("SantuarioCanonical"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert peer.stdin
    assert peer.stdout
    different: dict[str, int] = dict.fromkeys(METHODS, 0)
    shown = compared = 0
    began = time.monotonic()
    for _ in range(options.count):
        text = Maker(source, options.more_xml).element({}, 5)
        root = etree.fromstring(text.encode(), etree.XMLParser(strip_cdata=False, resolve_entities=False))
        elements = list(root.iter(etree.Element))
        index = source.randrange(len(elements))
        prefixes = " ".join(source.sample(("a", "b", "c", "#default"), source.randrange(3)))
        for uri, method in METHODS.items():
            listed = prefixes if method.exclusive else ""
            chosen = (
                Canonicalization(exclusive=True, comments=method.comments, prefixes=tuple(listed.split()))
                if listed
                else method
            )
            peer.stdin.write(f"{uri}\t{listed or '-'}\t{index}\t{base64.b64encode(text.encode()).decode()}\n")
            peer.stdin.flush()
            answer = peer.stdout.readline().strip()
            if answer.startswith("error"):
                continue
            compared += 1
            ours, theirs = canonicalize(elements[index], chosen), base64.b64decode(answer)
            if ours != theirs:
                different[uri] += 1
                if shown < options.show:
                    shown += 1
                    print(
                        f"{uri} [{listed}] element {index} of {text}\n  ours   {ours.decode()}\n  theirs {theirs.decode()}\n"
                    )
    peer.stdin.close()
    peer.wait(20)
    print(f"{compared} canonical forms of {options.count} documents in {time.monotonic() - began:.1f} s")
    for uri, number in different.items():
        print(f"  {number:6} differ  {uri}")
    return 1 if any(different.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
