"""Stage user: the user that the token names may log on (return codes of note 320991)."""

from __future__ import annotations

import datetime as dt

from wssdoctor.check.check import Known, Verdict, check, failed, passed
from wssdoctor.description.user import OPEN_END
from wssdoctor.provider import user_mapping
from wssdoctor.provider.lock import explained, locked_bits
from wssdoctor.provider.stage import Stage


@check(
    "user.exists",
    "The user exists",
    Stage.USER,
    rationale="Logon code 1: wrong client, user or password (note 320991).",
    needs=("users[].exists",),
    each="users",
    answer="delayed-logon-wrong-credentials",
)
def exists(present: Known[bool]) -> Verdict:
    if present.value:
        return passed()
    return failed("the user does not exist in the client", present.compared("user exists", "true"))


@check(
    "user.type",
    "The user is of a type that may log on",
    Stage.USER,
    rationale="Logon code 7: invalid user type (note 320991); a reference user (L) cannot log on.",
    needs=("users[].type",),
    each="users",
    past=("user.exists",),
    answer="delayed-logon-user-type",
    reasons=("type",),
)
def user_type(kind: Known[str]) -> Verdict:
    if kind.value != "L":
        return passed()
    return failed("a reference user cannot log on", kind.compared("user type", "A, B, C or S"), reason="type")


@check(
    "user.valid-from",
    "The user's validity has begun",
    Stage.USER,
    rationale="Logon code 8: outside the validity period (note 320991).",
    needs=("users[].valid_from", "time.day"),
    each="users",
    past=("user.exists",),
    answer="delayed-logon-validity",
    reasons=("validity",),
)
def valid_from(start: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
    if start.value <= now.value.date():
        return passed()
    evidence = start.compared(f"valid from, seen on {now.value:%Y-%m-%d}", "this day or earlier")
    return failed("the user's validity has not begun", evidence, reason="validity")


@check(
    "user.valid-to",
    "The user's validity has not ended",
    Stage.USER,
    rationale="Logon code 8: outside the validity period (note 320991).",
    needs=("users[].valid_to", "time.day"),
    each="users",
    past=("user.exists",),
    answer="delayed-logon-validity",
    reasons=("validity",),
)
def valid_to(end: Known[dt.date], now: Known[dt.datetime]) -> Verdict:
    if end.value == OPEN_END or now.value.date() <= end.value:
        return passed()
    evidence = end.compared(f"valid to, seen on {now.value:%Y-%m-%d}", "this day or later")
    return failed("the user's validity has ended", evidence, reason="validity")


@check(
    "user.unlocked",
    "The user is not locked",
    Stage.USER,
    rationale="Logon code 2: user locked (note 320991); UFLAG as bits 32, 64, 128 (note 1887820).",
    needs=("users[].lock",),
    each="users",
    past=("user.exists",),
    answer="delayed-logon-locked",
)
def unlocked(lock: Known[int]) -> Verdict:
    if not locked_bits(lock.value):
        return passed()
    return failed(f"the user is locked {explained(lock.value)}", lock.compared("UFLAG", "none of the bits 32, 64, 128"))


@check(
    "user.password-usable",
    "The user's password may be used",
    Stage.USER,
    rationale="Logon codes 50 and following: password logon off, password initial or expired (note 320991).",
    needs=("users[].password_state",),
    each="users",
    past=("user.exists",),
    answer="delayed-logon-password",
)
def password_usable(state: Known[str]) -> Verdict:
    if state.value == "productive":
        return passed()
    return failed(f"the password is {state.value}", state.compared("password state", "productive"))


CHECKS = (*user_mapping.CHECKS, exists, user_type, valid_from, valid_to, unlocked, password_usable)
