"""What a SAML 1.1 or 2.0 assertion says (SAML Core 1.1 section 2, SAML Core 2.0 section 2). Read, not judged."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, child_of, namespace_of, text_of
from wssdoctor.wsse.timestamp import parse_datetime

_DS = f"{{{names.DS}}}"
_KINDS = {
    method: kind
    for kind, methods in (
        ("bearer", names.BEARER),
        ("holder-of-key", names.HOLDER_OF_KEY),
        ("sender-vouches", names.SENDER_VOUCHES),
    )
    for method in methods
}
_SAML = f"{{{names.SAML2}}}"
_ISSUER, _SUBJECT, _NAME_ID = _SAML + "Issuer", _SAML + "Subject", _SAML + "NameID"
_CONFIRMATION, _CONFIRMATION_DATA = _SAML + "SubjectConfirmation", _SAML + "SubjectConfirmationData"
_CONDITIONS, _RESTRICTION, _AUDIENCE = _SAML + "Conditions", _SAML + "AudienceRestriction", _SAML + "Audience"
_SIGNATURE, _KEY_INFO = _DS + "Signature", _DS + "KeyInfo"


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
    issuer = name_id = conditions = signature = None
    confirmations: list[Confirmation] = []
    for child in element.iterchildren("*"):
        tag = child.tag
        if tag == _ISSUER:
            issuer = child
        elif tag == _SIGNATURE:
            signature = child if signature is None else signature
        elif tag == _CONDITIONS:
            conditions = child
        elif tag == _SUBJECT:
            for part in child.iterchildren("*"):
                if part.tag == _NAME_ID:
                    name_id = part
                elif part.tag == _CONFIRMATION:
                    confirmations.append(_confirmation_2(part))
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
        audiences=_audiences(conditions, _RESTRICTION, _AUDIENCE),
        signature=signature,
    )


def _confirmation_2(element: Element) -> Confirmation:
    method = element.get("Method", "").strip()
    data = child_of(element, _CONFIRMATION_DATA)
    if data is None:
        return Confirmation(element, method, _KINDS.get(method))
    key_info = child_of(data, _KEY_INFO)
    return Confirmation(element, method, _KINDS.get(method), data.get("Recipient"), _window(data), key_info)


def _read_1(element: Element) -> SamlAssertion:
    saml = f"{{{names.SAML1}}}"
    subjects = [
        found for statement in element.iterchildren("*") if (found := child_of(statement, saml + "Subject")) is not None
    ]
    name_id = child_of(subjects[0], saml + "NameIdentifier") if subjects else None
    conditions = child_of(element, saml + "Conditions")
    confirmations: dict[tuple[str, str], Confirmation] = {}
    for subject in subjects:
        for found in subject.iterchildren(saml + "SubjectConfirmation"):
            key_info = child_of(found, _KEY_INFO)
            for method in found.iterchildren(saml + "ConfirmationMethod"):
                uri = text_of(method).strip()
                # Each statement repeats the subject; what is said twice counts once.
                told = (uri, text_of(key_info) if key_info is not None else "")
                confirmations.setdefault(told, Confirmation(found, uri, _KINDS.get(uri), key_info=key_info))
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
        signature=child_of(element, _SIGNATURE),
    )


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
