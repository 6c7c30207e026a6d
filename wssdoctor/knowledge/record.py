"""The records of the knowledge base. Every sentence is ours, every record names its sources and its basis."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

Id: TypeAlias = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Kebab-case and stable: never renamed, never reused."""
Basis: TypeAlias = Literal["sap", "community", "inferred"]
"""sap: SAP's own text, also when republished; community: others who saw it; inferred: reasoned, shown as such."""
Side: TypeAlias = Literal["provider", "consumer", "network"]
Actor: TypeAlias = Literal["basis", "security", "developer", "partner", "network"]
"""Who acts: Basis administration, security administration, the consumer's developer, the partner, the network team."""
Partner: TypeAlias = Literal["zeep", "cxf", "wcf", "node-soap", "soapui", "pi", "cpi"]
"""Software of partners: zeep, Apache CXF with WSS4J, .NET WCF, node-soap, SoapUI, SAP PI/PO, SAP Cloud Integration."""
Occasion: TypeAlias = Literal["inbound", "outbound", "elsewhere"]
"""Where a call fails: at an AS ABAP that is called, at one that calls, or at software without an AS ABAP's part in it."""
NextEvidence: TypeAlias = Literal["srt-util", "sm20", "dev-icm", "dev-w", "st22", "caller-log"]
"""Evidence that people can get: error log of the SOAP runtime, security audit log, trace of the ICM, trace of a work
process, short dumps, the log of the caller."""
Text: TypeAlias = Annotated[str, Meta(min_length=1)]
"""Plain English sentences of at most 30 words."""


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where something is written."""

    id: Id
    title: Text
    address: Text
    """URL, or how to find it (``SAP note 320991``)."""
    basis: Literal["sap", "standard", "community"]


class RequestEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """One change to a captured request."""

    do: Literal[
        "set-header",
        "remove-header",
        "set-scheme",
        "set-client",
        "set-path",
        "restamp",
        "set-password-type",
        "set-password",
        "remove-username-token",
        "add-token",
        "keep-token",
        "set-must-understand",
        "add-mandatory-header",
        "release-headers",
        "spoil",
        "spoil-signature",
        "break-xml",
        "alter-body",
        "set-digest",
        "age-assertion",
        "sign-anew",
        "encrypt-anew",
        "damage-encryption",
        "set-nonce",
        "set-confirmation",
        "set-method",
    ]
    name: str = ""
    """Of the header that set-header and remove-header speak of."""
    value: str = ""


PLACEHOLDERS = frozenset(
    {
        "technical_user_name",
        "client",
        "node_path",
        "binding_path",
        "binding_authentication",
        "token_sent",
        "user_password",
        "saml_issuer",
        "saml_audience",
        "saml_confirmation",
        "saml_external_name",
        "signer_certificate",
        "signer_issuer",
        "signer_subject",
        "issuer_certificate",
        "signature_value",
        "suite_digest",
        "other_certificate",
        "supported_confirmation",
        "some_user",
        "top_certificates",
        "just_before",
        "content_type",
        "time_tolerance_needed",
        "called_host",
        "called_with_tls",
        "server_certificate",
        "missing_client_authority",
        "call_user",
        "published_url",
        "url_by_certificate",
        "server_authority",
        "server_issuer",
        "accepted_authentication",
        "accepted_authority",
        "client_issuer",
        "intermediary_subject",
        "intermediary_issuer",
        "yesterday",
        "tomorrow",
        "in_one_year",
        "last_year",
    }
)
"""What a text in a patch may hold in braces, to be filled from the system and the request at hand."""


class Patch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change to a description and, or, to requests. Faults and effects are patches.

    Paths are those of the system description. An item of a list is ``[]`` (the one that the finding speaks of, or
    that the request meets), ``[*]`` (every one), ``[+]`` (one more, unless it is there), or for ``pses`` the
    application (``pses[wsse]``), for ``consumer.calls`` the authentication method (``consumer.calls[basic]``). Texts may hold placeholders in braces.
    """

    facts: dict[str, Any] = {}
    request: tuple[RequestEdit, ...] = ()


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """A message, code or log entry that people see."""

    id: str
    """As people write it: ``WSS031``, ``SSSLERR_PEER_CERT_UNTRUSTED``, ``LOGON-RC-2``, ``HTTP-401``."""
    text: str
    """The exact short text with its placeholders (&1); empty where there is none."""
    meaning: Text
    causes: tuple[Id, ...]
    """Best first."""
    basis: Basis
    sources: tuple[Id, ...]
    aliases: tuple[str, ...] = ()
    """Other ways to write the id."""
    placeholders: dict[str, str] = {}
    seen_by: str = ""
    """Who sees it where."""
    no_cause: str = ""
    """Why it names no cause: a success message, a wrapper for any other text."""
    next_evidence: NextEvidence | Literal[""] = ""
    """What to look at next where it names no cause; empty if nothing in particular."""
    remedies: tuple[Id, ...] = ()
    """Those remedies of its causes that help first where it is seen; empty where the order of the causes' own is right."""
    excludes: tuple[Id, ...] = ()
    """Causes that the other messages of a line do not speak of where it is named there, such as a user names them."""
    general: bool = False
    """Whether its causes count only where no other message near it names any: a fault code, the frame of a client."""
    hides_reason: bool = False
    """Whether it says that the reason stands elsewhere, so that no other message beside it can name the cause."""
    contradiction: str = ""
    """Where sources disagree, and which we follow."""
    override: str = ""
    """In one's own knowledge: why it replaces the shipped record with this id."""


