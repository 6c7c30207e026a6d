from __future__ import annotations

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import recognise
from wssdoctor.knowledge.telling import NEAR, telling

BASE = load(overlays=())
CODE = "<faultcode>soapenv:Server</faultcode>"
TEXT = "Message expired (20261120100000 20261120100500 20261120110000 )"


def ids(*lines: str) -> list[str]:
    return [one.id for one in telling(recognise("\n".join(lines), BASE), BASE)]


def test_a_general_message_gives_way_to_a_specific_one_before_or_behind_it() -> None:
    assert ids(CODE, TEXT) == ["WSS021"]
    assert ids(TEXT, CODE) == ["WSS021"]
    assert ids(TEXT, *[""] * (NEAR - 1), CODE) == ["WSS021"]


def test_it_counts_where_nothing_near_says_more() -> None:
    assert ids(CODE) == ["soap:Server"]
    assert ids(CODE, "HTTP/1.1 500 Internal Server Error") == ["soap:Server", "HTTP-500"]
    assert ids(TEXT, *[""] * NEAR, CODE) == ["WSS021", "soap:Server"]
    assert ids(CODE, "zeep.exceptions.Fault: x") == ["soap:Server", "ZEEP-FAULT"]
