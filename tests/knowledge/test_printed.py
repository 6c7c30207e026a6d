from __future__ import annotations

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.printed import said
from wssdoctor.report.explanation import explain

BASE = load(overlays=())
GOOD = """\
*  SSL certificate verify ok.
> Content-Type: text/xml; charset=utf-8
> SOAPAction: "urn:example:order:Create"
< HTTP/1.1 200 OK
< set-cookie: sap-usercontext=sap-client=100; path=/"""


def test_what_a_program_prints_of_a_call_that_goes_well_is_not_said() -> None:
    assert said(GOOD) == ""
    assert explain(GOOD, BASE).causes == ()


def test_what_somebody_says_beside_it_counts() -> None:
    sentence = "since the system copy the partner cannot log on any more with its certificate"
    assert said(f"{GOOD}\n{sentence}") == sentence
    assert explain(f"{GOOD}\n{sentence}", BASE).causes


def test_a_list_that_somebody_writes_is_said() -> None:
    for line in ("* certificate verify failed since monday", "> the partner gets 401", "- TypeError: in the mapping"):
        assert said(line) == line
