"""An invented diagnosis: every kind of finding, evidence, trial and gap once. It feeds the golden files.

``python -m tests.report.invented`` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from wssdoctor.capture.sent import Outcome as Outcome_
from wssdoctor.capture.sent import Seen, SentAgain
from wssdoctor.check.result import Outcome, Result, Subject
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import Coverage, Diagnosis
from wssdoctor.diagnosis.finding import Finding, Trial
from wssdoctor.diagnosis.on_system import Sending
from wssdoctor.diagnosis.plan import Plan, Proof
from wssdoctor.diagnosis.question import Question, Wanted
from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import Action
from wssdoctor.evidence import Compared, Computed, Evidence, Located, Place, Quoted, Sensitivity
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Cause, Remedy, Source, Step
from wssdoctor.provider.answer import Answer
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.replay import Step as StageStep
from wssdoctor.provider.stage import Stage
from wssdoctor.report.build import build
from wssdoctor.report.report import Report

GOLDEN = Path(__file__).parent / "golden"
MOMENT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
HOSTILE = "\x1b[31mred\u202e"
NODE = Subject("ICF node /sap/bc/one", "icf.nodes[0]")
REQUEST = Subject()
FIRST, SECOND, THIRD = "calls/01-first.http", "calls/02-second.http", "calls/03-third.http"


def cause(identifier: str, title: str, *remedies: str, leads_to: tuple[str, ...] = ()) -> Cause:
    return Cause(
        id=identifier,
        title=title,
        explanation=f"Explains {identifier}.",
        side="provider",
        severity="high",
        frequency="common",
        checks=(identifier,),
        confirm="Look.",
        rule_out="Look again.",
        messages=(),
        remedies=remedies,
        basis="sap",
        sources=("source",),
        leads_to=leads_to,
    )


def remedy(identifier: str, title: str, weakens_security: str = "") -> Remedy:
    return Remedy(
        id=identifier,
        title=title,
        actor="basis",
        side="provider",
        steps=(Step("Do it.", "SICF", "It is done."), Step("Rest.")),
        basis="inferred",
        sources=("source",),
        risk="Somebody may notice.",
        interruption="none",
        rollback="Undo it.",
        weakens_security=weakens_security,
    )


BASE = Base(
    messages={},
    causes={
        one.id: one
        for one in (
            cause("node-asleep", "The node is asleep", "wake-node", "open-door", leads_to=("nobody-home",)),
            cause("nobody-home", "Nobody is at home", "wake-node"),
            cause("letter-late", "The letter came late", "write-again"),
            cause("lamp-dark", "The lamp is dark", "wake-node"),
            cause("roof-leaks", "The roof leaks", "wake-node"),
        )
    },
    remedies={
        one.id: one
        for one in (
            remedy("wake-node", "Wake the node"),
            remedy("open-door", "Leave the door open", "Everybody can walk in."),
            remedy("write-again", "Write again"),
        )
    },
    sources={"source": Source("source", "The book", "shelf 3", "sap")},
)


def result(check: str, stage: Stage, outcome: Outcome, says: str = "", *evidence: Evidence, **more: object) -> Result:
    made = Result(check, stage, f"{check} is well", REQUEST, outcome, says, evidence=evidence)
    return replace(made, **more)


ASLEEP = result(
    "node-asleep",
    Stage.ICF_NODE,
    Outcome.FAILED,
    f"the node sleeps {HOSTILE}",
    Compared("awake", "true", "false", Place("system.yaml", 14, 7, fact="icf.nodes[0].active")),
    Quoted("log", f"zzz {HOSTILE}", Place("dev_w0", 3)),
    subject=NODE,
)
LATE = result(
    "letter-late",
    Stage.TIMESTAMP,
    Outcome.FAILED,
    "it came late",
    Computed("lateness", (("due", "10:00"), ("came", "11:00")), ("11:00 - 10:00",), "1 h", Place(FIRST, 9, xpath="/a")),
    Located("the letter", Place(SECOND, 12, xpath="/soap:Envelope/soap:Header/wsse:Security")),
)
NOBODY = result("nobody-home", Stage.ICF_LOGON, Outcome.FAILED, "nobody answers", Located("door", Place("system.yaml")))
SECRET = result(
    "lamp-dark",
    Stage.USER,
    Outcome.UNKNOWN,
    "system.sid was not given",
    Compared("password", "hunter2", "hunter3", sensitivity=Sensitivity.SECRET),
    missing=("system.sid",),
)
GAP = result("seal-whole", Stage.SIGNATURE, Outcome.UNKNOWN, "not modelled yet: seals")
DEFECT = result("clock-ticks", Stage.TIMESTAMP, Outcome.ERROR, "defect of this program in clock-ticks: KeyError")
DRY = result("roof-leaks", Stage.TRANSPORT, Outcome.PASSED)
ABSENT = result("cat-fed", Stage.TOKEN, Outcome.NOT_APPLICABLE, "there is no cat")


def steps(*results: Result) -> tuple[StageStep, ...]:
    return tuple(StageStep(Stage(one.stage), one.outcome, (one,)) for one in results)


RUN = Run(
    survey=(DRY, ASLEEP, NOBODY, SECRET),
    replays=(
        Replay(
            FIRST,
            "rejected",
            Stage.ICF_NODE,
            None,
            steps(DRY, ASLEEP, LATE, GAP),
            Answer("asleep", 403, ("HTTP-403", "ZZZ"), "inferred"),
            Observed(403, None),
            True,
        ),
        Replay(
            SECOND,
            "rejected",
            Stage.TIMESTAMP,
            None,
            steps(LATE, DEFECT, ABSENT),
            Answer("late", 500, ("WSS021",), "sap", "wsu:MessageExpired"),
            Observed(401, None),
            False,
        ),
        Replay(THIRD, "undecided", Stage.USER, None, steps(DRY, SECRET), None, None, None),
    ),
)
FINDINGS = (
    Finding(
        "node-asleep",
        "confirmed",
        "high",
        "high",
        NODE,
        (ASLEEP,),
        (FIRST,),
        stops=(FIRST,),
        folds=("nobody-home",),
        trials=(
            Trial("wake-node", "resolved", on_system="contradicted"),
            Trial("open-door", "new-problem", "burglars"),
        ),
        on_system="confirmed",
    ),
    Finding(
        "letter-late",
        "confirmed",
        "medium",
        "medium",
        Subject("2 requests"),
        (LATE,),
        (FIRST, SECOND),
        stops=(SECOND,),
        trials=(Trial("write-again", None, "the time of the capture is not known"),),
    ),
    Finding("nobody-home", "confirmed", "low", "high", REQUEST, (NOBODY,), folded_under="node-asleep"),
    Finding(
        "lamp-dark",
        "possible",
        "high",
        "low",
        REQUEST,
        (SECRET,),
        missing=("system.sid",),
        score=1.5,
        because=("it is night",),
    ),
    Finding("roof-leaks", "ruled-out", "high", "high", REQUEST, (DRY,)),
)
SENT = (
    Sending(
        SECOND,
        FIRST,
        MOMENT - dt.timedelta(hours=1),
        SentAgain("old.http", "1", "https://erp.example.com", Outcome_.NO_ANSWER, error=f"gone {HOSTILE}"),
        None,
        None,
        "undecided",
        superseded=True,
    ),
    Sending(
        THIRD,
        FIRST,
        MOMENT,
        SentAgain(
            "old.http",
            "1",
            "https://erp.example.com",
            Outcome_.STILL_REJECTED,
            Seen(403),
            Seen(200),
            as_predicted=False,
            carried_out=("wake-node",),
        ),
        Observed(403, None),
        Answer("accepted", 200, (), "sap"),
        "contradicted",
        superseded=False,
    ),
)
DIAGNOSIS = Diagnosis(
    Case(empty("system.yaml"), (), MOMENT),
    RUN,
    FINDINGS,
    Coverage(8, 1, 3, 2, 1, 1, ("system.sid", "time.arrival"), 0),
    Plan(
        (Action("wake-node", NODE, (FIRST,)),),
        (Proof(FIRST, "rejected", "accepted"), Proof(SECOND, "rejected", "rejected")),
        smallest=True,
        remaining=("letter-late",),
    ),
    Question("system", "system", (Wanted("system.sid", DECLARATIONS["system.sid"], ()),), ("lamp-dark",)),
    SENT,
    (THIRD,),
)


def report() -> Report:
    return replace(build(DIAGNOSIS, BASE), version="0")


if __name__ == "__main__":
    from wssdoctor.report.formats import FORMATS, SUFFIXES, rendered

    GOLDEN.mkdir(exist_ok=True)
    for form in FORMATS:
        (GOLDEN / f"report{SUFFIXES[form]}").write_bytes(rendered(report(), form))
