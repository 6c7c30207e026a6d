"""Every screen and every state of it: how to get there. Tests of sizes and looks go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from textual.pilot import Pilot

from tests.present import present
from tests.tui.screen import BASE, CORPUS, app_of, frame, press, sample_app, settled, shows
from wssdoctor.capture.edit import with_request
from wssdoctor.capture.read import read
from wssdoctor.diagnosis.diagnosis import coverage
from wssdoctor.diagnosis.finding import find
from wssdoctor.diagnosis.progress import Progress
from wssdoctor.diagnosis.run import Run
from wssdoctor.errors import Problem
from wssdoctor.evidence import Place as At
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Arrival
from wssdoctor.lab.serving import Where
from wssdoctor.sample import MOMENT
from wssdoctor.sample import folder as sample
from wssdoctor.tui import resume, session
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.labrun import LabRun, endpoints
from wssdoctor.tui.opening import sample_opening
from wssdoctor.tui.rows import rows_of
from wssdoctor.tui.session import Opening
from wssdoctor.tui.themes import DEFAULT


class There(NamedTuple):
    """A place: which app, which keys, what must be seen there."""

    opened: str
    keys: tuple[str, ...]
    sees: str


PLACES: dict[str, There] = {
    "start": There("nothing", (), "Try the sample"),
    "findings": There("sample", (), "CONFIRMED"),
    "everything": There("sample", ("f", "f"), "ruled out too"),
    "stages": There("sample", ("v", "v"), "by stage"),
    "detail": There("sample", ("enter",), "Cause"),
    "requests": There("sample", ("2",), "Parts"),
    "as-sent": There("sample", ("2", "v"), "As sent"),
    "signatures": There("signed", ("2", "v", "v"), "What does not hold"),
    "policy": There("sample", ("2", "end", "p"), "demanded"),
    "headers": There("sample", ("2", "h"), "HTTP request"),
    "difference": There("signed", ("2", "d"), "received"),
    "what-if": There("sample", ("3",), "Replay"),
    "plan": There("sample", ("3", "s"), "now accepted"),
    "changes": There("sample", ("3", "s", "d"), "Remedies in the basket"),
    "interview": There("nothing", ("5",), "Nobody knows"),
    "lab": There("lab", (), "5 came"),
    "knowledge": There("nothing", ("4",), "articles"),
    "article": There("sample", ("4", "enter"), "Cause"),
    "paste": There("nothing", ("4", "p"), "Paste a text"),
    "export": There("sample", ("x",), "Report as one HTML file"),
    "ticket": There("sample", ("x", "r"), "NOT redacted: serial"),
    "preview": There("sample", ("x", "p"), "FINDINGS: 11"),
    "compare": There("sample", ("c",), "Compare with"),
    "messages": There("sample", ("space", "m"), "what-if basket"),
    "account": There("exports", ("R",), "facts are known"),
    "help": There("sample", ("question_mark",), "Keys: Findings"),
    "open": There("nothing", ("o",), "folder of exports"),
}
"""The screens."""

STATES: dict[str, There] = {
    "reading": There("reading", (), "READING"),
    "running": There("running", (), "RUNNING"),
    "cancelled": There("cancelled", (), "CANCELLED"),
    "crashed": There("crashed", (), "STOPPED"),
    "refused": There("refused", (), "cannot be opened"),
    "filtered": There("sample", ("slash", *"xyzzy"), "0 of"),
    "inconclusive": There("captures", (), "facts missing"),
    "exports": There("exports", (), "1 contradiction"),
    "no-request": There("description", ("2",), "No request was captured"),
    "nothing-to-try": There("description", ("3",), "no remedy to try"),
    "nothing-found": There("nothing", ("4", "slash", *"xyzzy"), "Nothing found"),
    "broken-off": There("broken-off", (), "Go on where it broke off"),
    "asked": There("sample", ("space", "q"), "Quit?"),
    "zoomed": There("sample", ("z",), "All panes"),
    "no-case": There("nothing", ("1",), "No case is open"),
    "no-lab": There("sample", ("6",), "serves the system"),
    "lab-waits": There("lab-waits", (), "Nothing came yet"),
    "lab-ended": There("lab-ended", (), "cannot be listened on"),
    "lab-chosen": There("lab", ("j", "tab"), "accepted as"),
}
"""States of the screens."""


def app_for(there: There, folder: Path, *, theme: str = DEFAULT) -> WssdoctorApp:
    """Make the app of a place."""
    if there.opened == "signed":
        return app_of(Opening(None, (CORPUS / "node" / "cert-wsu-id+body-pretty.xml",), MOMENT), folder, theme=theme)
    if there.opened == "description":
        system = folder / "system.yaml"
        system.write_text("format: '1'\nsystem: {sid: ABC, client: '100'}\n")
        return app_of(Opening(system), folder, theme=theme)
    if there.opened == "broken-off":
        seat = resume.seat(folder, broken_off=False)
        assert seat is not None
        seat.save(resume.Place(None, (), None, sample=True, mode="whatif"))
        seat.leave()
        return app_of(None, folder, theme=theme)
    if there.opened.startswith("lab"):
        return app_of(None, folder, lab=_lab(there.opened, folder / "lab"), theme=theme)
    if there.opened == "exports":
        return app_of(Opening(_exports(folder / "exports")), folder, theme=theme)
    if there.opened == "captures":
        return app_of(Opening(None, (sample() / "captures",), MOMENT), folder, theme=theme)
    if there.opened == "sample":
        return sample_app(folder, theme=theme)
    return app_of(None, folder, theme=theme)


def _exports(folder: Path) -> Path:
    """Write a folder of exports of which not everything can be read."""
    folder.mkdir()
    (folder / "users.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|64|\n")
    (folder / "users-of-may.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|0|\n")
    (folder / "holiday.txt").write_text("nothing of SAP\n")
    return folder


class _StandingLab(LabRun):
    """A lab that seems to listen, at an address that is always the same, and to which nothing comes by itself."""

    running = True

    def start(self) -> None:
        self.address = "http://127.0.0.1:50000"


def _lab(state: str, folder: Path) -> LabRun:
    """Make a lab: one that waits; one that could not be served; one that heard requests of the sample, and no XML."""
    folder.mkdir()
    run = _StandingLab(sample() / "system.yaml", Where(), folder=folder)
    run.start()  # before the screen, as it need not look twice then
    provider = Provider.of(run.system)
    run.paths = endpoints(provider.facts)
    if state == "lab-ended":
        run.running = False
        hint = "End the program that holds the port, or take another: 'wssdoctor lab --port 0' takes a free one."
        run.problems = (Problem("127.0.0.1:8000 cannot be listened on.", why="Address already in use", hint=hint),)
    if state == "lab":
        captures = [read(sample() / "captures" / name) for name in _CAME]
        captures.append(with_request(captures[0], replace(present(captures[0].request), body=b"<!DOCTYPE a><a/>")))
        for number, capture in enumerate(captures, 1):
            moment = capture.time.moment if capture.time else MOMENT
            named = replace(capture, name=f"request-{number:05d}.http")
            run._heard(Arrival(moment, "127.0.0.1", named, provider.answer(named, moment), number))
    return run


_CAME = ("01-order-create.http", "03-order-change.http", "02-order-read.http", "07-stock-query.http")


async def go(app: WssdoctorApp, pilot: Pilot[int], there: There) -> None:
    """Go to a place and wait until it is what it should be."""
    await settled(app, pilot)
    if there.opened in _SESSIONS:
        app.session = _SESSIONS[there.opened]()
        app.action_go("findings")
        if there.opened == "refused":
            from wssdoctor.tui.screens.error import ErrorDialog

            app.push_screen(ErrorDialog("The case cannot be opened", app.session.problems))
        await pilot.pause()
        assert there.sees in frame(app)
        return  # such a session is under way for ever
    await press(app, pilot, *there.keys)
    assert await shows(app, pilot, there.sees), frame(app)
    await settled(app, pilot)


def _running() -> session.Session:
    from tests.tui.test_state import done

    whole = done("sample")
    run = Run(whole.run.survey, whole.run.replays[:8], whole.run.undescribed)
    findings, found = find(run, BASE), coverage(run)
    known = session.Known(run, findings, found, rows_of(run, findings, found, BASE))
    read = replace(session.opened(sample_opening()), case=whole.case)
    return session.advanced(read, Progress("checks", 8, 13), known)


def _refused() -> session.Session:
    problem = Problem("unknown key 'sidd'", At(file="system.yaml", line=3, column=3), "", "did you mean sid?")
    return session.refused(session.opened(Opening(Path("system.yaml"))), (problem,))


_SESSIONS: dict[str, Callable[[], session.Session]] = {
    "reading": lambda: session.opened(Opening(Path("system.yaml"))),
    "running": _running,
    "cancelled": lambda: session.cancelled(_running()),
    "crashed": lambda: session.crashed(_running(), "ValueError in provider/replay.py:1"),
    "refused": _refused,
}
