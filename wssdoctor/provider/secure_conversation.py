"""Stage token: security contexts of WS-SecureConversation 1.3."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.description.memory import SecurityContext
from wssdoctor.evidence import Computed
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse.item import SecurityContextToken
from wssdoctor.wsse.timestamp import seconds

_AFTER = ("binding.token-present", "soap.security-header-processed")


@check(
    "secure-conversation.configured",
    "SecureConversation was configured where a binding uses it",
    Stage.TOKEN,
    rationale="WSS_SETUP creates the standard service (SAP Help: Standard Service Configuration for SecureConversation).",
    only_if={"bindings[].authentication": ("secure-conversation",)},
    needs=("wss_setup.secure_conversation_provider",),
    each="bindings",
    answer="secure-conversation",
)
def configured(done: Known[bool]) -> Verdict:
    if done.value:
        return passed()
    return failed("the standard service was not configured", done.compared("provider configuration", "true"))


@check(
    "secure-conversation.context-known",
    "The provider knows the security context",
    Stage.TOKEN,
    rationale="A context lives in the cache of the provider that issued it (structure SEC_ST_CACHE); another one must be "
    "negotiated anew (WS-SecureConversation 1.3, section 2).",
    needs=("context", "message.context_token"),
    after=_AFTER,
    past=("secure-conversation.configured",),
    answer="context-unknown",
    reasons=("unknown",),
)
def known(context: Known[SecurityContext | None], token: Known[SecurityContextToken]) -> Verdict:
    if context.value is not None:
        return passed()
    evidence = token.compared("security context", "one that the provider knows", token.value.identifier or "(none)")
    return failed("the provider does not know the security context", evidence, reason="unknown")


@check(
    "secure-conversation.context-valid",
    "The security context has not expired",
    Stage.TOKEN,
    rationale="A context carries its own expiry (structure SEC_ST_CACHE-EXPIRES); afterwards the consumer must negotiate "
    "a new one [inferred].",
    needs=("context.expires", "time.provider"),
    after=(*_AFTER, "secure-conversation.context-known"),
    past=("secure-conversation.configured",),
    answer="context-unknown",
    reasons=("expired",),
)
def valid(expires: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
    if now.value <= expires.value:
        return passed()
    inputs = (
        ("expires", f"{expires.value:%Y-%m-%dT%H:%M:%SZ}"),
        ("arrival by the provider's clock", f"{now.value:%Y-%m-%dT%H:%M:%SZ}"),
    )
    late = seconds(now.value - expires.value)
    evidence = Computed("expiry of the security context", inputs, (), f"{late} late", expires.place)
    return failed("the security context had expired", evidence, reason="expired")


CHECKS = (configured, known, valid)
