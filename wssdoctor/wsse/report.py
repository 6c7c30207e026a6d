"""The parts, signatures and tokens of a message as they are reported: plain values, no elements.

XPaths are worked out only where something is wrong.
"""

from __future__ import annotations

import base64
from collections.abc import Collection

from wssdoctor.wsse.document import Element, line_of, local_name
from wssdoctor.wsse.encrypted_part import EncryptedPart
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.item import Assertion, BinarySecurityToken, Item, SecurityContextToken, Timestamp, UsernameToken
from wssdoctor.wsse.message import Message, SecurityHeader
from wssdoctor.wsse.protection import Coverage
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature
from wssdoctor.wsse.signature_fault import may_be_hidden
from wssdoctor.wsse.timestamp import show
from wssdoctor.wsse.verification import Digested, Mark, PartReport, ReferenceReport, SignatureReport, TokenReport


def part_reports(
    message: Message,
    security: SecurityHeader | None,
    coverage: Coverage,
    hidden: Collection[Element],
    unknown: Collection[Element],
    faults: Collection[Fault],
    closed: Collection[Fault],
    scope: Scope,
    *,
    hides: bool,
) -> tuple[PartReport, ...]:
    """List header blocks, what the security header carries, and Body, each with a mark; then what is absent.

    ``unknown`` are elements that could not be judged: still encrypted, or signatures that were not wholly checked.
    ``closed`` says what lacks a key, ``hides`` whether the header may hold more than can be read.
    """
    broken = {_OF_SIGNATURE.get(fault.where, fault.where) for fault in faults}
    unread = {fault.where for fault in closed}
    elements: list[Element] = []
    for block in message.headers:
        if security is not None and block.element is security.element:
            elements += [item.element for item in security.items]
        else:
            elements.append(block.element)
    if message.body is not None:
        elements.append(message.body)
    if message.soap_version is None:
        elements.append(message.root)
    reports: list[PartReport] = []
    for element in elements:
        name = local_name(element)
        signed = element in coverage
        encrypted = element in hidden
        protected: Mark = "ok" if signed or encrypted or name in _PROTECTING else "unprotected"
        mark: Mark = "broken" if name in broken else "unknown" if element in unknown or name in unread else protected
        reports.append(
            PartReport(
                part=name,
                mark=mark,
                signed=signed,
                encrypted=encrypted,
                line=line_of(element),
                xpath=scope.xpath(element) if faults else None,
            )
        )
    present = {report.part for report in reports}
    context = scope.context
    for name in (*context.require_tokens, *context.require_signed, *context.require_encrypted):
        shown = name.rpartition("}")[2]
        if shown not in present:
            present.add(shown)
            reports.append(PartReport(part=shown, mark="unknown" if hides else "absent"))
    return tuple(reports)


_PROTECTING = frozenset(("Signature", "EncryptedKey", "ReferenceList", "EncryptedData"))
"""What protects other parts and needs no protection itself."""

_OF_SIGNATURE = {"SignedInfo": "Signature", "KeyInfo": "Signature", "SecurityTokenReference": "Signature"}
"""Parts of a signature that faults name."""


def signature_report(
    signature: Signature, scope: Scope, *, detailed: bool, inner: bool = False, unjudgeable: bool = False
) -> SignatureReport:
    """Report one signature; ``detailed`` asks for its XPath, ``inner`` is one inside an assertion.

    ``unjudgeable`` says that something could not be decrypted: digests of what is still encrypted mean nothing.
    """
    info, key = signature.info, signature.key
    certificate = key.certificate if key is not None else None
    return SignatureReport(
        part="Signature",
        method=info.algorithm.uri if info is not None else None,
        canonicalization=info.method_uri if info is not None else None,
        key=key.how if key is not None else None,
        signer=scope.store.subject(key.certificate) if key is not None and key.certificate is not None else None,
        value_ok=signature.value_ok,
        references=tuple(
            [
                ReferenceReport(
                    uri=each.uri,
                    part=each.part,
                    transforms=each.transforms,
                    digest_method=each.digest_method,
                    digest_sent=base64.b64encode(each.sent).decode(),
                    digest_computed=base64.b64encode(each.computed).decode() if each.computed is not None else None,
                    ok=None if unjudgeable and not each.ok and may_be_hidden(each, scope) else each.ok,
                )
                for each in signature.references
            ]
        ),
        line=line_of(signature.element),
        xpath=scope.xpath(signature.element) if detailed else None,
        value=base64.b64encode(info.value).decode() if info is not None else None,
        certificate=certificate.der if certificate is not None else None,
        sent_certificates=tuple([each.der for each in key.sent]) if key is not None else (),
        inner=inner,
    )


