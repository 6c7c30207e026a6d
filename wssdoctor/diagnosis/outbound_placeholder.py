"""What placeholders of the knowledge base stand for where a finding speaks of an outbound call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, to_builtins

from wssdoctor.check.check import Inapplicable, Known, Missing
from wssdoctor.check.result import Subject
from wssdoctor.consumer.outbound import Outbound


class OutboundCall(Struct, frozen=True):
    """One call among the outbound calls of a description; without one, the first."""

    outbound: Outbound
    subject: Subject

    def selected(self, each: str, subject: Subject) -> Subject | Missing | Inapplicable:
        """Return the item of a list that counts for the call."""
        return self.outbound.selected(each, subject)

    def known(self, path: str) -> Any:
        """Return the value of a fact, or nothing where nobody gave it."""
        found = self.outbound.find(path, self.subject)
        return found.value if isinstance(found, Known) else None


def _last_sent(call: OutboundCall) -> dict[str, Any] | None:
    """Return the certificate nearest to the root that the peer sends, as a description gives it."""
    sent = call.known("consumer.calls[].peer.certificates")
    if not sent:
        return None
    found: dict[str, Any] = to_builtins(sent[-1])
    return found


def _first(path: str) -> Callable[[OutboundCall], Any]:
    return lambda call: next(iter(call.known(path) or ()), None)


def _url_by_certificate(call: OutboundCall) -> str | None:
    """Return the URL with a host name that the certificate carries."""
    url, host = call.known("consumer.calls[].url"), call.known("call.host")
    name = next((name for name in call.known("call.names") or () if not name.startswith("*")), None)
    return url.replace(host, name, 1) if url and host and name else None


OUTBOUND_PLACEHOLDERS: Mapping[str, Callable[[OutboundCall], Any]] = {
    "called_host": lambda call: call.known("call.host"),
    "call_user": lambda call: call.known("consumer.calls[].user") or "(the user)",
    "published_url": lambda call: call.known("consumer.calls[].peer.published_url"),
    "url_by_certificate": _url_by_certificate,
    "server_authority": _last_sent,
    "server_issuer": lambda call: call.known("call.sent_issuer"),
    "issuer_at_system": lambda call: call.known("consumer.calls[].peer.issuer_at_system"),
    "accepted_authentication": _first("consumer.calls[].peer.authentication"),
    "accepted_authority": _first("consumer.calls[].peer.client_authorities"),
    "client_issuer": lambda call: call.known("pses[].own_certificate.issuer"),
    "intermediary_subject": lambda call: call.known("consumer.calls[].peer.intermediary_subject"),
    "intermediary_issuer": lambda call: call.known("consumer.calls[].peer.intermediary_issuer"),
}
"""What a text value in braces stands for in a finding about a call."""
