"""Stage message-replay: the 60-minute store of signature values, when it is switched on."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, not_modelled
from wssdoctor.provider.stage import Stage


@check(
    "message-replay.first-seen",
    "The signature value was not seen within 60 minutes",
    Stage.MESSAGE_REPLAY,
    rationale="With the switch on, signature values are stored for 60 minutes (data element SEC_WSS_SETUP_REPLAY_CFG).",
    only_if={"wss_setup.detect_message_replays": (True,)},
    needs=("message.signed",),
)
def first_seen(signed: Known[bool]) -> Verdict:
    return not_modelled(f"the store of signature values ({signed.place.xpath})")


CHECKS = (first_seen,)
