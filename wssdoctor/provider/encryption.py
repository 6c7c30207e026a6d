"""Stage encryption."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, not_modelled
from wssdoctor.provider.stage import Stage


@check(
    "encryption.decrypted",
    "What is encrypted can be decrypted",
    Stage.ENCRYPTION,
    rationale="The provider needs the private key in its WS-Security PSE.",
    needs=("message.encrypted",),
    after=("soap.well-formed", "soap.envelope"),
)
def decrypted(encrypted: Known[bool]) -> Verdict:
    return not_modelled(f"decryption ({encrypted.place.xpath})")


CHECKS = (decrypted,)
