from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import Recognised, recognise, suggest

BASE = load()


def ids(text: str) -> list[str]:
    return [found.id for found in recognise(text, BASE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WSS031", "WSS031"),
        ("wss 31", "WSS031"),
        ("WSS(031)", "WSS031"),
        ("WSS-031", "WSS031"),
        ("Message no. WSS031", "WSS031"),
        ("031(WSS)", "WSS031"),
        ("MESSAGE e031(wss)", "WSS031"),
        ("SCLNT_HTTP 410", "SCLNT_HTTP410"),
        ("SCLNT_HTTP415", "SCLNT_HTTP415"),
        ("ICM_HTTP_UNAUTHORIZED", "SCLNT_HTTP410"),
        ("HTTP 401", "HTTP-401"),
        ("401", "HTTP-401"),
        ("HTTP/1.1 401 Unauthorized", "HTTP-401"),
        ("< HTTP/1.1 500 Internal Server Error", "HTTP-500"),
        ("HTTP Code: 401 ( Unauthorized )", "HTTP-401"),
        ("the server answers with status code 404", "HTTP-404"),
        ("403 Forbidden", "HTTP-403"),
        ("403 forbidden when I call it", "HTTP-403"),
        ('"POST /sap/bc/srt/xip HTTP/1.1" 401 1234', "HTTP-401"),
        ("logon code 2", "LOGON-RC-2"),
        ("DyISigni: return code=2 (see Note 320991)", "LOGON-RC-2"),
        ("Type = H, Reason = 34", "LOGON-RC-34"),
        ("(Grund = 34, Typ = H)", "LOGON-RC-34"),
        ("WSC:CANNOT_DISPATCH", "MULE-DISPATCH"),
        ("HTTP POST on resource 'https://erp.example.com/sap' failed: unauthorized (401).", "HTTP-401"),
        ('"errorcode":"messaging.adaptors.http.flow.SslHandshakeFailed"', "APIGEE-TARGET-TLS"),
        ("SSSLERR_PEER_CERT_UNTRUSTED", "SSSLERR_PEER_CERT_UNTRUSTED"),
        ("SSL handshake with example.com:443 failed: -102", "SSSLERR_PEER_CERT_UNTRUSTED"),
        ("HTTP error 410 occured: ICM_HTTP_UNAUTHORIZED", "SCLNT_HTTP410"),
        ("HTTP 410 Gone", "HTTP-410"),
        ("AU2", "AU2"),
        ("|10:01:02|DIA |001|100|DELAY_L_PRD |SM20|", "DELAY_LOGON"),
        ("10:01:02 100 DELAY_L_E01", "DELAY_LOGON"),
        ("delay_l_qas", "DELAY_LOGON"),
        ("DELAY_L_<SID> on 7.0x", "DELAY_LOGON"),
        ("user DELAY_L_<sid-1>", "DELAY_LOGON"),
        ("SM20 12:00 BUD WS_ORDER", "BUD"),
        ("27.11.2026;02:13:40;AUM;100;DELAY_L;10.1.2.3;User DELAY_L Locked in Cli", "AUM"),
        ("|2026-11-27|02:13:40|BUD  |100|WS_ORDER|WS: Delayed lo", "BUD"),
        ("WS: Delayed logon failed (type U, WP 3)", "BUD"),
        ("<faultcode>wsse:FailedAuthentication</faultcode>", "wsse:FailedAuthentication"),
        ("<faultcode>ns1:MessageExpired</faultcode>", "wsu:MessageExpired"),
        ("<faultcode>SOAP-ENV:MustUnderstand</faultcode>", "soap:MustUnderstand"),
        ("<faultcode>soapenv:Client</faultcode>", "soap:Client"),
        ("The user is locked", "ICF_SYSTEM_LOGIN065"),
        ("system is not prepared for WS Security authentication  (Note 1319507)", "WSS031"),
        ("10:00:01 E Missing credential. Specify SSL client PSE used for authentication", "WSS040"),
    ],
)
def test_every_usual_writing_is_recognised(text: str, expected: str) -> None:
    assert ids(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I saw 401 lines and 500 more of them.",
        "WSS 1.1, WSS4J 3.0 and wss 2004",
        "x_delay_l_erp = delay_l_ms + delay_l_maximum",
        "wss://host:31 and http://localhost:500/",
        'soap:mustUnderstand="1"',
        "Profile saved yesterday",
        "the message expired yesterday",
        "There was a signature error in the code",
        "the user is locked out of the house",
        "for no reason = 2 of them",
        "return code=2",
        "rc=2",
        "code 2",
        "temperature -102",
        "received -102 items",
        "BUD is short for buddy, CUV 5",
        "BUD 100 gates, and at 10:15 CUV 100",
        "10:15:00 the AUM 1000 is full",
        "Client: Mozilla",
        "XWSS031 WSS031a WSS1000 WSS 31%",
        "HTTP/1.1 200 OK",
        "Order 403 was forbidden",
        "no mapping, an internal configuration error of mine, I cannot generate profile pictures",
    ],
)
def test_ordinary_text_names_nothing(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "expected", "values"),
    [
        (
            "<faultstring>Message expired (20261120100000 20261120100500 20261120110000 )</faultstring>",
            "WSS021",
            {"&1": "20261120100000", "&2": "20261120100500", "&3": "20261120110000"},
        ),
        (
            "SRT: Wrong token type received. Endpoint expects SAML token.",
            "WSS039",
            {"&1": "SAML"},
        ),
        (
            "No trusted certificate for SAML authentication found (DN CN=sts, O=Example)",
            "WSS022",
            {"&1&2": "CN=sts, O=Example"},
        ),
        (
            'log 7: Invalid algorithm (expected AES128 AES256 3DES, received "RC4" ) in step 3',
            "WSS034",
            {"&1": "AES128", "&2": "AES256", "&3": "3DES", "&4": '"RC4"'},
        ),
        ('"Signature error in the body"', "WSS010", {"&1&2&3&4": "in the body"}),
        (
            "Key of it: Key 7F for entry RFC is missing in the secure storage in the file system",
            "SECSTORE089",
            {"&1": "7F", "&2": "RFC"},
        ),
    ],
)
def test_texts_give_their_variables(text: str, expected: str, values: dict[str, str]) -> None:
    found = {one.id: one.placeholders for one in recognise(text, BASE)}
    assert found == {expected: values}


