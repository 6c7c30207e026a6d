"""Hold the verifier against xmlsec1 and WSS4J on random changes of signed messages.

    python benchmarks/differential.py [--count 3000] [--seed 1] [--seconds 300] [--list FILE]

Needs the command xmlsec1 and WSS4J with a JDK (Debian: xmlsec1, libwss4j-java, default-jdk-headless); a peer that is
missing is left out with a word. Nothing is sent anywhere. Exit code 1 when a disagreement has no explanation.

Who can judge what:

* xmlsec1 verifies the first ds:Signature of the document with the key of the known client certificate. It is told
  that Body and Timestamp carry Ids. It knows nothing of position, policy, trust of tokens, actors and time stamps.
* WSS4J processes the security header, checks trust, and reports what was signed; the body and the time stamp must be
  among it, where a receiver reads them. Life times are left aside. It is run without the rules of the Basic Security
  Profile, so that it is as lenient as it can be.
* The verifier has the same trust anchors and demands, and a time at which the messages are fresh.

A disagreement is explained by a class below: a rule of the verifier that the peer does not have (the verifier refuses,
its faults say so), or a limit of the peer (the peer refuses, its words say so). Everything else is unexplained.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from lxml import etree
from mutations import mutate
from wssdoctor.wsse.context import context_from_data

from wssdoctor.wsse import Verification, verify

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "data" / "corpus"
sys.path.insert(0, str(CORPUS / "make"))
import java  # noqa: E402
from wss4j import Answer, Wss4j  # noqa: E402

BASES = [
    "wss4j/sig-bst",
    "wss4j/sig-bst-token",
    "wss4j/sig-payload-mixed",
    "wss4j/sig-payload-default-namespace",
    "wss4j/sig-str-bst",
    "wss4j/sig-rsa-sha1",
    "wss4j/sig-addressing",
    "node/cert",
    "node/cert-wsu-id",
    "node/cert-prefix",
    "zeep/sig-bst-ts-ut",
    "xmlsec1/sig-bst",
    "wss4j/sig-payload-whitespace",
    "wss4j/sig-soap12",
]
SOAP = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
BATCH = 40

# Faults that follow from others: a signature that does not hold signs nothing.
CONSEQUENCES = {"required-part-not-signed"}
# Faults of rules that a peer does not have. A disagreement is explained when every fault is in such a class.
BEYOND_XMLSEC1 = {
    "position": {"signature-wrapped", "required-part-not-signed"},
    "ids": {"duplicate-id"},
    "headers": {
        "security-header-missing",
        "security-header-duplicate",
        "security-header-other-actor",
        "security-header-namespace",
        "signature-missing",
    },
    "tokens": {
        "token-malformed",
        "token-reference-unresolved",
        "key-info-missing",
        "key-not-found",
        "cert-untrusted",
        "cert-chain-incomplete",
        "username-token-missing",
        "username-unknown",
        "password-missing",
        "password-mismatch",
        "password-digest-mismatch",
        "password-type-unsupported",
        "nonce-missing",
        "nonce-malformed",
        "created-missing",
    },
    "time": {
        "timestamp-missing",
        "timestamp-malformed",
        "timestamp-expired",
        "timestamp-expires-before-created",
        "timestamp-created-missing",
        "timestamp-created-in-future",
        "timestamp-too-old",
        "timestamp-duplicate",
        "username-token-created-in-future",
        "username-token-too-old",
    },
    "envelope": {"envelope-malformed"},
    "forms": {"signature-malformed"},
}
BEYOND_WSS4J = {
    "ids": {"duplicate-id"},
    "time": {"timestamp-duplicate", "timestamp-created-missing", "timestamp-malformed"},
    "forms": {"signature-malformed"},
    "password type": {"password-type-unsupported"},
}
# What peers say when they refuse something sound, and why they do.
LIMITS_OF_WSS4J = (
    ("Invalid timestamp", "xsd:dateTime with white space or comments inside"),
    ("Unsupported KeyInfo type", "key information that it does not read"),
    ("MarshalException", "stricter reading of ds:Signature"),
    ("elsewhere", "element in a place that it does not map"),
)


@dataclass
class Case:
    """One changed message and what everybody said."""

    number: int
    base: str
    change: str
    octets: bytes
    ours: Verification
    xmlsec1: str = ""
    wss4j: Answer | None = None
    plain: Answer | None = None


def without_splits(octets: bytes) -> bytes:
    """Drop comments and CDATA marks inside of texts of the security header (they change nothing that is signed there)."""
    head, end, tail = octets.partition(b"</wsse:Security>")
    head = re.sub(
        rb"<!\[CDATA\[(.*?)\]\]>", rb"\1", re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL), flags=re.DOTALL
    )
    return head + end + tail


def namespace_error(octets: bytes) -> bool:
    """Say whether the only thing wrong with the XML is a namespace (libxml2 reads on after that)."""
    try:
        etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        return 200 <= problem.code < 210
    return False


def carries_client_certificate(octets: bytes) -> bool:
    """Say whether the client's certificate is in the message as it was."""
    pem = (CORPUS / "keys/client.crt.pem").read_text().strip().splitlines()
    return "".join(pem[1:-1]).encode() in re.sub(rb"\s|<!--.*?-->", b"", octets)


