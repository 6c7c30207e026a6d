"""Which evidence to get where a text does not name a cause: transaction, trace level, file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wssdoctor.knowledge.record import Message, NextEvidence

_HOW: Mapping[NextEvidence, str] = {
    "srt-util": "At the provider: transaction SRT_UTIL, Error Log, at the UTC time of the call. "
    "A transaction ID in the fault finds the entry.",
    "sm20": "At the provider: transaction SM20 or RSAU_READ_LOG, in the minute of the call. "
    "AU2, BUA, BUB, BUC and BUD say why.",
    "dev-icm": "In SMICM set the trace level to 2 (Goto, Trace Level), repeat the call, read the file dev_icm, "
    "and set the level back.",
    "dev-w": "In SM50 set the trace level of a work process to 2 for the component Security. "
    "Repeat the call, read its dev_w file, and set the level back.",
    "st22": "In ST22 read the short dump: the exception in its head, and the text of its error analysis.",
    "caller-log": "Take the whole log of the caller. The exception below, up to the last 'Caused by', says why.",
}
"""How each is got, as SAP documents these transactions."""
_USUAL: tuple[NextEvidence, ...] = ("srt-util", "sm20", "dev-icm")
"""What tells most where nothing is known: the SOAP runtime, the logon and the connection each write one."""


def next_evidence(messages: Iterable[Message], *, causes: bool) -> tuple[str, ...]:
    """Return the evidence to get, best first: where no causes are known, or a message says that the reason is hidden.

    ``causes`` says whether any are known for the text.
    """
    asked = [one for one in messages if one.hides_reason or not causes]
    if causes and not asked:
        return ()
    kinds = tuple(dict.fromkeys(one.next_evidence for one in asked if one.next_evidence != ""))
    return tuple(_HOW[kind] for kind in kinds or _USUAL)
