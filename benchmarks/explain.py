"""How fast a long log is explained, on one core, and how much memory that takes.

    python -m benchmarks.explain [MEGABYTES]

Logs of two sorts are made. Of mixed ones, none, one in a thousand and one in five lines is an error. Of dense ones every
line is: the trace of the ICM, the system log, the audit log, verification trees of CommonCryptoLib, traces of Java and
the error log of the SOAP runtime, each with the same values in every line and with other ones. Each is scanned in a
process of its own.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import scan
from wssdoctor.knowledge.wording import has_wording

PLAIN = (
    "[Thr 140302] Mon Nov 20 10:{a:02}:{b:02} 2026",
    "[Thr 140302] IcmWorkerThread: got connection {a} from {b}",
    "M  ThIRollBack: roll back user {a} / session {b}",
    "[Thr 140302] HttpModHandler: resource /sap/bc/srt/rfc/{a}/order_{b}",
    "N  SncInit(): found snc/data_protection/max={a}, using {b}",
    '10.0.0.{a} - - [20/Nov/2026:10:00:{b:02} +0000] "POST /sap/bc/srt/xip/sap/order HTTP/1.1" 200 1234',
    "INFO org.apache.cxf.services - inbound message {a} of client {b}",
)
WRONG = (
    "[Thr 140302] *** ERROR => SapSSLSessionStart(sssl_hdl=7f)==SSSLERR_PEER_CERT_UNTRUSTED [icxxconn.c 1234]",
    "[Thr 140302] HTTP/1.1 401 Unauthorized",
    "N  DyISigni: return code=2 (see Note 320991)",
    "Message expired (20261120100000 20261120100500 20261120110000 )",
)
DENSE = {
    "icm": (
        "[Thr {n}] *** ERROR during SecuSSL_SessionStart() from SSL_connect()==SSL_ERROR_SSL",
        "[Thr {n}] SecuSSL_SessionStartNB: SSL_connect() failed  (536872221/0x2000051d)",
        "[Thr {n}] received a fatal TLS handshake failure alert message from the peer",
        "[Thr {n}] *** ERROR => SSL handshake with host{a}.example.com:443 failed: SSSLERR_ALERT_HANDSHAKE_FAILURE (-122) [icxxconn.c {b}]",
        "[Thr {n}] *** ERROR => SapSSLSessionStart(sssl_hdl={n})==SSSLERR_PEER_CERT_UNTRUSTED [icxxconn.c {b}]",
        "[Thr {n}] SSL handshake with host{a}.example.com:443 failed: SSSLERR_SSL_READ (-58)",
        "[Thr {n}] *** ERROR => NiBufIConnect: connect to 10.1.{a}.{b}:443 failed: NIECONN_REFUSED(-10) [nibuf.cpp {n}]",
        "[Thr {n}] Server certificate does not match supplied TargetHostname host{a}.example.com",
    ),
    "sm21": (
        "|10:{a:02}:{b:02}|DIA |003|100|USER{n}|     |US1|User USER{n} locked due to incorrect logon attempts|",
        "|10:{a:02}:{b:02}|DIA |0{a:02}|100|USER{n}|SM37 |D01|Transaction termination 00 058 ( Entry does not exist {b} )|",
        "|10:{a:02}:{b:02}|DIA |0{a:02}|100|USER{n}|     |R68|Perform rollback, error in the logon of client {b}|",
        '|10:{a:02}:{b:02}|DIA |0{a:02}|100|USER{n}|     |AB0|Run-time error "UNCAUGHT_EXCEPTION" occurred, {b}|',
        "|10:{a:02}:{b:02}|DP  |   |   |        |     |Q0I|Operating system call connect failed (error no. {a})|",
    ),
    "audit": (
        "27.11.2026 10:{a:02}:{b:02} AU2 100 USER{n} 10.1.{a}.{b} SAPMSSY1 Logon failed (reason={b}, type=H, method=P)",
        "27.11.2026 10:{a:02}:{b:02} BU1 100 USER{n} 10.1.{a}.{b} SAPMSSY1 Password check failed for user USER{n} in client 100",
        "27.11.2026 10:{a:02}:{b:02} AUM 100 USER{n} 10.1.{a}.{b} SAPMSSY1 User USER{n} Locked in Client 100 After Erroneous Password Checks",
        "27.11.2026 10:{a:02}:{b:02} BUD 100 USER{n} SAPMSSY1 WS: Delayed logon failed (type U, WP {a}). Refer to Web service log 2026{n}.",
        "27.11.2026 10:{a:02}:{b:02} AU6 100 USER{n} 10.1.{a}.{b} SAPMSSY1 RFC/CPIC logon failed, reason={a}, type=R, method=P",
    ),
    "tree": (
        "[Thr {n}] >> ---------- Begin of Secu-SSL Errorstack ---------- >>",
        "[Thr {n}] 0x2000051d   SAPCRYPTOLIB   ssl3_get_server_certificate  Peer certificate verification failed (A2200210)",
        '[Thr {n}] ERROR in af_verify_Certificates: (27/0x001b) Chain of certificates is incomplete : "CN=host{a}"',
        "[Thr {n}] Verification of certificate chain failed",
        "[Thr {n}]   Certificate: CN=host{a}.example.com, O=Example, serial {n}",
        "[Thr {n}]     Verification result: Certificate not valid anymore (valid until 2{n}1231)",
        "[Thr {n}]     Verification of own certificate failed for Subject CN=host{b}",
        "[Thr {n}] << ---------- End of Secu-SSL Errorstack ----------",
    ),
    "java": (
        "Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target {n}",
        "Caused by: org.apache.wss4j.common.ext.WSSecurityException: The signature or decryption was invalid {n}",
        "\tat org.apache.wss4j.dom.processor.SignatureProcessor.verifyXMLSignature(SignatureProcessor.java:{n})",
        "\tat org.apache.cxf.ws.security.wss4j.WSS4JInInterceptor.handleMessageInternal(WSS4JInInterceptor.java:{n})",
        'Caused by: org.apache.wss4j.common.ext.WSSecurityException: No certificates for user "partner{a}" were found for signature',
        "javax.xml.ws.soap.SOAPFaultException: Client received SOAP Fault from server: The security token could not be authenticated {n}",
        "java.io.IOException: Server returned HTTP response code: 401 for URL: https://host{a}.example.com:44300/sap/bc/srt/{n}",
        "java.net.ConnectException: Connection refused (Connection refused) host{a}:{b}",
    ),
    "runtime": (
        "10:{a:02}:{b:02}  Provider  ZORDER_{n}  Signature check failed - WP: {a} SSF_PAB: WSSE",
        "10:{a:02}:{b:02}  Provider  ZORDER_{n}  Wrong token type received. Endpoint expects X509 token.",
        "10:{a:02}:{b:02}  Provider  ZORDER_{n}  Message expired (20261127{n} 20261127{n} 20261127{n} )",
        '10:{a:02}:{b:02}  Consumer  ZORDER_{n}  SRT: Processing error in Internet Communication Framework: ("ICF Error when receiving the response: ICM_HTTP_CONNECTION_FAILED")',
        '10:{a:02}:{b:02}  Consumer  ZORDER_{n}  SRT: Unsupported xstream found: ("HTTP Code 407 : Proxy Authentication Required")',
    ),
}
"""Lines by kind of log; what is not the same in a real one are numbers."""


def mixed(size: int, share: float) -> bytes:
    """Return a log of about ``size`` bytes in which ``share`` of the lines are errors."""
    dice = random.Random(1)
    lines, length = [], 0
    while length < size:
        chosen = dice.choice(WRONG if dice.random() < share else PLAIN)
        lines.append(chosen.format(a=dice.randrange(60), b=dice.randrange(60)))
        length += len(lines[-1]) + 1
    return "\n".join(lines).encode()


def dense(size: int, texts: Sequence[str], same: bool) -> bytes:
    """Return a log of about ``size`` bytes whose lines follow in turn, with the same values or with other ones."""
    dice = random.Random(1)
    lines, length = [], 0
    while length < size:
        for line in texts:
            a, b, n = (7, 7, 7000) if same else (dice.randrange(60), dice.randrange(60), dice.randrange(1000, 999999))
            lines.append(line.format(a=a, b=b, n=n))
            length += len(lines[-1]) + 1
    return "\n".join(lines).encode()


def everything() -> tuple[str, ...]:
    """Return a line for the text of every message: more kinds of errors than any real log holds."""
    texts = (message.text for message in load(overlays=()).messages.values() if has_wording(message))
    plain = (re.sub(r"(?:&[0-9A-Z]?)+|\.\.\.", "value {n}", re.sub(r"[{}]", "", text)) for text in texts)
    return tuple(f"2026-11-27 10:{{a:02}}:{{b:02}} ERROR - {text}" for text in plain)


def measured(path: Path) -> tuple[float, float, int]:
    """Return megabytes a second, megabytes of memory that the scan added, and what was found."""
    base = load(overlays=())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with path.open("rb") as stream:
        found = scan(stream, base)
    seconds = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return path.stat().st_size / seconds / 1e6, grown / 1024, len(found.found)


def written(path: Path, size: int, name: str, share: float, same: bool) -> None:
    """Write a log of a kind; of all messages where no kind has the name."""
    path.write_bytes(mixed(size, share) if name == "mixed" else dense(size, DENSE.get(name) or everything(), same))


def main(megabytes: int) -> None:
    """Measure and print."""
    size = megabytes * 1_000_000
    print(f"{'log':28}{'MB/s':>8}{'added MiB':>11}{'found':>7}")
    for share in (0.0, 0.001, 0.2):
        row(f"mixed, errors {share:.1%}", size, "mixed", share=share)
    for name in (*DENSE, "all messages"):
        row(f"{name}, same values", size, name, same=True)
        row(f"{name}, other values", size, name)


def row(title: str, size: int, name: str, *, share: float = 0.0, same: bool = False) -> None:
    """Measure one log and print its line.

    It is written and scanned in processes of their own: what a process begins with counts among its memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        with get_context("spawn").Pool(1) as pool:
            pool.apply(written, (path, size, name, share, same))
        with get_context("spawn").Pool(1) as pool:
            speed, grown, found = pool.apply(measured, (path,))
    print(f"{title:28}{speed:8.1f}{grown:11.1f}{found:7}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
