"""Passwords that are lent to a lab, so that what clients send is compared with them. A description holds none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wssdoctor.check.result import Outcome
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.provider.replay import Replay

_COMPARISONS = ("username-token.password-matches", "icf-logon.password-matches")
UNCOMPARED = "users[].password"
"""The fact that is taken as healthy where a password came and nobody could compare it."""


def with_passwords(facts: Facts, passwords: Mapping[str, str]) -> Facts:
    """Return the facts in which these users have these passwords; a user who is not described is added by name."""
    if not passwords:
        return facts
    names = [one.name.upper() for one in facts.items("users") or ()]
    values: dict[str, Any] = {}
    for user, password in passwords.items():
        if user.upper() not in names:
            values[f"users[{len(names)}]"] = {"name": user.upper()}
            names.append(user.upper())
        # What is compared needs no statement about what callers send.
        index = names.index(user.upper())
        values |= {f"users[{index}].password": password, f"users[{index}].sent_password_current": True}
    return change(facts, values)


def is_uncompared(replay: Replay) -> bool:
    """Whether the request was accepted with a password that nobody could compare."""
    kinds = {one.check: one for one in replay.results if one.check.endswith(".password-current")}
    asked = any(one.outcome is Outcome.PASSED for one in kinds.values())
    compared = any(one.check in _COMPARISONS and one.outcome is Outcome.PASSED for one in replay.results)
    return replay.verdict == "accepted" and asked and not compared
