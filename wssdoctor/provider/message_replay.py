"""Stage message-replay: the 60-minute store of signature values, when it is switched on."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.evidence import Computed
from wssdoctor.provider.history import Seen
from wssdoctor.provider.stage import Stage


@check(
    "message-replay.first-seen",
    "The signature value was not seen within 60 minutes",
    Stage.MESSAGE_REPLAY,
    rationale="With the switch on, all signature values are stored for 60 minutes and an identical one is refused (data "
    "element SEC_WSS_SETUP_REPLAY_CFG). Messages that ICF refused never reach the store [inferred].",
    only_if={"wss_setup.detect_message_replays": (True,)},
    needs=("message.seen_before",),
    after=("soap.well-formed", "soap.envelope", "soap.security-header-processed"),
    answer="message-replayed",
)
def first_seen(before: Known[tuple[Seen, ...]]) -> Verdict:
    if not before.value:
        return passed()
    steps = tuple(f"{one.moment:%Y-%m-%dT%H:%M:%SZ}  {one.source}" for one in before.value[:5])
    evidence = Computed("earlier messages with this signature value", (), steps, f"{len(before.value)}", before.place)
    return failed("the same signature value came before, within 60 minutes", evidence)


CHECKS = (first_seen,)
