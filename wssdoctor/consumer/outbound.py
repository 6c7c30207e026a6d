"""One outbound call: where every fact that a check needs is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from wssdoctor.check.check import Inapplicable, Known, Missing, NotModelled
from wssdoctor.check.described import described
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.consumer import trust, url
from wssdoctor.consumer.name import common_name, same
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.facts import Facts
from wssdoctor.evidence import Place, Sensitivity

CALLS = "consumer.calls"
_CERTIFICATES = "consumer.calls[].peer.certificates"
_APPLICATIONS = {"DFAULT": "ssl-client-standard", "ANONYM": "ssl-client-anonymous"}
"""The SSL client identities that SAP names itself; every other one is known by its identity."""


class Outbound:
    """The facts of a description as its outbound calls meet them. Nothing in it changes."""

    def __init__(self, facts: Facts, moment: dt.datetime) -> None:
        """Take the moment by the clock of the system, which is the caller here."""
        self.facts = facts
        self.moment = moment

    def subjects(self, each: str | None) -> Sequence[Subject] | Missing:
        """Name the calls; the system for a check of the system."""
        if each is None:
            return (Subject(),)
        names = self.facts.column(CALLS, "logical_port")
        if names is UNSET:
            return Missing(CALLS)
        return [Subject(f"call {name}", f"{CALLS}[{index}]") for index, name in enumerate(names)]

    def find(self, path: str, subject: Subject) -> Finding:
        """Find a fact by its general path, or one that follows from others (``call.host``), for one call."""
        if path == "time.consumer":
            return Known(path, self.moment, Place(fact=path))
        if path.startswith("call."):
            return self._derived(path, subject)
        if "[]" not in path:
            return described(self.facts, path, path)
        each, _, rest = path.partition("[].")
        selected = self.selected(each, subject)
        if not isinstance(selected, Subject):
            return selected
        found = described(self.facts, path, f"{selected.path}.{rest}")
        return self._spared(path, selected) or found if isinstance(found, Missing) else found

    def selected(self, each: str, subject: Subject) -> Subject | Missing | Inapplicable:
        """Return the item of a list that counts for a call: itself, or the PSE that it uses."""
        if subject.path.startswith(f"{each}["):
            return subject
        if each == "pses":
            return self._pse(subject)
        return Missing(each)

    def _spared(self, path: str, selected: Subject) -> Inapplicable | None:
        """Return why a fact that nobody gave is not needed: a PSE of which something is known exists."""
        if path != "pses[].exists":
            return None
        for sibling in ("own_certificate", "trusted"):
            if self.facts.value(f"{selected.path}.{sibling}") is not UNSET:
                return Inapplicable(f"{selected.path}.{sibling} is known, so the PSE exists")
        return None

    def _pse(self, subject: Subject) -> Subject | Missing | Inapplicable:
        identity = self.find("consumer.calls[].ssl_client_pse", subject)
        if not isinstance(identity, Known):
            return Missing("consumer.calls[].ssl_client_pse")
        if not identity.value:
            return Inapplicable("the call names no SSL client PSE")
        applications = self.facts.column("pses", "application") or ()
        identities = self.facts.column("pses", "identity") or ()
        for index, described_as in enumerate(zip(applications, identities, strict=True)):
            if _is(*described_as, identity.value):
                return Subject(f"SSL client PSE {identity.value}", f"pses[{index}]")
        return Missing("pses")

    def _derived(self, path: str, subject: Subject) -> Finding:
        if path in ("call.scheme", "call.host", "call.port", "call.path"):
            return self._of_url(path, subject)
        if path == "call.route":
            address = self.find("consumer.calls[].proxy.address", subject)
            return _as(address, "proxy" if address.value else "direct") if isinstance(address, Known) else address
        if path == "call.trusted_names":
            return self._listed("pses[].trusted", ("subject",), subject)
        if path == "call.client_chain":
            return self._listed("pses[].own_chain", ("subject", "issuer"), subject)
        certificates = self._certificates(subject)
        if not isinstance(certificates, Known):
            return certificates
        if path == "call.sent_issuer":
            return _of_certificates("call.issuer", certificates)
        if self._inspected(certificates.value[0], subject):
            return NotModelled("the certificate that a device on the way shows to the system")
        if path in ("call.trust", "call.trust_path"):
            return self._trust(path, certificates, subject)
        return _of_certificates(path, certificates)

    def _listed(self, path: str, fields: tuple[str, ...], subject: Subject) -> Finding:
        """Return some fields of every certificate in a list of the PSE, where all of them are known."""
        found = self.find(path, subject)
        if not isinstance(found, Known):
            return found
        for field in fields:
            if any(getattr(one, field) is UNSET for one in found.value):
                return Missing(f"{path}[].{field}")
        return _as(found, tuple(tuple(getattr(one, field) for field in fields) for one in found.value))

    def _of_url(self, path: str, subject: Subject) -> Finding:
        text = self.find("consumer.calls[].url", subject)
        if not isinstance(text, Known):
            return text
        parts = url.parse(text.value)
        if parts is None:
            return Inapplicable("the URL cannot be called")
        return _as(text, getattr(parts, path.removeprefix("call.")))

    def _certificates(self, subject: Subject) -> Known[tuple[Certificate, ...]] | Missing | Inapplicable:
        scheme = self.find("call.scheme", subject)
        if not isinstance(scheme, Known):
            return scheme if isinstance(scheme, Missing | Inapplicable) else Missing("consumer.calls[].url")
        if scheme.value == "http":
            return Inapplicable("the call uses http")
        found = self.find(_CERTIFICATES, subject)
        if isinstance(found, Known) and found.value:
            return found
        return Missing(_CERTIFICATES)

    def _inspected(self, own: Certificate, subject: Subject) -> bool:
        """Whether the system sees, and trusts, a certificate of another authority than the one that the peer sends."""
        seen = self.find("consumer.calls[].peer.issuer_at_system", subject)
        if not isinstance(seen, Known) or not isinstance(own.issuer, str) or same(seen.value, own.issuer):
            return False
        names = self.find("call.trusted_names", subject)
        return isinstance(names, Known) and any(same(name, seen.value) for (name,) in names.value)

    def _trust(self, path: str, certificates: Known[tuple[Certificate, ...]], subject: Subject) -> Finding:
        trusted = self.find("pses[].trusted", subject)
        if not isinstance(trusted, Known):
            return trusted
        found = trust.judge(certificates.value, trusted.value)
        if isinstance(found, Missing):
            return found
        return _as(certificates, found.state if path == "call.trust" else found)


def _of_certificates(path: str, certificates: Known[tuple[Certificate, ...]]) -> Finding:
    """Return what the certificates of a peer say: ``call.issuer``, ``call.names``, ``call.common_name``, ``call.validity``."""
    own = certificates.value[0]
    if path == "call.validity":
        dates = tuple((one.subject, one.not_before, one.not_after) for one in certificates.value)
        if any(UNSET in one for one in dates):
            return Missing(f"{_CERTIFICATES}[].not_after")
        return _as(certificates, dates)
    name = "subject" if path == "call.common_name" else path.removeprefix("call.")
    value = getattr(own, name)
    if value is UNSET:
        return Missing(f"{_CERTIFICATES}[].{name}")
    return _as(certificates, common_name(value) if path == "call.common_name" else value)


def _as(known: Known[Any], value: Any) -> Known[Any]:
    """Return what follows from a known fact, at its place. Hosts and names tell who the partners are."""
    return Known(known.path, value, known.place, Sensitivity.IDENTIFYING)


def _is(application: str, identity: str | UnsetType, wanted: str) -> bool:
    named = _APPLICATIONS.get(wanted.upper())
    return application == named if named else (application, identity) == ("ssl-client", wanted)
