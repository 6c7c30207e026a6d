"""Stage tls-handshake: a TLS version and a cipher suite in common, and the server name (RFC 5246, RFC 8446, RFC 6066)."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.consumer.cipher_suite import common
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage

_HTTPS = {"call.scheme": ("https",)}


@check(
    "tls-handshake.version",
    "Caller and peer have a TLS version in common",
    Stage.TLS_HANDSHAKE,
    rationale="ssl/client_ciphersuites and the library decide what the ICM offers (SAP note 510007); peers have switched "
    "off TLS 1.0 and 1.1.",
    only_if=_HTTPS,
    needs=("consumer.tls_versions", "consumer.calls[].peer.tls_versions"),
    each=CALLS,
    answer="no-common-protocol",
    reasons=("version",),
)
def version(offered: Known[tuple[str, ...]], accepted: Known[tuple[str, ...]]) -> Verdict:
    if set(offered.value) & set(accepted.value):
        return passed()
    shown = ", ".join(accepted.value) or "none"
    return failed(
        "they have no TLS version in common",
        offered.compared("TLS versions offered", f"one of {shown}"),
        reason="version",
    )


@check(
    "tls-handshake.cipher-suite",
    "Caller and peer have a cipher suite in common",
    Stage.TLS_HANDSHAKE,
    rationale="ssl/client_ciphersuites decides which cipher suites the ICM offers (SAP note 510007).",
    only_if=_HTTPS,
    needs=("consumer.cipher_suites", "consumer.calls[].peer.cipher_suites"),
    each=CALLS,
    answer="no-common-protocol",
    reasons=("cipher",),
)
def cipher_suite(offered: Known[tuple[str, ...]], accepted: Known[tuple[str, ...]]) -> Verdict:
    if common(offered.value, accepted.value):
        return passed()
    shown = ", ".join(accepted.value) or "none"
    return failed(
        "they have no cipher suite in common",
        offered.compared("cipher suites offered", f"one of {shown}"),
        reason="cipher",
    )


@check(
    "tls-handshake.server-name",
    "The ICM sends the server name where the peer needs it",
    Stage.TLS_HANDSHAKE,
    rationale="icm/HTTPS/client_sni_enabled is off by default before kernel 7.77; a peer with several names then sends "
    "another certificate or closes [community].",
    only_if={**_HTTPS, "consumer.calls[].peer.sni_needed": (True,)},
    needs=("consumer.client_sni",),
    each=CALLS,
    answer="sni-missing",
)
def server_name(sent: Known[bool]) -> Verdict:
    if sent.value:
        return passed()
    return failed("the ICM does not send the server name", sent.compared("icm/HTTPS/client_sni_enabled", "true"))


CHECKS = (version, cipher_suite, server_name)