def encryption_reports(parts: Collection[EncryptedPart]) -> tuple[TokenReport, ...]:
    """Report what is encrypted, with which algorithms and for whom."""
    return tuple(
        TokenReport(
            token="EncryptedData",  # noqa: S106 - the name of an element
            says=f"{part.what}: {part.algorithm}"
            + (f", key: {part.key_algorithm}" if part.key_algorithm else "")
            + f", for {part.recipient}"
            + ("" if part.decrypted else "; not decrypted"),
            mark="ok" if part.decrypted else "unknown",
            line=part.place.line,
            xpath=part.place.xpath,
        )
        for part in parts
    )


def exchange_reports(message: Message) -> tuple[TokenReport, ...]:
    """Report a request for a security token, or the response to one, in the Body."""
    if message.body is None or message.operation is None or "trust" not in message.operation:
        return ()
    from wssdoctor.wsse.secure_conversation import token_exchange

    operation = next(message.body.iterchildren("*"))
    exchange = token_exchange(operation)
    if exchange is None:
        return ()
    told = {
        "request": exchange.request_type,
        "token": exchange.token_type,
        "context": exchange.context,
        "key size": exchange.key_size,
        "entropy": "sent along" if exchange.has_entropy else None,
        "proof": exchange.proof,
        "created": show(exchange.created) if exchange.created is not None else None,
        "expires": show(exchange.expires) if exchange.expires is not None else None,
    }
    says = ", ".join(f"{what} {value}" for what, value in told.items() if value is not None)
    return (TokenReport(token=exchange.kind, says=says, mark="ok", line=line_of(operation)),)


def token_reports(
    security: SecurityHeader | None, faults: Collection[Fault], closed: Collection[Fault], scope: Scope
) -> tuple[TokenReport, ...]:
    """Report the tokens of the security header; ``closed`` says what lacks a key."""
    if security is None:
        return ()
    broken, unread = {fault.where for fault in faults}, {fault.where for fault in closed}
    return tuple(
        [
            TokenReport(
                token=name,
                says=(says := _says(item, scope)),
                mark="broken" if name in broken else "unknown" if name in unread or says == _UNREAD else "ok",
                line=line_of(item.element),
                xpath=scope.xpath(item.element) if faults else None,
            )
            for item in security.items
            if isinstance(item, _TOKENS) and (name := local_name(item.element))
        ]
    )


_UNREAD = "not read"
"""What is said of a certificate that no signature led to."""
_TOKENS = (Timestamp, UsernameToken, BinarySecurityToken, Assertion, SecurityContextToken)


def _says(item: Item, scope: Scope) -> str:
    match item:
        case Timestamp():
            return f"Created {item.created_text or '-'}, Expires {item.expires_text or '-'}"
        case UsernameToken():
            kind = (item.password_type or "").rpartition("#")[2] or ("no type" if item.has_password else "no password")
            return f"{item.username or '-'}, {kind}"
        case BinarySecurityToken():
            key = scope.keys.get(item.element)
            return scope.store.subject(key.certificate) if key is not None and key.certificate is not None else _UNREAD
        case Assertion():
            read = scope.assertions.get(item.element)
            told = f", {'/'.join(read.kinds)} for {read.name_id or '-'}" if read is not None else ""
            return f"SAML {item.version} of {item.issuer or '-'}{told}"
        case SecurityContextToken():
            return item.identifier or "-"
    return ""


def digested(signatures: Collection[Signature], scope: Scope) -> tuple[Digested, ...]:
    """Give what was signed and digested, to be compared with what the sender has."""
    from wssdoctor.wsse.digest_search import signed_octets  # the search, for the few that ask

    found: list[Digested] = []
    for number, signature in enumerate(signatures, 1):
        if signature.octets:
            found.append(Digested(f"signature{number}-SignedInfo", signature.octets))
        found += [
            Digested(
                f"signature{number}-reference{index}-{reference.part}",
                reference.outcome.bytes(),
                signed_octets(reference, signature, scope) if reference.ok is False else None,
            )
            for index, reference in enumerate(signature.references, 1)
            if reference.outcome is not None and reference.computed is not None
        ]
    return tuple(found)
