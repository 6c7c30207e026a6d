"""Logs of any length: what they name is found in any noise, ordinary lines name nothing, memory stays flat."""

from __future__ import annotations

import itertools
import re
import tracemalloc
from io import BytesIO

import pytest

from tests.knowledge import ordinary as logs
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import MOST, recognise, scan
from wssdoctor.knowledge.wording import has_wording
from wssdoctor.report.explanation import explain

BASE = load(overlays=())

ORDINARY = [
    "[Thr 140302] Mon Nov 20 10:{a:02}:{b:02} 2026",
    "[Thr 1403] IcmWorkerThread: got connection {a} from {b}",
    "M  ThIRollBack: roll back user {a} / session {b}",
    "[Thr 14] HttpModHandler: resource /sap/bc/srt/rfc/{a}/zws_{b}",
    "N  SncInit(): found snc/data_protection/max={a}, using {b}",
    '10.0.0.{a} - - [20/Nov/2026:10:00:{b:02} +0000] "POST /sap/bc/srt/xip/sap/order HTTP/1.1" 200 {a}401',
    "INFO org.apache.cxf.services - Inbound message {a} status ok for user of system {b}",
    "2026-11-20 10:{a:02}:{b:02},401 DEBUG certificate of the server is fine, signature ok, logon of client {a}",
    "A  TH VERBOSE LEVEL FULL, reason none, code {a}, rc={b}",
    "20.11.2026 10:{a:02} 00 158 entries, 00:775 done, WSS4J {a}.{b}, TLS session {b} of 403",
    "Logon successful at {a}, password changed, the message was signed and the profile was saved",
    "SSL session cache: 42 entries, timeout=-1, port 443, -{a} of {b}, handshake in {a} ms",
]

LOGS = {
    "dev_icm": (
        "[Thr 1] *** ERROR => SapSSLSessionStart(sssl_hdl=7f9)==SSSLERR_PEER_CERT_UNTRUSTED [icxxconn.c 1234]",
        {"SSSLERR_PEER_CERT_UNTRUSTED"},
    ),
    "dev_icm number": ("SSL handshake with api.example.com:443 failed, rc = -58", {"SSSLERR_SSL_READ"}),
    "dev_icm network": ("Connect to h:443 failed: NIECONN_REFUSED(-10) {0000a1}", {"NIECONN_REFUSED"}),
    "dev_w": ("N  DyISigni: return code=2 (see Note 320991)", {"LOGON-RC-2"}),
    "audit log": (
        "10:00:01 100 DELAY_LOGON AU2 Logon failed (reason=2, type=H, method=P)",
        {"DELAY_LOGON", "AU2", "LOGON-RC-2"},
    ),
    "error log": ("E 12 SRT: Message expired  (20261120100000 20261120100500 20261120110000 )", {"WSS021"}),
    "error page": ("<p>Error code: ICF-LE-http-c:100-l:E-T:-C:2-U:5-P:5-L:7</p>", {"ICF-LE"}),
    "dump": (
        "Runtime Errors         UNCAUGHT_EXCEPTION, exception CX_AI_SYSTEM_FAULT",
        {"ST22-DUMP", "CX_AI_SYSTEM_FAULT"},
    ),
    "sapgenpse": ('ERROR in get_my_name: No credentials found for "SAPSSLC.pse"', {"SAPGENPSE-NO-CRED"}),
    "fault": (
        "<soapenv:Fault><faultcode>wsse:FailedCheck</faultcode><faultstring>The signature or decryption was invalid",
        {"wsse:FailedCheck", "WSS4J-FAILED-CHECK"},
    ),
    "java": (
        "Caused by: sun.security.validator.ValidatorException: PKIX path building failed: unable to find a path",
        {"PKIX_PATH"},
    ),
    "node": ("Error: getaddrinfo ENOTFOUND host.example.com", {"NODE-CONNECT"}),
    "ssf": ("SsfVerify failed, SSF return code 5", {"SSF_API_SIGNER_ERRORS"}),
    "entities": ("<m>No user mapping: Certificate response does not match PSE</m> &quot;1S540&quot;", {"1S540"}),
}


