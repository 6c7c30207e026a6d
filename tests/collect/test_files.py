"""Certificates, PSE files, output of sapgenpse, SAML metadata, WSDLs, profiles, test runs of WSS_SETUP."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from tests.collect import exports
from tests.present import present
from wssdoctor.collect.collect import Collected, collect
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.change import flat

OWN, KEY = exports.certificate("Own")
CA, _ = exports.certificate("CA")
PARTNER, _ = exports.certificate("Partner")
NAME = "CN=Own,O=Exämple"


def _own(found: Collected, index: int = 0) -> Certificate:
    pse = present(found.facts.items("pses"))[index]
    assert isinstance(pse.own_certificate, Certificate)
    return pse.own_certificate


def _trusted(found: Collected, index: int = 0) -> list[str]:
    return [str(each.subject) for each in present(found.facts.items("pses"))[index].trusted]


@pytest.mark.parametrize("pin", [None, "", "1234567980", "Grüße", "日本"])
@pytest.mark.parametrize("version", [2, 4])
def test_pse_files(tmp_path: Path, version: int, pin: str | None) -> None:
    data = exports.pse(version, exports.der_of(OWN), [exports.der_of(CA), exports.der_of(PARTNER)], pin)
    (tmp_path / "SAPWSSE.pse").write_bytes(data)
    found = collect(tmp_path, pins=["wrong", pin] if pin else ())
    assert not found.refused
    assert present(found.facts.items("pses"))[0].application == "wsse"
    assert _own(found).subject == NAME
    assert _trusted(found) == ["CN=CA,O=Exämple", "CN=Partner,O=Exämple"]
    assert [(what.partition(";")[0], count) for what, count, _ in found.dropped] == [("private keys", 1)]
    assert "PRIVATE-KEY-OCTETS" not in repr(found)


@pytest.mark.parametrize("version", [2, 4])
def test_a_pse_without_its_pin_is_refused_and_the_pin_is_not_shown(tmp_path: Path, version: int) -> None:
    (tmp_path / "SAPWSSE.pse").write_bytes(exports.pse(version, exports.der_of(OWN), [], "right"))
    found = collect(tmp_path, pins=["guess-4711"])
    assert len(found.refused) == 1
    assert "4711" not in repr(found)
    assert not flat(found.facts).keys() - {"format"}


def test_a_pse_bound_to_its_machine_is_refused(tmp_path: Path) -> None:
    content = exports.tlv(
        0xA0, exports.tlv(4, b"\x02\x00blob"), exports.tlv(0x30, exports.oid("2.16.840.1.101.3.4.1.42"))
    )
    (tmp_path / "SAPSYS.pse").write_bytes(exports.tlv(0x30, b"\x02\x02\x01\x00", content))
    (problem,) = collect(tmp_path).refused
    assert "Local Protection Service" in problem.why
    assert "sapgenpse" in problem.hint


def test_a_pse_with_endless_iterations_is_refused(tmp_path: Path) -> None:
    data = exports.pse(2, exports.der_of(OWN), [], "x", rounds=100)
    rounds = b"\x02\x01\x64"
    assert rounds in data
    (tmp_path / "SAPSYS.pse").write_bytes(data.replace(rounds, b"\x02\x01\xff"))
    assert collect(tmp_path).refused


@pytest.mark.parametrize(
    "data",
    [
        exports.pem_of(OWN),
        exports.der_of(OWN),
        base64.encodebytes(exports.der_of(OWN)),
        pkcs7.serialize_certificates([OWN], serialization.Encoding.DER),
        pkcs7.serialize_certificates([OWN], serialization.Encoding.PEM),
    ],
    ids=["pem", "der", "base64", "pkcs7-der", "pkcs7-pem"],
)
def test_certificates(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "SAPSSLS").mkdir()
    (tmp_path / "SAPSSLS" / "x").write_bytes(data)
    found = collect(tmp_path)
    assert present(found.facts.items("pses"))[0].application == "ssl-server"
    assert _own(found).subject == NAME


def test_a_certificate_list_from_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "SAPWSSE-trusted"
    folder.mkdir()
    (folder / "1.crt").write_bytes(exports.der_of(CA))
    (folder / "2.pem").write_bytes(exports.pem_of(PARTNER) + exports.pem_of(CA))
    found = collect(tmp_path)
    assert _trusted(found) == ["CN=CA,O=Exämple", "CN=Partner,O=Exämple"]
    assert not found.merged.contradictions


def test_a_certificate_that_nothing_places_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.crt").write_bytes(exports.der_of(CA))
    found = collect(tmp_path)
    assert any("which PSE" in note.what for note in found.notes)
    assert "pses" not in found.text


def test_two_own_certificates_contradict_each_other(tmp_path: Path) -> None:
    (tmp_path / "SAPWSSE.crt").write_bytes(exports.der_of(CA))
    (tmp_path / "SAPWSSE.pem").write_bytes(exports.pem_of(OWN))
    assert [each.fact for each in collect(tmp_path).merged.contradictions] == ["pses[wsse].own_certificate"]


@pytest.mark.parametrize("password", [None, "Geheim-Grüße"])
def test_pkcs12(tmp_path: Path, password: str | None) -> None:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password.encode())
    data = pkcs12.serialize_key_and_certificates(b"own", KEY, OWN, [CA], encryption)
    (tmp_path / "SAPSSLC.p12").write_bytes(data)
    found = collect(tmp_path, pins=[password] if password else ())
    assert _own(found).subject == NAME
    assert found.dropped[0][1] == 1
    if password:
        assert collect(tmp_path).refused


def test_private_keys_in_pem_are_dropped(tmp_path: Path) -> None:
    key = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "SAPWSSE.pem").write_bytes(key + exports.pem_of(OWN))
    (tmp_path / "key.pem").write_bytes(key)
    found = collect(tmp_path)
    assert _own(found).subject == NAME
    assert [count for _, count, _ in found.dropped] == [2]
    assert key.splitlines()[1].decode() not in repr(found)


GET_MY_NAME = """\
Opening PSE "/usr/sap/ERP/D00/sec/SAPWSSE.pse"...
PSE (v2) open ok.
Retrieving my certificate... ok.
Getting requested information... ok.
SSO for USER "erpadm"
    with PSE file "/usr/sap/ERP/D00/sec/SAPWSSE.pse"
