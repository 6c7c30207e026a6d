"""Signatures and tokens of a request, as paragraphs: what is covered, by whom it is signed, which digest fails and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import zip_longest

from msgspec.structs import replace

from wssdoctor.description.facts import Facts
from wssdoctor.evidence import Compared
from wssdoctor.provider.forensics import Forensics, is_protected, unprotected
from wssdoctor.provider.request import Request
from wssdoctor.provider.signed_by import held
from wssdoctor.provider.situation import Situation
from wssdoctor.tui.articles import evidence
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, labelled, line, prose, span
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.reason import REASONS
from wssdoctor.wsse.verification import Digested, Mark, ReferenceReport, SignatureReport, Verification

_MARKS: dict[Mark, tuple[str, Tone]] = {
    "ok": ("✓", "pass"),
    "broken": ("✗", "fail"),
    "unprotected": ("–", "muted"),
    "absent": ("✗", "fail"),
    "unknown": ("?", "unknown"),
}
_TRUST = "trust_anchors"
_UNPROTECTED: dict[Mark, str] = {"ok": "protects others", "absent": "not there", "unknown": "not wholly judged"}
"""What is said of a part that is neither signed nor encrypted."""
_SIGNS: dict[bool | None, tuple[str, Tone]] = {True: ("✓", "pass"), False: ("✗", "fail"), None: ("?", "unknown")}


def examined(request: Request, facts: Facts, forensics: Forensics) -> Verification | None:
    """Verify a message with the certificates of the description; nothing for one that is not well-formed.

    Whether the signer is trusted is judged by the replay, not here.
    """
    if isinstance(request.message, DocumentError):
        return None
    if not is_protected(request):
        return unprotected(request)
    return forensics.examined(request, held(Situation(facts, request)))


def paragraphs(found: Verification | None) -> list[Paragraph]:
    """Say what is signed, by whom, and what does not hold."""
    if found is None:
        return [prose("The envelope is not well-formed, so nothing in it can be verified.", "fail", indent=1)]
    said = list(_faults(found))
    told = {piece.expected for one in found.faults for piece in one.evidence if isinstance(piece, Compared)}
    for number, signature in enumerate(found.signatures, 1):
        said += [*_signature(signature, number, len(found.signatures), told), blank()]
    if not found.signatures:
        hides = any(part.part == "EncryptedData" and part.mark == "unknown" for part in found.parts)
        unsigned = (
            "No signature can be read: one may be in what is encrypted." if hides else "The message is not signed."
        )
        said += [prose(unsigned, "muted", indent=1), blank()]
    said.append(Paragraph((Span("Parts of the message", "heading"),), 1, 1))
    for part in found.parts:
        glyph, tone = _MARKS[part.mark]
        how = [word for word, so in (("signed", part.signed), ("encrypted", part.encrypted)) if so]
        if part.mark == "broken":
            how.append("does not hold")
        words = ", ".join(how) or _UNPROTECTED.get(part.mark, "not protected")
        where = f" line {part.line}" if part.line is not None else ""
        said.append(
            Paragraph((Span(f"{glyph} ", tone), span(fit(part.part, 24)), span(f"{words:<22}{where}", "muted")), 3, 5)
        )
    if found.tokens:
        said += [blank(), Paragraph((Span("Tokens", "heading"),), 1, 1)]
    for token in found.tokens:
        glyph, tone = _MARKS[token.mark]
        said.append(Paragraph((Span(f"{glyph} ", tone), span(fit(token.token, 24)), span(token.says, "muted")), 3, 29))
    for missing in (one for one in found.missing if one != _TRUST):  # the note below speaks of that
        said.append(labelled("Not judged", f"for want of {missing}", "unknown", column=12))
    if not found.signatures:
        return said
    note = "Whether this signer is trusted is the matter of the stage Signature"
    note += f": {key('request-replay')} shows the stages."
    return [*said, blank(), prose(note, "muted", indent=1)]


def _faults(found: Verification) -> Iterator[Paragraph]:
    """Say what does not hold: it stands before all that does."""
    if not found.faults:
        return
    shown = span(f"  {key('request-difference')} shows the difference" if failing(found) else "", "muted")
    yield Paragraph((Span("What does not hold, the root first", "heading"), shown), 1, 1)
    for number, fault in enumerate(found.faults, 1):
        head = line(span(f"{number}. ", "muted"), span(f"{fault.where}: ", "strong"), span(fault.says, "fail"))
        yield Paragraph(head, 3, 6)
        if fault.reason:
            yield labelled("because", REASONS.get(fault.reason, fault.reason), "warn", indent=6)
        for piece, following in zip_longest(fault.evidence, fault.evidence[1:]):
            same = following is not None and following.place == piece.place
            yield from evidence(replace(piece, place=None) if same else piece, "")
    yield blank()


def _signature(one: SignatureReport, number: int, count: int, told: Collection[str]) -> Iterator[Paragraph]:
    """Describe a signature; digests that are ``told`` already stand above it."""
    glyph, tone = _SIGNS[one.value_ok]
    words = {True: "its value holds", False: "its value does not hold", None: "its value could not be judged"}
    which = f"Signature {number} of {count}" if count > 1 else "Signature"
    inner = " (inside an assertion: what its issuer says)" if one.inner else ""
    yield Paragraph(
        (Span(f"{glyph} ", tone), span(which, "strong"), span(f": {words[one.value_ok]}{inner}", tone)), 1, 3
    )
    yield labelled("Method", _short(one.method), indent=3)
    yield labelled("C14N", _short(one.canonicalization), indent=3)
    yield labelled("Signer", one.signer or one.key or "not named", indent=3)
    for index, der in enumerate(([one.certificate] if one.certificate else []) + list(one.sent_certificates)):
        yield from _certificate(der, "Chain" if index == 0 else "")
    for index, reference in enumerate(one.references):
        yield from _reference(reference, "Covers" if index == 0 else "", told)
    if not one.references:
        yield labelled("Covers", "nothing", "fail", indent=3)


def _certificate(der: bytes, label: str) -> Iterator[Paragraph]:
    from wssdoctor.wsse.certificate import CertificateError, load_der

    try:
        one = load_der(der)
    except CertificateError:
        yield labelled(label, "a certificate that cannot be read", "fail", indent=3)
        return
    yield labelled(label, line(span(str(one.subject))), indent=3)
    issuer = "itself" if one.self_issued else str(one.issuer)
    yield labelled("", line(span("issued by ", "muted"), span(issuer)), indent=3)
    yield labelled(
        "",
        f"serial {one.serial}, {one.key_description}, valid {one.not_before:%Y-%m-%d} to {one.not_after:%Y-%m-%d}",
        "muted",
        indent=3,
    )


def _reference(one: ReferenceReport, label: str, told: Collection[str]) -> Iterator[Paragraph]:
    glyph, tone = _SIGNS[one.ok]
    uri = "the whole document" if one.uri == "" else one.uri or "no URI"
    words = {True: "digest fits", False: "digest differs", None: "could not be digested"}[one.ok]
    yield labelled(
        label,
        (Span(f"{glyph} ", tone), span(one.part, "strong"), span(f"  {uri}  ", "muted"), span(words, tone)),
        indent=3,
    )
    if one.ok is not False:
        return
    if one.digest_sent not in told:
        yield labelled("", line(span("observed  ", "muted"), span(one.digest_computed or "-", "fail")), indent=3)
        yield labelled("", line(span("expected  ", "muted"), span(one.digest_sent, "pass")), indent=3)
    transforms = ", ".join(map(_short, one.transforms)) or "none"
    yield labelled("", f"{_short(one.digest_method)} over {transforms}", "muted", indent=3)


def _short(uri: str | None) -> str:
    """Return the telling end of an algorithm's name."""
    return (uri or "not named").rstrip("#").rpartition("/")[2]


def failing(found: Verification | None) -> tuple[Digested, ...]:
    """Return the octets of each reference whose digest differs, in the order of the signatures."""
    if found is None:
        return ()
    wrong = [
        f"signature{number}-reference{index}-{reference.part}"
        for number, signature in enumerate((one for one in found.signatures if not one.inner), 1)
        for index, reference in enumerate(signature.references, 1)
        if reference.ok is False
    ]
    by_name = {one.name: one for one in found.digested}
    return tuple(by_name[name] for name in wrong if name in by_name)


def headline(found: Verification | None, cells: int) -> Line:
    """Say in one line how many digests fail."""
    wrong = len(failing(found))
    text = f" {wrong} digest{'' if wrong == 1 else 's'} differ{'s' if wrong == 1 else ''}" if wrong else ""
    return (span(fit(text, cells), "fail"),)