def test_each_line_is_counted_and_each_message_named_once_a_line() -> None:
    text = (
        "nothing\nWSS031: System is not prepared for WS Security authentication (note 1319507)\r\n\nHTTP 401, HTTP 401"
    )
    assert [(one.line, one.id) for one in recognise(text, BASE)] == [(2, "WSS031"), (4, "HTTP-401")]


@pytest.mark.parametrize("text", ["SCLNT_HTTP400", "SCLNT_HTTP 400", "sclnt_http-400", "message SCLNT_HTTP(400)"])
def test_a_number_that_is_another_name_of_a_message_is_recognised(text: str) -> None:
    assert ids(text) == ["ICM_HTTP_CONNECTION_FAILED"]


def test_several_messages_of_a_line_stand_in_its_order() -> None:
    text = "SCLNT_HTTP410 after HTTP 401 with SSSLERR_PEER_CERT_UNTRUSTED (-102)"
    assert ids(text) == ["SCLNT_HTTP410", "HTTP-401", "SSSLERR_PEER_CERT_UNTRUSTED"]


def test_the_reason_of_a_failed_logon_is_named_beside_the_event() -> None:
    assert recognise("AU2 Logon failed (reason=2, type=H, method=P)", BASE) == (
        Recognised(1, "AU2", "Logon failed (reason=2, type=H, method=P)", {"&B": "2", "&A": "H", "&C": "P"}),
        Recognised(1, "LOGON-RC-2", "reason=2"),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AU2 Logon failed (reason=53, type=H, method=P)", ["AU2", "LOGON-RC-53"]),
        ("AU2 Logon failed (reason=55, type=H, method=P)", ["AU2", "LOGON-RC-PASSWORD"]),
        ("DyISigni: return code=101 (see Note 320991)", ["LOGON-RC-UNKNOWN"]),
        ("upload stopped, reason=101 type=x", []),
        ("Signature check failed - WP: WSSKEY SSF_PAB: 10", ["WSS019", "SSF_API_INVALID_MDALG"]),
        ("Invalid algorithm (expected http://www.w3.org/2000/09/xmldsig#rsa-sha1 , received http:/", ["WSS034"]),
    ],
)
def test_a_code_in_its_place_is_named(text: str, found: list[str]) -> None:
    assert ids(text) == found