MY Certificate:
Subject : CN=Own, O=Exämple
Issuer  : CN=Own, O=Exämple
Serialno: 40:C4:01
KeyInfo : RSA, 2048-bit
Validity  -  NotBefore:   Wed Jan  1 01:00:00 2025 (250101000000Z)
             NotAfter:   Fri Jan  1 01:00:00 2027 (270101000000Z)
FCPath certificate level #1:
Subject : CN=Somebody else
Issuer  : CN=Somebody else
"""
MAINTAIN_PK = """\
maintain_pk for PSE "/usr/sap/ERP/D00/sec/SAPWSSE.pse"
*** Object <PKList> is of the type <PKList_OID> ***
1. -------------------------------------------------------------
  Version:              0 (X.509v1-1988)
  SubjectName:          CN=CA, O=Exämple
  IssuerName:           CN=CA, O=Exämple
  SerialNumber:         00
  Validity - NotBefore:   Wed Jan  1 01:00:00 2025 (250101000000Z)
              NotAfter:   Fri Jan  1 01:00:00 2027 (270101000000Z)
2. -------------------------------------------------------------
  SubjectName:          CN=Partner, O=Exämple
  IssuerName:           CN=Partner, O=Exämple
  Validity - NotBefore:   Wed Jan  1 01:00:00 2025 (250101000000Z)
              NotAfter:   Fri Jan  1 01:00:00 2027 (270101000000Z)
