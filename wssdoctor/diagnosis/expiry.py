"""Certificates that expire soon: no failure yet, so a finding of its own that is asked for, with the dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.evidence import Computed, Evidence, Sensitivity
from wssdoctor.knowledge.base import Base
from wssdoctor.provider.stage import Stage

CAUSE = "cert-expiring"
CHECK = "certificate.valid-long-enough"


def expiring(facts: Facts, moment: dt.datetime, days: int, base: Base) -> tuple[Finding, ...]:
    """Return a finding for each described certificate that expires within ``days`` days after ``moment``, soonest first.

    A certificate that is described in several places is one finding. What has expired already is a matter of the checks.
    """
    cause = base.causes[CAUSE]
    places: dict[tuple[str, dt.datetime], list[str]] = {}
    for path, certificate in _certificates(facts.description, ""):
        end = certificate.not_after
        if isinstance(end, dt.datetime) and moment <= _utc(end) <= moment + dt.timedelta(days=days):
            name = certificate.subject if isinstance(certificate.subject, str) else path
            places.setdefault((name, _utc(end)), []).append(path)
    findings = []
    for (name, end), paths in sorted(places.items(), key=lambda one: (one[0][1], one[0][0])):
        subject = Subject(f"certificate {name}", paths[0])
        evidence = tuple(_evidence(facts, path, moment, end, days) for path in paths)
        says = f"it expires on {end:%Y-%m-%d at %H:%M} UTC, in {(end - moment).days} days"
        title = f"Certificates are valid for {days} more days"
        result = Result(CHECK, Stage.TRANSPORT, title, subject, Outcome.FAILED, says, evidence=evidence)
        findings.append(Finding(CAUSE, "confirmed", cause.severity, "high", subject, (result,)))
    return tuple(findings)


def _certificates(value: Any, path: str) -> Iterator[tuple[str, Certificate]]:
    """Yield every certificate of a description with its path."""
    if isinstance(value, Certificate):
        yield path, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _certificates(item, f"{path}[{index}]")
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if part is not UNSET:
                yield from _certificates(part, f"{path}.{name}" if path else name)


def _evidence(facts: Facts, path: str, moment: dt.datetime, end: dt.datetime, days: int) -> Evidence:
    return Computed(
        "end of validity against today",
        (("not after", f"{end:%Y-%m-%dT%H:%M:%SZ}"), ("today", f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")),
        (f"warn within {days} days",),
        f"{(end - moment).days} days left",
        facts.place(f"{path}.not_after"),
        Sensitivity.IDENTIFYING,
    )


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
