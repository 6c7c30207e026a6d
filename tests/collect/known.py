"""A known landscape: its description, and the rows that its system would export."""

from __future__ import annotations

from tests.collect.exports import Rows

ORDER = "/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"
PRICE = "/sap/bc/srt/xip/sap/zprice/100/zprice/zprice"
STOCK = "/sap/bc/srt/rfc/sap/zstock_availability/100/stock/stock"

DESCRIPTION = f"""
format: "1"
system: {{client: "100"}}
technical_user: {{exists: true, name: DELAY_LOGON, type: B, lock: 0, valid_from: 1900-01-01, valid_to: 9999-12-31, failed_logons: 3}}
secure_storage: {{entry_present: true, entry_readable: true}}
icf:
  nodes:
    - {{path: {STOCK}, exists: true, active: false, https_required: false, logon_procedure: service-data-required, stored_user: WS_SERVICE, stored_client: "100"}}
    - {{path: {ORDER}, exists: true, active: true, https_required: true, stored_user: DELAY_LOGON, stored_client: "100"}}
bindings:
  - {{path: {STOCK}, authentication: x509-signature, transport: http}}
  - {{path: {ORDER}, authentication: username-token, transport: https}}
  - {{path: {PRICE}, authentication: saml, saml_confirmation: [sender-vouches]}}
users:
  - {{name: MÜLLER, exists: true, type: A, lock: 192, valid_from: 2026-11-01, valid_to: 2027-12-31}}
  - {{name: WS_ORDER, exists: true, type: B, lock: 0, valid_from: 1900-01-01, valid_to: 9999-12-31}}
external_ids:
  - {{type: DN, external_id: "CN=Partner, OU=Größe | Ä, O=Example", user: WS_ORDER, active: true, min_date: 2026-01-01}}
  - {{type: SA, external_id: "STS/100::jane", user: MÜLLER, active: false, issuer: "CN=STS, O=Example"}}
certificate_rules:
  - {{attribute: CN, login_as: user, subject_filter: "CN=*, O=Größe", active: true}}
  - {{attribute: E, login_as: e-mail, issuer_filter: "CN=CA, O=Example", active: true}}
certificate_users:
  - {{subject: "CN=Exception, O=Example", issuer: "CN=CA, O=Example", user: WS_ORDER}}
saml_trust: {{ticket_issuers: [PRT/000, STS/100]}}
profile: {{login/fails_to_user_lock: "5", icm/HTTPS/verify_client: "1"}}
"""

_ROOT = "F" * 25
_TREE = (
    ("default_host", ""),
    ("sap", "default_host"),
    ("bc", "sap"),
    ("srt", "bc"),
    ("xip", "srt"),
    ("xsap", "xip"),
    ("zorder_in", "xsap"),
    ("o100", "zorder_in"),
    ("oservice", "o100"),
    ("obinding", "oservice"),
    ("rfc", "srt"),
    ("rsap", "rfc"),
    ("zstock_availability", "rsap"),
    ("s100", "zstock_availability"),
    ("sservice", "s100"),
    ("sbinding", "sservice"),
    ("ping", "bc"),
)
_SHOWN = {
    "xsap": "sap", "rsap": "sap", "o100": "100", "s100": "100",
    "oservice": "zorder_in", "obinding": "zorder_in", "sservice": "stock", "sbinding": "stock",
}  # fmt: skip
_PROPERTIES = "http://www.sap.com/webas/630/soap/features/"


def _guid(name: str) -> str:
    return f"GUID{name.upper()}".ljust(25, "0")[:25] if name else _ROOT


def _service(name: str, parent: str) -> dict[str, str]:
    shown = _SHOWN.get(name, name)
    return {
        "ICF_NAME": shown.upper()[:15],
        "ICFPARGUID": _guid(parent),
        "ICFNODGUID": _guid(name),
        "ICF_MANDT": "100" if name in ("xip", "sbinding") else "",
        "ICF_USER": "",
        "ICF_PASSWD": "ENCRYPTED-SECRET" if name == "xip" else "",
        "OBLUSRFLAG": "X" if name == "sbinding" else "",
        "SSLFLAG": "X" if name == "obinding" else "",
        "ORIG_NAME": shown,
    }


def _user(name: str, flag: str, kind: str, start: str, end: str, failed: str) -> dict[str, str]:
    return {
        "MANDT": "100", "BNAME": name, "BCODE": "0123456789ABCDEF", "UFLAG": flag, "USTYP": kind,
        "GLTGV": start, "GLTGB": end, "LOCNT": failed,
    }  # fmt: skip


def _property(key: str, name: str, value: str) -> dict[str, str]:
    return {"BINDING_KEY": key, "STATE": "A", "PROP_NAME": _PROPERTIES + name, "PROP_VALUE": value}


