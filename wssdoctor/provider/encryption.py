"""Stage encryption: for whom the message was encrypted, and whether the keys that were lent open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wssdoctor.check.check import Known, Verdict, check, failed, not_modelled, passed
from wssdoctor.evidence import Compared, Sensitivity
from wssdoctor.provider.decrypted import Decrypted
from wssdoctor.provider.recipient import Recipient
from wssdoctor.provider.signature import evidence_of
from wssdoctor.provider.stage import Stage

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate import Certificate

_AFTER = ("soap.well-formed", "soap.envelope", "soap.security-header-processed")


@check(
    "encryption.for-this-provider",
    "The message was encrypted for a key of the provider",
    Stage.ENCRYPTION,
    rationale="The provider decrypts with the key of its WS-Security PSE (SAP Help: WS Security Keys); consumers keep its "
    "certificate in WSSCRT. What the provider answers otherwise is inferred.",
    needs=("message.recipients", "encryption.own_keys"),
    after=_AFTER,
    answer="decryption-failed",
    reasons=("other-key",),
)
def for_this_provider(recipients: Known[tuple[Recipient, ...]], own: Known[tuple[Certificate, ...]]) -> Verdict:
    for one in recipients.value:
        if not one.named:
            return not_modelled(f"a message that does not say for whom it was encrypted ({one.says[:60]})")
        if not any(one.is_for(certificate) for certificate in own.value):
            mine = "; ".join(f"{certificate.subject}, serial {certificate.serial}" for certificate in own.value)
            evidence = Compared("encrypted for", mine, one.says, recipients.place, Sensitivity.IDENTIFYING)
            return failed("it was encrypted for another key", evidence, reason="other-key")
    return passed()


@check(
    "encryption.readable",
    "What is encrypted can be decrypted",
    Stage.ENCRYPTION,
    rationale="Private keys are no facts: without one that is lent for the run, neither the content nor what is signed "
    "inside it can be judged. With it, content that does not decrypt was damaged, or not encrypted as it says (XML "
    "Encryption 1.1, section 4.2). What the provider answers then is inferred.",
    needs=("encryption.opened",),
    after=(*_AFTER, "encryption.for-this-provider"),
    answer="decryption-failed",
    reasons=("content", "key"),
)
def readable(decrypted: Known[Decrypted]) -> Verdict:
    for reason, faults, says in (
        ("content", decrypted.value.damaged, "the key opens, and what it encrypts does not decrypt"),
        ("key", decrypted.value.unopened, "the encrypted key names the provider's key, which does not open it"),
    ):
        if faults:
            return failed(says, *evidence_of(faults, decrypted), reason=reason)
    count = decrypted.value.count
    return passed(says=f"{count} encrypted part{'s' * (count != 1)} could be read")


CHECKS = (for_this_provider, readable)