"""


def test_output_of_sapgenpse(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(GET_MY_NAME)
    (tmp_path / "b").write_bytes(MAINTAIN_PK.encode("cp1252"))
    found = collect(tmp_path)
    own = _own(found)
    assert own.subject == "CN=Own, O=Exämple"
    assert str(own.not_after) == "2027-01-01 00:00:00+00:00"
    assert _trusted(found) == ["CN=CA, O=Exämple", "CN=Partner, O=Exämple"]
    assert [each.subject for each in present(found.facts.items("pses"))[0].own_chain] == ["CN=Somebody else"]


def test_a_file_completes_what_sapgenpse_printed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(GET_MY_NAME)
    (tmp_path / "SAPWSSE.crt").write_bytes(exports.der_of(OWN))
    (tmp_path / "b").write_text(MAINTAIN_PK)
    (tmp_path / "unnamed.crt").write_bytes(exports.der_of(CA))
    found = collect(tmp_path)
    assert not found.merged.contradictions
    assert "-----BEGIN CERTIFICATE-----" in str(_own(found).pem)
    assert "-----BEGIN CERTIFICATE-----" in str(present(found.facts.items("pses"))[0].trusted[0].pem)
    assert not found.merged.loose


def test_metadata_of_the_local_provider(tmp_path: Path) -> None:
    text = base64.b64encode(exports.der_of(OWN)).decode()
    (tmp_path / "m").write_text(
        '<?xml version="1.0"?>\n<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="ERP_100">'
        '<md:SPSSODescriptor><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f"<ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        "</md:SPSSODescriptor></md:EntityDescriptor>"
    )
    found = collect(tmp_path)
    assert present(found.facts.items("pses"))[0].application == "saml2"
    assert _own(found).subject == NAME


WSDL = """\
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="http://www.w3.org/ns/ws-policy"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
  xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:tns="urn:t">
