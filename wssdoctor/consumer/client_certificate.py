"""Stage client-certificate: what the peer asks for, what is sent, and who forwards it."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, not_applicable, passed
from wssdoctor.consumer.name import same
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.reverse_proxy import CUT_AT, parse
from wssdoctor.consumer.stage import Stage
from wssdoctor.consumer.validity import compared

_AUTHENTICATION = "consumer.calls[].authentication"
_PEER = "consumer.calls[].peer"
_SENT = {_AUTHENTICATION: ("client-certificate",), "call.scheme": ("https",)}
_AFTER = ("credentials.client-pse-named",)


@check(
    "client-certificate.sent",
    "The call logs on with a certificate where the peer demands one",
    Stage.CLIENT_CERTIFICATE,
    rationale="icm/HTTPS/verify_client 2 demands a certificate (data element ICMVCLIENTSTR): SSSLERR_NO_CLIENT_CERT.",
    only_if={"call.scheme": ("https",), f"{_PEER}.client_certificate": ("required",)},
    needs=(_AUTHENTICATION,),
    each=CALLS,
    answer="client-certificate-missing",
)
def sent(method: Known[str]) -> Verdict:
    if method.value == "client-certificate":
        return passed()
    return failed(
        "the peer demands a client certificate", method.compared("authentication method", "client-certificate")
    )


@check(
    "client-certificate.begun",
    "The client certificate is valid already",
    Stage.CLIENT_CERTIFICATE,
    rationale="A certificate counts from NotBefore on (RFC 5280, 4.1.2.5).",
    only_if=_SENT,
    needs=("pses[].own_certificate.not_before", "time.consumer"),
    each=CALLS,
    after=_AFTER,
    answer="client-certificate-refused",
)
def begun(start: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
    if start.value <= now.value:
        return passed()
    return failed("the validity of the client certificate has not begun", compared(start, now, "not before"))


@check(
    "client-certificate.not-expired",
    "The client certificate has not expired",
    Stage.CLIENT_CERTIFICATE,
    rationale="A certificate counts until NotAfter (RFC 5280, 4.1.2.5).",
    only_if=_SENT,
    needs=("pses[].own_certificate.not_after", "time.consumer"),
    each=CALLS,
    after=_AFTER,
    answer="client-certificate-refused",
)
def not_expired(end: Known[dt.datetime], now: Known[dt.datetime]) -> Verdict:
    if now.value <= end.value:
        return passed()
    return failed("the client certificate has expired", compared(end, now, "not after"))


@check(
    "client-certificate.chain",
    "The PSE sends the chain of its certificate up to an authority that the peer names",
    Stage.CLIENT_CERTIFICATE,
    rationale="A peer that knows only the root needs the certificates between (RFC 5246, 7.4.2 and 7.4.6; SAP note 1524196).",
    only_if={**_SENT, f"{_PEER}.client_certificate": ("optional", "required")},
    needs=("pses[].own_certificate.issuer", "call.client_chain", f"{_PEER}.client_authorities"),
    each=CALLS,
    after=_AFTER,
    answer="client-certificate-refused",
    reasons=("chain",),
)
def chain(issuer: Known[str], own: Known[tuple[tuple[str, str], ...]], named: Known[tuple[str, ...]]) -> Verdict:
    if not named.value:
        return not_applicable("the peer names no authorities")
    last, complete = chain_end(issuer.value, own.value)
    if complete or any(same(last, name) for name in named.value):
        return passed()
    return failed(
        "an issuing certificate is not sent",
        own.compared("certificates sent with the own one", f"one of {last}", _subjects(own.value)),
        reason="chain",
    )


@check(
    "client-certificate.authority",
    "The peer accepts certificates of the authority that issued the client certificate",
    Stage.CLIENT_CERTIFICATE,
    rationale="The peer names the authorities that it accepts (RFC 5246, 7.4.4). A client sends no certificate of another.",
    only_if={**_SENT, f"{_PEER}.client_certificate": ("optional", "required")},
    needs=("pses[].own_certificate.issuer", "call.client_chain", f"{_PEER}.client_authorities"),
    each=CALLS,
    after=(*_AFTER, "client-certificate.chain"),
    answer="client-certificate-refused",
    reasons=("authority",),
)
def authority(issuer: Known[str], own: Known[tuple[tuple[str, str], ...]], named: Known[tuple[str, ...]]) -> Verdict:
    if not named.value:
        return not_applicable("the peer names no authorities")
    path = [issuer.value, *(name for names in own.value for name in names)]
    if any(same(name, accepted) for name in path for accepted in named.value):
        return passed()
    return failed(
        "the peer names other authorities",
        named.compared("authorities that the peer names", f"one of {issuer.value}"),
        reason="authority",
    )


@check(
    "client-certificate.known",
    "The partner has registered the client certificate that is sent",
    Stage.CLIENT_CERTIFICATE,
    rationale="A renewed certificate must be made known to the partner, who else refuses it or maps it to no user.",
    only_if=_SENT,
    needs=(f"{_PEER}.client_certificate_known",),
    each=CALLS,
    answer="client-certificate-refused",
    reasons=("unknown",),
)
def known(registered: Known[bool]) -> Verdict:
    if registered.value:
        return passed()
    return failed(
        "the partner has another one on record", registered.compared("certificate registered", "true"), reason="unknown"
    )


@check(
    "client-certificate.forwarding-trusted",
    "The peer trusts the reverse proxy that forwards the client certificate",
    Stage.CLIENT_CERTIFICATE,
    rationale="icm/trusted_reverse_proxy_<n> must hold subject and issuer of the proxy's certificate; RZ10 cuts values at "
    "128 characters (SAP note 2215040).",
    only_if={**_SENT, f"{_PEER}.forwards_client_certificate": (True,)},
    needs=(f"{_PEER}.trusted_reverse_proxies", f"{_PEER}.intermediary_subject", f"{_PEER}.intermediary_issuer"),
    each=CALLS,
    answer="logon-failed",
)
def forwarding_trusted(values: Known[tuple[str, ...]], subject: Known[str], issuer: Known[str]) -> Verdict:
    pairs = [parse(value) for value in values.value]
    if any(pair and same(pair[0], subject.value) and same(pair[1], issuer.value) for pair in pairs):
        return passed()
    cut = any(pair is None and len(value) >= CUT_AT for pair, value in zip(pairs, values.value, strict=True))
    says = "the value is cut off" if cut else "no value holds subject and issuer of the reverse proxy"
    wanted = f'SUBJECT="{subject.value}", ISSUER="{issuer.value}"'
    return failed(says, values.compared("icm/trusted_reverse_proxy_<n>", wanted))


def chain_end(issuer: str, own: tuple[tuple[str, str], ...]) -> tuple[str, bool]:
    """Follow subjects and issuers that the PSE sends; return the last issuer, and whether that is a root that is sent."""
    waiting = list(own)
    while above := next((names for names in waiting if same(names[0], issuer)), None):
        waiting.remove(above)
        if same(*above):
            return issuer, True
        issuer = above[1]
    return issuer, False


def _subjects(names: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(subject for subject, _ in names) or "none"


CHECKS = (sent, begun, not_expired, chain, authority, known, forwarding_trusted)
