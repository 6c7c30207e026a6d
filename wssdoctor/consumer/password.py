"""Checks of user and password of a call, the same for each authentication method that sends them."""

from __future__ import annotations

from wssdoctor.check.check import Check, Known, Verdict, check, failed, passed
from wssdoctor.consumer.outbound import CALLS
from wssdoctor.consumer.stage import Stage


def password_checks(prefix: str, method: str, stage: Stage, answer: str) -> tuple[Check, Check]:
    """Make the checks that user and password are maintained and can be read; ids begin with ``prefix``."""
    only_if = {"consumer.calls[].authentication": (method,)}

    @check(
        f"{prefix}-user-maintained",
        "User and password are maintained",
        stage,
        rationale="Without them no UsernameToken can be created (WSS024 [inferred]), and HTTP Basic sends no header.",
        only_if=only_if,
        needs=("consumer.calls[].user", "consumer.calls[].password_stored"),
        each=CALLS,
        answer=answer,
        reasons=("none",),
    )
    def maintained(user: Known[str], stored: Known[bool]) -> Verdict:
        if not user.value:
            return failed("no user is maintained", user.compared("user", "a user"), reason="none")
        if not stored.value:
            return failed("no password is maintained", stored.compared("password maintained", "true"), reason="none")
        return passed()

    @check(
        f"{prefix}-password-readable",
        "The stored password can be decrypted",
        stage,
        rationale="After a system copy or a changed key entries cannot be read (SAP Help: Secure Storage).",
        only_if=only_if,
        needs=("consumer.calls[].password_readable",),
        each=CALLS,
        past=(f"{prefix}-user-maintained",),
        answer=answer,
        reasons=("unreadable",),
    )
    def readable(decrypted: Known[bool]) -> Verdict:
        if decrypted.value:
            return passed()
        return failed(
            "the stored password cannot be decrypted",
            decrypted.compared("password readable", "true"),
            reason="unreadable",
        )

    return maintained, readable


def current_check(prefix: str, method: str, stage: Stage, answer: str) -> Check:
    """Make the check that the peer accepts user and password."""

    @check(
        f"{prefix}-password-current",
        "The peer accepts user and password of the call",
        stage,
        rationale="SCLNT_HTTP 410: check the logon data of the destination or logical port.",
        only_if={"consumer.calls[].authentication": (method,)},
        needs=("consumer.calls[].password_current",),
        each=CALLS,
        past=(f"{prefix}-user-maintained", f"{prefix}-password-readable"),
        answer=answer,
        reasons=("password",),
    )
    def current(accepted: Known[bool]) -> Verdict:
        if accepted.value:
            return passed()
        return failed(
            "the peer refuses user and password", accepted.compared("password current", "true"), reason="password"
        )

    return current
