"""What users of real clients see, as the clients showed it before the lab, is recognised."""

from __future__ import annotations

import pytest

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import recognise


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Error: Cannot parse response", "NODE-SOAP-PAGE"),
        ("AttributeError: 'NoneType' object has no attribute 'find'", "ZEEP-UNSIGNED-ANSWER"),
        ("zeep.exceptions.Fault: Unknown fault occured", "ZEEP-UNKNOWN-FAULT"),
        (
            "com.sun.xml.ws.client.ClientTransportException: The server sent HTTP status code 401: Unauthorized",
            "JAXWS-STATUS",
        ),
        ("Error: wsse:FailedAuthentication: LOGON-RC-2 the user is locked", "wsse:FailedAuthentication"),
        ("SOAP 1.1 fault wsu:MessageExpired [no subcode]", "wsu:MessageExpired"),
    ],
)
def test_the_text_of_a_client_is_recognised(shown: str, expected: str) -> None:
    assert expected in [found.id for found in recognise(shown, load())]
