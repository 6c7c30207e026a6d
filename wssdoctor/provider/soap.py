"""Stage soap: the envelope can be read, its media type fits, and its mandatory headers are processed."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, not_applicable, passed
from wssdoctor.evidence import Located
from wssdoctor.provider.situation import MESSAGE_AUTHENTICATION
from wssdoctor.provider.stage import Stage
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.message import SecurityHeader

_MEDIA_TYPES = {"1.1": "text/xml", "1.2": "application/soap+xml"}


@check(
    "soap.method",
    "The request is a POST",
    Stage.SOAP,
    rationale="SOAP messages are sent with POST (SOAP 1.1, section 6; SOAP 1.2 part 2, section 7.4). What AS ABAP answers to "
    "another method is inferred.",
    needs=("request.method",),
    answer="method-not-allowed",
)
def method(sent: Known[str]) -> Verdict:
    if sent.value == "POST":
        return passed()
    return failed(f"a {sent.value} carries no SOAP message", sent.compared("method", "POST", sent.value))


@check(
    "soap.well-formed",
    "The envelope is well-formed",
    Stage.SOAP,
    rationale="SOAP 1.1, section 3; XML 1.0. The capture is complete by its Content-Length, so the sender's bytes are "
    "broken, not the capture.",
    needs=("message.envelope",),
    after=("soap.method",),
    answer="soap-malformed",
    reasons=("xml",),
)
def well_formed(envelope: Known[DocumentError | None]) -> Verdict:
    if envelope.value is None:
        return passed()
    problem = envelope.value.problems[0]
    return failed("the XML is not well-formed", Located(problem.why or problem.what, envelope.place), reason="xml")


@check(
    "soap.envelope",
    "The document is a SOAP envelope",
    Stage.SOAP,
    rationale="SOAP 1.1, section 4; SOAP 1.2 part 1, section 5.1.",
    needs=("message.soap_version",),
    after=("soap.well-formed",),
    answer="soap-malformed",
    reasons=("root",),
)
def envelope(version: Known[str]) -> Verdict:
    if version.value:
        return passed()
    return failed(
        "the root element is no SOAP envelope", version.compared("root", "soap:Envelope", "other"), reason="root"
    )


@check(
    "soap.content-type",
    "The Content-Type fits the SOAP version",
    Stage.SOAP,
    rationale="SOAP 1.1 is text/xml, SOAP 1.2 application/soap+xml (SOAP 1.1 section 6.1.1; RFC 3902); else HTTP 415.",
    needs=("message.soap_version", "request.content_type"),
    after=("soap.well-formed", "soap.envelope"),
    answer="unsupported-media-type",
    reasons=("content-type",),
)
def content_type(version: Known[str], sent: Known[str]) -> Verdict:
    wanted = _MEDIA_TYPES[version.value]
    media_type = sent.value.partition(";")[0].strip().lower()
    if media_type == "application/xop+xml":
        media_type = sent.value.partition("type=")[2].strip("\"' ").partition('"')[0].lower() or wanted
    if media_type == wanted:
        return passed()
    evidence = sent.compared(f"Content-Type for SOAP {version.value}", wanted, sent.value or "(none)")
    return failed("the Content-Type does not fit", evidence, reason="content-type")


@check(
    "soap.security-header-processed",
    "A mandatory wsse:Security header meets a binding that processes it",
    Stage.SOAP,
    rationale="A receiver that does not process a header marked mustUnderstand must fault (SOAP 1.1, section 4.2.3).",
    needs=("message.security_header", "bindings[].authentication"),
    after=("soap.well-formed", "soap.envelope"),
    answer="must-understand",
)
def security_header_processed(header: Known[SecurityHeader | None], authentication: Known[str]) -> Verdict:
    if header.value is None:
        return not_applicable("the message carries no security header for this receiver")
    if not header.value.must_understand:
        return not_applicable("the header is not marked mustUnderstand")
    if authentication.value in MESSAGE_AUTHENTICATION:
        return passed()
    return failed(
        "the binding does not use message authentication and will not process the header",
        authentication.compared("authentication method of the binding", "one with message authentication"),
        Located('wsse:Security with mustUnderstand="1"', header.place),
    )


@check(
    "soap.headers-understood",
    "Every mandatory header is one that the provider processes",
    Stage.SOAP,
    rationale="A receiver that does not process a header marked mustUnderstand must fault (SOAP 1.1, section 4.2.3).",
    needs=("message.unprocessed_headers",),
    after=("soap.well-formed", "soap.envelope"),
    answer="must-understand",
    reasons=("other-header",),
)
def headers_understood(unprocessed: Known[tuple[str, ...]]) -> Verdict:
    if not unprocessed.value:
        return passed()
    shown = ", ".join(unprocessed.value[:3])
    evidence = unprocessed.compared("mandatory headers", "security, addressing and reliable messaging only", shown)
    return failed("a mandatory header is not processed", evidence, reason="other-header")


CHECKS = (method, well_formed, envelope, content_type, security_header_processed, headers_understood)