class Cause(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a call fails."""

    id: Id
    title: Text
    """One line, no full stop."""
    explanation: Text
    side: Side
    severity: Literal["high", "medium", "low"]
    """high: calls fail; medium: calls will fail or fail now and then; low: worth knowing."""
    frequency: Literal["common", "occasional", "rare"]
    checks: tuple[str, ...]
    """The checks whose failure confirms it, with the reason where a check can fail in several ways."""
    confirm: Text
    rule_out: Text
    messages: tuple[str, ...]
    """What people then see, most telling first."""
    remedies: tuple[Id, ...]
    """Best first."""
    basis: Basis
    sources: tuple[Id, ...]
    symptoms: tuple[str, ...] = ()
    occurs: tuple[Occasion, ...] = ("inbound", "outbound", "elsewhere")
    """Where it can be the cause."""
    denied_by: tuple[str, ...] = ()
    """Phrases with which people say that it is something else; in small letters."""
    leads_to: tuple[Id, ...] = ()
    """Causes that are only its consequences: they are folded under it."""
    faults: tuple[Patch, ...] = ()
    """Each makes a healthy system, or a good request, sick in one way that a check of this cause sees."""
    unproven: str = ""
    """Why there is no fault yet, or no check."""
    contradiction: str = ""
    override: str = ""
    """In one's own knowledge: why it replaces the shipped record with this id."""

    @property
    def fault(self) -> Patch | None:
        """The most usual of the faults."""
        return self.faults[0] if self.faults else None


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One step for a person."""

    do: Text
    where: str = ""
    """Transaction, report or file."""
    see: str = ""
    """What you should then see."""


class Hint(Struct, frozen=True, forbid_unknown_fields=True):
    """How a remedy is carried out in the software of a partner."""

    how: Text
    sources: tuple[Id, ...] = ()
    inferred: str = ""
    """From what it is reasoned, where no source says it: it is shown as inferred."""

    def __str__(self) -> str:
        return self.how if self.sources else f"{self.how} (inferred)"


class Remedy(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes it well again."""

    id: Id
    title: Text
    """An instruction, one line, no full stop."""
    actor: Actor
    side: Side
    steps: tuple[Step, ...]
    basis: Basis
    sources: tuple[Id, ...]
    risk: Text
    """What can go wrong; ``none`` where nothing can."""
    interruption: Text
    """What stops working meanwhile; ``none`` where nothing does."""
    rollback: Text
    weakens_security: str = ""
    """How, if it does: shown loudly."""
    releases: str = ""
    """Where it holds, if not everywhere."""
    effect: Patch | None = None
    """What it changes, so that a replay can try it."""
    unproven: str = ""
    """Why there is no effect yet."""
    after: tuple[Id, ...] = ()
    """Remedies that come before it if both are needed."""
    partners: dict[Partner, Hint] = {}
    """How it is done in the software of a partner, where that differs."""
    override: str = ""
    """In one's own knowledge: why it replaces the shipped record with this id."""

    @property
    def cited(self) -> tuple[str, ...]:
        """The sources of the record and of its hints, each once."""
        return tuple(dict.fromkeys((*self.sources, *(one for hint in self.partners.values() for one in hint.sources))))


class Extension(Struct, frozen=True, forbid_unknown_fields=True):
    """What one's own knowledge adds to a shipped cause."""

    cause: Id
    why: Text
    symptoms: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    """Messages of one's own knowledge, which name the cause."""
    remedies: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()


class Clue(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a description says beside messages: where the call fails, what changed before, what kind of error it is."""

    id: Id
    kind: Literal["place", "change", "error", "detail"]
    means: Text
    """What is understood, to go on after "you say that"."""
    said: tuple[str, ...] = ()
    """Ways to say it. Terms joined by `` + `` stand near each other in one sentence, in any order; joined by `` > ``,
    in this order. A term is a word or a phrase, ``renew*`` any word with this beginning, ``<certificate>`` any word of
    the group ``certificate``."""
    messages: tuple[str, ...] = ()
    """Messages that say it."""
    occasion: Occasion | None = None
    """Where the call fails, if this says it."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What clues say together: the causes that come first, and those that become unlikely."""

    id: Id
    when: tuple[Id, ...]
    """The clues, all of them. A rule counts only where no rule with more of them applies."""
    why: Text
    basis: Basis
    sources: tuple[Id, ...]
    causes: tuple[Id, ...] = ()
    """Best first."""
    unlikely: tuple[Id, ...] = ()


class Precedent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A reported trouble whose cause was found; the report is its source."""

    id: Id
    url: Text
    """Where it was reported."""
    symptom: str
    """What was shown to whoever reported it, as it stood there; may be empty."""
    description: Text
    """What they said of it before the cause was known, in our words."""
    cause: Id
    also: tuple[Id, ...] = ()
    """Causes that the report leaves possible."""
