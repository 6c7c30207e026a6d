"""Recordings of other tools become captures with the octets that were sent."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dpkt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wssdoctor.capture.read import read
from wssdoctor.capture.recorded import read_all, recording
from wssdoctor.capture.source import Source
from wssdoctor.errors import InputError

ENVELOPE = '<?xml version="1.0"?>\r\n<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>ü|</e:Body>\n</e:Envelope>'
BODY = ENVELOPE.encode()
ANSWER = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault/></e:Body></e:Envelope>'
REQUEST = (
    b"POST /sap/bc/srt/a?sap-client=100 HTTP/1.1\r\nHost: erp.example:8000\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
    % len(BODY)
) + BODY
RESPONSE = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER
)
WHEN = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def har() -> bytes:
    def entry(method: str, body: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "startedDateTime": "2026-11-20T11:00:00.000+01:00",
            "request": {
                "method": method,
                "url": "https://erp.example:8000/sap/bc/srt/a?sap-client=100",
                "httpVersion": "h2",
                "headers": [{"name": ":method", "value": method}, {"name": "content-type", "value": "text/xml"}],
                **({"postData": body} if body else {}),
            },
            "response": {
                "status": 500,
                "statusText": "",
                "headers": [{"name": "content-encoding", "value": "gzip"}],
                "content": {"text": base64.b64encode(ANSWER).decode(), "encoding": "base64"},
            },
        }

    posted = {"mimeType": "text/xml; charset=utf-8", "text": ENVELOPE}
    return json.dumps({"log": {"version": "1.2", "entries": [entry("GET", None), entry("POST", posted)]}}).encode()


def netstring(value: object) -> bytes:
    match value:
        case bytes():
            kind, payload = b",", value
        case str():
            kind, payload = b";", value.encode()
        case bool():
            kind, payload = b"!", str(value).lower().encode()
        case int():
            kind, payload = b"#", str(value).encode()
        case float():
            kind, payload = b"^", str(value).encode()
        case None:
            kind, payload = b"~", b""
        case list():
            kind, payload = b"]", b"".join(map(netstring, value))
        case dict():
            kind, payload = b"}", b"".join(netstring(k) + netstring(v) for k, v in value.items())
        case _:
            raise TypeError(type(value))
    return b"%d:%s%s" % (len(payload), payload, kind)


def flows() -> bytes:
    sent = {
        "host": b"erp.example",
        "port": 8000,
        "method": b"POST",
        "scheme": b"http",
        "authority": b"",
        "path": b"/sap/bc/srt/a?sap-client=100",
        "headers": [[b"Host", b"erp.example:8000"], [b"Content-Type", b"text/xml"]],
        "content": BODY,
        "timestamp_start": WHEN.timestamp(),
    }
    answered = {"status_code": 500, "reason": b"Internal", "headers": [[b"a", b"b"]], "content": ANSWER}
    return netstring({"version": 20, "type": "http", "request": sent, "response": answered}) + netstring(
        {"type": "tcp"}
    )


def saz() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("raw/1_c.txt", b"CONNECT erp.example:8000 HTTP/1.1\r\nHost: erp.example:8000\r\n\r\n")
        archive.writestr("raw\\12_c.txt", REQUEST.replace(b"POST /", b"POST https://erp.example:8000/"))
        archive.writestr("raw/12_s.txt", RESPONSE)
        archive.writestr(
            "raw/12_m.xml", '<S><SessionTimers ClientDoneRequest="2026-11-20T11:00:00.0000000+01:00"/></S>'
        )
    return stream.getvalue()


def soapui() -> bytes:
    escaped = ENVELOPE.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<con:soapui-project xmlns:con="http://eviware.com/soapui/config" name="p">
 <con:interface name="B" soapVersion="1_1"><con:operation name="Create" action="urn:create">
  <con:call name="Request 1"><con:settings>
    <con:setting id="com.eviware.soapui.impl.wsdl.WsdlRequest@request-headers">&lt;entry key="X" value="y" /></con:setting>
   </con:settings><con:endpoint>http://erp.example:8000/sap/bc/srt/a?sap-client=100</con:endpoint>
   <con:request>{escaped}</con:request></con:call></con:operation></con:interface>
</con:soapui-project>""".encode()


def pcap() -> bytes:
    stream = io.BytesIO()
    writer = dpkt.pcap.Writer(stream)
    client, server = (b"\x7f\0\0\1", 40000), (b"\x7f\0\0\2", 8000)
    sequence = {client: 0xFFFFFFF0, server: 77}  # the numbers of the client wrap

    def send(source: tuple[bytes, int], target: tuple[bytes, int], data: bytes, flags: int, sequence: int) -> None:
        tcp = dpkt.tcp.TCP(sport=source[1], dport=target[1], seq=sequence % (1 << 32), flags=flags, data=data)
        packet = dpkt.ip.IP(src=source[0], dst=target[0], p=dpkt.ip.IP_PROTO_TCP, data=tcp)
        packet.len = len(packet)
        writer.writepkt(bytes(dpkt.ethernet.Ethernet(type=dpkt.ethernet.ETH_TYPE_IP, data=packet)), WHEN.timestamp())

    send(client, server, b"", dpkt.tcp.TH_SYN, sequence[client])
    send(server, client, b"", dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK, sequence[server])
    parts = [(start, REQUEST[start : start + 100]) for start in range(0, len(REQUEST), 100)]
    for start, part in (*reversed(parts), parts[0]):  # out of order, one sent twice
        send(client, server, part, dpkt.tcp.TH_ACK, sequence[client] + 1 + start)
    send(server, client, RESPONSE, dpkt.tcp.TH_ACK, sequence[server] + 1)
    return stream.getvalue()


