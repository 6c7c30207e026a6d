"""Stage binding: the tokens that came are the ones that the endpoint's authentication method expects."""

from __future__ import annotations

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.provider.algorithms import SUPPORTED, Suite, Used, short
from wssdoctor.provider.situation import MESSAGE_AUTHENTICATION
from wssdoctor.provider.stage import Stage


@check(
    "binding.token-present",
    "The message carries the token that the binding expects",
    Stage.BINDING,
    rationale="The binding's authentication method names the token (SOAMANAGER, Provider Security; WSS039).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("bindings[].authentication", "message.tokens"),
    after=("soap.well-formed", "soap.envelope"),
    answer="token-missing",
    reasons=("missing",),
)
def token_present(authentication: Known[str], tokens: Known[tuple[str, ...]]) -> Verdict:
    if authentication.value in tokens.value:
        return passed()
    came = ", ".join(tokens.value) or "none"
    return failed(
        f"the binding expects {authentication.value} and the message carries {came}",
        tokens.compared("token in the security header", authentication.value, came),
        authentication.compared("authentication method of the binding", "the caller's method"),
        reason="missing",
    )


@check(
    "binding.no-unexpected-token",
    "The message carries no token that the binding does not expect",
    Stage.BINDING,
    rationale="A token that the binding does not expect is an error, not ignored (WSS037).",
    needs=("bindings[].authentication", "message.tokens"),
    after=("soap.well-formed", "soap.envelope", "binding.token-present", "soap.security-header-processed"),
    answer="unexpected-token",
    reasons=("unexpected",),
)
def no_unexpected_token(authentication: Known[str], tokens: Known[tuple[str, ...]]) -> Verdict:
    # A signature also protects messages, or proves a SAML subject, so it is never one token too many.
    unexpected = [kind for kind in tokens.value if kind not in (authentication.value, "x509-signature")]
    if not unexpected:
        return passed()
    came = ", ".join(unexpected)
    return failed(
        f"the binding expects {authentication.value} and the message also carries {came}",
        tokens.compared("tokens in the security header", authentication.value, ", ".join(tokens.value)),
        reason="unexpected",
    )


@check(
    "binding.algorithm-suite",
    "The algorithms are those of the endpoint's suite",
    Stage.BINDING,
    rationale="Another algorithm than the configured one is refused with WSS034; the suite is the binding's, else what "
    "WSS_SETUP chose, whose default is AES128 with SHA1 (long text of WSS034; SAP Help: WSS_SETUP).",
    only_if={"bindings[].authentication": MESSAGE_AUTHENTICATION},
    needs=("message.algorithms", "binding.suite"),
    after=("soap.well-formed", "soap.envelope", "soap.security-header-processed"),
    answer="algorithm-mismatch",
    reasons=("digest", "signature", "encryption", "key-transport"),
)
def algorithm_suite(used: Known[tuple[Used, ...]], suite: Known[Suite]) -> Verdict:
    for one in used.value:
        accepted = suite.value.accepted.get(one.use)
        if accepted is not None and one.uri not in accepted and one.uri in SUPPORTED[one.use]:
            names = ", ".join(map(short, accepted))
            return failed(
                f"the {one.use} algorithm is not that of {suite.value.name}",
                used.compared(f"{one.use} algorithm", names, one.short),
                suite.compared("algorithm suite", f"one with {one.short}", suite.value.name),
                reason=one.use,
            )
    return passed()


CHECKS = (token_present, no_unexpected_token, algorithm_suite)
