"""Stage signature: the WS-Security PSE, and the signature itself."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, not_modelled
from wssdoctor.provider.pse import pse_checks
from wssdoctor.provider.stage import Stage


@check(
    "signature.verified",
    "The signature holds and its signer is trusted",
    Stage.SIGNATURE,
    rationale="WSS010, WSS019, WSS020, WSS026.",
    needs=("message.signed",),
    after=("soap.well-formed", "soap.envelope"),
)
def verified(signed: Known[bool]) -> Verdict:
    return not_modelled(f"verification of the signature ({signed.place.xpath})")


CHECKS = (*pse_checks("wsse", "wss-pse", Stage.SIGNATURE, "pse-missing"), verified)
