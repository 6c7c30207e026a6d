"""WS-Policy to its alternatives, and what one alternative of WS-SecurityPolicy demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

import msgspec
from lxml import etree

from wssdoctor.wsse.document import local_name, namespace_of

Alternative: TypeAlias = tuple[etree._Element, ...]
"""The assertions that hold together."""

_FRAMEWORK = (
    "http://www.w3.org/ns/ws-policy",
    "http://schemas.xmlsoap.org/ws/2004/09/policy",
    "http://schemas.xmlsoap.org/ws/2002/12/policy",
)
_SECURITY = (
    "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
    "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200512",
    "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy",
    "http://www.sap.com/webas/630/soap/features/security/policy",
)
_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
_MOST = 256
_DEPTH = 32
_STEPS = 20_000
_METHODS = (
    ("SecureConversationToken", "secure-conversation"),
    ("SamlToken", "saml"),
    ("IssuedToken", "saml"),
    ("UsernameToken", "username-token"),
    ("InitiatorToken", "x509-signature"),
    ("InitiatorSignatureToken", "x509-signature"),
    ("HTTPSSO2", "sso-ticket"),
    ("HttpBasicAuthentication", "basic"),
    ("HTTPBasic", "basic"),
    ("RequireClientCertificate", "client-certificate"),
    ("HTTPX509", "client-certificate"),
)
"""Assertions that tell the authentication method; the more particular first."""


class PolicyError(ValueError):
    """A policy cannot be followed to its end."""


class Demand(msgspec.Struct, frozen=True):
    """What one alternative demands; None where it does not say."""

    authentication: str | None
    transport: str | None
    algorithm_suite: str | None
    signed_parts: tuple[str, ...] | None
    saml_confirmation: tuple[str, ...] | None


def is_policy(element: etree._Element, name: str = "Policy") -> bool:
    """Whether this is an element of the policy framework with this name."""
    return local_name(element) == name and namespace_of(element) in _FRAMEWORK


def identified(root: etree._Element) -> dict[str, etree._Element]:
    """Return the policies of a document that references can name."""
    found = {}
    for element in root.iter(etree.Element):
        name = element.get(_ID) or element.get("{http://www.w3.org/XML/1998/namespace}id")
        if name and is_policy(element):
            found[name] = element
    return found


def attached(subject: etree._Element, policies: Mapping[str, etree._Element]) -> list[etree._Element]:
    """Return the policies attached to an element (WS-PolicyAttachment 1.2, section 4.1)."""
    found = [child for child in subject if is_policy(child) or is_policy(child, "PolicyReference")]
    for space in _FRAMEWORK:
        found += [_named(name, policies) for name in subject.get(f"{{{space}}}PolicyURIs", "").split()]
    return found


def alternatives(operators: Iterable[etree._Element], policies: Mapping[str, etree._Element]) -> list[Alternative]:
    """Return the security assertions of each alternative, every set of them once (WS-Policy 1.5, section 4.3).

    Raises ``PolicyError`` for a reference that leads nowhere or in a circle, or for too many alternatives.
    """
    choices = _Normal(policies).all(operators)
    distinct = {b"".join(etree.tostring(each, method="c14n") for each in choice): choice for choice in choices}
    return list(distinct.values())


def _named(reference: str, policies: Mapping[str, etree._Element]) -> etree._Element:
    found = policies.get(reference.removeprefix("#"))
    if found is None:
        raise PolicyError(f"policy {reference[:100]} is not in this file")
    return found


class _Normal:
    """Brings policies into normal form, with bounded work: references can multiply it without end."""

    def __init__(self, policies: Mapping[str, etree._Element]) -> None:
        self.policies = policies
        self.steps = 0

    def all(self, operators: Iterable[etree._Element], depth: int = 0) -> list[Alternative]:
        """Combine: every alternative of one with every alternative of the others."""
        found: list[Alternative] = [()]
        for operator in operators:
            choices = self.one(operator, depth)
            if len(found) * len(choices) > _MOST:
                raise PolicyError(f"the policy has more than {_MOST} alternatives")
            found = [(*first, *second) for first, second in product(found, choices)]
        return found

    def one(self, element: etree._Element, depth: int) -> list[Alternative]:
        """Return the alternatives of one operator or assertion."""
        self.steps += 1
        if depth > _DEPTH or self.steps > _STEPS:
            raise PolicyError("the policy refers to itself or is nested too deep")
        if is_policy(element) or is_policy(element, "All"):
            return self.all(element.iterchildren(etree.Element), depth + 1)
        if is_policy(element, "PolicyReference"):
            return self.one(_named(element.get("URI", ""), self.policies), depth + 1)
        if is_policy(element, "ExactlyOne"):
            return [choice for child in element.iterchildren(etree.Element) for choice in self.one(child, depth + 1)]
        if namespace_of(element) not in _SECURITY:
            return [()]
        optional = any(element.get(f"{{{space}}}Optional") == "true" for space in _FRAMEWORK)
        return [(element,), ()] if optional else [(element,)]


def demand(alternative: Alternative) -> Demand | None:
    """Return what an alternative demands (WS-SecurityPolicy 1.2, sections 4 to 8); None without security assertions.

    Raises ``PolicyError`` where an assertion leaves a choice within itself.
    """
    assertions = [each for top in alternative for each in _within(top)]
    if not assertions:
        return None
    names = {local_name(each) for each in assertions}
    if any(each.get("RequireClientCertificate") == "true" for each in assertions):
        names.add("RequireClientCertificate")
    method = next((method for assertion, method in _METHODS if assertion in names), None)
    if any(local_name(each) == "X509Token" and _above(each, "Endorsing") for each in assertions):
        method = method if method in ("secure-conversation", "saml", "username-token") else "x509-signature"
    signed = tuple(
        f"{{{each.get('Namespace')}}}{each.get('Name', '')}".rstrip("}") if local_name(each) == "Header" else "Body"
        for each in assertions
        if local_name(each) in ("Body", "Header") and _parent(each) == "SignedParts"
    )
    if signed and "IncludeTimestamp" in names:
        signed = (*signed, "Timestamp")
    unsigned = () if method not in ("x509-signature", "saml", "secure-conversation") else None
    suites = [local_name(each) for each in assertions if _above(each, "AlgorithmSuite", 2)]
    return Demand(
        authentication=method or "none",
        transport="https" if names & {"HttpsToken", "TransportBinding"} else None,
        algorithm_suite=suites[0] if suites else None,
        # Parts of a signed message may be named elsewhere; only where nothing is signed is an empty list certain.
        signed_parts=tuple(dict.fromkeys(signed)) or unsigned,
        saml_confirmation=_confirmation(assertions),
    )


def _within(element: etree._Element) -> Iterator[etree._Element]:
    """Return an assertion with those below it, the policy for a session's beginning excepted."""
    if local_name(element) == "BootstrapPolicy":
        return
    if is_policy(element, "ExactlyOne") and len(element) > 1:
        raise PolicyError("an assertion leaves a choice within itself")
    if namespace_of(element) in _SECURITY:
        yield element
    for child in element.iterchildren(etree.Element):
        yield from _within(child)


def _confirmation(assertions: list[etree._Element]) -> tuple[str, ...] | None:
    """Return the subject confirmation that the place of a SAML token tells (WS-SecurityPolicy Examples, section 2.3)."""
    found: set[str] = set()
    for each in assertions:
        if local_name(each) == "SamlToken":
            if any(_above(each, name) for name in ("Endorsing", "Initiator", "Protection")):
                found.add("holder-of-key")
            elif _above(each, "SignedSupportingTokens"):
                found.add("sender-vouches")
    return tuple(sorted(found)) or None


def _parent(element: etree._Element) -> str:
    above = element.getparent()
    return local_name(above) if above is not None else ""


def _above(element: etree._Element, name: str, levels: int | None = None) -> bool:
    """Whether an ancestor's name contains this one; with ``levels`` only the ancestor so far up, and exactly."""
    ancestors = list(element.iterancestors())
    if levels is not None:
        return len(ancestors) >= levels and local_name(ancestors[levels - 1]) == name
    return any(name in local_name(each) for each in ancestors if namespace_of(each) in _SECURITY)
