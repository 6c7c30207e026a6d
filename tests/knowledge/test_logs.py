"""Logs as people paste them. Layouts are built after public descriptions; names, times and hosts are made up.

- sm21: columns of the system log, classic and new; https://help.sap.com/saphelp_em92 "The System Log". The texts of its
  entries are not published, so that only the words on the lock count.
- rsau: columns of RSAU_READ_LOG; https://wallsec.de/blog/siem-your-sap-security-audit-log-with-splunk, and for the
  texts https://github.com/WALLSEC/SAPtoSPLUNK (sm20.csv).
- st22: head of a dump; https://github.com/elforsabah/myRap (README.md), and for the names of dumps the ABAP keyword
  documentation of CALL FUNCTION DESTINATION.
- srt-util: error texts of transaction SRT_UTIL; https://www.sapdatasheet.org (message class WSS).
- wcf: https://github.com/dotnet/wcf (Strings.resx) and traces of .NET as its documentation shows them.
- dotnet-closed: nested exceptions as public threads show them. axis: a fault of Axis 1 with WSS4J.
- curl, php, rfc: https://everything.curl.dev (exit codes), the error log of PHP, tests of https://github.com/SAP/PyRFC.
- cxf, wss4j-1: https://github.com/apache/ws-wss4j (wss4j_errors.properties) and traces of CXF.
- rampart: https://github.com/apache/axis-axis2-java-rampart (errors.properties) and logs of AxisEngine.
- pi: https://archive.sap.com/discussions/thread/960389. cpi: the error of a message in its monitor.
- icf-logon, icf-dump: pages of ICF, shortened, with the error code and the words of a dump.
- sapgenpse: outputs that https://github.com/Checkmk/checkmk reads (saprouter_cert).
- dev_icm: https://help.sap.com/docs/cloud-alm, troubleshooting for ABAP systems, and
  https://github.com/abapGit/abapGit/issues/5589 for the head of the trace.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import recognise

LOGS = Path(__file__).parents[1] / "data" / "logs"
BASE = load()
NAMED = {
    "sm21-classic.txt": {"USER-LOCKED-BY-LOGONS"},
    "sm21-new.txt": {"USER-LOCKED-BY-LOGONS"},
    "rsau-lock.txt": {"AU2", "LOGON-RC-1", "BU1", "AUM", "AUO", "LOGON-RC-2", "AUN"},
    "rsau-webservice.txt": {"AU1", "BUD", "CUW", "BUA", "BUB", "BUC", "AU6", "LOGON-RC-24", "CUV"},
    "st22-uncaught.txt": {"ST22-DUMP", "CX_AI_SYSTEM_FAULT", "SRT-1023", "SCLNT_HTTP407"},
    "st22-rfc.txt": {"CALL_FUNCTION_SIGNON_REJECTED"},
    "srt-util.txt": {"WSS019", "WSS039", "WSS021", "SRT-1023", "ICM_HTTP_CONNECTION_FAILED", "HTTP-407"},
    "wcf-fault.txt": {"WCF-UNSECURED-FAULT", "SRT-PROVIDER-ERROR"},
    "wcf-answer.txt": {
        "WCF-CONTENT-TYPE",
        "WCF-NO-AUTHENTICATOR",
        "WCF-NO-USERNAME",
        "WCF-OTHER-TOKEN",
        "WCF-CHAIN",
        "WCF-NO-REPLY",
    },
    "cxf.txt": {
        "WSS4J-PROCESSING",
        "WSS4J-GENERAL",
        "WSS4J-NO-ALIAS",
        "WSS4J-INVALID-CERTIFICATE",
        "WSS4J-ASSERTION-ERROR",
    },
    "wss4j-1.txt": {"WSS4J-NO-ALIAS"},
    "rampart.txt": {
        "AXIS2-MUST-UNDERSTAND",
        "RAMPART-UNTRUSTED",
        "RAMPART-NOT-SIGNED",
        "RAMPART-TOKEN-MISSING",
        "RAMPART-REPLAY",
    },
    "axis.txt": {"AXIS-RECEIVER", "wsse:FailedCheck", "WSS4J-FAILED-CHECK"},
    "dotnet-closed.txt": {"DOTNET-SEND", "DOTNET-RESET"},
    "curl.txt": {"CURL-CONNECT"},
    "php.txt": {"PHP-NO-XML"},
    "rfc.txt": {"RFC-LOGON"},
    "pi.txt": {"PI-VERIFY"},  # the words of WSS010 stand in it, too
    "cpi.txt": {"CXF-NOT-SENT", "CXF-HTTP", "HTTP-403"},
    "icf-logon.html": {"HTTP-401", "ICF-LE"},
    "icf-dump.html": {"HTTP-500", "ICF-DUMP"},
    "sapgenpse.txt": {"SAPGENPSE-NO-CRED", "SAPGENPSE-PSE-UNREADABLE"},
    "dev_icm-client.txt": {"SSSLERR_ALERT_HANDSHAKE_FAILURE"},
    "dev_icm-proxy.txt": {"ICM-PROXY-REFUSED", "HTTP-403", "SSSLERR_EWOULDBLOCK"},
    "dev_icm-server.txt": {"SSSLERR_ALERT_CERTIFICATE_UNKNOWN"},
}


@pytest.mark.parametrize("name", NAMED)
def test_what_a_log_tells_is_found_and_nothing_else(name: str) -> None:
    found = recognise((LOGS / name).read_text(encoding="utf-8"), BASE)
    assert {one.id for one in found} == NAMED[name]


def test_every_log_is_looked_at() -> None:
    assert {path.name for path in LOGS.iterdir()} == set(NAMED)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("User WS_ORDER locked in client 100 after errors in password checks", {}),
        ("AUM User WS_ORDER Locked in Client 100 After Erroneous Password Checks", {"&B": "WS_ORDER", "&A": "100"}),
    ],
)
def test_both_wordings_of_a_lock_are_read(text: str, values: dict[str, str]) -> None:
    named = {found.id: found for found in recognise(text, BASE)}
    assert named.keys() == {"AUM", "LOGON-CALLER"}
    assert named["AUM"].placeholders == values
    assert named["LOGON-CALLER"].text == "WS_ORDER"
