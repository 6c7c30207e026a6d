"""Setting up a security context: RequestSecurityToken answered as WS-SecureConversation 1.3, section 3.1 says."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import secrets
import uuid

from msgspec import Struct

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of, text_of
from wssdoctor.wsse.message import Message
from wssdoctor.wsse.secure_conversation import p_sha1

LIFETIME = dt.timedelta(hours=1)
KEY_OCTETS = 32
_MAXIMUM_ENTROPY = 1024
_WSC = {names.WST_13: names.WSC_13, names.WST_2005_02: names.WSC_2005_02}


class IssuedContext(Struct, frozen=True):
    """A context that the provider issued; its representation leaves the secret out."""

    identifier: str
    user: str
    expires: dt.datetime
    secret: str
    """In base64."""
    answer: str
    """The content of the answer's Body."""

    def __repr__(self) -> str:
        return f"IssuedContext({self.identifier!r})"


def requested(message: object) -> Element | None:
    """Return the RequestSecurityToken in the Body that asks for a new security context; None for anything else."""
    body = message.body if isinstance(message, Message) else None
    token = next(body.iterchildren("*"), None) if body is not None else None
    if token is None or local_name(token) != "RequestSecurityToken" or namespace_of(token) not in names.WST:
        return None
    kind = child_of(token, f"{{{namespace_of(token)}}}TokenType")
    if kind is None or text_of(kind).strip() != f"{_WSC[namespace_of(token)]}/sct":
        return None
    action = child_of(token, f"{{{namespace_of(token)}}}RequestType")
    return token if action is None or text_of(action).strip().endswith("/Issue") else None


def issued(request: Element, user: str, now: dt.datetime) -> IssuedContext:
    """Issue a context for this user. Both sides' entropy makes the secret (WS-Trust 1.3, section 4.4.4, PSHA1)."""
    trust = namespace_of(request)
    conversation = _WSC[trust]
    identifier, expires = f"urn:uuid:{uuid.uuid4()}", now + LIFETIME
    own, theirs = secrets.token_bytes(KEY_OCTETS), _entropy(request)
    secret = p_sha1(theirs, own, KEY_OCTETS) if theirs else own
    proof = (
        f"<t:ComputedKey>{trust}/CK/PSHA1</t:ComputedKey>"
        if theirs
        else f"<t:BinarySecret>{base64.b64encode(own).decode()}</t:BinarySecret>"
    )
    entropy = (
        f'<t:Entropy><t:BinarySecret Type="{trust}/Nonce">{base64.b64encode(own).decode()}</t:BinarySecret></t:Entropy>'
        if theirs
        else ""
    )
    single = (
        f'<t:RequestSecurityTokenResponse xmlns:t="{trust}"><t:TokenType>{conversation}/sct</t:TokenType>'
        f'<t:RequestedSecurityToken><c:SecurityContextToken xmlns:c="{conversation}" xmlns:u="{names.WSU}" u:Id="sct">'
        f"<c:Identifier>{identifier}</c:Identifier></c:SecurityContextToken></t:RequestedSecurityToken>"
        f"<t:RequestedProofToken>{proof}</t:RequestedProofToken>{entropy}"
        f'<t:Lifetime><u:Created xmlns:u="{names.WSU}">{_written(now)}</u:Created>'
        f'<u:Expires xmlns:u="{names.WSU}">{_written(expires)}</u:Expires></t:Lifetime></t:RequestSecurityTokenResponse>'
    )
    if trust == names.WST_13:
        single = (
            f'<t:RequestSecurityTokenResponseCollection xmlns:t="{trust}">{single}'
            "</t:RequestSecurityTokenResponseCollection>"
        )
    return IssuedContext(identifier, user, expires, base64.b64encode(secret).decode(), single)


def _entropy(request: Element) -> bytes:
    trust = namespace_of(request)
    entropy = child_of(request, f"{{{trust}}}Entropy")
    secret = child_of(entropy, f"{{{trust}}}BinarySecret") if entropy is not None else None
    if secret is None:
        return b""
    try:
        return base64.b64decode(text_of(secret))[:_MAXIMUM_ENTROPY]
    except (binascii.Error, ValueError):
        return b""


def _written(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