def explain_refusal(found: Verification, classes: dict[str, set[str]]) -> str | None:
    """Name the classes that cover every fault of the verifier; None when one fault is in none."""
    names = set()
    roots = [fault for fault in found.faults if fault.fault not in CONSEQUENCES] or list(found.faults)
    for fault in roots:
        name = next((n for n, faults in classes.items() if fault.fault in faults), None)
        if name is None:
            return None
        names.add(name)
    return " and ".join(sorted(names)) or None


def xmlsec1_batch(cases: list[Case], folder: Path) -> None:
    """Ask xmlsec1 about many files at a time; it stops at the first that fails, so go on behind it."""
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", str(CORPUS / "keys/client.crt.pem")]
    for soap in SOAP:
        command += ["--id-attr:Id", f"{soap}:Body"]
    command += ["--id-attr:Id", f"{WSU}:Timestamp"]
    for case in cases:
        (folder / f"{case.number}.xml").write_bytes(case.octets)
    rest = list(cases)
    while rest:
        batch = rest[:BATCH]
        files = [str(folder / f"{case.number}.xml") for case in batch]
        done = subprocess.run([*command, *files], capture_output=True, timeout=120, check=False)
        good = len(re.findall(rb"^OK$", done.stdout + done.stderr, re.MULTILINE))
        for case in batch[:good]:
            case.xmlsec1 = "accept"
        if good < len(batch):
            batch[good].xmlsec1 = "reject"
            good += 1
        rest = rest[good:]
    for case in cases:
        (folder / f"{case.number}.xml").unlink()


def make_cases(count: int, seed: int, deadline: float) -> list[Case]:
    """Change the base messages and ask the verifier."""
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    by = {entry["id"]: entry for entry in entries["messages"]}
    texts = {base: (CORPUS / by[base]["file"]).read_text(encoding="utf-8") for base in BASES}
    contexts = {base: context_from_data(by[base]["context"], CORPUS) for base in BASES}
    source = random.Random(seed)
    cases = []
    for number in range(count):
        base = source.choice(BASES)
        change, text = mutate(source, texts[base])
        octets = text.encode("utf-8", errors="surrogatepass")
        cases.append(Case(number, base, change, octets, verify(octets, contexts[base])))
        if time.monotonic() > deadline:
            break
    return cases


def ask_wss4j(cases: list[Case]) -> None:
    """Ask WSS4J about every case."""
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    contexts: dict[str, dict[str, Any]] = {entry["id"]: entry["context"] for entry in entries["messages"]}
    judge = Wss4j()
    for case in cases:
        case.wss4j = judge.ask(case.octets, contexts[case.base], timeless=True)
        if case.ours.verdict == "accept" and case.wss4j.verdict == "reject":
            case.plain = judge.ask(without_splits(case.octets), contexts[case.base], timeless=True)
    judge.close()