TABLES: dict[str, Rows] = {
    "USR02": [
        _user("DELAY_LOGON", "0", "B", "00000000", "00000000", "3"),
        _user("WS_ORDER", "0", "B", "00000000", "00000000", "0"),
        _user("MÜLLER", "192", "A", "20261101", "31.12.2027", "0"),
    ],
    "ICFSERVICE": [_service(*node) for node in _TREE],
    "ICFSERVLOC": [
        {
            "ICF_NAME": _SHOWN.get(name, name).upper()[:15],
            "ICFPARGUID": _guid(parent),
            "ICFACTIVE": "" if name == "rfc" else "X",
        }
        for name, parent in _TREE
    ],
    "ICFSECPASSWD": [
        {"ICF_NAME": "XIP", "ICFPARGUID": _guid("srt"), "ICF_USER": "DELAY_LOGON", "ICF_PASSWD": "ENCRYPTED-SECRET"},
        {
            "ICF_NAME": "STOCK",
            "ICFPARGUID": _guid("sservice"),
            "ICF_USER": "WS_SERVICE",
            "ICF_PASSWD": "ENCRYPTED-SECRET",
        },
    ],
    "USREXTID": [
        {
            "MANDT": "100",
            "BNAME": "WS_ORDER",
            "TYPE": "DN",
            "EXTID": "CN=Partner, OU=Größe | Ä, O=Example",
            "STATUS": "X",
            "MIN_DATE": "20260101",
            "ISSUER": "",
        },
        {
            "MANDT": "100",
            "BNAME": "MÜLLER",
            "TYPE": "SA",
            "EXTID": "STS/100::jane",
            "STATUS": "",
            "MIN_DATE": "00000000",
            "ISSUER": "CN=STS, O=Example",
        },
    ],
    "USRCERTRULE": [
        {
            "MANDT": "100",
            "CERTINDEX": "2",
            "CERTATTRIBUTE": "E",
            "LOGONWITH": "E-Mail",
            "SUBJECTFLT": "",
            "ISSUERFLT": "CN=CA, O=Example",
        },
        {
            "MANDT": "100",
            "CERTINDEX": "1",
            "CERTATTRIBUTE": "CN",
            "LOGONWITH": "User",
            "SUBJECTFLT": "CN=*, O=Größe",
            "ISSUERFLT": "",
        },
    ],
    "USRCERTMAP": [
        {"MANDT": "100", "BNAME": "WS_ORDER", "SUBJECT": "CN=Exception, O=Example", "ISSUER": "CN=CA, O=Example"},
    ],
    "SRT_RTC_DATA": [
        _property("B1", "authentication/AuthenticationMethod", "wsse:UsernameToken"),
        _property("B1", "transportguarantee/TLSType", "sapsp:HTTPS"),
        _property("B1", "transportbinding/CalculatedURLPath", ORDER),
        _property("B2", "authentication/AuthenticationMethod", "wsse:X509v3"),
        _property("B2", "transportguarantee/TLSType", "sapsp:HTTP"),
        _property("B2", "transportbinding/CalculatedURLPath", STOCK),
        _property("B3", "authentication/AuthenticationMethod", "wsse:SAMLAssertion"),
        _property(
            "B3",
            "authentication/AuthenticationMethod.SAML.SubjectConfirmationMethod",
            "sapsp:SenderVouchesWithXMLSignature",
        ),
        _property("B3", "authentication/AuthenticationMethod.ABAPServiceUser.Password", "ENCRYPTED-SECRET"),
        _property("B3", "transportbinding/CalculatedURLPath", PRICE),
    ],
    "TWPSSO2ACL": [
        {"SYSID": "STS", "CLNT": "100", "SUBJECT": "CN=STS"},
        {"SYSID": "PRT", "CLNT": "000", "SUBJECT": "CN=PRT"},
    ],
    "RSPARAM": [
        {"PARAMETER": "login/fails_to_user_lock", "USER_VALUE": "5", "DEFAULT_VALUE": "12"},
        {"PARAMETER": "icm/HTTPS/verify_client", "USER_VALUE": "", "DEFAULT_VALUE": "1"},
        {"PARAMETER": "rdisp/wp_no_dia", "USER_VALUE": "10", "DEFAULT_VALUE": "2"},
    ],
    "SECSTORE": [
        {"MANDT": "100", "IDENTIFIER": "/WSSE/DELAY_LOGON", "RESULT": "@08@"},
        {"MANDT": "100", "IDENTIFIER": "/HMAC_INDEP/X", "RESULT": "@0A@"},
    ],
    "SRT_ADMIN": [
        {"MANDT": "100", "CHECK": "Delay Logon User (WS Security)", "RESULT": "OK"},
        {"MANDT": "100", "CHECK": "bgRFC Destination", "RESULT": "OK"},
    ],
}
SECRET_WORDS = ("0123456789ABCDEF", "ENCRYPTED-SECRET")
