"""Facts that description and message yield together, by path.

Each is worked out at most once for a request, and what it reads is remembered with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.engine import Finding
from wssdoctor.provider import crypto_library, decrypted, signed_by, stands_for
from wssdoctor.provider.algorithms import suite_of, suite_of_setup
from wssdoctor.provider.history import NONCES_REMEMBERED, REMEMBERED, Seen
from wssdoctor.provider.signed_by import REQUEST

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation

_NO_AGE = dt.timedelta()
_REFUSALS_OF_NONCES = ("InvalidSecurity", "InvalidSecurityToken")
"""Fault codes with which receivers refuse a nonce that they have seen (WSS4J; inferred for others)."""


def _seen_before(situation: Situation) -> Finding:
    request = situation.request
    if request is None or not request.signed_as.signature_values:
        return Inapplicable("the message is not signed")
    before = situation.history.before(request)
    if before is None:
        return Missing("time.arrival")
    stored = situation.find("signature_store", REQUEST)
    if isinstance(stored, Known) and stored.value and request.signature_values:
        time = request.capture.time
        if time is None:
            return Missing("time.arrival")
        before += tuple(
            Seen(one.seen_at, f"signature_store[{index}]")
            for index, one in enumerate(stored.value)
            if "".join(one.value.split()) in request.signature_values
            and _NO_AGE <= time.moment - one.seen_at <= REMEMBERED
        )
    if not before and not isinstance(stored, Known):
        return stored
    return request.known("message.seen_before", before)


def _nonce_seen_before(situation: Situation) -> Finding:
    """Say whether a nonce came before; unknown only where that would explain why the message was refused."""
    request = situation.request
    if request is None or not request.nonces:
        return Inapplicable("no UsernameToken carries a nonce")
    before = situation.history.nonce_before(request)
    time = request.capture.time
    stored = situation.find("nonce_store", REQUEST)
    if not isinstance(stored, Known):
        if request.observed is None or (request.observed.fault or "").rpartition(":")[2] not in _REFUSALS_OF_NONCES:
            return Inapplicable("nobody said that nonces are remembered, and no answer speaks for it")
        return request.known("message.nonce_seen_before", before) if before else Missing("nonce_store")
    if before is None or (stored.value and time is None):
        return Missing("time.arrival")
    before += tuple(
        Seen(one.seen_at, f"nonce_store[{index}]")
        for index, one in enumerate(stored.value)
        if time is not None
        and "".join(one.value.split()) in request.nonces
        and _NO_AGE <= time.moment - one.seen_at <= NONCES_REMEMBERED
    )
    return request.known("message.nonce_seen_before", before)


def _suite(situation: Situation) -> Finding:
    """The suite of the binding, or where it states none what WSS_SETUP chose for all."""
    own = situation.find("bindings[].algorithm_suite", REQUEST)
    if isinstance(own, Known):
        suite = suite_of(own.value)
        if suite is None:
            return NotModelled(f"the algorithm suite {own.value[:40]}")
        return Known(own.path, suite, own.place)
    digest = situation.find("wss_setup.digest_algorithm", REQUEST)
    if not isinstance(digest, Known):
        return own
    cipher = situation.find("wss_setup.encryption_algorithm", REQUEST)
    return Known(
        digest.path,
        suite_of_setup(digest.value, cipher.value if isinstance(cipher, Known) else None),
        digest.place,
    )


def _logon_client(situation: Situation) -> Finding:
    """The client of a logon for which the request names none: that of the node, else the default of the system."""
    asked = situation.find("request.client", REQUEST)
    if isinstance(asked, Known):
        return Inapplicable("the request names a client itself")
    if isinstance(asked, Missing):
        return asked
    stored = situation.find("icf.nodes[].stored_client", REQUEST)
    if not isinstance(stored, Known) or stored.value:
        return stored
    profile = situation.find("profile", REQUEST)
    if not isinstance(profile, Known):
        return profile
    default: Any = profile.value.get("login/system_client")
    return Known("profile", str(default).strip(), profile.place) if default else Missing("profile")


def _clock_for_message(situation: Situation) -> Finding:
    """By how much the clocks differ, where a message names a time: without one, no clock refuses it."""
    request = situation.request
    if request is not None and not request.names_a_time:
        return Inapplicable("the message names no time")
    return situation.find("clock.offset_seconds", REQUEST)


DERIVED: Mapping[str, Callable[[Situation], Finding]] = {
    crypto_library.FOR_TLS: crypto_library.for_tls,
    crypto_library.FOR_SIGNATURES: crypto_library.for_signatures,
    "message.verification": signed_by.verification,
    "message.signature_faults": signed_by.faults,
    "message.integrity": signed_by.integrity,
    "message.seen_before": _seen_before,
    "message.nonce_seen_before": _nonce_seen_before,
    "saml_trust.model": signed_by.trust_model,
    "saml_trust.accepted_issuers": signed_by.accepted_issuers,
    "signer.path": signed_by.signer_path,
    "issuer.path": signed_by.issuer_path,
    "certificate.mapping": stands_for.certificate_mapping,
    "logon.certificate_mapping": stands_for.client_certificate_mapping,
    "logon.user": stands_for.logon_user,
    "caller.user": stands_for.caller,
    "saml.mapping": stands_for.saml_mapping,
    "context": stands_for.context,
    "context.expires": stands_for.context_expiry,
    "token.user": stands_for.user,
    "binding.suite": _suite,
    "encryption.own_keys": signed_by.own_keys,
    decrypted.PATH: decrypted.decrypted,
    "request.logon_client": _logon_client,
    "clock.for_message": _clock_for_message,
}
"""The facts that are worked out, by path."""
