"""What placeholders of the knowledge base stand for where a finding speaks of an outbound call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, to_builtins

from wssdoctor.check.check import Inapplicable, Known, Missing
from wssdoctor.check.result import Subject
from wssdoctor.consumer.client_certificate import chain_end
from wssdoctor.consumer.outbound import Outbound


class OutboundCall(Struct, frozen=True):
    """One call among the outbound calls of a description."""

    outbound: Outbound
    subject: Subject

    def selected(self, each: str, subject: Subject) -> Subject | Missing | Inapplicable:
        """Return the item of a list that counts for the call."""
        return self.outbound.selected(each, subject)

    def known(self, path: str) -> Any:
        """Return the value of a fact, or nothing where nobody gave it."""
        found = self.outbound.find(path, self.subject)
        return found.value if isinstance(found, Known) else None


def _sent(index: int) -> Callable[[OutboundCall], Any]:
    """Return a certificate that the peer sends as a description gives it: its own first, nearest to the root last."""

    def find(call: OutboundCall) -> Any:
        sent = call.known("consumer.calls[].peer.certificates")
        return to_builtins(sent[index]) if sent else None

    return find


def _missing_client_authority(call: OutboundCall) -> str | None:
    """Return the issuer at the end of the chain that is sent with the client certificate."""
    issuer = call.known("pses[].own_certificate.issuer")
    return chain_end(issuer, call.known("call.client_chain") or ())[0] if issuer else None


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
    "called_with_tls": lambda call: call.known("call.scheme") == "https",
    "server_certificate": _sent(0),
    "server_authority": _sent(-1),
    "server_issuer": lambda call: (_sent(0)(call) or {}).get("issuer"),
    "accepted_authentication": _first("consumer.calls[].peer.authentication"),
    "accepted_authority": _first("consumer.calls[].peer.client_authorities"),
    "missing_client_authority": _missing_client_authority,
    "client_issuer": lambda call: call.known("pses[].own_certificate.issuer"),
    "intermediary_subject": lambda call: call.known("consumer.calls[].peer.intermediary_subject"),
    "intermediary_issuer": lambda call: call.known("consumer.calls[].peer.intermediary_issuer"),
}
"""What a text value in braces stands for in a finding about a call."""
