"""WSDLs: policies attached as SAP attaches them, alternatives, references that lead nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.collect.test_files import HTTPS, SIGNED, SUITE, TRANSPORT
from tests.present import present
from wssdoctor.collect.collect import Collected, collect

_ROOT = (
    '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"'
    ' xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"'
    ' xmlns:sapsp="http://www.sap.com/webas/630/soap/features/security/policy" xmlns:other="urn:other" xmlns:tns="urn:t"'
    ' xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">'
)
_SERVICE = (
    '<wsdl:service name="S"><wsdl:port name="P" binding="tns:B"><soap:address'
    ' location="https://erp.example.com:44300/sap/bc/srt/xip/sap/z/100/z/z"/></wsdl:port></wsdl:service></wsdl:definitions>'
)
BASIC = TRANSPORT % "<sp:HttpBasicAuthentication/>"


def _policy(name: str, *alternatives: str) -> str:
    choices = "".join(f"<wsp:All>{each}</wsp:All>" for each in alternatives)
    return f'<wsp:Policy wsu:Id="{name}"><wsp:ExactlyOne>{choices}</wsp:ExactlyOne></wsp:Policy>'


def _referred(name: str) -> str:
    """A reference as SAP writes it: within an anonymous policy."""
    return f'<wsp:Policy><wsp:PolicyReference URI="#{name}"/></wsp:Policy>'


def _collected(folder: Path, *policies: str, binding: str = "", operations: str = "") -> Collected:
    body = f'<wsdl:binding name="B" type="tns:T">{binding or _referred("BN")}{operations}</wsdl:binding>'
    (folder / "w").write_text(_ROOT + "".join(policies) + body + _SERVICE)
    return collect(folder)


def _binding(found: Collected) -> Any:
    (binding,) = present(found.facts.items("bindings"))
    return binding


def test_a_reference_within_a_policy_is_followed(tmp_path: Path) -> None:
    binding = _binding(_collected(tmp_path, _policy("BN", BASIC)))
    assert (binding.authentication, binding.transport) == ("basic", "https")
    assert binding.algorithm_suite == "Basic256Sha256"


def test_alternatives_that_differ_in_encoding_only_are_one(tmp_path: Path) -> None:
    mime, binary = "<other:Mime/>", "<other:Binary wsp:Optional='true'/>"
    found = _collected(tmp_path, _policy("BN", f"{mime}<wsp:All>{BASIC}</wsp:All>", f"{binary}{BASIC}"))
    assert _binding(found).authentication == "basic"
    assert not found.notes


def test_what_alternatives_share_is_stated_and_what_they_do_not_share_is_said(tmp_path: Path) -> None:
    found = _collected(tmp_path, _policy("BN", BASIC, TRANSPORT % "<sp:RequireClientCertificate/>"))
    assert _binding(found).transport == "https"
    assert "authentication" not in found.text
    assert [note.what for note in found.notes if "differ in authentication" in note.what]


def test_a_choice_with_security_and_without_it_states_nothing(tmp_path: Path) -> None:
    found = _collected(tmp_path, _policy("BN", BASIC, ""))
    assert "authentication" not in found.text
    assert found.notes


@pytest.mark.parametrize("policy", ["", "<other:Thing/>"])
def test_a_policy_that_says_nothing_of_security_is_not_taken_for_none(tmp_path: Path, policy: str) -> None:
    found = _collected(tmp_path, _policy("BN", policy))
    assert "authentication" not in found.text
    assert any("says nothing of security" in note.what for note in found.notes)


def test_references_that_lead_nowhere_in_a_circle_or_multiply(tmp_path: Path) -> None:
    nowhere = _referred("GONE")
    circle = '<wsp:Policy wsu:Id="BN"><wsp:PolicyReference URI="#BN"/></wsp:Policy>'
    twice = "".join(
        f'<wsp:Policy wsu:Id="P{n}"><wsp:PolicyReference URI="#P{n + 1}"/><wsp:PolicyReference URI="#P{n + 1}"/></wsp:Policy>'
        for n in range(30)
    )
    last = '<wsp:Policy wsu:Id="P30"/>'
    for policies, binding in ((_policy("X"), nowhere), (circle, ""), (twice + last, _referred("P0"))):
        found = _collected(tmp_path, policies, binding=binding)
        assert "authentication" not in found.text
        assert any("not stated" in note.what for note in found.notes)


def test_signed_parts_of_operations(tmp_path: Path) -> None:
    def operation(name: str, policy: str) -> str:
        return f'<wsdl:operation name="{name}"><wsdl:input>{_referred(policy)}</wsdl:input></wsdl:operation>'

    signed = SIGNED.replace("<sp:SignedParts><sp:Body/></sp:SignedParts>", "")
    body, header = (
        "<sp:SignedParts><sp:Body/></sp:SignedParts>",
        '<sp:SignedParts><sp:Header Namespace="urn:h"/></sp:SignedParts>',
    )
    policies = (_policy("BN", signed), _policy("BODY", body), _policy("HEADER", header))
    same = _collected(tmp_path, *policies, operations=operation("a", "BODY") + operation("b", "BODY"))
    assert _binding(same).signed_parts == ("Body", "Timestamp")
    other = _collected(tmp_path, *policies, operations=operation("a", "BODY") + operation("b", "HEADER"))
    assert "signed_parts" not in other.text
    assert any("signed_parts" in note.what for note in other.notes)


SESSION = (
    "<sp:SymmetricBinding><wsp:Policy><sp:ProtectionToken><wsp:Policy><sp:SecureConversationToken><wsp:Policy>"
    f"<sp:BootstrapPolicy><wsp:Policy>{TRANSPORT % ''}</wsp:Policy></sp:BootstrapPolicy></wsp:Policy>"
    "</sp:SecureConversationToken></wsp:Policy></sp:ProtectionToken></wsp:Policy></sp:SymmetricBinding>"
)


@pytest.mark.parametrize(
    ("policy", "method", "confirmation"),
    [
        (TRANSPORT % "<sapsp:HTTPSSO2/>", "sso-ticket", ()),
        (f"<sp:TransportBinding><wsp:Policy>{HTTPS % ''}{SUITE}</wsp:Policy></sp:TransportBinding>", "none", ()),
        (BASIC + "<sp:EndorsingSupportingTokens><wsp:Policy><sp:X509Token/></wsp:Policy></sp:EndorsingSupportingTokens>", "x509-signature", ()),
        (SIGNED + "<sp:SignedSupportingTokens><wsp:Policy><sp:SamlToken/></wsp:Policy></sp:SignedSupportingTokens>", "saml", ("sender-vouches",)),
        (SIGNED.replace("<sp:X509Token/>", "<sp:SamlToken/>"), "saml", ("holder-of-key",)),
        (
            SESSION,
            "secure-conversation",
            (),
        ),
    ],
)  # fmt: skip
def test_tokens(tmp_path: Path, policy: str, method: str, confirmation: tuple[str, ...]) -> None:
    found = _collected(tmp_path, _policy("BN", policy))
    assert _binding(found).authentication == method
    assert tuple(_binding(found).saml_confirmation or ()) == confirmation
    if method == "secure-conversation":
        assert "algorithm_suite" not in found.text
