from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from tests.present import of_type, present
from tests.tui.places import PLACES, go
from tests.tui.screen import BASE, app_of, frame, play, press, sample_app, settled, shows
from wssdoctor.description.answer import expected
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.description.load import empty, load
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.evidence import Evidence
from wssdoctor.diagnosis.interview import Interview, begin
from wssdoctor.diagnosis.question import Question, Wanted
from wssdoctor.sample import MOMENT
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.asking import fact_asked
from wssdoctor.tui.screens.interview import InterviewScreen
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.field import Field


def asking(app: WssdoctorApp) -> InterviewScreen:
    return of_type(InterviewScreen, app.screen)


def interview_of(app: WssdoctorApp) -> Interview:
    return present(asking(app)._interview)


async def answered(app: WssdoctorApp, pilot: Pilot[int], *keys: str) -> None:
    await press(app, pilot, *keys)
    for _ in range(500):
        if not asking(app).waiting:
            break
        await pilot.pause(0.02)
    await settled(app, pilot)


async def answer_all(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    """Answer every fact of the question; one without answers to choose from is skipped."""
    for _ in present(interview_of(app).question).facts:
        await answered(app, pilot, "enter" if asking(app)._options[0].kind == "value" else "s")


def test_one_is_asked_answers_skips_and_takes_back(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, PLACES["interview"])
        first = interview_of(app)
        assert present(first.question).facts
        assert "What do you find?" in frame(app)
        assert "(the call)" not in frame(app)
        await answer_all(app, pilot)
        second = interview_of(app)
        assert len(second.replies) == 1
        assert "1 answered" in frame(app)
        for _ in present(second.question).facts or (None,):
            await answered(app, pilot, "s")
        assert "1 skipped" in frame(app)
        await answered(app, pilot, "u")
        await answered(app, pilot, "u")
        assert interview_of(app).replies == ()

    play(app_of(None, tmp_path), journey)


def test_a_list_is_typed_or_pasted_and_what_cannot_be_is_refused_with_what_may_be(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, PLACES["interview"])
        kinds = [one.kind for one in asking(app)._options]
        await press(app, pilot, *["down"] * kinds.index("other"), "enter")
        field = app.screen.query_one("#value", Input)
        wanted = present(asking(app)._wanted)
        assert expected(wanted.declaration) in frame(app)
        app.screen.post_message(Field.ManyLines(of_type(Field, field), "CN=A, O=B\nCN=C"))
        await press(app, pilot, "enter")
        assert asking(app)._given == {wanted.path: ["CN=A, O=B", "CN=C"]}
        assert field.display is False
        await press(app, pilot, "u", "enter", "escape")
        assert field.display is False
        assert asking(app)._given == {}
        asking(app)._interview = begin(Case(empty(), (), MOMENT), BASE, Evidence(messages=("HTTP-401", "LOGON-RC-2")))
        while present(asking(app)._wanted).path != "technical_user.lock":
            asking(app)._give(None)
        await press(app, pilot, "up", "up", "enter", *"locked", "enter")
        assert "Expected is a number" in frame(app)
        assert field.value == "locked"

    play(app_of(None, tmp_path), journey)


def test_answers_are_put_into_the_description_and_the_rest_of_it_stays(tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_text("# ours\nformat: '1'\nsystem: {sid: ABC}  # the quality system\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await answered(app, pilot, "5")
        assert "Nothing was answered" in await press(app, pilot, "w")
        await answer_all(app, pilot)
        interview = interview_of(app)
        assert "Save the answers?" in await press(app, pilot, "w")
        assert "answered" not in system.read_text()
        await press(app, pilot, "enter")
        assert await shows(app, pilot, "Written")
        facts = load(system)
        for path in interview.answers:
            assert facts.value(path) == present(app.session.case).facts.value(path) == interview.case.facts.value(path)

    play(app_of(Opening(system), tmp_path / "state"), journey)
    text = system.read_text()
    assert text.startswith("# ours\n")
    assert "# the quality system" in text
    assert "# answered" in text


def test_answers_about_exports_go_into_a_description_beside_them(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "users").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|0|\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await answered(app, pilot, "5")
        await answer_all(app, pilot)
        interview = interview_of(app)
        await press(app, pilot, "w", "enter")
        assert await shows(app, pilot, "Written")
        facts = load(tmp_path / "exports.answered.yaml")
        assert facts.value("users[0].lock") == 0
        assert all(facts.value(path) == interview.case.facts.value(path) for path in interview.answers)

    play(app_of(Opening(exports), tmp_path / "state"), journey)
    assert sorted(path.name for path in exports.iterdir()) == ["users"]


def test_the_sample_stays_as_it_is(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await answered(app, pilot, "5")
        if interview_of(app).question is not None:
            await answer_all(app, pilot)
            assert "The sample stays" in await press(app, pilot, "w")

    play(sample_app(tmp_path), journey)


def test_what_does_not_exist_is_not_asked_about_further() -> None:
    facts = tuple(Wanted(path, DECLARATIONS[path], ()) for path in ("technical_user.exists", "technical_user.type"))
    question = Question("technical_user", "technical user", facts, ())
    assert fact_asked(question, {}) == facts[0]
    assert fact_asked(question, {"technical_user.exists": True}) == facts[1]
    assert fact_asked(question, {"technical_user.exists": False}) is None
