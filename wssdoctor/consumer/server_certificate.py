"""Stage server-certificate: who issued it, whether it is trusted, its names and its validity."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.host_name import matches
from wssdoctor.consumer.name import same
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage
from wssdoctor.consumer.trust import Trust
from wssdoctor.consumer.validity import shown

_BROKEN = {
    "untrusted": "no path leads from it to the certificate list",
    "incomplete": "a certificate between it and the certificate list is missing",
}
_HTTPS = {"call.scheme": ("https",)}


@check(
    "server-certificate.genuine",
    "The server certificate reaches the system as the peer sends it",
    Stage.SERVER_CERTIFICATE,
    rationale="A middlebox that inspects TLS shows a certificate of its own authority, which the PSE must trust instead.",
    only_if=_HTTPS,
    needs=("consumer.calls[].peer.issuer_at_system", "call.sent_issuer", "call.trusted_names"),
    each=CALLS,
    answer="peer-untrusted",
)
def genuine(seen: Known[str], sent: Known[str], trusted: Known[tuple[tuple[str], ...]]) -> Verdict:
    if same(seen.value, sent.value):
        return passed()
    if any(same(subject, seen.value) for (subject,) in trusted.value):
        return passed(says="TLS is inspected on the way, and the PSE trusts the authority that does it")
    return failed(
        "another authority issued the certificate that the system sees, and the PSE does not trust it",
        seen.compared("issuer at the system", sent.value),
    )


@check(
    "server-certificate.trusted",
    "The certificate list of the SSL client PSE trusts the server certificate",
    Stage.SERVER_CERTIFICATE,
    rationale="SCLNT_HTTP 421: only the list of the PSE that the call uses counts (SAP wiki: troubleshooting "
    "SSSLERR_PEER_CERT_UNTRUSTED). Paths follow RFC 5280, section 6.",
    only_if=_HTTPS,
    needs=("call.trust", "call.trust_path"),
    each=CALLS,
    answer="peer-untrusted",
    reasons=("untrusted", "incomplete"),
)
def trusted(state: Known[str], path: Known[Trust]) -> Verdict:
    found = path.value
    if state.value == "trusted":
        return passed(*found.evidence)
    return failed(_BROKEN[state.value], *found.evidence, reason=state.value)


@check(
    "server-certificate.host-name",
    "The server certificate carries the host name that is called",
    Stage.SERVER_CERTIFICATE,
    rationale="SCLNT_HTTP 415. Names are compared as RFC 6125, section 6.4, says.",
    only_if=_HTTPS,
    needs=("call.host", "call.names", "call.common_name"),
    each=CALLS,
    answer="host-mismatch",
)
def host_name(host: Known[str], names: Known[tuple[str, ...]], common_name: Known[str | None]) -> Verdict:
    if matches(host.value, names.value, common_name.value):
        return passed()
    carried = ", ".join(names.value) or f"{common_name.value} (common name)"
    return failed("the certificate carries other names", names.compared("name in the certificate", host.value, carried))


@check(
    "server-certificate.begun",
    "The certificates that the peer sends are valid already",
    Stage.SERVER_CERTIFICATE,
    rationale="A certificate counts from NotBefore on (RFC 5280, 4.1.2.5).",
    only_if=_HTTPS,
    needs=("call.validity", "time.consumer"),
    each=CALLS,
    answer="peer-untrusted",
)
def begun(dates: Known[tuple[tuple[str, dt.datetime, dt.datetime], ...]], now: Known[dt.datetime]) -> Verdict:
    for subject, start, _ in dates.value:
        if now.value < start:
            evidence = dates.compared(f"validity of {subject}", shown(now.value), f"not before {shown(start)}")
            return failed("the validity of a certificate has not begun", evidence)
    return passed()


@check(
    "server-certificate.not-expired",
    "The certificates that the peer sends have not expired",
    Stage.SERVER_CERTIFICATE,
    rationale="A certificate counts until NotAfter (RFC 5280, 4.1.2.5): ICM_HTTP_SSL_PEER_CERT_EXPIRED.",
    only_if=_HTTPS,
    needs=("call.validity", "time.consumer"),
    each=CALLS,
    answer="peer-expired",
)
def not_expired(dates: Known[tuple[tuple[str, dt.datetime, dt.datetime], ...]], now: Known[dt.datetime]) -> Verdict:
    for subject, _, end in dates.value:
        if now.value > end:
            evidence = dates.compared(f"validity of {subject}", shown(now.value), f"not after {shown(end)}")
            return failed("a certificate has expired", evidence)
    return passed()


CHECKS = (genuine, trusted, host_name, begun, not_expired)