def ordinary(lines: int) -> list[str]:
    numbers = itertools.islice(itertools.cycle(itertools.product(range(0, 60, 7), range(0, 60, 11))), lines)
    return [ORDINARY[number % len(ORDINARY)].format(a=a, b=b) for number, (a, b) in enumerate(numbers)]


def test_ordinary_lines_name_nothing() -> None:
    found = scan(BytesIO("\n".join(ordinary(2400)).encode()), BASE)
    assert [(one.id, one.text) for one in found.found] == []
    assert found.lines == 2400


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ordinary_logs_of_all_kinds_name_nothing(seed: int) -> None:
    found = scan(BytesIO("\n".join(logs.lines(2000, seed)).encode()), BASE)
    assert [(one.id, one.text) for one in found.found] == []


FRAMES = [
    "{}",
    "[Thr 140302] *** ERROR => {} [icxxconn.c 1234]",
    "20.11.2026 10:00:01 100 USER01 {}",
    "<faultstring>{}</faultstring>",
    "2026-11-20 10:00:00,123 ERROR [http-nio-1] c.e.Client - {}",
    "E  12 SRT: {}",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_every_text_is_recognised_with_its_variables_filled_amid_what_logs_put_around_it(frame: str) -> None:
    for message in filter(has_wording, BASE.messages.values()):
        pieces = re.split(r"(?:&[0-9A-Z]?)+|\.\.\.", message.text)
        text = "".join(f"{piece}VALUE{number}" for number, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
        assert message.id in [one.id for one in recognise(frame.format(text), BASE)], text


def test_no_message_opens_every_line_of_a_log() -> None:
    """What is looked for by a word alone is slow where that word stands in most lines."""
    everywhere = {"http", "https", "server", "connection", "host", "port", "user", "session", "info", "error", "java"}
    alone = {key.finder for word in everywhere for key in BASE.words.get(word, ()) if key.part == word and not key.only}
    assert alone == set()


@pytest.mark.parametrize("name", LOGS)
def test_each_kind_of_log_is_recognised_amid_noise(name: str) -> None:
    line, expected = LOGS[name]
    lines = ordinary(600)
    lines[417:417] = [line]
    found = scan(BytesIO("\r\n".join(lines).encode()), BASE)
    assert {one.id for one in found.found} == expected
    assert {one.line for one in found.found} == {418}


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000])
def test_blocks_do_not_matter(size: int) -> None:
    class Slow(BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(size if count is None or count < 0 else min(count, size))

    data = "\n".join(["HTTP/1.1 401 Unauthorized", *ordinary(50), "WSS031", ""]).encode()
    assert scan(Slow(data), BASE) == scan(BytesIO(data), BASE)


def test_utf_16_is_read() -> None:
    assert [one.id for one in scan(BytesIO("x\nWSS031\n".encode("utf-16")), BASE).found] == ["WSS031"]


def test_a_message_that_stands_there_often_is_kept_a_hundred_times_and_said_to_be_more() -> None:
    found = scan(BytesIO(b"HTTP/1.1 401 Unauthorized\n" * 30_000 + b"SSSLERR_SSL_READ\n"), BASE)
    assert len(found.found) == MOST + 1
    assert found.often == {"HTTP-401"}
    assert found.found[-1].line == 30_001


def test_memory_stays_flat() -> None:
    class Endless(BytesIO):
        def __init__(self, blocks: int) -> None:
            super().__init__()
            self._left = blocks
            self._block = ("\n".join([*ordinary(3000), "HTTP/1.1 401 Unauthorized", ""])).encode()

        def read(self, count: int | None = -1, /) -> bytes:
            self._left -= 1
            return self._block if self._left >= 0 else b""

    peaks = []
    for blocks in (4, 24):
        tracemalloc.start()
        scan(Endless(blocks), BASE)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_line_without_end_is_looked_at_everywhere() -> None:
    data = b"<x>" * 400_000 + b" WSS031 " + b"<y>" * 400_000
    assert [one.id for one in scan(BytesIO(data), BASE).found] == ["WSS031"]


def test_ordinary_lines_are_not_what_somebody_says() -> None:
    assert not [line for line in dict.fromkeys((*ordinary(120), *logs.lines(120))) if explain(line, BASE).causes]
