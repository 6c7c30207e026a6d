"""The cryptographic library: without it there is neither TLS nor a signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import UNSET

from wssdoctor.check.check import Check, Inapplicable, Known, Missing, Verdict, check, failed, passed
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.provider.stage import Stage

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation

FOR_TLS = "crypto_library.for_tls"
FOR_SIGNATURES = "crypto_library.for_signatures"


def for_tls(situation: Situation) -> Finding:
    """Whether the library can be used, where HTTPS needs it."""
    return _usable(situation, situation.server_pse_needed)


def for_signatures(situation: Situation) -> Finding:
    """Whether the library can be used, where certificates are judged or keys are used."""
    return _usable(situation, situation.wss_pse_needed)


def _usable(situation: Situation, needed: Callable[[], Missing | Inapplicable | None]) -> Finding:
    """Return what is known of the library, and only where that is not the best, whether it is needed."""
    found = _known(situation)
    return found if isinstance(found, Inapplicable) else needed() or found


def _known(situation: Situation) -> Finding:
    """Return what was said; where nobody said it, an answer over HTTPS or a PSE that was read proves the library.

    No PSE proves anything of a moment at which no connection came about.
    """
    found = situation.find("crypto_library.usable", Subject())
    if not isinstance(found, Missing):
        return found
    request = situation.request
    if request is not None and request.observed is not None:
        if not request.observed.status:
            return found
        scheme = request.find("request.scheme")
        if isinstance(scheme, Known) and scheme.value == "https":
            return Inapplicable("it answered over https, which takes the library")
    for name in ("own_certificate", "trusted"):
        if any(value is not UNSET for value in situation.facts.column("pses", name) or ()):
            return Inapplicable("a PSE could be read, which takes the library")
    return found


def _usable_for(identifier: str, what: str, path: str, stage: Stage, answer: str) -> Check:
    @check(
        identifier,
        f"The cryptographic library can be used for {what}",
        stage,
        rationale="The kernel loads CommonCryptoLib for TLS and signatures (header sapssl.h of SAP: "
        "SSSLERR_LIB_NOT_FOUND; SSF: SSF_API_NOSECTK). What callers see then is inferred.",
        needs=(path,),
        answer=answer,
    )
    def usable(loads: Known[bool]) -> Verdict:
        if loads.value:
            return passed()
        return failed("the library cannot be loaded", loads.compared("the library can be used", "true"))

    return usable


TLS = _usable_for("crypto-library.tls", "TLS", FOR_TLS, Stage.TRANSPORT, "tls-library-missing")
SIGNATURES = _usable_for(
    "crypto-library.signatures", "signatures", FOR_SIGNATURES, Stage.SIGNATURE, "crypto-library-missing"
)
