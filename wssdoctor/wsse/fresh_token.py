"""Tokens anew: times, nonces, digests and identifiers of Timestamp, UsernameToken, derived keys and security contexts."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import secrets

from wssdoctor.wsse import names
from wssdoctor.wsse.account import Account
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of, text_of
from wssdoctor.wsse.item import SecurityContextToken, Timestamp, UsernameToken
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.timestamp import parse_datetime
from wssdoctor.wsse.token_reference import DERIVED_KEY_TOKENS
from wssdoctor.wsse.username_token import password_digest

_FRACTION = re.compile(r"\.([0-9]{1,9})")
_NONCE_OCTETS = 16


def renew_timestamp(stamp: Timestamp, now: dt.datetime) -> None:
    """Let it begin now, and live as long as before."""
    lifetime = stamp.expires - stamp.created if stamp.expires and stamp.created else None
    _restamp(stamp.element, now, lifetime)


def renew_username_token(token: UsernameToken, material: Material, account: Account) -> None:
    """Give it a new Created, Nonce, Salt and digest; and another password, where one is given for the user."""
    user = token.username or ""
    given = material.passwords.get(user)
    fresh = secrets.token_bytes(_NONCE_OCTETS)
    _restamp(token.element, material.now, None)
    nonce = child_of(token.element, f"{{{names.WSSE}}}Nonce")
    if nonce is not None:
        put(nonce, base64.b64encode(fresh).decode())
    salt = child_of(token.element, f"{{{names.WSSE11}}}Salt")
    if salt is not None:  # its first octet says what the key is for (UsernameToken profile 1.1.1, section 4)
        before = _octets(salt)
        put(salt, base64.b64encode(before[:1] + secrets.token_bytes(max(len(before) - 1, 7))).decode())
    created = child_of(token.element, f"{{{names.WSU}}}Created")
    password = child_of(token.element, f"{{{names.WSSE}}}Password")
    if password is not None and token.password_type == names.PASSWORD_DIGEST:
        if given is None:
            account.lack(f"The password of {user} is needed for a new PasswordDigest.", f"Give it with --user {user}.")
            return
        moment = text_of(created) if created is not None else ""
        digest = password_digest(fresh if nonce is not None else b"", moment, given)
        put(password, base64.b64encode(digest).decode())
    elif password is not None and given is not None:
        put(password, given)
    account.change("UsernameToken")


def renew_derived_keys(root: Element, account: Account) -> None:
    """Give every DerivedKeyToken another Nonce, of the same size."""
    for token in root.iter(*DERIVED_KEY_TOKENS):
        nonce = token.find(f"{{{namespace_of(token)}}}Nonce")
        if nonce is not None:
            size = len(_octets(nonce)) or _NONCE_OCTETS
            put(nonce, base64.b64encode(secrets.token_bytes(size)).decode())
            account.change("derived key")


def renew_context(token: SecurityContextToken, root: Element, material: Material, account: Account) -> None:
    """Let a SecurityContextToken, and what refers to it by identifier, name the context that is used now."""
    before = token.identifier
    context = material.context(before)
    if context is None:
        if before not in material.secrets:
            hint = "Give the capture of the handshake that set it up too, or its secret with --secret, or --exact."
            account.lack(f"The message belongs to the security context {before}, whose secret is not at hand.", hint)
        return
    identifier = token.element.find(f"{{{namespace_of(token.element)}}}Identifier")
    if identifier is not None:
        put(identifier, context.identifier)
    for reference in root.iter(f"{{{names.WSSE}}}Reference"):
        if before is not None and reference.get("URI") == before:
            reference.set("URI", context.identifier)
    account.change("security context")


def put(element: Element, text: str | None) -> None:
    """Set the content of an element; comments and elements inside go."""
    for child in list(element):
        element.remove(child)
    element.text = text


def as_written(moment: dt.datetime, before: str) -> str:
    """Write a moment in the form in which another was written: its fraction, and Z or an offset."""
    moment = moment.astimezone(dt.UTC)
    zone = "Z"
    earlier = parse_datetime(before)
    if earlier is not None and not before.strip().endswith("Z"):
        offset = earlier.utcoffset() or dt.timedelta(0)
        plain = re.search(r"[+-]\d\d:\d\d$", before.strip())
        zone, moment = (plain[0], moment + _offset(plain[0])) if plain else ("", moment + offset)
    fraction = _FRACTION.search(before)
    digits = f".{moment.microsecond:06d}000"[: len(fraction[1]) + 1] if fraction else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{digits}{zone}"


def _restamp(element: Element, now: dt.datetime, lifetime: dt.timedelta | None) -> None:
    for child in element.iterchildren(f"{{{names.WSU}}}Created", f"{{{names.WSU}}}Expires"):
        moment = now if local_name(child) == "Created" else now + (lifetime or dt.timedelta(minutes=5))
        put(child, as_written(moment, text_of(child)))


def _offset(text: str) -> dt.timedelta:
    span = dt.timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return -span if text[0] == "-" else span


def _octets(element: Element) -> bytes:
    try:
        return base64.b64decode(text_of(element))
    except (binascii.Error, ValueError):
        return b""
