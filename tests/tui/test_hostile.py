"""Text of strangers: nothing that a terminal obeys is drawn, nothing crashes, no markup is read."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from tests.present import present
from tests.tui.hostile import CONTROL, HOSTILE, MIXED
from tests.tui.screen import BASE, LARGE, SMALL, app_of, frame, play, press, settled
from tests.tui.terminal import Terminal
from tests.tui.test_state import done
from wssdoctor.check.result import Result, Subject
from wssdoctor.errors import Problem
from wssdoctor.evidence import Compared, Computed, Evidence, Located, Place, Quoted
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.rows import rows_of
from wssdoctor.tui.screens.error import ErrorDialog
from wssdoctor.tui.session import Session
from wssdoctor.tui.text import content, harmless


def poisoned(text: str) -> Session:
    """Put a text wherever a case holds foreign text."""
    session = done("sample")
    place = Place(file=text, line=1, xpath=text, fact=text)
    evidence: tuple[Evidence, ...] = (
        Compared(text, text, text, place),
        Located(text, place),
        Computed(text, ((text, text),), (text,), text, place),
        Quoted(text, text, place),
    )

    def result(one: Result) -> Result:
        says = text or "nothing"
        return replace(one, says=says, subject=Subject(text, one.subject.path), evidence=evidence, title=text)

    findings = tuple(
        replace(
            finding,
            subject=Subject(text, finding.subject.path),
            results=tuple(map(result, finding.results)),
            trials=tuple(replace(trial, note=text) for trial in finding.trials),
        )
        for finding in session.findings
    )
    replays = tuple(
        replace(
            replay,
            user=text,
            capture=text,
            steps=tuple(replace(step, results=tuple(map(result, step.results))) for step in replay.steps),
        )
        for replay in session.run.replays
    )
    assert session.case is not None
    system = msgspec.structs.replace(present(session.case.facts.description.system), sid=text, client=text)
    description = msgspec.structs.replace(session.case.facts.description, system=system)
    facts = replace(session.case.facts, description=description, name=text)
    requests = tuple(
        type(request)(replace(request.capture, name=text), request.message) for request in session.case.requests
    )
    run = replace(session.run, replays=replays)
    return replace(
        session,
        opening=None,
        rows=rows_of(run, findings, session.coverage, BASE),
        case=replace(session.case, facts=facts, requests=requests),
        run=run,
        findings=findings,
        problems=(Problem(text, place, text, text),),
    )


def check(text: str) -> None:
    bad = {character for character in text if character != "\n"} & CONTROL
    assert not bad, [hex(ord(character)) for character in bad]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_hostile_text_is_harmless_on_every_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for text in MIXED:
            app.session = poisoned(text)
            for keys in (("1", "v"), ("enter",), ("2",), ("3",), ("n",), ("4",)):
                check(await press(app, pilot, *keys))
            app.say(text)
            app.push_screen(ErrorDialog(text, app.session.problems))
            await settled(app, pilot)
            check(frame(app))
            await press(app, pilot, "escape", "1")

    play(app_of(None, tmp_path), journey, size)


def test_hostile_text_in_the_open_dialog_is_harmless(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        from wssdoctor.tui.session import Opening

        for text in MIXED:
            app.session = Session(opening=Opening(Path(f"a{text}"), (Path(f"b{text}"),)))
            check(await press(app, pilot, "o"))
            await press(app, pilot, "escape")

    play(app_of(None, tmp_path), journey)


def test_hostile_file_names_and_contents_are_harmless(tmp_path: Path) -> None:
    from wssdoctor.tui.session import Opening

    for number, text in enumerate(HOSTILE):
        name = "".join(character for character in text[:40] if character not in "\0/") or "empty"
        try:
            path = tmp_path / f"{number}{name}.http"
            path.write_bytes(
                f"POST /{'%5B/x%5D'} HTTP/1.1\r\nX: ".encode() + b"\x1b[2J\r\n\r\n<a>&#x9;\xc2\x9b[/x]</a>"
            )
        except (OSError, UnicodeEncodeError):
            continue

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for keys in ((), ("2",), ("v",), ("p",), ("h",), ("R",), ("escape",), ("3",), ("escape", "escape", "escape")):
            check(await press(app, pilot, *keys))

    play(app_of(Opening(None, (tmp_path,)), tmp_path / "state"), journey, LARGE)


def test_exports_with_hostile_names_are_harmless() -> None:
    from wssdoctor.collect.account import Account, Entry, Part
    from wssdoctor.tui.account import headline, paragraphs
    from wssdoctor.tui.lines import plain

    for text in HOSTILE:
        problem = Problem(text, Place(file=text), text, text)
        found = Account((Part("read", "Read", (Entry(text, text),)),), (problem,), 1, 1)
        session = replace(poisoned("x"), opening=done("sample").opening, account=found)
        check(plain(headline(found)) + "\n".join(plain(one.spans) for one in paragraphs(session)))


def test_recent_cases_with_hostile_names_are_harmless(tmp_path: Path) -> None:
    import datetime as dt

    from wssdoctor.tui.recent import Recent, remember

    for text in HOSTILE:
        if not any(0xD800 <= ord(character) < 0xE000 for character in text):
            remember(Recent(text[:200], (text[:200],), 1, 1, 1, dt.datetime.now(dt.UTC)), tmp_path / "recent.json")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        check(frame(app))

    play(app_of(None, tmp_path), journey)


def test_hostile_text_pasted_into_a_search_is_harmless(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "4", "slash")
        for text in HOSTILE:
            app.screen.query_one("#words", Input).value = text[:2000]
            await settled(app, pilot)
            check(frame(app))

    play(app_of(None, tmp_path), journey)


def test_harmless_text_is_never_read_as_markup() -> None:
    assert content("[bold]x[/bold] [/x]").plain == "[bold]x[/bold] [/x]"
    assert not content("[bold]x[/bold]").spans


def test_making_text_harmless_twice_changes_nothing() -> None:
    for text in HOSTILE:
        assert harmless(harmless(text[:300])) == harmless(text[:300])


def test_the_knowledge_of_others_is_harmless_too(tmp_path: Path) -> None:
    cause = BASE.causes["clock-skew"]
    text = "[/x]\x1b[2J\u202e"
    base = replace(
        BASE, causes={**BASE.causes, "clock-skew": replace(cause, title=text, explanation=text, symptoms=(text,))}
    )

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.base = base
        check(await press(app, pilot, "4", "slash", *"clock-skew", "enter", "enter"))

    play(app_of(None, tmp_path), journey)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_nothing_of_a_hostile_case_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "system.yaml").write_text('format: "1"\nsystem: {sid: ABC, host: "\\e]0;owned\\a\\e[5mblink"}\n')
    (case / "a\x1b]0;owned\x07.http").write_bytes(
        b"POST /\xc2\x9b31m HTTP/1.1\r\nX-A: \xc2\x9b5m\xe2\x80\xae\r\nX-B: 1\r\n\r\n<a>[/x]\xe2\x80\xae</a>"
    )
    call = f"run(Path({str(case / 'system.yaml')!r}), [Path({str(case)!r})])"
    with Terminal(tmp_path / "state", call=call) as terminal:
        terminal.until("facts missing")
        for key, sees in (("2", "Parts"), ("3", "Replay"), ("4", "articles"), ("1", "facts missing"), ("2", "Parts")):
            terminal.press(key, sees)
        assert terminal.leave() == 0
    text = terminal.text
    assert "\x1b]0;owned" not in text
    assert "\x1b[5m" not in text
    assert not {"\x9b", "\u202e"} & set(text)
    assert "owned" in text