<wsp:Policy wsu:Id="P1"><wsp:ExactlyOne><wsp:All>%s</wsp:All>%s</wsp:ExactlyOne></wsp:Policy>
<wsdl:binding name="B" type="tns:T"><wsp:PolicyReference URI="#P1"/></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="P" binding="tns:B">
<soap:address location="%s://erp.example.com:44300/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in"/>
</wsdl:port></wsdl:service></wsdl:definitions>
"""
SUITE = "<sp:AlgorithmSuite><wsp:Policy><sp:Basic256Sha256/></wsp:Policy></sp:AlgorithmSuite>"
HTTPS = "<sp:TransportToken><wsp:Policy><sp:HttpsToken><wsp:Policy>%s</wsp:Policy></sp:HttpsToken></wsp:Policy></sp:TransportToken>"
TRANSPORT = f"<sp:TransportBinding><wsp:Policy>{HTTPS}{SUITE}</wsp:Policy></sp:TransportBinding>"
SIGNED = (
    "<sp:AsymmetricBinding><wsp:Policy><sp:InitiatorToken><wsp:Policy><sp:X509Token/></wsp:Policy></sp:InitiatorToken>"
    f"{SUITE}<sp:IncludeTimestamp/></wsp:Policy></sp:AsymmetricBinding><sp:SignedParts><sp:Body/></sp:SignedParts>"
)


@pytest.mark.parametrize(
    ("policy", "scheme", "expected"),
    [
        (TRANSPORT % "<sp:HttpBasicAuthentication/>", "https", ("basic", "https", ())),
        (TRANSPORT % "<sp:RequireClientCertificate/>", "https", ("client-certificate", "https", ())),
        (
            TRANSPORT % "" + "<sp:SupportingTokens><sp:UsernameToken/></sp:SupportingTokens>",
            "https",
            ("username-token", "https", ()),
        ),
        (SIGNED, "http", ("x509-signature", "http", ("Body", "Timestamp"))),
    ],
)
def test_wsdl(tmp_path: Path, policy: str, scheme: str, expected: tuple[object, ...]) -> None:
    (tmp_path / "w").write_text(WSDL % (policy, "", scheme))
    found = collect(tmp_path)
    (binding,) = present(found.facts.items("bindings"))
    assert (binding.authentication, binding.transport, binding.signed_parts) == expected
    assert binding.algorithm_suite == "Basic256Sha256"


def test_alternatives_of_a_policy_are_not_chosen(tmp_path: Path) -> None:
    other = f"<wsp:All>{SIGNED}</wsp:All>"
    (tmp_path / "w").write_text(WSDL % (TRANSPORT % "<sp:HttpBasicAuthentication/>", other, "https"))
    found = collect(tmp_path)
    assert "authentication" not in found.text
    assert any("alternatives" in note.what for note in found.notes)


def test_profiles(tmp_path: Path) -> None:
    (tmp_path / "x1").write_text(
        "# default\nSAPSYSTEMNAME = ERP\nSAPLOCALHOSTFULL = erp.example.com\nlogin/fails_to_user_lock = 3\n"
        "rsec/ssfs_datapath = $(DIR_GLOBAL)$(DIR_SEP)rsec\nDIR_GLOBAL = /usr/sap/$(SAPSYSTEMNAME)/SYS/global\nDIR_SEP = /\n"
        "ssf/name = $(UNKNOWN)\nsec/loop = $(sec/loop)\nsnc/some_password = Geheim1\n"
    )
    (tmp_path / "x2").write_text("INSTANCE_NAME = D00\nlogin/fails_to_user_lock = 5\nrdisp/wp_no_dia = 10\n")
    found = collect(tmp_path)
    assert found.facts.value("profile") == {
        "login/fails_to_user_lock": "5",
        "rsec/ssfs_datapath": "/usr/sap/ERP/SYS/global/rsec",
    }
    assert found.facts.value("system.sid") == "ERP"
    assert found.facts.value("system.host") == "erp.example.com"
    assert "Geheim1" not in repr(found)
    assert len([note for note in found.notes if "$(" in note.what]) == 2


@pytest.mark.parametrize(
    "text",
    [
        (
            "Report WSS_SETUP, Test Run\nTime Tolerance: 120\nDetect Message Replays: [X]\nEncryption Algorithm: AES256\n"
            "Hash Algorithm: SHA-256\nUse trust settings defined in TA SAML2: Yes\nCreate Provider Configuration: No\n"
        ),
        (
            "Report WSS_SETUP, Testlauf\n|Zeittoleranz | 120 |\n|Message Replay | Ja |\n|Verschlüsselungsalgorithmus | AES-256 |\n"
            "|Hashalgorithmus | SHA256 |\n|SAML-Vertrauen | SAML2 |\n|Providerkonfiguration | Nein |\n"
        ),
    ],
    ids=["en", "de"],
)
def test_test_run_of_wss_setup(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_bytes(text.encode("cp1252"))
    facts = {path: value for path, value in flat(collect(tmp_path).facts).items() if path != "format"}
    assert facts == {
        "wss_setup.time_tolerance_seconds": "120",
        "wss_setup.detect_message_replays": "true",
        "wss_setup.encryption_algorithm": "aes256",
        "wss_setup.digest_algorithm": "sha256",
        "wss_setup.saml_trust": "saml2",
        "wss_setup.secure_conversation_provider": "false",
    }


PARTNER_METADATA = (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">'
    "<md:IDPSSODescriptor/><md:SPSSODescriptor/></md:EntityDescriptor>"
)


def test_metadata_of_a_partner_states_nothing_of_the_local_provider(tmp_path: Path) -> None:
    (tmp_path / "m").write_text(PARTNER_METADATA)
    found = collect(tmp_path)
    assert set(flat(found.facts)) == {"format"}
    assert any("partner" in note.what for note in found.notes)


def test_certificates_exported_singly_are_held_against_the_whole_list(tmp_path: Path) -> None:
    (tmp_path / "SAPWSSE.pse").write_bytes(exports.pse(4, exports.der_of(OWN), [exports.der_of(CA)], None))
    (tmp_path / "SAPWSSE-trusted").mkdir()
    (tmp_path / "SAPWSSE-trusted" / "ca.crt").write_bytes(exports.der_of(CA))
    assert not collect(tmp_path).merged.contradictions
    (tmp_path / "SAPWSSE-trusted" / "partner.crt").write_bytes(exports.der_of(PARTNER))
    found = collect(tmp_path)
    assert [each.fact for each in found.merged.contradictions] == ["pses[wsse].trusted"]
    assert "trusted:" not in found.text


def test_two_whole_lists_that_differ_contradict_each_other(tmp_path: Path) -> None:
    for name, listed in (("old", [exports.der_of(CA)]), ("new", [exports.der_of(CA), exports.der_of(PARTNER)])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "SAPWSSE.pse").write_bytes(exports.pse(2, exports.der_of(OWN), listed, None))
    assert [each.fact for each in collect(tmp_path).merged.contradictions] == ["pses[wsse].trusted"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x", b"RSecSSFsData\0\0\1\x30"),
        ("y", b"RSecSSFsKey\2\0\0"),
        ("cred_v2", b"anything"),
        ("z", exports.tlv(0x30, exports.tlv(0x30, exports.tlv(0x16, b"CN=Own"), exports.tlv(0x16, b""), exports.tlv(0x16, b"/sec/SAPWSSE.pse")))),
        ("w", exports.tlv(0x30, exports.tlv(0x30, exports.tlv(2, b"\2"), exports.tlv(0x30), exports.tlv(0x0C, b"/sec/SAPWSSE.pse")))),
    ],
)  # fmt: skip
def test_files_of_secrets_are_dropped(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = collect(tmp_path)
    assert [count for _, count, _ in found.dropped] == [1]
    assert not found.unrecognised


def test_captured_requests_are_recognised_and_not_read(tmp_path: Path) -> None:
    envelope = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>'
    (tmp_path / "a").write_text(
        f"# time: 2026-11-20T10:00:00Z\nPOST /sap/bc/srt/x HTTP/1.1\nContent-Type: text/xml\n\n{envelope}"
    )
    (tmp_path / "b").write_text(f'<?xml version="1.0"?>\n{envelope}')
    (tmp_path / "c").write_text("HTTP/1.1 401 Unauthorized\n\n")
    (tmp_path / "d").write_text("<Envelope/>")
    (tmp_path / "e").write_text('{"log": {"entries": []}}')
    found = collect(tmp_path)
    assert [path.name for path in found.captures] == ["a", "b", "e"]
    assert [note.place.file for note in found.unrecognised] == ["d"]


def test_what_seclogin_lists_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(
        'running seclogin with USER="erpadm"\n\n 0 (LPS:OFF): CN=ERP\n   (LPS:OFF): /usr/sap/ERP/D00/sec/SAPSSLS.pse\n\n'
        " 1 readable SSO-Credentials available\n"
    )
    found = collect(tmp_path)
    assert [what for _, what in found.recognised] == ["output of sapgenpse"]
    assert ["SAPSSLS.pse" in note.what for note in found.notes] == [True]
    assert set(flat(found.facts)) == {"format"}


def test_user_details_of_sapcli(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("User      : ws_order\nAlias     : shop\nLast Login: 10:00:00\n")
    (tmp_path / "b").write_text("User      : DELAY_LOGON\nAlias     : \nLast Login: 00:00:00\n")
    found = collect(tmp_path)
    assert flat(found.facts) == {
        "format": "1",
        "technical_user.exists": "true",
        "technical_user.name": "DELAY_LOGON",
        "users[0].name": "WS_ORDER",
        "users[0].exists": "true",
        "users[0].alias": "shop",
    }


def test_certificate_list_of_sapcli(tmp_path: Path) -> None:
    (tmp_path / "SAPSSLC.txt").write_text("* CN=CA, O=Exämple\n* CN=Partner\n")
    (tmp_path / "other.txt").write_text("* CN=CA, O=Exämple\n")
    found = collect(tmp_path)
    assert _trusted(found) == ["CN=CA, O=Exämple", "CN=Partner"]
    assert [note.place.file for note in found.notes] == ["other.txt"]


def test_identities_of_sapcli(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(
        "PSE Context | PSE Application | SPRSL | PSE Description\n-------------------------------------------------------\n"
        "SSLS        | DFAULT          | E     | Standard       \nSSLC        | ANONYM          | E     | Anonymous      \n"
        "SSLC        | PARTNR          | E     | Partner        \nWSSE        | WSSKEY          | E     | Keys           \n"
    )
    found = collect(tmp_path)
    assert [(each.application, each.identity or "") for each in present(found.facts.items("pses"))] == [
        ("ssl-client", "PARTNR"),
        ("ssl-client-anonymous", ""),
        ("ssl-server", ""),
        ("wsse", "WSSKEY"),
    ]
    assert "exists" not in found.text
