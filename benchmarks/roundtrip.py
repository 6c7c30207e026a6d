"""Make every accepted message of the corpus fresh and have it judged by the lab, by libxmlsec1 and by WSS4J.

    python -m benchmarks.roundtrip [--only WORD] [--payload] [--list FILE]

Each message is sent to a lab that is described as its receiver: over HTTP, with fresh times, nonces, keys and
signatures, in the captured shape. The captured message itself is put to the two other judges first: what a judge takes
as captured it must take when it is fresh. Exit code 1 where it does not, or where a message cannot be made fresh.

The lab models an SAP system, so it refuses messages of kinds that such a system does not take; why is listed.
libxmlsec1 is asked by python-xmlsec (PyPI: xmlsec), WSS4J with a JDK (Debian: libwss4j-java, default-jdk-headless); a
judge that is missing is left out with a word. Nothing leaves this machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from benchmarks.places import CORPUS, Answer, Wss4j, java
from benchmarks.receiver import PATH, provider
from tests.lab.serving import served
from tests.wsse.renewing import Captured, accepted
from wssdoctor.capture.capture import Capture
from wssdoctor.capture.edit import with_request
from wssdoctor.capture.read import read_bytes
from wssdoctor.capture.sent import Outcome
from wssdoctor.errors import InputError
from wssdoctor.lab.answer import HttpAnswer
from wssdoctor.network.target import target
from wssdoctor.send.send import ready, send
from wssdoctor.send.wire import Way
from wssdoctor.wsse import names

WITH_XMLSEC = find_spec("xmlsec") is not None

_NOT_ASKED = Answer("cannot", "")


class Row(NamedTuple):
    """One message and what became of it."""

    name: str
    kind: str
    fresh: str
    """Empty, or why it cannot be made fresh."""
    lab: str
    """Empty where the lab accepts it, or why it refuses."""
    xmlsec1: tuple[str, str]
    """What it says to the captured and to the fresh message."""
    wss4j: tuple[str, str]

    @property
    def lost(self) -> bool:
        """Whether anybody refuses when it is fresh what it took as captured."""
        return any(before == "accept" and after != "accept" for before, after in (self.xmlsec1, self.wss4j))


def kind_of(captured: Captured) -> str:
    """Say in a few words what protects a message."""
    features = set(captured.entry["features"])
    words = [
        word
        for feature, word in (
            ("saml11", "SAML 1.1"), ("saml20", "SAML 2.0"), ("bearer", "bearer"), ("holder-of-key", "holder-of-key"),
            ("sender-vouches", "sender-vouches"), ("password-digest", "password digest"),
            ("password-text", "password text"), ("ut-derived-key", "key derived from a password"),
        )
        if feature in features
    ]  # fmt: skip
    envelope = captured.envelope
    if b"SecurityContextToken" in envelope and b"RequestSecurityToken" not in envelope:
        words.append("security context")
    if b"Signature" in envelope and not words:
        hmac = any(one.startswith("hmac") for one in features)
        words.append("shared secret" if hmac else "X.509 signature")
    if captured.encrypted:
        words.append("encrypted")
    if captured.attachments:
        words.append("MIME")
    return ", ".join(words or ["username" if "username-token" in features else "Timestamp only"])


def as_capture(captured: Captured) -> Capture:
    """Put a message into a request to the lab."""
    data = (CORPUS / captured.entry["file"]).read_bytes()
    capture = read_bytes(data, captured.name)
    if capture.request is not None:
        return with_request(capture, replace(capture.request, target=PATH))
    twelve = names.SOAP12.encode() in captured.envelope
    content_type = capture.content_type or f"{'application/soap+xml' if twelve else 'text/xml'}; charset=utf-8"
    body = data
    if capture.attachments:  # a MIME message: its own header comes first
        body = data.partition(b"\r\n\r\n" if b"\r\n\r\n" in data else b"\n\n")[2]
    head = f"POST {PATH} HTTP/1.1\r\nHost: erp.example.com\r\nContent-Type: {content_type}\r\n"
    return read_bytes(f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body, captured.name)


def to_lab(captured: Captured, capture: Capture, *, probe: bool) -> tuple[str, str, Capture]:
    """Make a message fresh and send it; say why it cannot be made fresh, why it is refused, and what was sent."""
    now = dt.datetime.now(dt.UTC)
    receiver = provider(captured)
    with served(receiver.facts, provider=receiver) as (port, heard):
        way = Way(target(f"http://127.0.0.1:{port}"))
        try:
            fresh = ready(capture, way, captured.material(now=now, probe=probe))
        except InputError as error:
            return "; ".join(problem.what for problem in error.problems), "", capture
        sent = send(fresh, way, now)
    if probe and fresh.handshake is None and any(one.answer.status == 200 for one in heard):
        return "", "the probe reached an operation", sent.capture
    if sent.outcome in (Outcome.NOW_ACCEPTED, Outcome.STILL_ACCEPTED):
        return "", "", sent.capture
    answered = heard[-1].answered if heard else None
    if answered is None or isinstance(answered, HttpAnswer):
        return "", sent.error or "no XML that is accepted", sent.capture
    why, others = answered.why, len(answered.replay.failed) - 1
    if why is None:
        undecided = [str(one.code) for one in answered.replay.results if one.missing]
        return "", f"undecided: {', '.join(undecided)}", sent.capture
    more = f"; {others} more would fail" if others else "; nothing else would fail"
    return "", f"{why.stage}: {why.code}: {why.says}{more}", sent.capture


def judged(
    judge: Callable[[bytes, Mapping[str, Any]], Answer] | None, octets: bytes, context: Mapping[str, Any]
) -> str:
    """Ask a judge; what it says, in one word."""
    return (judge(octets, context) if judge is not None else _NOT_ASKED).verdict


def by_xmlsec1(octets: bytes, context: Mapping[str, Any]) -> Answer:
    """Ask libxmlsec1 for the signatures; where a part is encrypted, for its decryption."""
    from judges import core_validation, decryption

    return decryption(octets, dict(context)) if b"EncryptedData" in octets else core_validation(octets)


def rows(only: str, *, probe: bool) -> list[Row]:
    """Judge all messages."""
    wss4j = Wss4j() if java.available() else None
    found = []
    for name, captured in accepted().items():
        if only not in name:
            continue
        capture = as_capture(captured)
        why, refused, sent = to_lab(captured, capture, probe=probe)
        before, now = captured.entry["context"], f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        after = {**before, "time": now, "seen_nonces": []}
        if probe:  # what names the payload means the probe now
            for demand in ("require_encrypted", "require_signed"):
                after[demand] = [_demanded(one) for one in before.get(demand, ())]
        both = ((capture.envelope, before), (sent.envelope if not why else b"<none/>", after))
        peers: dict[str, tuple[str, str]] = {}
        for peer, judge in (
            ("xmlsec1", by_xmlsec1 if WITH_XMLSEC else None),
            (
                "wss4j",
                (lambda octets, context: wss4j.ask(octets, context, timeless=True)) if wss4j is not None else None,
            ),
        ):
            asked = None if captured.attachments else judge
            first, second = (judged(asked, octets, context) for octets, context in both)
            peers[peer] = first, second
        found.append(Row(name, kind_of(captured), why, refused, peers["xmlsec1"], peers["wss4j"]))
    if wss4j is not None:
        wss4j.close()
    return found


def _demanded(part: str) -> str:
    """Name the probe where a part of the payload is demanded; the corpus names those with their namespace."""
    of_payload = part.startswith("{") and part[1:].partition("}")[0] not in (names.WSSE, names.WSU, names.WSA)
    return f"{{{names.PROBE}}}Probe" if of_payload else part


def table(found: list[Row]) -> str:
    """Write how many of each kind are made fresh, and taken by whom; of the peers, out of what they take as captured."""
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_kind[row.kind].append(row)
    by_kind["all"] = found
    lines = [f"{'kind':44} {'count':>5} {'fresh':>5} {'lab':>5} {'xmlsec1':>9} {'WSS4J':>9}"]
    for kind, each in sorted(by_kind.items(), key=lambda item: (item[0] == "all", item[0])):
        made = [row for row in each if not row.fresh]
        cells = []
        for peer in ("xmlsec1", "wss4j"):
            taken = [getattr(row, peer)[1] for row in each if getattr(row, peer)[0] == "accept"]
            cells.append(f"{taken.count('accept')}/{len(taken)}" if taken else "-")
        lab = sum(not row.lab for row in made)
        lines.append(f"{kind:44} {len(each):5} {len(made):5} {lab:5} {cells[0]:>9} {cells[1]:>9}")
    return "\n".join(lines)


def main() -> int:
    """Run, print the table and what was refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="only messages whose name holds this")
    parser.add_argument("--payload", action="store_true", help="send the captured payload instead of the probe")
    parser.add_argument("--list", type=Path, help="write a line for each message to this file")
    options = parser.parse_args()
    found = rows(options.only, probe=not options.payload)
    print(table(found))
    if not WITH_XMLSEC:
        print("python-xmlsec is not here: libxmlsec1 left out")
    if not java.available():
        print("WSS4J is not here: left out")
    for what, reasons in (
        ("not made fresh", Counter(row.fresh for row in found if row.fresh)),
        ("refused by the lab", Counter(row.lab for row in found if row.lab)),
    ):
        for reason, number in reasons.most_common():
            print(f"{what}: {number} x {reason[:200]}")
    lost = [row for row in found if row.lost]
    for row in lost:
        print(f"LOST: {row.name}: xmlsec1 {row.xmlsec1}, WSS4J {row.wss4j}")
    if options.list:
        lines = ["\t".join((row.name, row.kind, row.fresh, row.lab, *row.xmlsec1, *row.wss4j)) for row in found]
        options.list.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if lost or any(row.fresh for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
