"""Which wsse:Security header is ours: by actor or role (SOAP Message Security 1.1.1, section 5)."""

from __future__ import annotations

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import document, names
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Message, SecurityHeader
from wssdoctor.wsse.part import is_security

_ULTIMATE = ("", names.ROLE_ULTIMATE_RECEIVER)
_NEXT = (names.ACTOR_NEXT, names.ROLE_NEXT)


def our_header(message: Message, actor: str | None) -> tuple[SecurityHeader | None, list[Fault]]:
    """Choose the header that a receiver in the role ``actor`` processes (None: the ultimate receiver).

    Returns the header, or the one that comes closest, and the faults; None if there is no header at all.
    """
    headers = message.security
    if not headers:
        evidence: tuple[Evidence, ...] = (
            Located("no wsse:Security", document.place(message.header if message.header is not None else message.root)),
        )
        says = "the message has no wsse:Security header"
        return None, [Fault("security-header-missing", "Security", says, "security-header-removed", evidence)]
    ours = [header for header in headers if _same(header.actor, actor)]
    ours = ours or [header for header in headers if header.actor in _NEXT]
    if not ours:
        evidence = tuple(
            Compared("actor", actor or "none (the ultimate receiver)", header.actor or "none", header.place)
            for header in headers[:4]
        )
        named = ", ".join(repr(header.actor or "") for header in headers)
        says = f"the security header is addressed to {named}, not to this receiver"
        return headers[0], [Fault("security-header-other-actor", "Security", says, None, evidence)]
    faults: list[Fault] = []
    if len(ours) > 1:
        evidence = tuple(Located("security header", header.place) for header in ours[:4])
        says = f"{len(ours)} security headers are addressed to the same actor"
        faults.append(Fault("security-header-duplicate", "Security", says, None, evidence))
    if ours[0].draft:
        evidence = (Compared("namespace", names.WSSE, ours[0].namespace, ours[0].place),)
        says = "the security header is in a namespace that is not that of WSS 1.0"
        faults.append(Fault("security-header-namespace", "Security", says, "draft-namespace", evidence))
    return ours[0], faults


def malformed_envelope(message: Message) -> list[Fault]:
    """Find what only looks like an envelope: its namespace is not SOAP's, or it has no Body."""
    root = message.root
    if message.soap_version is not None:
        if message.body is not None:
            return []
        whole = next(root.iterchildren(f"{{{names.XENC}}}EncryptedData"), None)
        if whole is not None:
            evidence: tuple[Evidence, ...] = (
                Located("EncryptedData in the place of soap:Body", document.place(whole)),
            )
            # SOAP Message Security 1.1.1, section 9: Envelope, Header and Body must not be encrypted.
            says = "the Body itself is encrypted; only its content may be"
            return [Fault("envelope-malformed", "Body", says, "body-encrypted-whole", evidence)]
        evidence = (Located("no soap:Body", document.place(root)),)
        return [Fault("envelope-malformed", "Body", "the envelope has no Body", None, evidence)]
    headed = any(is_security(block) for child in root.iterchildren("*") for block in child.iterchildren("*"))
    like_soap = document.local_name(root) == "Envelope" and "soap" in document.namespace_of(root).lower()
    if not like_soap and not headed:
        return []
    expected = f"{{{names.SOAP11}}}Envelope or {{{names.SOAP12}}}Envelope"
    evidence = (Compared("root element", expected, str(root.tag), document.place(root)),)
    return [Fault("envelope-malformed", "document", "the root element is no SOAP envelope", None, evidence)]


def _same(sent: str | None, actor: str | None) -> bool:
    if not actor or actor in _ULTIMATE:
        return (sent or "") in _ULTIMATE
    return sent == actor
