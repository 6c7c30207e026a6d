from __future__ import annotations

import base64

from wssdoctor.capture.read import read_bytes
from wssdoctor.provider.request import Request
from wssdoctor.tui.lines import plain
from wssdoctor.tui.opening import read_case, sample_opening
from wssdoctor.tui.secrets import hide_in_target, hide_passwords
from wssdoctor.tui.source import marks, source_lines, with_gutter

SECRET = "s3cret-Passw0rd"
ENVELOPE = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
<s:Header><w:Security><w:UsernameToken><w:Username>A\tB</w:Username><w:Password>{SECRET}</w:Password>
</w:UsernameToken></w:Security></s:Header><s:Body><x>1</x></s:Body></s:Envelope>"""


def request_of(body: str, *, headers: str = "") -> Request:
    data = body.encode()
    head = f"POST /sap/x?sap-password={SECRET}&a=1 HTTP/1.1\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
    return Request.of(read_bytes(head.encode() + data, "one.http"))


def text_of(request: Request, *, indented: bool) -> str:
    return "\n".join(plain(line.spans) for line in source_lines(request, indented=indented))


def test_no_view_shows_a_password() -> None:
    basic = base64.b64encode(f"user:{SECRET}".encode()).decode()
    headers = f"Authorization: Basic {basic}\r\nCookie: MYSAPSSO2={basic}\r\n"
    for indented in (True, False):
        text = text_of(request_of(ENVELOPE, headers=headers), indented=indented)
        assert SECRET not in text
        assert basic not in text
        assert "Authorization: Basic (secret)" in text
        assert "(secret)" in text


def test_a_password_is_hidden_in_broken_xml_too() -> None:
    for broken in (
        f"<a><w:Password Type='x'>{SECRET}",
        f"<a><Password>{SECRET}</Passwor",
        f"<a><w:Password><![CDATA[{SECRET}]]></w:Password>",
        f"<a><w:Password>x<!-- </b> -->{SECRET}</w:Password>",
        f"<a><Password>x<!-- c -->{SECRET}</Password></a>",
        f"<a><Password><x>{SECRET}</x>{SECRET}</Password></a>",
        f"<a><Password><!-- {SECRET} --></Password></a>",
    ):
        assert SECRET not in hide_passwords(broken)
        assert SECRET not in text_of(request_of(broken), indented=True)


def test_an_empty_password_stays_empty() -> None:
    assert hide_passwords("<Password/><a>1</a>") == "<Password/><a>1</a>"
    assert hide_passwords("<Password></Password>") == "<Password></Password>"


def test_secrets_in_a_target_are_hidden() -> None:
    assert (
        hide_in_target("https://u:p@host/x?SAP-Password=abc&b=2") == "https://(secret)@host/x?SAP-Password=(secret)&b=2"
    )


def test_control_characters_are_seen() -> None:
    assert "A␉B" in text_of(request_of(ENVELOPE), indented=False)


def test_as_sent_has_the_lines_of_the_file() -> None:
    lines = source_lines(request_of(ENVELOPE), indented=False)
    numbered = [line for line in lines if line.number is not None]
    assert [line.number for line in numbered] == [4, 5, 6]


def test_the_indented_view_leaves_nothing_out() -> None:
    text = text_of(request_of("<a p='1'>one<!-- two -->three<b>four</b>five<?six?>seven</a>"), indented=True)
    for word in ("p=", "one", "two", "three", "four", "five", "six", "seven", "</a>"):
        assert word in text


def test_broken_xml_is_shown_as_sent() -> None:
    assert "</oops" in text_of(request_of("<a><b></oops"), indented=True)


def test_utf_16_is_read_as_such() -> None:
    request = Request.of(read_bytes(ENVELOPE.encode("utf-16"), "one.xml"))
    assert "UsernameToken" in text_of(request, indented=False)
    assert SECRET not in text_of(request, indented=False)


def test_marks_stand_where_findings_point() -> None:
    from tests.tui.test_state import done

    session = done("sample")
    case = read_case(sample_opening()).case
    finding = next(one for one in session.confirmed if one.cause == "timestamp-expired")
    request = next(one for one in case.requests if one.name in finding.captures)
    lines = source_lines(request, indented=True)
    found = marks(lines, request.name, session.findings)
    assert finding.key in {mark.key for mark in found}
    row = next(mark.row for mark in found if mark.key == finding.key)
    assert "Expires" in plain(lines[row].spans) or "Timestamp" in plain(lines[row].spans)
    assert "✗" in plain(with_gutter(lines[row], lines[row].spans, found[:1], numbered=False)[0].spans)


def test_a_large_message_is_cut_and_says_so() -> None:
    body = f"<a>{'x' * 1_200_000}</a>"
    for indented in (True, False):
        assert "more characters" in text_of(request_of(body), indented=indented)


def test_thousands_of_siblings_are_walked_quickly() -> None:
    body = f"<a>{'<b>1</b>' * 20_000}</a>"
    assert len(source_lines(request_of(body), indented=True)) > 10_000