@given(st.sampled_from(sorted(BASE.messages)), st.sampled_from(["{}", "E: {}", "see {}, please", "<text>{}</text>"]))
def test_every_id_is_recognised_as_it_is_written_here(identifier: str, frame: str) -> None:
    if len(identifier) > 3:  # events of the audit log need their context
        assert identifier in ids(frame.format(identifier))
    assert ids(identifier) == [identifier]


WORDS = st.lists(st.text("abcdefgXYZ0123", min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
TEXTS = [message for message in BASE.messages.values() if "&1" in message.text and len(message.text) > 12]


@given(st.sampled_from(TEXTS), st.data())
def test_a_filled_text_gives_back_its_values(message: object, data: st.DataObject) -> None:
    record = BASE.messages[getattr(message, "id", "")]
    names = [name for name in ("&1&2&3&4", "&1&2", "&1", "&2", "&3", "&4") if name in record.text]
    text, values = record.text, {}
    for name in names:
        if name in text:
            single = "&1 &2" in record.text
            values[name] = data.draw(st.text("abcXYZ0123", min_size=1, max_size=8) if single else WORDS)
            text = text.replace(name, values[name], 1)
    found = {one.id: one.placeholders for one in recognise(text, BASE)}
    assert found[record.id] == values


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    for found in recognise(text, BASE):
        assert found.id in BASE.messages
        assert 1 <= found.line <= len(text.splitlines())


def test_hostile_lines_end_soon() -> None:
    for line in ("Invalid algorithm (expected , received " * 20_000, "HTTP" * 200_000, "wss " * 200_000, "(" * 500_000):
        assert {one.id for one in recognise(line, BASE)} <= {"WSS034"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("WSS032", "WSS031"),
        ("WS031", "WSS031"),
        ("SSLERR_PEER_CERT_UNTRUSTED", "SSSLERR_PEER_CERT_UNTRUSTED"),
        ("technical-user-mising", "technical-user-missing"),
        ("unlock technical user", "unlock-technical-user"),
    ],
)
def test_the_nearest_id_is_suggested(written: str, expected: str) -> None:
    assert suggest(written, BASE)[0] == expected


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert suggest("zzz", BASE) == ()
    assert suggest("", BASE) == ()


@pytest.mark.parametrize("text", ["WSS0206: Security in the incoming message", "XWSSecurityException: WSS0255: extra"])
def test_a_code_of_metro_is_no_number_of_class_wss(text: str) -> None:
    assert [name[:6] for name in ids(text)] == ["METRO-"]


def test_a_code_in_the_words_of_the_abap_client_is_the_icms_and_no_status_of_http() -> None:
    assert ids("HTTP error 407 occured: SSL handshake with host:443 failed: SSSLERR_SSL_READ (-58)") == [
        "SCLNT_HTTP407",
        "SSSLERR_SSL_READ",
    ]
    assert ids("HTTP error 407") == ["HTTP-407"]
