"""Stage signature: the WS-Security PSE, whether signatures hold, what they cover, and who signed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from wssdoctor.check.check import Known, Verdict, check, failed, not_applicable, passed
from wssdoctor.evidence import Evidence, Located, Place, Sensitivity
from wssdoctor.provider import crypto_library
from wssdoctor.provider.algorithms import SUPPORTED, Used, short
from wssdoctor.provider.httpfact import AsCaptured
from wssdoctor.provider.pse import pse_checks
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse.document import xpath
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.verification import Verification

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate_path import Path

_AFTER = ("soap.well-formed", "soap.envelope", "soap.security-header-processed")
_STRUCTURE = (
    "signature-malformed",
    "duplicate-id",
    "token-malformed",
    "token-reference-unresolved",
    "mtom-part-missing",
    "c14n-relative-namespace-uri",
)
_KEY = ("key-info-missing", "key-not-found")
_UNKNOWN_ALGORITHM = ("algorithm-unknown", "algorithm-key-mismatch", "hmac-output-too-short")
_DATES = ("cert-expired", "cert-not-yet-valid", "issuer-cert-expired")
_REWRITTEN = (
    "pretty-printed",
    "body-pretty-printed",
    "part-pretty-printed",
    "signed-info-pretty-printed",
    "line-endings-changed",
    "white-space-changed",
    "white-space-removed",
    "white-space-around-text",
    "character-encoding-mangled",
)
"""What tools that show or store a message do to it."""


@check(
    "signature.readable",
    "Every signature can be read and leads to a key",
    Stage.SIGNATURE,
    rationale="A signature that does not follow its schema, or names a key that cannot be found, is refused with WSS010 "
    "(XML Signature 1.1; WSS SOAP Message Security 1.1.1, section 8; the message is inferred).",
    needs=("message.signature_faults",),
    after=_AFTER,
    answer="signature-error",
    reasons=("structure", "reference", "key"),
)
def readable(faults: Known[tuple[Fault, ...]]) -> Verdict:
    for reason, kinds, says in (
        ("structure", _STRUCTURE, "the security header is not as the specifications have it"),
        ("reference", ("reference-unresolved",), "a signed part cannot be found"),
        ("key", _KEY, "the key of a signature cannot be found"),
    ):
        found = _of(faults.value, kinds)
        if found:
            return failed(says, *evidence_of(found, faults), reason=reason)
    return passed()


@check(
    "signature.algorithms-supported",
    "The provider knows the algorithms of signatures and encryption",
    Stage.SIGNATURE,
    rationale="WSS_SETUP offers SHA1 and SHA256 (SHA256 with SAP Cryptographic Library PL28, note 2019568), and keys are "
    "RSA (SAP Help: WS Security PSE). That others are refused is inferred; WSS019 has code 10 for an unknown hash.",
    needs=("message.algorithms", "message.verification"),
    after=_AFTER,
    answer="algorithm-unsupported",
    reasons=("digest", "signature", "canonicalization", "encryption", "key-transport", "key"),
)
def algorithms_supported(used: Known[tuple[Used, ...]], found: Known[Verification]) -> Verdict:
    for one in used.value:
        if one.uri not in SUPPORTED[one.use]:
            accepted = ", ".join(map(short, SUPPORTED[one.use]))
            place = Located(f"{one.use} {one.short}", _at(one, used))
            return failed(
                f"the {one.use} algorithm is none that the provider supports",
                used.compared(f"{one.use} algorithm", accepted, one.short),
                place,
                reason=one.use,
            )
    unfit = _of(found.value.faults, _UNKNOWN_ALGORITHM)
    if unfit:
        return failed("the algorithm does not fit the key", *evidence_of(unfit, found), reason="key")
    return passed()


@check(
    "capture.unaltered",
    "The capture holds the message as it was sent",
    Stage.SIGNATURE,
    rationale="Recorders and editors that format a message break its digests. An answer of success proves that the "
    "message held when it came [inferred].",
    needs=("message.integrity", "capture.as_captured"),
    after=(*_AFTER, "signature.readable"),
    reasons=("accepted-when-sent", "rewritten"),
)
def unaltered_capture(mismatches: Known[tuple[Fault, ...]], capture: Known[AsCaptured]) -> Verdict:
    if not mismatches.value:
        return passed()
    evidence = evidence_of(mismatches.value, mismatches)
    if capture.value.accepted:
        says = "the digests do not hold, and yet the captured response is one of success"
        return failed(says, *evidence, reason="accepted-when-sent")
    if not capture.value.exact and all(fault.reason in _REWRITTEN for fault in mismatches.value):
        says = "what differs is what tools do that show or store a message"
        return failed(says, *evidence, reason="rewritten")
    return passed()


@check(
    "signature.unaltered",
    "Every digest and signature value holds",
    Stage.SIGNATURE,
    rationale="A part that changed after it was signed is refused: WSS026 names the reference, WSS010 anything else (XML "
    "Signature 1.1, section 3.2; texts of the messages).",
    needs=("message.integrity",),
    after=(*_AFTER, "signature.readable", "signature.algorithms-supported", "capture.unaltered"),
    answer="digest-error",
    reasons=("digest", "value"),
)
def unaltered(mismatches: Known[tuple[Fault, ...]]) -> Verdict:
    for reason, kind, says in (
        ("digest", "digest-mismatch", "a signed part is not the one that was signed"),
        ("value", "signature-value-mismatch", "the signature value does not fit what it signs"),
    ):
        found = _of(mismatches.value, (kind,))
        if found:
            done = sorted({fault.reason for fault in found if fault.reason})
            return failed(
                f"{says}: {', '.join(done)}" if done else says, *evidence_of(found, mismatches), reason=reason
            )
    return passed()


@check(
    "signature.parts-signed",
    "Every part that the binding demands is signed",
    Stage.SIGNATURE,
    rationale="The Body and the Timestamp are always signed where signatures are used (SAP Help: XML Signatures); a part "
    "that is not is refused with WSS020. A part that was signed elsewhere in the message does not count.",
    needs=("bindings[].signed_parts", "message.verification"),
    after=(*_AFTER, "binding.token-present", "signature.readable"),
    answer="part-not-signed",
    reasons=("unsigned", "absent", "wrapped"),
)
def parts_signed(wanted: Known[tuple[str, ...]], found: Known[Verification]) -> Verdict:
    if not wanted.value:
        return not_applicable("the binding demands no signed part")
    wrapped = _of(found.value.faults, ("signature-wrapped",))
    if wrapped:
        return failed(
            "the signed part is not the one that is processed", *evidence_of(wrapped, found), reason="wrapped"
        )
    named = {reference.part for one in found.value.signatures if not one.inner for reference in one.references}
    for part in wanted.value:
        standing = [one for one in found.value.parts if one.part == part and one.mark != "absent"]
        if not standing and part in ("Body", "Timestamp"):
            return failed(
                f"{part} is not in the message", wanted.compared(f"{part} signed", "true", "absent"), reason="absent"
            )
        if any(not one.signed for one in standing) and part not in named:
            return failed(
                f"{part} is not signed", wanted.compared(f"{part} signed", "true", "false"), reason="unsigned"
            )
    return passed()


@check(
    "signer.trusted",
    "The signer's certificate, or its authority, is in the certificate list of the WS-Security PSE",
    Stage.SIGNATURE,
    rationale="Signatures are verified with the certificate list of WS Security Keys (SAP Help: Trust Manager, WS "
    "Security); WSS019 with code 5 otherwise. icm/HTTPS/verify_client does not matter here.",
    only_if={"bindings[].authentication": ("x509-signature",)},
    needs=("signer.path",),
    after=(*_AFTER, "signature.readable"),
    past=("wss-pse.exists",),
    answer="signer-untrusted",
    reasons=("untrusted", "chain-incomplete", "unfit"),
)
def signer_trusted(path: Known[Path]) -> Verdict:
    return trusted(path, "the signer's certificate")


@check(
    "signer.certificate-valid",
    "The signer's certificate and its authorities are within their validity",
    Stage.SIGNATURE,
    rationale="A certificate counts from NotBefore to NotAfter (RFC 5280, 4.1.2.5).",
    only_if={"bindings[].authentication": ("x509-signature",)},
    needs=("signer.path",),
    after=(*_AFTER, "signature.readable"),
    past=("wss-pse.exists",),
    answer="signer-untrusted",
    reasons=("expired", "not-yet-valid", "issuer-expired"),
)
def signer_valid(path: Known[Path]) -> Verdict:
    return within_validity(path, "the signer's certificate")


@check(
    "signer.certificate-present",
    "The signature leads to a certificate of the signer",
    Stage.SIGNATURE,
    rationale="The provider maps the signer's certificate to a user (SAP Help: X.509 certificate authentication); a bare "
    "key, or one that travels encrypted, has none. That WSS010 answers is inferred.",
    only_if={"bindings[].authentication": ("x509-signature",)},
    needs=("message.verification", "message.signed"),
    after=(*_AFTER, "binding.token-present", "signature.readable"),
    answer="signature-error",
    reasons=("none",),
)
def certificate_present(found: Known[Verification], signed: Known[bool]) -> Verdict:
    if any(one.certificate is not None and not one.inner for one in found.value.signatures):
        return passed()
    evidence = signed.compared(
        "key of the signature", "one that a certificate vouches for", "a key without certificate"
    )
    return failed("no signature leads to a certificate, so there is no user to log on", evidence, reason="none")


def trusted(path: Known[Path], whose: str) -> Verdict:
    """Judge what a path says about trust, apart from dates."""
    faults = [fault for fault in path.value.faults if fault.fault not in _DATES]
    if not faults:
        return passed()
    reason = {"cert-untrusted": "untrusted", "cert-chain-incomplete": "chain-incomplete"}.get(faults[0].fault, "unfit")
    says = {
        "untrusted": f"{whose} leads to nothing that is trusted",
        "chain-incomplete": f"an authority between {whose} and the trusted certificates is missing",
        "unfit": f"{whose} may not be used",
    }[reason]
    return failed(says, *evidence_of(faults, path), reason=reason)


def within_validity(path: Known[Path], whose: str) -> Verdict:
    """Judge what a path says about dates."""
    faults = _of(path.value.faults, _DATES)
    if not faults:
        return passed()
    reason = {"cert-expired": "expired", "issuer-cert-expired": "issuer-expired"}.get(faults[0].fault, "not-yet-valid")
    says = {
        "expired": f"{whose} has expired",
        "issuer-expired": f"an authority above {whose} is outside its validity",
        "not-yet-valid": f"{whose} is not valid yet",
    }[reason]
    return failed(says, *evidence_of(faults, path), reason=reason)


def _of(faults: Sequence[Fault], kinds: Collection[str]) -> list[Fault]:
    return [fault for fault in faults if fault.fault in kinds]


def evidence_of(faults: Sequence[Fault], known: Known[Any]) -> tuple[Evidence, ...]:
    """Return what a fault says, where, and its evidence; at most three faults are told in full."""
    pieces: list[Evidence] = []
    for fault in faults[:3]:
        place = next((piece.place for piece in fault.evidence if piece.place), None) or known.place
        pieces.append(Located(fault.says, place, Sensitivity.IDENTIFYING))
        pieces += fault.evidence
    return tuple(pieces)


def _at(one: Used, used: Known[tuple[Used, ...]]) -> Place:
    return Place(file=used.place.file, xpath=xpath(one.element))


CHECKS = (
    crypto_library.SIGNATURES,
    *pse_checks("wsse", "wss-pse", Stage.SIGNATURE, "pse-missing"),
    readable,
    algorithms_supported,
    unaltered_capture,
    unaltered,
    parts_signed,
    certificate_present,
    signer_trusted,
    signer_valid,
)
