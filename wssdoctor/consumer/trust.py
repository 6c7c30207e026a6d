"""Does the certificate list of a PSE trust what a peer sends? By the certificates themselves, or by names alone."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec
from msgspec import UNSET

from wssdoctor.check.check import Missing
from wssdoctor.consumer.name import same
from wssdoctor.description.certificate import Certificate
from wssdoctor.evidence import Computed, Evidence, Sensitivity

_ANY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Validity is judged apart from trust, so the instant does not matter."""


class Trust(msgspec.Struct, frozen=True):
    """Whether a path leads from the peer's certificate to one that the PSE trusts, and what shows it."""

    state: Literal["trusted", "untrusted", "incomplete"]
    evidence: tuple[Evidence, ...]


def judge(sent: tuple[Certificate, ...], trusted: tuple[Certificate, ...]) -> Trust | Missing:
    """Look for a path. ``sent`` begins with the peer's own certificate.

    A name that is not in the list proves that there is no path. A name that is there proves nothing, since a renewed
    authority keeps its name: without the certificates themselves the answer is missing.
    """
    if all(isinstance(one.pem, str) for one in (*sent, *trusted)):
        return _by_certificates([str(one.pem) for one in sent], [str(one.pem) for one in trusted])
    return _by_names(sent, trusted)


def _by_certificates(sent: list[str], trusted: list[str]) -> Trust:
    from wssdoctor.wsse.certificate import load_certificates  # cryptography: only where there are certificates
    from wssdoctor.wsse.certificate_path import TrustStore

    leaf, *others = (load_certificates(pem.encode())[0] for pem in sent)
    anchors = [load_certificates(pem.encode())[0] for pem in trusted]
    path = TrustStore(anchors, dates_ignored=True).path(leaf, _ANY_TIME, tuple(others))
    names = tuple(str(one.subject) for one in path.certificates)
    if path.complete and not path.faults:
        return Trust("trusted", (_path(names, f"{names[-1]} is in the certificate list"),))
    first = path.faults[0]
    state: Literal["untrusted", "incomplete"] = "incomplete" if first.fault == "cert-chain-incomplete" else "untrusted"
    return Trust(state, tuple(_identifying(one) for one in first.evidence))


def _by_names(sent: tuple[Certificate, ...], trusted: tuple[Certificate, ...]) -> Trust | Missing:
    if any(one.subject is UNSET or one.issuer is UNSET for one in sent):
        return Missing("consumer.calls[].peer.certificates[].issuer")
    if any(one.subject is UNSET for one in trusted):
        return Missing("pses[].trusted[].subject")
    chain = [sent[0]]
    waiting = list(sent[1:])
    while above := next((one for one in waiting if same(str(one.subject), str(chain[-1].issuer))), None):
        waiting.remove(above)
        chain.append(above)
    wanted = [str(one.subject) for one in chain] + [str(chain[-1].issuer)]
    if any(same(str(one.subject), name) for one in trusted for name in wanted):
        return Missing("pses[].trusted[].file")
    return Trust("untrusted", (_path(tuple(wanted[:-1]), f"{wanted[-1]} is not in the certificate list"),))


def _path(names: tuple[str, ...], result: str) -> Computed:
    inputs = (("certificate of the peer", names[0]),)
    what = "path from the server certificate to the certificate list of the PSE"
    return Computed(what, inputs, names[1:], result, sensitivity=Sensitivity.IDENTIFYING)


def _identifying(evidence: Evidence) -> Evidence:
    return msgspec.structs.replace(evidence, sensitivity=Sensitivity.IDENTIFYING)
