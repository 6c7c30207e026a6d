"""Stage message-replay: signature values and nonces that came before, where something remembers them."""

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


@check(
    "message-replay.nonce-first-seen",
    "The nonce of the UsernameToken was not seen before",
    Stage.MESSAGE_REPLAY,
    rationale="A receiver should remember nonces for as long as it takes a Timestamp for fresh, five minutes by default "
    "(UsernameToken Profile 1.1.1, section 3.1). No public source says that AS ABAP does; a gateway before it may.",
    needs=("message.nonce_seen_before",),
    after=("soap.well-formed", "soap.envelope", "soap.security-header-processed"),
    answer="nonce-replayed",
)
def nonce_first_seen(before: Known[tuple[Seen, ...]]) -> Verdict:
    if not before.value:
        return passed()
    steps = tuple(f"{one.moment:%Y-%m-%dT%H:%M:%SZ}  {one.source}" for one in before.value[:5])
    evidence = Computed("earlier messages with this nonce", (), steps, f"{len(before.value)}", before.place)
    return failed("the same nonce came before, within five minutes", evidence)


CHECKS = (first_seen, nonce_first_seen)
