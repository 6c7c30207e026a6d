"""What a SAML 1.1 or 2.0 assertion says (SAML Core 1.1 section 2, SAML Core 2.0 section 2). Read, not judged."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, namespace_of, text_of
from wssdoctor.wsse.timestamp import parse_datetime

_DS = f"{{{names.DS}}}"


class Window(msgspec.Struct, frozen=True):
    """NotBefore and NotOnOrAfter of one element, as text and as instants (None: absent, or no date)."""

    element: Element
    not_before_text: str | None
    not_on_or_after_text: str | None
    not_before: datetime | None
    not_on_or_after: datetime | None


class Confirmation(msgspec.Struct, frozen=True):
    """One SubjectConfirmation. ``kind`` is bearer, holder-of-key, sender-vouches or None for another method."""

    element: Element
    method: str
    kind: str | None
    recipient: str | None = None
    window: Window | None = None
    key_info: Element | None = None


class SamlAssertion(msgspec.Struct, frozen=True, kw_only=True):
    """An assertion. ``name_id`` is read whole, over comments in it; ``audiences`` has one set for each restriction."""

    element: Element
    version: str
    identifier: str | None
    issuer: str | None
    issue_instant: datetime | None
    name_id: str | None
    name_format: str | None
    confirmations: tuple[Confirmation, ...]
    conditions: Window | None
    audiences: tuple[tuple[str, ...], ...]
    signature: Element | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The confirmation methods in words."""
        return tuple(dict.fromkeys(each.kind or each.method for each in self.confirmations))


def read_saml_assertion(element: Element) -> SamlAssertion:
    """Read a saml:Assertion of either version."""
    return _read_2(element) if namespace_of(element) == names.SAML2 else _read_1(element)


def _read_2(element: Element) -> SamlAssertion:
    saml = f"{{{names.SAML2}}}"
    issuer = element.find(saml + "Issuer")
    name_id = element.find(f"{saml}Subject/{saml}NameID")
    conditions = element.find(saml + "Conditions")
    confirmations = []
    for found in element.iterfind(f"{saml}Subject/{saml}SubjectConfirmation"):
        data = found.find(saml + "SubjectConfirmationData")
        method = found.get("Method", "").strip()
        confirmations.append(
            Confirmation(
                found,
                method,
                _kind(method),
                data.get("Recipient") if data is not None else None,
                _window(data),
                data.find(_DS + "KeyInfo") if data is not None else None,
            )
        )
    return SamlAssertion(
        element=element,
        version="2.0",
        identifier=element.get("ID"),
        issuer=text_of(issuer).strip() if issuer is not None else None,
        issue_instant=parse_datetime(element.get("IssueInstant", "")),
        name_id=text_of(name_id).strip() if name_id is not None else None,
        name_format=name_id.get("Format") if name_id is not None else None,
        confirmations=tuple(confirmations),
        conditions=_window(conditions),
        audiences=_audiences(conditions, saml + "AudienceRestriction", saml + "Audience"),
        signature=element.find(_DS + "Signature"),
    )


def _read_1(element: Element) -> SamlAssertion:
    saml = f"{{{names.SAML1}}}"
    subjects = [
        found for statement in element.iterchildren("*") if (found := statement.find(saml + "Subject")) is not None
    ]
    name_id = subjects[0].find(saml + "NameIdentifier") if subjects else None
    conditions = element.find(saml + "Conditions")
    confirmations: dict[tuple[str, str], Confirmation] = {}
    for subject in subjects:
        for found in subject.iterfind(saml + "SubjectConfirmation"):
            key_info = found.find(_DS + "KeyInfo")
            for method in found.iterfind(saml + "ConfirmationMethod"):
                uri = text_of(method).strip()
                # Each statement repeats the subject; what is said twice counts once.
                told = (uri, text_of(key_info) if key_info is not None else "")
                confirmations.setdefault(told, Confirmation(found, uri, _kind(uri), key_info=key_info))
    return SamlAssertion(
        element=element,
        version="1.1",
        identifier=element.get("AssertionID"),
        issuer=element.get("Issuer"),
        issue_instant=parse_datetime(element.get("IssueInstant", "")),
        name_id=text_of(name_id).strip() if name_id is not None else None,
        name_format=name_id.get("Format") if name_id is not None else None,
        confirmations=tuple(confirmations.values()),
        conditions=_window(conditions),
        audiences=_audiences(conditions, saml + "AudienceRestrictionCondition", saml + "Audience"),
        signature=element.find(_DS + "Signature"),
    )


def _kind(method: str) -> str | None:
    for kind, methods in (
        ("bearer", names.BEARER),
        ("holder-of-key", names.HOLDER_OF_KEY),
        ("sender-vouches", names.SENDER_VOUCHES),
    ):
        if method in methods:
            return kind
    return None


def _window(element: Element | None) -> Window | None:
    if element is None:
        return None
    before, after = element.get("NotBefore"), element.get("NotOnOrAfter")
    return Window(
        element,
        before,
        after,
        parse_datetime(before) if before is not None else None,
        parse_datetime(after) if after is not None else None,
    )


def _audiences(conditions: Element | None, restriction: str, audience: str) -> tuple[tuple[str, ...], ...]:
    if conditions is None:
        return ()
    return tuple(
        tuple(text_of(each).strip() for each in found.iterchildren(audience))
        for found in conditions.iterchildren(restriction)
    )
