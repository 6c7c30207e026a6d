"""An explanation held against a system: what its checks confirm comes first, what they rule out comes last."""

from __future__ import annotations

from msgspec.structs import replace

from wssdoctor.check.result import Outcome
from wssdoctor.diagnosis.diagnosis import Diagnosis
from wssdoctor.knowledge.base import Base
from wssdoctor.report.explanation import Cause, Explanation

_ORDER = ("confirmed", "possible", "ruled-out")


def with_system(explanation: Explanation, diagnosed: Diagnosis, base: Base) -> Explanation:
    """Return the explanation with each cause confirmed or ruled out where the checks of the system decide it.

    A cause is ruled out only if all its checks were run and passed; what was not checked stays possible.
    """
    confirmed = {finding.cause for finding in diagnosed.confirmed}
    outcomes: dict[str, set[Outcome]] = {}
    for result in diagnosed.run.survey:
        outcomes.setdefault(result.check, set()).add(result.outcome)

    def judged(cause: Cause) -> Cause:
        if cause.cause in confirmed:
            return replace(cause, status="confirmed")
        checks = {claim.partition(":")[0] for claim in base.causes[cause.cause].checks}
        passed = checks and all(outcomes.get(check) == {Outcome.PASSED} for check in checks)
        return replace(cause, status="ruled-out") if passed else cause

    causes = sorted((judged(cause) for cause in explanation.causes), key=lambda one: _ORDER.index(one.status))
    return replace(explanation, causes=tuple(causes))