def compare_xmlsec1(case: Case) -> str:
    """Return agreement, an explanation class, or UNEXPLAINED."""
    ours = case.ours.verdict
    if ours == case.xmlsec1:
        return f"both {ours}"
    if ours == "reject":
        why = explain_refusal(case.ours, BEYOND_XMLSEC1)
        if why:
            return f"rule that xmlsec1 does not have: {why}"
        if namespace_error(case.octets):
            return "limit of xmlsec1: reads on after an error in namespaces"
        if not carries_client_certificate(case.octets):
            return "xmlsec1 was given the key; the token in the message is another"
        return "UNEXPLAINED: xmlsec1 accepts"
    first = case.ours.signatures[0] if case.ours.signatures else None
    told = first is not None and all(
        re.match(r"#", r.uri or "#") and r.part in ("Body", "Timestamp") for r in first.references
    )
    return "UNEXPLAINED: xmlsec1 refuses" if told else "xmlsec1 was not told of the Id, or lacks the STR-Transform"


def compare_wss4j(case: Case) -> str:
    """Return agreement, an explanation class, or UNEXPLAINED."""
    assert case.wss4j
    ours, theirs = case.ours.verdict, case.wss4j.verdict
    if ours == theirs:
        return f"both {ours}"
    if ours == "reject":
        why = explain_refusal(case.ours, BEYOND_WSS4J)
        return f"rule that WSS4J does not have: {why}" if why else "UNEXPLAINED: WSS4J accepts"
    if case.plain and case.plain.verdict == "accept":
        return "limit of WSS4J: reads a text only up to a comment or CDATA section"
    why = next((text for words, text in LIMITS_OF_WSS4J if words in case.wss4j.says), None)
    return f"limit of WSS4J: {why}" if why else "UNEXPLAINED: WSS4J refuses"


def main() -> int:
    """Run, print the table, list what disagrees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300, help="stop making cases after this time")
    parser.add_argument("--list", type=Path, help="write every disagreement to this file")
    parser.add_argument("--keep", type=Path, help="write unexplained messages to this folder")
    options = parser.parse_args()
    began = time.monotonic()
    cases = make_cases(options.count, options.seed, began + options.seconds)
    print(
        f"{len(cases)} changed messages (seed {options.seed}) of {len(BASES)}; verifier: {time.monotonic() - began:.1f} s"
    )
    comparisons = []
    if shutil.which("xmlsec1"):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            xmlsec1_batch(cases, Path(folder))
        comparisons.append(("xmlsec1", compare_xmlsec1))
        print(f"xmlsec1: {time.monotonic() - began:.1f} s")
    else:
        print("xmlsec1 is not here: left out")
    if java.available():
        began = time.monotonic()
        ask_wss4j(cases)
        comparisons.append(("WSS4J", compare_wss4j))
        print(f"WSS4J: {time.monotonic() - began:.1f} s")
    else:
        print("WSS4J is not here: left out")
    unexplained = 0
    lines = []
    for peer, compare in comparisons:
        outcome = Counter()
        for case in cases:
            word = compare(case)
            outcome[word] += 1
            if word.startswith("both"):
                continue
            faults = [f.fault for f in case.ours.faults]
            says = case.wss4j.says[:140] if peer == "WSS4J" and case.wss4j else ""
            lines.append(
                f"{peer}\t{word}\t#{case.number} {case.base} {case.change}\tours {case.ours.verdict} {faults}\t{says}"
            )
            if word.startswith("UNEXPLAINED"):
                unexplained += 1
                print("  ", lines[-1])
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{peer}-{case.number}.xml").write_bytes(case.octets)
        print(f"\n{peer}: {len(cases)} compared")
        for word, number in outcome.most_common():
            print(f"  {number:6}  {word}")
    if options.list:
        options.list.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\n{unexplained} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
