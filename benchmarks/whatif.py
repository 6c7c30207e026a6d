"""A what-if over ten remedies and many signed captures, against verifying the captures once.

Prints the times and two ratios: to the bare verification of the messages, and to the first replay of the case. The
first must stay below 1.5. Run it as ``python -m benchmarks.whatif [CAPTURES]`` from the checkout.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median

from tests import signed
from tests.wsse.encrypting import reference
from tests.wsse.pki import client, issuing, root
from wssdoctor.check.result import Subject
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.patch import apply
from wssdoctor.knowledge.record import Patch
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.verifier import Verifier

LIMIT = 1.5
REMEDIES: tuple[dict[str, object], ...] = (
    {"technical_user.lock": 0},
    {"technical_user.valid_to": "9999-12-31"},
    {"icf.nodes[].active": True},
    {"icf.nodes[].stored_password_current": True},
    {"wss_setup.time_tolerance_seconds": 120},
    {"wss_setup.detect_message_replays": False},
    {"bindings[].signed_parts": ["Body"]},
    {"users[].lock": 0},
    {"pses[wsse].trusted": [signed.certificate(root()), signed.certificate(issuing())]},
    {"external_ids[+]": {"type": "DN", "external_id": "CN=Other", "user": "WS_SHOP", "active": True}},
)
"""Effects on a description in which the technical user is locked; most touch facts that every capture needs."""


def captures(count: int) -> list[bytes]:
    """Messages signed one by one, so that no two are the same."""
    made = []
    for number in range(count):
        info = reference("#bst", names.X509_V3)
        text = signed.signed(signed.binary(client()), client().key, info, number=number)
        made.append(text)
    return made


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measured(messages: list[bytes]) -> dict[str, float]:
    context = Context(time=signed.ARRIVAL, trust_anchors=(root().certificate,), intermediates=(issuing().certificate,))
    verifier = Verifier(context)
    verified = timed(lambda: [verifier.verify(message) for message in messages])
    sick = apply(Patch({"technical_user.lock": 64}), Case(signed.base(), (), signed.ARRIVAL), Subject(), ())
    requests: list[Request] = []
    read = timed(lambda: requests.extend(request(number, text) for number, text in enumerate(messages)))
    case = Case(sick.facts, tuple(requests), signed.ARRIVAL + dt.timedelta(hours=1))
    first = timed(lambda: run(case))
    names = [one.name for one in requests]
    tried = timed(lambda: [run(apply(Patch(effect), case, Subject(), names)) for effect in REMEDIES])
    return {"verify": verified, "read": read, "first": first, "what-if": tried}


def request(number: int, envelope: bytes) -> Request:
    return signed.capture(f"{number:05}.http", "zprice_in", envelope)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    messages = captures(count)
    rounds = [measured(messages) for _ in range(3)]
    middle = {name: median(one[name] for one in rounds) for name in rounds[0]}
    first = middle["read"] + middle["first"]
    whole = {
        "captures": count,
        "remedies": len(REMEDIES),
        "seconds": {name: round(value, 4) for name, value in middle.items()},
        "what-if to verification": round(middle["what-if"] / middle["verify"], 3),
        "what-if to first replay": round(middle["what-if"] / first, 3),
        "whole case to first replay": round((first + middle["what-if"]) / first, 3),
        "limit": LIMIT,
    }
    print(json.dumps(whole, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
