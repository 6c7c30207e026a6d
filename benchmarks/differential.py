"""Hold the verifier against xmlsec1 and WSS4J on random changes of signed messages.

    python -m benchmarks.differential [--count 3000] [--seed 1] [--seconds 300] [--list FILE]

Needs the command xmlsec1 and WSS4J with a JDK (Debian: xmlsec1, libwss4j-java, default-jdk-headless); a peer that is
missing is left out with a word. Nothing is sent anywhere. Exit code 1 when a disagreement has no explanation.

Who can judge what:

* xmlsec1 verifies the first ds:Signature of the document with the key of the known client certificate. It is told
  that Body and Timestamp carry Ids. It knows nothing of position, policy, trust of tokens, actors and time stamps.
  Only messages with such a signature are put to it.
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
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.disagreement import (
    CONSEQUENCES,
    Case,
    compare_wss4j,
    compare_xmlsec1,
    without_splits,
    without_trailing_space,
)
from benchmarks.mutations import mutate
from benchmarks.places import CORPUS, Wss4j, java
from wssdoctor.wsse import verify
from wssdoctor.wsse.context import context_from_data

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
MORE_FOR_WSS4J = [
    "wss4j/sig-issuer",
    "wss4j/sig-thumbprint",
    "wss4j/sig-ski",
    "wss4j/sig-pkipath",
    "wss4j/sig-ec256",
    "wss4j/ut-text",
    "wss4j/ut-digest",
    "wss4j/ut-signed",
    "wss4j/ut-derived-key",
    "wss4j/ts-only",
    "wss4j/enc-aes256-gcm",
    "wss4j/enc-aes128-rsa-oaep-mgf1p",
    "wss4j/enc-username",
    "wss4j/sign-then-encrypt",
    "wss4j/encrypt-then-sign",
    "wss4j/hmac-encryptedkey-enc",
    "wss4j/dk-sign-encryptedkey",
    "wss4j/sct-dkboth-v2",
    "wss4j/enc-symmetric",
]
SOAP = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
BATCH = 40


class Crash(NamedTuple):
    """A message that the verifier did not survive."""

    number: int
    base: str
    change: str
    octets: bytes
    problem: str


def xmlsec1_batch(cases: list[Case], folder: Path, deadline: float) -> None:
    """Ask xmlsec1 about many files at a time; it stops at the first that fails, so go on behind it."""
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", str(CORPUS / "keys/client.crt.pem")]
    for soap in SOAP:
        command += ["--id-attr:Id", f"{soap}:Body"]
    command += ["--id-attr:Id", f"{WSU}:Timestamp"]
    for case in cases:
        (folder / f"{case.number}.xml").write_bytes(case.octets)
    rest = list(cases)
    while rest and time.monotonic() < deadline:
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


def make_cases(count: int, seed: int, deadline: float) -> tuple[list[Case], list[Crash]]:
    """Change the base messages and ask the verifier; return what it judged and what made it fail."""
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    by = {entry["id"]: entry for entry in entries["messages"]}
    bases = BASES + MORE_FOR_WSS4J
    texts = {base: (CORPUS / by[base]["file"]).read_text(encoding="utf-8") for base in bases}
    contexts = {base: context_from_data(by[base]["context"], CORPUS) for base in bases}
    source = random.Random(seed)
    cases, crashes = [], []
    for number in range(count):
        base = source.choice(bases)
        change, text = mutate(source, texts[base])
        octets = text.encode("utf-8", errors="surrogatepass")
        try:
            cases.append(Case(number, base, change, octets, verify(octets, contexts[base])))
        except Exception as problem:
            crashes.append(Crash(number, base, change, octets, repr(problem)))
        if time.monotonic() > deadline:
            break
    return cases, crashes


def ask_wss4j(cases: list[Case], deadline: float) -> None:
    """Ask WSS4J about every case."""
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    contexts: dict[str, dict[str, Any]] = {entry["id"]: entry["context"] for entry in entries["messages"]}
    judge = Wss4j()
    for case in cases:
        if time.monotonic() > deadline:
            break
        case.wss4j = judge.ask(case.octets, contexts[case.base], timeless=True)
        if case.ours.verdict == "accept" and case.wss4j.verdict == "reject":
            case.plain = judge.ask(
                without_trailing_space(without_splits(case.octets)), contexts[case.base], timeless=True
            )
        if case.ours.verdict == "reject" and case.wss4j.verdict == "accept":
            case.collapsed = verify(without_trailing_space(case.octets), context_from_data(contexts[case.base], CORPUS))
    judge.close()


def keep(folder: Path | None, name: str, octets: bytes) -> None:
    """Write a message that nobody can explain, when a folder was given."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(octets)


def main() -> int:
    """Run, print the table, list what disagrees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300, help="the most that each of the three may take")
    parser.add_argument("--list", type=Path, help="write every disagreement to this file")
    parser.add_argument("--keep", type=Path, help="write unexplained messages to this folder")
    options = parser.parse_args()
    began = time.monotonic()
    cases, crashes = make_cases(options.count, options.seed, began + options.seconds)
    print(
        f"{len(cases)} changed messages (seed {options.seed}) of {len(BASES + MORE_FOR_WSS4J)}; verifier: {time.monotonic() - began:.1f} s"
    )
    comparisons = []
    if shutil.which("xmlsec1"):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            xmlsec1_batch([case for case in cases if case.base in BASES], Path(folder), began + options.seconds)
        comparisons.append(("xmlsec1", compare_xmlsec1))
        print(f"xmlsec1: {time.monotonic() - began:.1f} s")
    else:
        print("xmlsec1 is not here: left out")
    if java.available():
        began = time.monotonic()
        ask_wss4j(cases, began + options.seconds)
        comparisons.append(("WSS4J", compare_wss4j))
        print(f"WSS4J: {time.monotonic() - began:.1f} s")
    else:
        print("WSS4J is not here: left out")
    unexplained = len(crashes)
    lines = []
    for crash in crashes:
        lines.append(f"verifier\tUNEXPLAINED: raises\t#{crash.number} {crash.base} {crash.change}\t{crash.problem}\t")
        print("  ", lines[-1])
        keep(options.keep, f"verifier-{crash.number}.xml", crash.octets)
    for peer, compare in comparisons:
        outcome: Counter[str] = Counter()
        compared = [case for case in cases if (case.wss4j if peer == "WSS4J" else case.xmlsec1)]
        for case in compared:
            word = compare(case)
            outcome[word] += 1
            if word.startswith("both"):
                continue
            faults = [f"{f.fault}/{f.reason}" for f in case.ours.faults if f.fault not in CONSEQUENCES]
            says = case.wss4j.says[:140] if peer == "WSS4J" and case.wss4j else ""
            lines.append(
                f"{peer}\t{word}\t#{case.number} {case.base} {case.change}\tours {case.ours.verdict} {faults}\t{says}"
            )
            if word.startswith("UNEXPLAINED"):
                unexplained += 1
                print("  ", lines[-1])
                keep(options.keep, f"{peer}-{case.number}.xml", case.octets)
        print(f"\n{peer}: {len(compared)} compared")
        for word, number in outcome.most_common():
            print(f"  {number:6}  {word}")
    if options.list:
        options.list.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\n{unexplained} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
