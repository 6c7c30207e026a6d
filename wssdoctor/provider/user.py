"""Stage user: the user that the token names may log on (return codes of note 320991)."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Check, Known, Verdict, check, failed, passed
from wssdoctor.description.day import OPEN_END
from wssdoctor.provider import user_mapping
from wssdoctor.provider.lock import explained, locked_bits
from wssdoctor.provider.stage import Stage


def user_checks(prefix: str, who: str, stage: Stage, each: str, logon: str) -> tuple[Check, ...]:
    """Make the checks of the user who is logged on; ids begin with ``prefix``, titles with ``who``, ids of answers with ``logon``."""

    @check(
        f"{prefix}.exists",
        f"{who} exists",
        stage,
        rationale="Logon code 1: wrong client, user or password (note 320991).",
        needs=("users[].exists",),
        each=each,
        answer=f"{logon}-wrong-credentials",
    )
    def exists(present: Known[bool]) -> Verdict:
        if present.value:
            return passed()
        return failed("the user does not exist in the client", present.compared("user exists", "true"))

    @check(
        f"{prefix}.type",
        f"{who} is of a type that may log on",
        stage,
        rationale="Logon code 7: invalid user type (note 320991); a reference user (L) cannot log on.",
        needs=("users[].type",),
        each=each,
        past=(exists.id,),
        answer=f"{logon}-user-type",
        reasons=("type",),
    )
    def user_type(kind: Known[str]) -> Verdict:
        if kind.value != "L":
            return passed()
        return failed("a reference user cannot log on", kind.compared("user type", "A, B, C or S"), reason="type")

    @check(
        f"{prefix}.valid-from",
        f"{who} is valid already",
        stage,
        rationale="Logon code 8: outside the validity period (note 320991).",
        needs=("users[].valid_from", "time.day"),
        each=each,
        past=(exists.id,),
        answer=f"{logon}-validity",
        reasons=("validity",),
    )
    def valid_from(start: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
        if start.value <= now.value.date():
            return passed()
        evidence = start.compared(f"valid from, seen on {now.value:%Y-%m-%d}", "this day or earlier")
        return failed("the user's validity has not begun", evidence, reason="validity")

    @check(
        f"{prefix}.valid-to",
        f"{who} is still valid",
        stage,
        rationale="Logon code 8: outside the validity period (note 320991).",
        needs=("users[].valid_to", "time.day"),
        each=each,
        past=(exists.id,),
        answer=f"{logon}-validity",
        reasons=("validity",),
    )
    def valid_to(end: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
        if end.value == OPEN_END or now.value.date() <= end.value:
            return passed()
        evidence = end.compared(f"valid to, seen on {now.value:%Y-%m-%d}", "this day or later")
        return failed("the user's validity has ended", evidence, reason="validity")

    @check(
        f"{prefix}.unlocked",
        f"{who} is not locked",
        stage,
        rationale="Logon code 2: user locked (note 320991); UFLAG as bits 32, 64, 128 (note 1887820).",
        needs=("users[].lock",),
        each=each,
        past=(exists.id,),
        answer=f"{logon}-locked",
    )
    def unlocked(lock: Known[int]) -> Verdict:
        if not locked_bits(lock.value):
            return passed()
        return failed(
            f"the user is locked {explained(lock.value)}", lock.compared("UFLAG", "none of the bits 32, 64, 128")
        )

    @check(
        f"{prefix}.password-usable",
        f"{who} has a password that may be used",
        stage,
        rationale="Logon codes 50 and following: password logon off, password initial or expired (note 320991).",
        needs=("users[].password_state",),
        each=each,
        past=(exists.id,),
        answer=f"{logon}-password",
    )
    def password_usable(state: Known[str]) -> Verdict:
        if state.value == "productive":
            return passed()
        return failed(f"the password is {state.value}", state.compared("password state", "productive"))

    return exists, user_type, valid_from, valid_to, unlocked, password_usable


CHECKS = (*user_mapping.CHECKS, *user_checks("user", "The user", Stage.USER, "users", "delayed-logon"))