def dumped(data: bytes, line: Callable[[int, bytes], str]) -> bytes:
    lines = (line(start, data[start : start + 16]) for start in range(0, len(data), 16))
    return "\n".join(("trc file: dev_icm", *lines, "")).encode()


def shown(octets: bytes) -> str:
    return "".join(chr(one) if 0x20 <= one < 0x7F else "." for one in octets)


def icm_trace() -> bytes:
    def groups(octets: bytes) -> str:
        return " ".join(octets[start : start + 4].hex() for start in range(0, len(octets), 4))

    return dumped(
        REQUEST + RESPONSE,
        lambda start, one: f"[Thr 4711] {0x7FD3C8 + start:08X}  {start:06x}  {groups(one):<35} |{shown(one)}|",
    )


def curl_trace() -> bytes:
    return dumped(REQUEST + RESPONSE, lambda start, one: f"{start:04x}: {one.hex(' '):<48}{shown(one)}")


RECORDINGS = {
    "a.har": har,
    "a.flow": flows,
    "a.saz": saz,
    "soapui.xml": soapui,
    "a.pcap": pcap,
    "dev_icm.txt": icm_trace,
    "curl.txt": curl_trace,
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_gives_the_octets_that_were_sent(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(RECORDINGS[name]())
    (capture,) = read_all(path)
    assert capture.name.startswith(f"{path}#")
    assert capture.envelope == BODY
    assert capture.request is not None
    assert capture.request.path == "/sap/bc/srt/a"
    assert capture.request.query == (("sap-client", "100"),)
    assert capture.request.host == "erp.example:8000"


@pytest.mark.parametrize("name", [name for name in RECORDINGS if name != "soapui.xml"])
def test_a_recording_keeps_the_answer(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(RECORDINGS[name]())
    (capture,) = read_all(path)
    assert capture.response is not None
    assert (capture.response.status, capture.response.content) == (500, ANSWER)


@pytest.mark.parametrize("name", ["a.har", "a.flow", "a.saz", "a.pcap"])
def test_a_recording_keeps_the_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(RECORDINGS[name]())
    (capture,) = read_all(path)
    assert capture.time is not None
    assert (capture.time.moment, capture.time.source) == (WHEN, "note")


def test_a_curl_command_sends_the_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "body.xml").write_bytes(BODY)
    command = "$ curl -k -H 'Content-Type: text/xml' -u 'U:p' \\\n --data-binary @body.xml 'https://erp.example:8000/a'"
    (tmp_path / "call.curl").write_text(command)
    (capture,) = read_all(tmp_path / "call.curl")
    assert capture.envelope == BODY
    assert capture.request is not None
    assert (capture.request.scheme, capture.request.path) == ("https", "/a")
    assert ("Authorization", "Basic " + base64.b64encode(b"U:p").decode()) in capture.request.headers


def test_a_curl_command_copied_from_a_browser(tmp_path: Path) -> None:
    (tmp_path / "call.txt").write_text(
        "curl 'http://h/a' -H 'content-type: text/xml' --data-raw $'<a>\\n\\u00fc\\'</a>'"
    )
    (capture,) = read_all(tmp_path / "call.txt")
    assert capture.envelope == "<a>\nü'</a>".encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.har", b'{"log": {"entries": [{"request": 1}]}}'),
        ("a.har", b'{"log": {' * 100_000),
        ("a.har", b'{"log": {"entries": []}}'),
        ("a.saz", b"PK\x03\x04broken"),
        ("a.flow", b"20:4:type;4:http;7:request;"),
        ("a.flow", b"9" * 10 + b":4:type;"),
        ("a.pcap", b"\xd4\xc3\xb2\xa1" + b"\xff" * 60),
        ("a.pcap", struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)),
        ("a.xml", b"<con:soapui-project"),
        ("a.curl", b"curl -d @../secret http://h/"),
        ("a.curl", b"curl -d @/etc/passwd http://h/"),
        ("a.curl", b"curl -d 'unclosed http://h/"),
        ("a.curl", b"curl -F a=b http://h/"),
        ("a.txt", curl_trace()[:900]),
    ],
)
def test_a_recording_that_cannot_be_read_is_refused_with_its_name(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_all(path)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == str(path)


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("raw/1_c.txt", b"\0" * 64_000_000)
    (tmp_path / "a.saz").write_bytes(stream.getvalue())
    with pytest.raises(InputError):
        read_all(tmp_path / "a.saz")


def test_a_capture_is_no_recording(tmp_path: Path) -> None:
    for data in (REQUEST, BODY, b"# url: http://h/a\n" + REQUEST, b"Content-Type: text/xml\r\n\r\n" + BODY):
        assert recording(Source("a", data)) is None
    (tmp_path / "a.http").write_bytes(REQUEST)
    assert read_all(tmp_path / "a.http") == (read(tmp_path / "a.http"),)


def test_a_header_of_a_recording_cannot_add_lines(tmp_path: Path) -> None:
    hostile = json.loads(har())
    hostile["log"]["entries"][1]["request"]["headers"].append({"name": "A", "value": "b\r\nAuthorization: c\r\n\r\n"})
    (tmp_path / "a.har").write_text(json.dumps(hostile))
    (capture,) = read_all(tmp_path / "a.har")
    assert capture.request is not None
    assert ("A", "b Authorization: c") in capture.request.headers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(RECORDINGS)), data=st.data())
def test_damage_is_refused_or_read_never_worse(name: str, data: st.DataObject, tmp_path: Path) -> None:
    octets = bytearray(RECORDINGS[name]())
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(octets) - 1))
        octets[position : position + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    path = tmp_path / name
    path.write_bytes(octets)
    with contextlib.suppress(InputError):
        read_all(path)
